"""Retention: what was done long ago is forgotten, a bounded piece at a time, and never silently."""
