"""Numbers for Prometheus: who may see them, and what is counted."""

import re
import time
from dataclasses import replace
from uuid import uuid4

import pytest
from django.db import OperationalError
from prometheus_client import Metric
from prometheus_client.registry import Collector

from scheduling import metrics
from scheduling.booking import actions, rules, transactions
from scheduling.booking.proposal import Proposal
from scheduling.booking.transactions import in_one_transaction
from scheduling.database.breaker import Breaker, breaker
from scheduling.database.outages import Reason
from scheduling.models import Source
from scheduling.views import metrics as page
from tests.conftest import madrid

TOKEN = "kCq5mVzR8sWn2tYb7xLp"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def token(settings):
    settings.METRICS_TOKEN = TOKEN


def counted(name, **labels):
    return metrics.registry().get_sample_value(name, labels) or 0


@pytest.fixture
def more():
    """`more(name, **labels)`: by how much it grew since the last time that this was asked."""
    seen = {}

    def since(name, **labels):
        key = (name, *labels.items())
        before, seen[key] = seen.get(key, 0), counted(name, **labels)
        return seen[key] - before

    return since


# -- The page ----------------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize("given", ["", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer", "Bearer ñ"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_the_token_it_is_as_a_page_that_does_not_exist(client, db, token, given, method):
    ask = getattr(client, method)
    refused = ask("/metrics", headers={"Authorization": given})
    unknown = ask("/metric", headers={"Authorization": given})
    assert (refused.status_code, refused.content) == (404, unknown.content)
    assert own_headers(refused) == own_headers(unknown)


def own_headers(response):
    """Without what is another one in the next second."""
    return {name: value for name, value in response.items() if name not in {"X-Request-ID", "Expires"}}


@pytest.mark.once
def test_where_no_token_is_set_nothing_opens_it(client, db):
    for given in ("", "Bearer ", "Bearer"):
        assert client.get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.once
def test_with_it_there_are_numbers_that_prometheus_reads(client, token):
    """Without the `db` fixture every query fails."""
    answer = client.get("/metrics", headers=BEARER)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert "no-cache" in answer["Cache-Control"]
    assert 'clinic_unavailable_total{reason="away"}' in answer.content.decode()
    assert client.post("/metrics", headers=BEARER).status_code == 405


@pytest.mark.once
def test_it_answers_while_the_database_is_known_to_be_away(client, token, monkeypatch):
    monkeypatch.setattr(breaker, "_refused", Reason.AWAY)
    monkeypatch.setattr(page, "READ_WHEN_ASKED", (Breaks(),))
    assert client.get("/metrics", headers=BEARER).status_code == 200
    assert Breaks.asked == 0


class Breaks(Collector):
    asked = 0

    def collect(self):
        Breaks.asked += 1
        yield Metric("clinic_half", "Of two.", "gauge")
        raise OperationalError(2002, "Can't connect")


class Oldest(Collector):
    def collect(self):
        metric = Metric("clinic_oldest_seconds", "For example.", "gauge")
        metric.add_sample("clinic_oldest_seconds", {}, 7)
        yield metric


@pytest.mark.once
def test_what_is_read_when_asked_stands_beside_the_rest_and_one_that_fails_takes_nothing_along(
    client, token, monkeypatch, caplog
):
    monkeypatch.setattr(page, "READ_WHEN_ASKED", (Breaks(), Oldest()))
    text = client.get("/metrics", headers=BEARER).content.decode()
    assert "clinic_oldest_seconds 7.0" in text
    assert "clinic_breaker_open" in text
    assert "clinic_half" not in text
    assert "Breaks could not be read: OperationalError" in caplog.text


# -- What is counted ---------------------------------------------------------------


@pytest.mark.once
@pytest.mark.parametrize(
    ("address", "name", "status"),
    [
        ("/sign-in/", "sign-in", "200"),
        ("/desk/appointment-of-nobody/", "none", "404"),
        ("/appointment/2b7f5a60-8a3e-4b52-9d3e-1f6a2f0d9c11/", "appointment-status", "404"),
        ("/desk/day/2026-03-02/", "desk:day", "302"),
        ("/static/css/base.css", "static", "404"),  # tests serve no files
        ("/anything/<script>/", "none", "404"),
    ],
)
def test_a_request_counts_by_the_name_of_its_page(client, db, more, address, name, status):
    labels = {"page": name, "method": "GET", "status": status}
    more("clinic_requests_total", **labels)
    more("clinic_request_duration_seconds_count", page=name)
    response = client.get(address)
    response.close()
    assert str(response.status_code) == status
    assert more("clinic_requests_total", **labels) == 1
    assert more("clinic_request_duration_seconds_count", page=name) == 1


@pytest.mark.once
def test_made_up_methods_are_one(client, db, more):
    labels = {"page": "none", "method": "other", "status": "404"}
    more("clinic_requests_total", **labels)
    client.generic("BREW", "/nowhere/")
    client.generic("X" * 999, "/nowhere/")
    assert more("clinic_requests_total", **labels) == 2


