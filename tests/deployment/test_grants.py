"""The database's three accounts: each can do what it is for, and no more. Tried on a real server."""

import json
import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cluster.clients import Client, Log
from tools import mariadb
from tools.server import serving
from tools.starting import ROOT

pytestmark = pytest.mark.mariadb

PASSWORDS = {
    "WEB_PASSWORD": "web-secret",
    "OWNER_PASSWORD": "owner-secret",
    "BACKUP_PASSWORD": "backup-secret",
}
ACCOUNTS = {"web": "appointments", "owner": "appointments_owner", "backup": "appointments_backup"}
CLIENT = '#!/bin/sh\nexec "$REAL" --no-defaults --socket="$SOCKET" --user=root "$@"\n'
ILL = {"reason": "The patient is ill", "wish": "patient"}
# No right to the database, to the table, to a thing of the server's, to files.
DENIED = {1044, 1142, 1227, 1045}
NOT_FOR_THE_PROGRAM = [
    "DROP TABLE accounts_user",
    "ALTER TABLE accounts_user ADD COLUMN more INT",
    "CREATE TABLE more (id INT)",
    "TRUNCATE TABLE accounts_user",
    "CREATE DATABASE more",
    "SELECT * FROM mysql.global_priv",
    "SET GLOBAL read_only = 1",
    "SELECT 1 INTO OUTFILE '/tmp/more'",
]


@pytest.fixture(scope="module")
def socket():
    """Of a server of its own: accounts belong to a whole server, and other tests run beside this one."""
    with mariadb.running() as url:
        yield parse_qs(urlsplit(url).query)["unix_socket"][0]


@pytest.fixture(scope="module")
def accounts(socket, tmp_path_factory):
    """As on the database's machine: `sh deploy/accounts.sh` by somebody who is the server's root."""
    programs = tmp_path_factory.mktemp("bin")
    real = subprocess.run(
        ["sh", "-c", "command -v mariadb"], capture_output=True, text=True, check=False
    ).stdout.strip()
    (programs / "mariadb").write_text(CLIENT)
    (programs / "mariadb").chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    env = os.environ | PASSWORDS | {"PATH": path, "REAL": real, "SOCKET": socket}
    subprocess.run(["sh", "deploy/accounts.sh"], cwd=ROOT, env=env, check=True)
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=as_account("owner", socket), check=True)
    return env


def as_account(who, socket):
    url = f"mysql://{ACCOUNTS[who]}:{who}-secret@localhost/appointments?unix_socket={socket}"
    return os.environ | {"DATABASE_URL": url}


@contextmanager
def connected(who, socket):
    import MySQLdb

    password = f"{who}-secret"
    connection = MySQLdb.connect(user=ACCOUNTS[who], passwd=password, unix_socket=socket, db="appointments")
    try:
        yield connection.cursor()
    finally:
        connection.close()


def test_the_web_signs_in_books_moves_and_cancels(accounts, socket):
    written = [sys.executable, "-m", "tests.cluster.clinic"]
    made = subprocess.run(
        written, cwd=ROOT, env=as_account("web", socket), capture_output=True, text=True, check=False
    )
    known = json.loads(made.stdout.splitlines()[-1])
    with serving(sys.executable, as_account("web", socket), workers=1) as server:
        log = Log()
        client = Client(server.address, known, log)
        client.sign_in()
        client.book()
        client.move()
        client.extra_hours()
        (uuid,) = log.booked
        version, _start = log.booked[uuid]
        status, answer = client.api("cancel", "POST", f"appointments/{uuid}/cancel", ILL, version)
        assert (status, answer["status"]) == (200, "cancelled")
        assert version == 2  # it was moved
        assert len(log.hours) == 1
        assert server.complaints() == []


def test_the_web_and_backups_touch_no_table_and_nothing_else_of_the_server(accounts, socket):
    for who in ("web", "backup"):
        for statement in NOT_FOR_THE_PROGRAM:
            assert code_of(statement, who, socket) in DENIED, (who, statement)
    for statement in ("DELETE FROM accounts_user", "UPDATE accounts_user SET is_superuser = 1"):
        assert code_of(statement, "backup", socket) in DENIED, statement


@pytest.mark.parametrize("who", ["backup", "web"])
def test_backups_read_everything_and_so_do_those_of_the_jobs(accounts, socket, who, tmp_path):
    path = tmp_path / "backup.zip"
    backup = [sys.executable, "manage.py", "backup", str(path)]
    subprocess.run(backup, cwd=ROOT, env=as_account(who, socket), check=True)
    with connected("owner", socket) as cursor:
        cursor.execute("SHOW TABLES")
        tables = {name for (name,) in cursor.fetchall()}
    assert set(json.loads(zipfile.ZipFile(path).read("manifest.json"))["counts"]) == tables


def test_the_owner_has_this_database_and_no_other(accounts, socket):
    for statement in ("CREATE DATABASE more", "SELECT * FROM mysql.global_priv", "SHUTDOWN"):
        assert code_of(statement, "owner", socket) in DENIED
    assert code_of("CREATE TABLE more (id INT)", "owner", socket) is None
    assert code_of("DROP TABLE more", "owner", socket) is None


def test_the_image_of_the_database_reads_the_same_script(accounts, socket):
    image = 'docker_process_sql() { [ "$*" = --database=mysql ] && mariadb mysql; }; set -eo pipefail\n'
    told = {"GRANTS": str(ROOT / "deploy"), "ALLOWED_HOST": "%"}
    script = f"{image}. {ROOT}/deploy/accounts.sh"
    subprocess.run(["bash", "-c", script], cwd="/", env=accounts | told, check=True)
    asked = ["mariadb", "-N", "-e", "SELECT user FROM mysql.user WHERE host = '%' AND user LIKE 'appoint%'"]
    found = subprocess.run(asked, env=accounts, capture_output=True, text=True, check=True).stdout.split()
    assert sorted(found) == sorted(ACCOUNTS.values())


def code_of(statement, who, socket):
    import MySQLdb

    with connected(who, socket) as cursor:
        try:
            cursor.execute(statement)
        except MySQLdb.Error as error:
            return error.args[0]
    return None
