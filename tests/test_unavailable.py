"""What is answered while the database cannot serve: 503 in words, for people and for programs."""

import logging

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from scheduling.access import public
from scheduling.database.breaker import breaker
from scheduling.database.outages import Reason

pytestmark = pytest.mark.once
AWAY = OperationalError(2002, "Can't connect to local server through socket (2)")
LOST = OperationalError(2013, "Lost connection to server during query")
LOCKED = OperationalError("database is locked")
errors = []  # what the view raises, one after another, before it answers


@public
def fails(request):
    if errors:
        raise errors.pop(0)
    return HttpResponse("answered")


urlpatterns = [path("fails/", fails), path("api/fails/", fails), path("", include("appointments_site.urls"))]
handler400 = "appointments_site.refusals.bad_request"
handler500 = "appointments_site.refusals.server_error"


@pytest.fixture(autouse=True)
def site(settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    monkeypatch.setattr("appointments_site.unavailable.FIRST_PAUSE", 0.001)
    errors.clear()


@pytest.fixture
def refusing(monkeypatch):
    """The breaker is open, for this reason."""
    return lambda reason: monkeypatch.setattr(breaker, "_refused", reason)


def words(answer):
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("error", [AWAY, LOST, OperationalError(1047, "WSREP has not yet prepared node")])
def test_what_only_reads_is_asked_again_on_another_connection(client, db, error):
    errors[:] = [error, error]
    answer = client.get("/fails/")
    assert (answer.status_code, answer.content) == (200, b"answered")


def test_what_writes_is_not_asked_again(client, db):
    errors[:] = [AWAY]
    answer = client.post("/fails/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert "Nothing of this was saved" in words(answer)
    assert errors == []


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("/fails/?day=2026-03-02&x=1", "/fails/?day=2026-03-02&amp;x=1"),
        ('/fails/?"><script>', "/fails/?%22%3E%3Cscript%3E"),
        ("//evil.example/fails/", None),
    ],
)
def test_the_page_has_a_button_that_asks_again(client, db, refusing, asked, page):
    refusing(Reason.AWAY)
    said = words(
        client.get("/fails/", QUERY_STRING=asked.partition("?")[2])
        if page
        else client.get("/", PATH_INFO=asked)
    )
    assert (
        f'<a class="btn btn--go" href="{page or "/%2Fevil.example/fails/"}" autofocus> Try again </a>' in said
    )
    assert "reload" not in said


@pytest.mark.parametrize(
    ("referer", "page"),
    [
        ("http://testserver/desk/find/?day=2026-03-02", "/desk/find/?day=2026-03-02"),
        ("http://testserver//evil.example/", "/%2Fevil.example/"),
        ("https://evil.example/", "/fails/"),
        ("", "/fails/"),
    ],
)
def test_what_was_sent_leads_back_to_its_form(client, db, referer, page):
    errors[:] = [AWAY]
    said = words(client.post("/fails/", headers={"Referer": referer}))
    assert f'<a class="btn btn--go" href="{page}" autofocus> Open the form again </a>' in said


def test_a_lost_answer_is_not_called_nothing(client, db):
    errors[:] = [LOST]
    answer = client.post("/fails/")
    assert "It is not certain whether this was saved." in words(answer)
    assert "Nothing of this was saved" not in words(answer)


def test_people_are_told_in_their_language(client, db):
    errors[:] = [LOCKED]
    answer = client.get("/fails/", headers={"Accept-Language": "es"})
    assert (answer.status_code, answer["Content-Language"]) == (503, "es")
    assert "La agenda no responde en este momento" in words(answer)
    assert '<html lang="es">' in words(answer)
    assert "no-cache" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("error", "said"), [(AWAY, "nothing was done"), (LOST, "not certain whether this was done")]
)
def test_programs_get_a_problem(client, db, error, said):
    errors[:] = [error]
    answer = client.post("/api/fails/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer["Retry-After"] == "5"
    problem = answer.json()
    assert [each["code"] for each in problem["problems"]] == ["service_unavailable"]
    assert said in problem["detail"]


def test_one_line_a_cause_and_minute_and_no_traceback(client, db, caplog):
    errors[:] = [AWAY, AWAY, LOCKED, AWAY]
    for _ in range(4):
        assert client.post("/fails/").status_code == 503
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert [record.getMessage() for record in told] == [
        "The database cannot serve, away: Can't connect to local server through socket (2)",
        "The database cannot serve, locked: database is locked",
    ]
    assert not any(record.exc_info for record in told)


def test_a_fault_of_ours_is_still_a_fault(db):
    errors[:] = [OperationalError(1054, "Unknown column")]
    answer = Client(raise_request_exception=False).get("/fails/")
    assert answer.status_code == 500
    assert "Something broke on our side" in words(answer)


def test_a_session_that_cannot_be_saved_is_an_outage_and_no_odd_request(client, rae, monkeypatch):
    client.force_login(rae, "django.contrib.auth.backends.ModelBackend")

    def save(self, must_create=False):
        try:
            raise LOCKED
        except OperationalError:
            raise UpdateError  # noqa: B904  as Django's own does

    monkeypatch.setattr(SessionStore, "save", save)
    monkeypatch.setattr(
        "accounts.idle.is_over", lambda request, now: request.session.__setitem__("touched", 1)
    )
    assert client.get("/fails/").status_code == 503


@pytest.mark.parametrize("reason", [Reason.AWAY, Reason.HUNG])
def test_while_it_is_known_to_be_away_nobody_waits(client, refusing, reason):
    """Without the `db` fixture every query fails."""
    refusing(reason)
    for answer in (client.get("/desk/"), client.post("/fails/"), client.get("/api/v1/doctors")):
        assert answer.status_code == 503
    assert client.get("/healthz").status_code == 200


def test_while_nobody_can_write_reading_goes_on(client, db, refusing):
    refusing(Reason.LOCKED)
    assert client.get("/fails/").status_code == 200
    assert client.post("/fails/").status_code == 503


def test_a_program_reads_uncounted_while_nothing_can_be_written(website_account, db, refusing, monkeypatch):
    from django.utils import timezone

    from accounts import api_keys
    from accounts.models import ApiKey, Scope

    key, secret = api_keys.issue("Kiosk", Scope.BOOK, expires_at=None, now=timezone.now())
    headers = {"Authorization": f"Bearer {secret}"}

    def full(*_given):
        raise OperationalError(1114, "The table 'api_keys' is full")

    client = Client()
    with monkeypatch.context() as patched:
        patched.setattr(api_keys, "_is_taken_from", full)
        assert client.get("/api/v1/doctors", headers=headers).status_code == 200
        wish = {"content_type": "application/json", "headers": headers}
        assert client.post("/api/v1/appointments", {}, **wish).status_code == 503
    refusing(Reason.READ_ONLY)
    assert client.get("/api/v1/doctors", headers=headers).status_code == 200
    assert ApiKey.objects.get(pk=key.pk).used == 0
