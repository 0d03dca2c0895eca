"""The incident: its life cycle, its people, what is asked for while it goes on, and how it is shown."""
