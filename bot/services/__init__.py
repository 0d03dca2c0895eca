"""Verbs and reads: plain functions of one transaction. No service calls a platform."""
