"""The timeline: notes, decisions, undo, redaction."""
