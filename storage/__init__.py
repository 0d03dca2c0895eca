"""The database, as the core asks for it. The only package that imports SQLAlchemy."""
