"""The memory: the only room that imports SQLAlchemy."""
