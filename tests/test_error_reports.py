"""What reaches Sentry: which fault it is and where, and nothing of whom it met."""

import logging
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.error import HTTPError
from urllib.request import urlopen

import brotli
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from appointments_site import error_reports, logs
from scheduling.access import public
from tests.logged import reported
from tests.starting import PRODUCTION, assert_one_line, manage, run
from tools.server import serving

TYPED = "Zenobia"
VISIT = "0b8e7a70-5e9b-4d52-9f3e-1f6a2f0d9c11"


@public
def fails(request, appointment):
    typed = request.POST.get("name")
    raise IntegrityError(1062, f"Duplicate entry '{typed}' for key 'email'")


@public
def refuses(request):
    return HttpResponse(status=422)


urlpatterns = [
    path("appointment/<uuid:appointment>/", fails, name="fails"),
    path("refuses/", refuses),
    path("", include("appointments_site.urls")),
]
handler500 = "appointments_site.refusals.server_error"


@pytest.fixture
def site(settings, db):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def post(site):
    headers = {"Cookie": "typed=Zenobia", "Referer": "https://x.example/?q=Zenobia"}
    return site.post(f"/appointment/{VISIT}/?q=Zenobia", {"name": "Zenobia"}, headers=headers)


def test_a_fault_is_reported_with_its_place_its_page_and_the_id_of_its_request(site):
    with reported() as kept:
        answer = post(site)
    assert answer.status_code == 500
    (event,) = kept.events
    assert event["transaction"] == "fails"
    assert event["request"] == {"method": "POST", "url": "/appointment/…"}
    assert event["tags"] == {"request_id": answer["X-Request-ID"]}
    assert event["release"] == "1.2.3"
    error = event["exception"]["values"][-1]
    assert (error["type"], error["value"]) == ("IntegrityError", "1062, …")
    frame = error["stacktrace"]["frames"][-1]
    assert (frame["function"], frame["filename"]) == ("fails", "tests/test_error_reports.py")
    assert "raise IntegrityError" in frame["context_line"]


def test_nothing_of_what_was_sent_goes_along(site):
    with reported() as kept:
        post(site)
    assert kept.sent
    assert not {"user", "breadcrumbs", "server_name", "contexts", "extra"} & set(kept.events[0])
    assert set(kept.events[0]["request"]) == {"method", "url"}
    for leak in ("Zenobia", VISIT, "Cookie", "Referer", '"vars"'):
        assert leak not in kept.text


def test_what_goes_along_would_be_found_if_nothing_was_taken_out(site):
    with reported(before_send=None, include_local_variables=True) as kept:
        post(site)
    assert "Zenobia" in kept.text
    assert VISIT in kept.text


def test_refusals_and_warnings_are_not_reported(site):
    with reported() as kept:
        assert site.get("/refuses/").status_code == 422
        assert site.get("/", headers={"Host": "evil.example"}).status_code == 400
        logging.getLogger("scheduling.any").warning("odd")
    assert kept.sent == []


def test_an_error_that_is_logged_is_reported_in_our_words_and_only_the_sentence_of_others():
    with reported() as kept:
        logging.getLogger("scheduling.any").error("The database cannot serve, %s: %s", "away", f"/x/{VISIT}")
        logging.getLogger("another.package").error("Cannot send to %s", "zenobia@x.example")
    said = [event["logentry"] for event in kept.events]
    assert said == [
        {"message": "The database cannot serve, away: /x/…"},
        {"message": "Cannot send to %s"},
    ]


def test_a_command_that_breaks_off_is_reported(monkeypatch):
    monkeypatch.setattr(sys, "__excepthook__", lambda *given: None)
    with reported() as kept:
        try:
            raise ValueError(TYPED)
        except ValueError as error:
            sys.excepthook(type(error), error, error.__traceback__)
    assert [event["exception"]["values"][0]["type"] for event in kept.events] == ["ValueError"]
    assert TYPED not in kept.text


def test_without_a_dsn_nothing_is_started():
    assert error_reports.start("", "1.2.3") is False
    assert "reports" not in logs.settings("line")["handlers"]


def test_a_dsn_without_the_package_stops_the_start_and_names_the_file(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    with pytest.raises(ImproperlyConfigured, match=r"SENTRY_DSN .* pip install -r requirements-sentry.txt"):
        error_reports.start("https://0123456789abcdef@sentry.example/1", "1.2.3")


def test_a_dsn_that_is_none_stops_the_start_and_is_not_repeated():
    done = run(manage("check"), **PRODUCTION, SENTRY_DSN="sentry.example/1-secret")
    assert_one_line(done, "Settings: SENTRY_DSN is not understood.")
    assert "1-secret" not in done.stderr


def test_a_start_with_a_dsn_reports_and_waits_for_nobody():
    code = "from django.conf import settings as s; print(s.LOGGING['root']['handlers'])"
    dsn = "https://0123456789abcdef@127.0.0.1:1/1"
    done = run([sys.executable, "-c", code], **PRODUCTION, SENTRY_DSN=dsn)
    assert (done.stdout.strip(), done.stderr) == ("['console', 'reports']", "")


@pytest.fixture
def sentry():
    """A server that keeps what is sent to it: its DSN, the texts, and how to wait for the first."""
    texts, came = [], threading.Event()

    class Keeps(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Encoding"] == "br"
            texts.append(brotli.decompress(body).decode())
            self.send_response(200)
            self.end_headers()
            came.set()

        def log_message(self, *given):
            pass

    with HTTPServer(("127.0.0.1", 0), Keeps) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://0123456789abcdef@127.0.0.1:{server.server_port}/1", texts, came
        server.shutdown()


def test_a_worker_that_was_forked_after_the_start_reports(sentry, tmp_path):
    dsn, texts, came = sentry
    env = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/empty.sqlite3", "SENTRY_DSN": dsn}
    with serving(sys.executable, env, workers=1) as server:
        with pytest.raises(HTTPError) as failed:
            urlopen(f"{server.address}/appointment/{VISIT}/")
        failed.value.close()
        assert came.wait(60)
    assert failed.value.code == 500  # no table is there
    assert f'"request_id":"{failed.value.headers["X-Request-ID"]}"' in texts[0]
    assert '"transaction":"appointment-status"' in texts[0]
    assert VISIT not in "".join(texts)
