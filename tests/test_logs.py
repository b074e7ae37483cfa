"""The form of the log, and what of a request and of a fault reaches it."""

import json
import logging
import os
import re
import socket
import sys
from datetime import UTC, datetime
from urllib.error import HTTPError
from urllib.request import urlopen
from uuid import uuid4

import pytest
from django.db import IntegrityError
from django.test import Client

from appointments_site import logs, request_ids
from tests.logged import written
from tools.server import serving

WHEN = datetime(2026, 11, 28, 15, 1, 6, 630_000, tzinfo=UTC)
REQUEST = "0123456789abcdef0123456789abcdef"


def record(message="It broke", *, level=logging.ERROR, error=None, **more):
    made = logging.LogRecord("clinic.any", level, "any.py", 1, message, (), None)
    made.created = WHEN.timestamp()
    if error is not None:
        made.exc_info = (type(error), error, error.__traceback__)
    made.__dict__.update(more)
    return made


def raised(make):
    """An error as somebody met it, with its traceback."""
    try:
        make()
    except Exception as error:
        return error


def fails():
    raise ValueError("Ana Souza")


def fails_over_a_fault():
    try:
        fails()
    except ValueError as error:
        raise IntegrityError(1062, "Duplicate entry 'ana@x.example' for key 'email'") from error


# -- Form --------------------------------------------------------------------------


def test_a_line_has_time_in_utc_level_logger_and_request():
    assert logs.Line().format(record()) == "2026-11-28T15:01:06.630+00:00 ERROR clinic.any [-] It broke"
    with request_ids.serving(REQUEST):
        assert logs.Line().format(record()).endswith(f" clinic.any [{REQUEST}] It broke")


def test_json_is_one_object_a_line():
    error = raised(fails)
    with request_ids.serving(REQUEST):
        text = logs.Json().format(record('Señor "x"\nand more', error=error))
    assert "\n" not in text
    told = json.loads(text)
    traceback = told.pop("traceback")
    assert told == {
        "time": "2026-11-28T15:01:06.630+00:00",
        "level": "ERROR",
        "logger": "clinic.any",
        "message": 'Señor "x"\nand more',
        "request_id": REQUEST,
    }
    assert traceback.splitlines()[0] == "Traceback (most recent call last):"
    assert "in fails" in traceback
    assert traceback.splitlines()[-1] == "ValueError: …"
    assert json.loads(logs.Json().format(record())).keys() == told.keys()  # and no traceback


@pytest.mark.parametrize(("chosen", "begins"), [("json", "{"), ("line", "2026"), (None, "2026")])
def test_gunicorns_formatter_follows_the_setting_when_a_line_is_written(monkeypatch, chosen, begins):
    formatter = logs.AsSet()
    monkeypatch.delenv("LOG_FORMAT")
    if chosen:
        monkeypatch.setenv("LOG_FORMAT", chosen)
    assert formatter.format(record()).startswith(begins)


def test_djangos_own_handlers_are_not_used_beside_ours():
    for name in ("django", "django.server", "django.request"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate) == ([], True)


def test_everything_that_gunicorn_and_the_program_say_is_json_where_that_is_asked_for(tmp_path):
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/x.sqlite3", "LOG_FORMAT": "json"}
    with serving(sys.executable, env, workers=1) as server:
        with pytest.raises(HTTPError) as refused:
            urlopen(f"{server.address}/nowhere/")
        refused.value.close()
        with socket.create_connection(("127.0.0.1", int(server.address.rpartition(":")[2]))) as line:
            line.sendall(b"GET /desk/patients/?q=souza nonsense\r\n\r\n")
            line.recv(1000)
        lines = server.lines()
    assert lines.pop(0).startswith("Successful connection to the database!")  # on standard output
    told = [json.loads(line) for line in lines]
    assert {"gunicorn.error", "django.request"} == {line["logger"] for line in told}
    about = next(line for line in told if line["logger"] == "django.request")
    assert "souza" not in "".join(lines)
    assert about["request_id"] == refused.value.headers["X-Request-ID"]


# -- Content -----------------------------------------------------------------------


TOKEN = "O914KH5rXJmJT-sC"


def test_no_line_names_a_visit(client, db):
    uuid = uuid4()
    with written() as stream:
        client.get(f"/appointment/{uuid}/")
        client.post(f"/appointment/{uuid}/")
        client.get(f"/appointment/{str(uuid).upper()}")
        client.get(f"/appointment/{uuid}/open/{TOKEN}/more")
        client.get(f"/api/v1/appointments/{uuid}")
    lines = stream.getvalue().splitlines()
    assert len(lines) == 5
    assert TOKEN not in stream.getvalue()
    assert str(uuid) not in stream.getvalue().lower()
    assert re.search(r" WARNING django.request \[[0-9a-f]{32}\] Not Found: /appointment/…$", lines[0])


def test_no_line_has_the_address_of_a_doctors_calendar(client, db):
    secret = "qT5mVzR8sWn2tYb7xLpkCq5mVzR8sWn2tYb7xLpkCq5"
    with written() as stream:
        client.get(f"/calendar/{secret}.ics")
        client.get(f"/calendar/{secret}")
    assert len(stream.getvalue().splitlines()) == 2
    assert "Not Found: /calendar/…" in stream.getvalue()
    assert secret not in stream.getvalue()


def test_a_traceback_names_no_visit_and_repeats_nothing_that_an_error_says():
    text = logs.Line().format(record(error=raised(fails_over_a_fault)))
    assert "Ana Souza" not in text.replace('ValueError("Ana Souza")', "")  # the source itself is shown
    assert "ana@x.example" not in text.replace("""'ana@x.example' for key""", "")
    assert "ValueError: …\n\nwhich led to:\n\nTraceback" in text
    assert text.endswith("django.db.utils.IntegrityError: 1062, …")


def test_what_another_formatter_left_on_a_record_is_not_written():
    made = record(error=raised(fails), exc_text="ValueError: Ana Souza, left behind")
    assert "left behind" not in logs.Line().format(made)


def test_what_is_asked_behind_an_address_is_not_written():
    made = record("Error handling request /desk/patients/?q=souza&letter=S of x")
    assert logs.Line().format(made).endswith("Error handling request /desk/patients/?… of x")


# -- Levels ------------------------------------------------------------------------


def test_a_form_without_its_token_and_a_bad_host_are_a_warning_in_a_line(client, db):
    with written() as stream:
        assert Client(enforce_csrf_checks=True).post("/sign-in/", {"username": "rae"}).status_code == 403
        assert client.get("/", headers={"Host": "evil.example\n" * 100}).status_code == 400
    lines = stream.getvalue().splitlines()
    assert [line.split()[1] for line in lines] == ["WARNING", "WARNING"]
    assert len(lines[1]) < 450


@pytest.mark.parametrize(
    ("status", "level"), [(409, "INFO"), (412, "INFO"), (422, "INFO"), (404, "WARNING"), (429, "WARNING")]
)
def test_an_answer_that_programs_count_on_is_normal_life(status, level):
    made = record("Conflict: /api/v1/appointments", level=logging.WARNING, status_code=status)
    assert logs.RefusalsInOneLine().filter(made)
    assert made.levelname == level


def test_a_fault_keeps_its_level_and_its_traceback():
    made = record(error=raised(fails), status_code=500)
    assert logs.RefusalsInOneLine().filter(made)
    assert (made.levelname, made.exc_info is None) == ("ERROR", False)
