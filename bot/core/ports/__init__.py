"""What the core asks of memory, of chat platforms, of the clock. Protocols and their values."""
