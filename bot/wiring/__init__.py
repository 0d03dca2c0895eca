"""What is put together from all packages: their order, the policy table, the tasks, plug-ins; besides, the clock, logs
and housekeeping of the process."""
