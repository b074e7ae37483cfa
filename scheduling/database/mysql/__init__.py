"""Django's backend for MySQL and MariaDB, limited while a request is served: the ENGINE of the settings."""
