"""After an incident: the draft, the debrief, the record."""
