"""Saves an incident's changes: its row, an event for each changed fact, and what undoes it."""
