"""A key for another program, from the command line."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from accounts import api_keys
from accounts.models import ApiKey, Scope
from tests.conftest import madrid
from tests.views.desk.conftest import at_eight  # noqa: F401  (a fixture)

pytestmark = pytest.mark.usefixtures("at_eight")


def create(*arguments):
    out = StringIO()
    call_command("create_api_key", *arguments, stdout=out)
    return out.getvalue()


def test_the_key_stands_alone_on_the_last_line_and_works(db, now):
    said = create("Website", "--scope", "book")
    *before, secret = said.splitlines()
    assert said.count(secret) == 1
    assert "Website" in before[-1]
    assert api_keys.admit(secret, now=now).key == ApiKey.objects.get()
    key = ApiKey.objects.get()
    assert (key.name, key.scope, key.expires_at, key.created_at) == ("Website", Scope.BOOK, None, now)


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2026-03-02", "2026-03-03 00:00"),  # today still counts
        ("2026-03-29", "2026-03-30 00:00"),  # of 23 hours
        ("2026-10-25", "2026-10-26 00:00"),  # of 25 hours
    ],
)
def test_it_is_good_through_the_end_of_the_clinics_day(db, day, end):
    secret = create("Website", "--scope", "read", "--expires", day).splitlines()[-1]
    ends = madrid(end)
    assert ApiKey.objects.get().expires_at == ends
    assert api_keys.admit(secret, now=ends - timedelta(seconds=1)) is not None
    assert api_keys.admit(secret, now=ends) is None


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["Website", "--scope", "read"], "already"),
        (["website", "--scope", "read"], "already"),
        (["", "--scope", "read"], "needs a name"),
        (["Kiosk", "--scope", "all"], "invalid choice"),
        (["Kiosk"], "--scope"),
        (["Kiosk", "--scope", "read", "--expires", ""], "a day like"),
        (["Kiosk", "--scope", "read", "--expires", "31/03/2027"], "a day like"),
        (["Kiosk", "--scope", "read", "--expires", "2027-02-29"], "a day like"),
        (["Kiosk", "--scope", "read", "--expires", "9999-12-31"], "a day like"),
        (["Kiosk", "--scope", "read", "--expires", "2026-03-01"], "is past. Use today, 2026-03-02"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_made(db, arguments, says):
    create("Website", "--scope", "book")
    with pytest.raises(CommandError, match=says):
        create(*arguments)
    assert ApiKey.objects.count() == 1


def test_from_a_shell_the_last_line_is_the_key(transactional_db):
    name = f"Shell {datetime.now(UTC):%f}"
    line = f'"{sys.executable}" manage.py create_api_key "{name}" --scope read | tail -1'
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=settings.BASE_DIR,
        env=os.environ | {"DATABASE_URL": _url(), "DEBUG": "true"},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    assert api_keys.admit(done.stdout.removesuffix("\n"), now=datetime.now(UTC)).key.name == name


def _url():
    """The tests' own database, for another process."""
    given = settings.DATABASES["default"]
    if "sqlite" in given["ENGINE"]:
        return f"sqlite:///{given['NAME']}"
    return f"mysql://{given['USER']}@localhost/{given['NAME']}?unix_socket={given['OPTIONS']['unix_socket']}"
