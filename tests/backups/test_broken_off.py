"""A restore into MariaDB that cannot go through: it says so, and so does /readyz."""

import zipfile
from contextlib import closing, contextmanager

import pytest

from tests.backups.elsewhere import new_database, said
from tests.cluster.trial import manage

pytestmark = pytest.mark.mariadb
READY = "from django.test import Client; print(Client().get('/readyz').content.decode())"


@pytest.fixture
def full(backup, tmp_path):
    """A database that holds the clinic."""
    url = new_database(tmp_path)
    manage(url, "restore", str(backup))
    return url


def ready(url):
    return manage(url, "shell", "-v0", "-c", READY).strip()


def broken(backup, path, old, new):
    """The same backup with another statement in it, under a checksum that is right."""
    import hashlib
    import json

    with zipfile.ZipFile(backup) as whole, zipfile.ZipFile(path, "w") as other:
        data = whole.read("database.sql").replace(old, new, 1)
        manifest = json.loads(whole.read("manifest.json")) | {"sha256": hashlib.sha256(data).hexdigest()}
        other.writestr("database.sql", data)
        other.writestr("manifest.json", json.dumps(manifest))
    return path


def test_half_of_it_is_not_served_and_whole_again_it_is(full, backup, tmp_path):
    path = broken(backup, tmp_path / "broken.zip", b"CREATE TABLE `patients`", b"CREATE TABEL `patients`")
    status, text = said(full, "restore", str(path), "--replace", "--no-input")
    assert status == 1 and "the database is incomplete: ERROR 1064" in text and "--replace" in text, text
    assert "TABEL" not in text  # what stands in a row could stand there
    assert ready(full) == "migrations"
    status, text = said(full, "restore", str(backup), "--replace", "--no-input")
    assert status == 0, text
    assert ready(full) == "ready"


def test_a_database_in_use_is_left_as_it_is(full, backup):
    with using(full):
        status, text = said(full, "restore", str(backup), "--replace", "--no-input")
    assert status == 1 and "stop whoever uses the database" in text and "Traceback" not in text, text
    assert ready(full) == "ready"


@contextmanager
def using(url):
    """Somebody has looked at patients in a transaction that is still open."""
    from urllib.parse import parse_qs, urlsplit

    import MySQLdb

    parts = urlsplit(url)
    socket = parse_qs(parts.query)["unix_socket"][0]
    with closing(MySQLdb.connect(user="root", unix_socket=socket, database=parts.path[1:])) as other:
        other.cursor().execute("SELECT COUNT(*) FROM patients")
        yield
