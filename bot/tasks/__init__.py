"""Tasks during an incident, follow-ups after it."""
