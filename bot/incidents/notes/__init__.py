"""Notes, decisions and captured messages."""
