"""Declaring, moving, triage, closing; who may see it."""
