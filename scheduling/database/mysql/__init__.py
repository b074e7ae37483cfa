"""Django's backend for MySQL and MariaDB, with limits while a request is served: the ENGINE of the settings."""
