"""Retention: deletes what is older than the settings say, in bounded steps, and logs how much."""
