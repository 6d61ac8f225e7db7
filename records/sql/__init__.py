"""The store for many people: the same records in PostgreSQL or SQLite, through SQLAlchemy."""
