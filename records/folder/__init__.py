"""The embedded store: a journal file per session, and TinyDB files around them."""
