"""Pages: whom, in which order, until somebody acknowledges."""
