"""The whole database as one file, and back.

`archive` is the file; `of_sqlite` and `of_mariadb` read and write the databases; `making` and `restoring` are
what the commands and the nightly job call.
"""
