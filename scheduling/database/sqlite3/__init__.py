"""Django's backend for SQLite, limited while a request is served: the ENGINE of the settings."""
