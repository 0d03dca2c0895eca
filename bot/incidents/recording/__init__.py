"""Writing an incident's changes down: its row, an event for each changed fact, and what undoes it."""
