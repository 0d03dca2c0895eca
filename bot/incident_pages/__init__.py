"""What the pages of an incident show to people inside."""
