"""A cluster on this machine, under clients: `make cluster` (`python -m tests.cluster`).

Three MariaDB nodes with Galera, HAProxy in front of them with one writer, gunicorn on top. Not part of
`make test`: it wants two more packages of the system and some minutes.
"""
