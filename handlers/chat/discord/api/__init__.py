"""Calls to Discord, what its refusals mean, and the permissions they need."""
