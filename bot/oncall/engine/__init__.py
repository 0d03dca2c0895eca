"""The schedule engine: who is on call at an instant. Pure."""
