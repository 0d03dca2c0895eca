"""Updates: what is said of an incident, and who subscribed to them."""
