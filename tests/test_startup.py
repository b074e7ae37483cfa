"""The site as an operator starts it, in processes of its own: one clear line, no traceback, no password."""

import http.client
import importlib.util
import os
import signal
import socket
import subprocess
from contextlib import closing

import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder

from appointments_site import database
from scheduling.models import Job
from tests.conftest import NOW
from tests.starting import AWAY, GUNICORN, PASSWORD, ROOT, assert_one_line, manage, run
from tools.starting import wait_until_it_answers

needs_driver = pytest.mark.skipif(
    importlib.util.find_spec("MySQLdb") is None, reason="mysqlclient is not installed"
)


@pytest.mark.once
def test_sqlite_waits_for_the_disk_before_it_acknowledges(db):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)  # FULL


@pytest.mark.once
@needs_driver
@pytest.mark.parametrize(
    "command",
    [
        manage("check", "--database", "default"),
        manage("runserver", "127.0.0.1:0"),
        manage("runserver", "--noreload", "127.0.0.1:0"),
        manage("migrate"),
        manage("load_demo"),
        manage("create_database"),
        GUNICORN,
    ],
    ids=lambda command: " ".join(command[1:]),
)
def test_a_database_that_is_away_is_told_in_one_line(command):
    done = run(command, DATABASE_URL=AWAY)
    assert_one_line(done, "Connection error: ")
    assert "/nonexistent/socket" in done.stderr
    assert "database clinic" in done.stderr


@pytest.mark.once
@needs_driver
def test_gunicorn_ends_also_where_its_settings_were_not_read(tmp_path):
    empty = tmp_path / "empty.py"
    empty.write_text("")
    where = f"unix:{tmp_path}/socket"
    done = run([*GUNICORN, "--config", str(empty), "--bind", where, "--no-control-socket"], DATABASE_URL=AWAY)
    assert done.returncode == 3
    assert "Traceback" not in done.stderr
    assert done.stderr.count("Connection error: ") == 1


@pytest.mark.once
def test_a_file_that_cannot_be_opened_is_told_in_one_line():
    done = run(manage("check", "--database", "default"), DATABASE_URL="sqlite:////nonexistent/file.sqlite3")
    assert_one_line(done, "Connection error: unable to open database file")


@pytest.mark.once
def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path):
    (tmp_path / "letter").write_text("Dear clinic, " * 100)
    done = run(manage("migrate"), DATABASE_URL=f"sqlite:///{tmp_path}/letter")
    assert_one_line(done, "Connection error: file is not a database")


@pytest.mark.mariadb
@pytest.mark.parametrize(
    ("user", "name", "says"),
    [
        (f"root:{PASSWORD}", "clinic", "Access denied"),
        ("root:", "no_such_database", "Unknown database 'no_such_database'"),
    ],
)
def test_a_wrong_password_and_a_missing_database_are_told_in_one_line(user, name, says):
    server = settings.DATABASES["default"]["OPTIONS"]["unix_socket"]
    url = f"mysql://{user}@localhost/{name}?unix_socket={server}"
    for command in (manage("check", "--database", "default"), GUNICORN):
        done = run(command, DATABASE_URL=url)
        assert_one_line(done, "Connection error: ")
        assert says in done.stderr


