"""What comes after the end: draft, debrief, record."""
