"""The two databases: opening, committing together, leading, migrating, backing up, copying."""
