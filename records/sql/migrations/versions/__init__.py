"""One module a migration. None is changed once a version with it was released."""
