"""Calls to Slack: paced, repeated safely, and what its refusals mean."""
