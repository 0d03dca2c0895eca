"""Updates: what is said of an incident, when the next one comes, and who is told of it."""
