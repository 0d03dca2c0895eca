"""Events: what each one has, and those of people and the organisation."""
