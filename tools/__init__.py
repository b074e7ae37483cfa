"""What `make` runs: scripts for the shell, and modules that run in `.venv`."""
