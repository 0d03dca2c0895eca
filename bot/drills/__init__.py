"""Drills: a scripted incident in test mode."""
