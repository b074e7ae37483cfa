"""Migrations, backups and restores wait for each other."""

import os
import threading

import pytest
from django.core.management import CommandError, call_command

from scheduling.backups import making, restoring
from scheduling.backups.failed import BackupFailed
from scheduling.database.schema_lock import SchemaLocked, schema_lock
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def somebody_migrates():
    """In a thread of its own, with a connection of its own."""
    begun, over = threading.Event(), threading.Event()

    def hold():
        with schema_lock():
            begun.set()
            over.wait(60)

    thread = threading.Thread(target=hold)
    thread.start()
    begun.wait(60)
    yield
    over.set()
    thread.join()


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(schema_lock.__wrapped__, "__kwdefaults__", {"patience": 0.2})


@pytest.mark.usefixtures("somebody_migrates")
def test_a_backup_is_refused_while_somebody_migrates(tmp_path):
    with pytest.raises(BackupFailed, match="No backup was made"):
        making.make(tmp_path, now=NOW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("somebody_migrates")
def test_a_migration_is_refused_while_somebody_backs_up():
    with pytest.raises(CommandError, match="Nothing was changed"):
        call_command("migrate", verbosity=0)


def test_a_restore_is_refused_while_somebody_migrates(tmp_path, request):
    path, _manifest = making.make(tmp_path, now=NOW)
    request.getfixturevalue("somebody_migrates")
    with pytest.raises(BackupFailed, match="Nothing was changed"):
        restoring.restore(path, tell=lambda said: None)


def test_it_is_free_again_after_a_fault():
    with pytest.raises(ValueError), schema_lock():
        raise ValueError
    with schema_lock():
        pass


def test_it_ends_with_a_process_that_is_killed():
    read, write = os.pipe()
    child = os.fork()
    if not child:
        with schema_lock():
            os.write(write, b"x")
            os.kill(os.getpid(), 9)
    os.read(read, 1)
    os.waitpid(child, 0)
    with schema_lock(patience=5):
        pass


@pytest.mark.usefixtures("somebody_migrates")
def test_whoever_waits_is_told_in_the_end():
    with pytest.raises(SchemaLocked), schema_lock():
        pass
