"""Work that must survive a crash: tasks, timers, and the worker that runs them."""
