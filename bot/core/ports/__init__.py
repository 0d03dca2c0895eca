"""What the core asks of the database, of chat platforms, of the clock. Protocols and their values."""
