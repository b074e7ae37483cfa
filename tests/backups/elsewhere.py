"""Databases of a test's own, on the kind of database that it runs on: to back up, and to restore into."""

import itertools
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from urllib.parse import parse_qs, urlsplit, urlunsplit

from tests import environment
from tests.cluster.trial import env_of, in_a_fork, manage

numbers = itertools.count()


def new_database(folder):
    """The URL of an empty one."""
    number = next(numbers)
    if not environment.on_mariadb():
        return f"sqlite:///{Path(folder) / f'clinic-{number}.sqlite3'}"
    parts = urlsplit(os.environ["DATABASE_URL"])
    name = f"drill_{os.getpid()}_{number}"
    create(parse_qs(parts.query)["unix_socket"][0], name)
    return urlunsplit(parts._replace(path=f"/{name}"))


def create(socket, name):
    import MySQLdb

    with closing(MySQLdb.connect(user="root", unix_socket=socket)) as connection:
        connection.query(f"CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")


def stored(url):
    """The uuids of all visits, and how many are doubled."""
    return json.loads(manage(url, "-m", "tests.outages.verdict", whole=True).splitlines()[-1])


def said(url, *arguments, typed=None):
    """(exit code, all that it printed) of a command of manage.py; `typed` is its input."""
    if typed is None:
        done = in_a_fork(url, "manage.py", *arguments)
    else:
        command = [sys.executable, "manage.py", *arguments]
        options = {"capture_output": True, "text": True, "env": env_of(url)}
        done = subprocess.run(command, check=False, input=typed, **options)
    return done.returncode, done.stdout + done.stderr
