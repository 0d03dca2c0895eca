"""What the console keeps: rooms, messages, files."""