@pytest.fixture
def proposal(osei, ana, checkup):
    return Proposal(
        uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=madrid("2026-03-03 10:00")
    )


def test_a_booking_counts_once_by_its_door(proposal, ben, more, now):
    more("clinic_bookings_total", door="api")
    proposal = replace(proposal, source=Source.API)
    actions.book(proposal, by=None, now=now)
    actions.book(proposal, by=None, now=now)  # sent twice
    assert more("clinic_bookings_total", door="api") == 1
    with pytest.raises(rules.Refused):
        actions.book(replace(proposal, uuid=uuid4(), patient=ben), by=None, now=now)
    assert more("clinic_bookings_total", door="api") == 0


def test_an_overbooked_visit_counts_once_too(proposal, ben, max_, more, now):
    actions.book(proposal, by=None, now=now)
    more("clinic_bookings_total", door="desk")
    other = replace(proposal, uuid=uuid4(), patient=ben)
    for _sent_twice in range(2):
        actions.overbook(other, reason="Pain", by=max_, now=now)
    assert more("clinic_bookings_total", door="desk") == 1


def test_a_booking_that_is_not_committed_does_not_count(proposal, more, now, monkeypatch):
    def fails(*_given, **_more):
        raise OperationalError(1054, "Unknown column")

    more("clinic_bookings_total", door="desk")
    monkeypatch.setattr("scheduling.booking.records.record_event", fails)
    with pytest.raises(OperationalError):
        actions.book(proposal, by=None, now=now)
    assert more("clinic_bookings_total", door="desk") == 0


def test_a_refusal_counts_each_of_its_reasons(proposal, ben, more, now):
    actions.book(proposal, by=None, now=now)
    more("clinic_refusals_total", code="doctor_taken")
    with pytest.raises(rules.Refused) as refused:
        actions.book(replace(proposal, uuid=uuid4(), patient=ben), by=None, now=now)
    assert refused.value.codes == {"doctor_taken"}
    assert more("clinic_refusals_total", code="doctor_taken") == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("number", "why"), [(1213, "conflict"), (2006, "lost")])
def test_a_transaction_that_is_run_again_counts(more, monkeypatch, number, why):
    monkeypatch.setattr(transactions, "FIRST_PAUSE", 0)
    errors = [OperationalError(number, "x"), OperationalError(number, "x")]

    @in_one_transaction
    def action():
        if errors:
            raise errors.pop()

    more("clinic_transactions_run_again_total", why=why)
    action()
    assert more("clinic_transactions_run_again_total", why=why) == 2


def test_a_request_that_asks_the_database_says_how_long_it_waited(client, rae, more):
    client.force_login(rae, "django.contrib.auth.backends.ModelBackend")
    more("clinic_database_wait_seconds_count")
    client.get("/healthz")
    assert more("clinic_database_wait_seconds_count") == 0
    more("clinic_database_wait_seconds_sum")
    began = time.monotonic()
    client.get("/desk/attention/")
    took = time.monotonic() - began
    assert more("clinic_database_wait_seconds_count") == 1
    assert 0 < more("clinic_database_wait_seconds_sum") < took


@pytest.mark.once
def test_an_answer_503_counts_by_its_word(client, more, monkeypatch):
    monkeypatch.setattr(breaker, "_refused", Reason.HUNG)
    more("clinic_unavailable_total", reason="hung")
    assert client.get("/desk/").status_code == 503
    assert more("clinic_unavailable_total", reason="hung") == 1


@pytest.mark.once
def test_the_breaker_is_seen_open_and_closed(monkeypatch):
    monkeypatch.setattr("scheduling.database.breaker.PATIENCE", 0)
    monkeypatch.setattr("scheduling.database.breaker.PAUSE", 0)
    seen = []

    def ask():
        seen.append(counted("clinic_breaker_open"))
        return Reason.AWAY if len(seen) < 3 else None

    watched = Breaker(ask)
    watched._watch()
    assert seen == [0, 1, 1]
    assert counted("clinic_breaker_open") == 0


@pytest.mark.once
def test_what_is_there_from_the_start_is_all_that_there_can_be():
    assert set(metrics.OUTAGES) == set(Reason)
    assert set(metrics.DOORS) == set(Source) - {Source.IMPORT, Source.LEGACY}


@pytest.mark.once
def test_every_number_stands_in_the_documentation(settings, db):
    told = (settings.BASE_DIR / "docs" / "monitoring.md").read_text()
    read = [metric for collector in page.READ_WHEN_ASKED for metric in collector.collect()]
    named = {
        metric.name + ("_total" if metric.type == "counter" else "")
        for metric in [*metrics.registry().collect(), *read]
    }
    assert named == set(re.findall(r"^\| `(clinic_\w+)`", told, re.MULTILINE))


@pytest.mark.once
def test_counting_raises_nothing(monkeypatch):
    def full(*_given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(type(metrics.BOOKINGS), "labels", full)
    with pytest.raises(OSError):
        metrics.BOOKINGS.labels("desk")
    metrics.booked("desk")
