"""Who is in an incident, and as what."""
