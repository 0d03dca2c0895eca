"""Briefs and catch-ups, made from the timeline by rules."""
