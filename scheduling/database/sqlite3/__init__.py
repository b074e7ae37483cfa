"""Django's backend for SQLite, with limits while a request is served: the ENGINE of the settings."""
