"""What a feature declares to be set: variables of the environment, sections of the organisation file, and how they read."""
