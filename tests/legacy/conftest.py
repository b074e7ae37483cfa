"""Old databases of one's own, beside Django's test database on the same throwaway server."""

from pathlib import Path

import pytest

from tests.legacy import scratch

DUMP = Path(__file__).parent / "data" / "appointmentdb.sql"


@pytest.fixture(scope="session")
def server(django_db_blocker):
    return scratch.Server(django_db_blocker)


@pytest.fixture
def empty(server):
    """A database without tables, in a server's old default character set."""
    with server.database(charset="latin1") as database:
        yield database


@pytest.fixture
def old(empty):
    """The old clinic's database, as it was handed over."""
    empty.execute(DUMP.read_text(encoding="utf-8"))
    return empty


@pytest.fixture(scope="session")
def adopted_once(server):
    """The database after one undisturbed adoption; only to be read and copied."""
    with server.database(charset="latin1") as database:
        database.execute(DUMP.read_text(encoding="utf-8"))
        database.run(scratch.adopt).went_well()
        yield database


@pytest.fixture
def adopted(server, adopted_once):
    """An adopted database of the test's own."""
    with server.database(charset="utf8mb4") as database:
        database.copy_from(adopted_once)
        yield database
