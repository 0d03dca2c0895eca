"""Events, the bus that carries them, and the slots of what packages show."""
