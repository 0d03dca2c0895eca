"""Plug-ins: the example, and those that do harm."""