@pytest.mark.mariadb
def test_a_missing_database_is_created_once_and_never_changed(transactional_db):
    server = settings.DATABASES["default"]["OPTIONS"]["unix_socket"]
    name = f"made_{os.getpid()}`x"
    url = f"mysql://root:@localhost/made_{os.getpid()}%60x?unix_socket={server}"
    try:
        assert (
            run(manage("create_database"), DATABASE_URL=url).stdout
            == f"Created the database {name} (utf8mb4).\n"
        )
        assert run(manage("create_database"), DATABASE_URL=url).stdout == f"The database {name} is there.\n"
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT default_character_set_name, default_collation_name FROM information_schema.schemata"
                " WHERE schema_name = %s",
                [name],
            )
            assert cursor.fetchone() == ("utf8mb4", "utf8mb4_unicode_ci")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS `" + name.replace("`", "``") + "`")


@pytest.mark.once
def test_there_is_nothing_to_create_for_sqlite(tmp_path):
    done = run(manage("create_database"), DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert (done.returncode, done.stdout) == (0, f"Nothing to create: SQLite, file {tmp_path}/x.sqlite3.\n")


@pytest.mark.once
@pytest.mark.parametrize("command", [manage("migrate"), manage("runserver"), GUNICORN], ids=["a", "b", "c"])
def test_a_driver_that_is_missing_is_told_with_the_packages_that_bring_it(tmp_path, command):
    (tmp_path / "MySQLdb.py").write_text("raise ImportError('libmariadb.so.3')")
    done = run(command, DATABASE_URL=AWAY, PYTHONPATH=str(tmp_path))
    assert_one_line(done, "Connection error: ")
    assert "gcc pkg-config libmariadb-dev python3-dev" in done.stderr
    assert "requirements-mysql.txt" in done.stderr


@pytest.mark.once
@pytest.mark.parametrize("url", ["nonsense", f"postgres://u:{PASSWORD}@h/x", f"mysql://u:{PASSWORD}@h:abc/x"])
def test_an_address_that_is_not_understood_is_not_repeated(url):
    assert_one_line(run(manage("check"), DATABASE_URL=url), "Settings: DATABASE_URL ")


@pytest.mark.once
def test_a_database_that_answers_is_told_with_engine_version_and_name(tmp_path):
    done = run(manage("check", "--database", "default"), DATABASE_URL=f"sqlite:///{tmp_path}/x.sqlite3")
    assert done.returncode == 0
    first = done.stdout.splitlines()[0]
    assert first.startswith("Successful connection to the database! SQLite 3.")
    assert first.endswith(f"file {tmp_path}/x.sqlite3")


@pytest.mark.mariadb
def test_a_server_is_told_without_user_and_password(db):
    assert database.describe(connection).startswith(("MariaDB 1", "MySQL 8", "MySQL 9"))
    assert "root" not in database.describe(connection)


@pytest.mark.mariadb
def test_another_isolation_level_stops_the_start(db, monkeypatch):
    assert database.isolation_level(connection) == "READ COMMITTED"
    monkeypatch.setattr(database, "isolation_level", lambda wrapper: "REPEATABLE READ")
    with pytest.raises(Exception, match="not READ COMMITTED"):
        database.probe()


class Unix(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(self.host)


def ask(path, address):
    with closing(Unix(str(address), timeout=300)) as web:
        web.request("GET", path, headers={"Host": "localhost"})
        answer = web.getresponse()
        return answer.status, answer.read().decode()


@pytest.mark.once
def test_gunicorn_tells_the_database_once_and_serves(tmp_path):
    address = tmp_path / "web"
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3",
        "BIND": f"unix:{address}",
        "WEB_CONCURRENCY": "2",
        "DEBUG": "true",
    }
    server = subprocess.Popen(
        GUNICORN, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_until_it_answers(server, address.exists, lambda: "no socket")
        assert ask("/healthz", address) == (200, f"alive {settings.VERSION}\n")
        assert ask("/readyz", address) == (503, "migrations\n")
        assert run(manage("migrate", "-v0"), DATABASE_URL=environment["DATABASE_URL"]).returncode == 0
        assert ask("/readyz", address) == (200, "ready\n")
    finally:
        server.send_signal(signal.SIGTERM)
        said = server.communicate(timeout=300)[0]
    assert said.count("Successful connection to the database!") == 1
    assert "Warning" not in said
    assert "healthz" not in said  # no access log
    assert server.returncode == 0


def test_readiness_follows_the_database_away_and_back(client, db, monkeypatch):
    assert client.get("/readyz").status_code == 200

    def gone(*args, **kwargs):
        raise OperationalError(2002, "Can't connect")

    with monkeypatch.context() as patched:
        patched.setattr("scheduling.database.probe.MigrationRecorder", gone)
        patched.setattr(connection, "close", lambda: None)  # the test's own transaction is in it
        answer = client.get("/readyz")
        assert (answer.status_code, answer.content) == (503, b"away\n")
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_readiness_asks_over_the_connection_that_gives_up_soon_and_over_no_other(client, settings):
    def patient(*asked):
        raise AssertionError("this connection may hang for as long as a request may")

    with connection.execute_wrapper(patient):
        assert client.get("/readyz").content == b"ready\n"
        settings.NOTICE_CHANNELS = ["email"]
        assert client.get("/readyz").content == b"ready\n"


@pytest.mark.django_db(transaction=True)
def test_a_server_is_ready_though_messages_wait_and_says_so(client, settings):
    settings.NOTICE_CHANNELS = ["email"]
    Job.objects.create(name="send_messages", due_at=NOW, succeeded_at=NOW)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (200, b"ready\nmessages wait\n")


def test_readiness_waits_for_migrations(client, db):
    MigrationRecorder(connection).migration_qs.filter(app="scheduling").order_by("id").last().delete()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.content) == (503, b"migrations\n")


@pytest.mark.parametrize("door", ["/healthz", "/readyz"])
def test_probes_are_open_not_kept_and_only_read(client, db, door):
    assert "no-cache" in client.get(door)["Cache-Control"]
    assert client.post(door).status_code == 405
