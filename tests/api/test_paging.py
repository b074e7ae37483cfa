"""Pages: whole whatever their size, stable while rows come and change, and no cursor that is not theirs."""

import json
from base64 import urlsafe_b64encode
from datetime import time, timedelta

import pytest

from scheduling.booking import actions
from scheduling.booking.merging import merge
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, VisitType
from tests import factories
from tests.api.conftest import UNKNOWN, codes
from tests.api.good import of_a_crowd
from tests.booking.asking import booked
from tests.conftest import NOW, madrid, works

DAY = timedelta(days=1)
YESTERDAY = "2026-03-01T00:00:00Z"


def walk(program, address, between=lambda page: None, **query):
    """Every row of every page; `between(page)` happens after each, counted from 1."""
    found, cursor, pages = [], {}, 0
    while cursor is not None:
        said = program.get(address, **query, **cursor).json()
        found += said["items"]
        cursor = said["next"] and {"cursor": said["next"]}
        pages += 1
        assert pages < 200, "it does not end"
        assert said["items"] or pages == 1, "the last page is empty"
        if cursor:
            between(pages)
    return found


def uuids(items):
    return [each["uuid"] for each in items]


def told(rows):
    return [str(row.uuid) for row in rows]


@pytest.fixture
def visits(osei, lind, ana, ben, checkup):
    """Six, in the order of their times; the last two at the same time."""
    return [
        booked(osei, ana, checkup, "2026-03-03 09:30"),
        booked(osei, ben, checkup, "2026-03-03 10:00"),
        booked(osei, ana, checkup, "2026-03-03 11:00"),
        booked(lind, ben, checkup, "2026-03-04 09:00"),
        booked(lind, ana, checkup, "2026-03-04 12:00"),
        booked(osei, ben, checkup, "2026-03-04 12:00"),
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
@pytest.mark.parametrize("address", ["specialties", "visit-types", "doctors", "patients"])
def test_a_list_comes_whole_in_pages_of_any_size(website, address, limit):
    of_a_crowd(7)
    whole = website.get(address, limit=100).json()
    assert (len(whole["items"]) >= 7, whole["next"]) == (True, None)
    assert walk(website, address, limit=limit) == whole["items"]


@pytest.mark.parametrize("limit", [1, 2, 3, 6, 100])
@pytest.mark.parametrize("query", [{}, {"changed_since": YESTERDAY}])
def test_visits_come_whole_in_pages_of_any_size(website, visits, limit, query):
    """All were changed at the same instant."""
    assert uuids(walk(website, "appointments", limit=limit, **query)) == told(visits)


def test_many_visits_of_one_instant_come_once_each(website, cardiology, checkup):
    visits = []
    for _ in range(7):
        doctor = factories.DoctorFactory(specialty=cardiology)
        works(doctor, time(9), time(15))
        visits.append(booked(doctor, factories.PatientFactory(), checkup, "2026-03-03 10:00"))
    for limit in (1, 2, 3, 7):
        assert uuids(walk(website, "appointments", limit=limit)) == told(visits)


@pytest.mark.parametrize("address", ["specialties", "visit-types", "doctors", "patients"])
def test_rows_that_come_meanwhile_shift_nothing(website, address):
    of_a_crowd(4)
    before = walk(website, address)
    after = walk(website, address, between=lambda page: of_a_crowd(1) if page < 4 else None, limit=2)
    assert after[: len(before)] == before
    assert len(uuids(after)) == len(set(uuids(after))) > len(before)


def test_visits_that_are_booked_meanwhile_shift_nothing(website, visits, osei, checkup):
    def book(page):
        if page == 1:
            early, late = factories.PatientFactory.create_batch(2)
            made.append(booked(osei, early, checkup, "2026-03-03 09:00"))
            made.append(booked(osei, late, checkup, "2026-03-05 09:00"))

    made = []
    found = uuids(walk(website, "appointments", between=book, limit=2))
    assert found == [*told(visits), str(made[1].uuid)]  # the other one came before what was read already


def test_who_follows_changes_misses_none_that_happens_meanwhile(website, visits, osei, lind, rae):
    newest = {}

    def change(page):
        """One that was read and one that was not; the row on which the page ended is among the first."""
        at = NOW + timedelta(minutes=page)
        for place in {1: (1, 5), 2: (0, 4)}.get(page, ()):
            visit = Appointment.objects.get(pk=visits[place].pk)
            changed = actions.cancel(
                actions.Seen.of(visit), reason="ill", wish=actions.Wish.PATIENT, by=rae, now=at
            )
            newest[str(changed.uuid)] = changed.version

    found = walk(website, "appointments", between=change, limit=2, changed_since=YESTERDAY)
    known = {each["uuid"]: each["version"] for each in found}  # the later ones count
    assert known == dict.fromkeys(told(visits), 1) | newest
    assert len(newest) == 4
    times = [each["updated_at"] for each in found]
    assert times == sorted(times)


def test_changes_begin_with_the_instant_that_is_asked_for(website, visits, rae):
    later = NOW + timedelta(microseconds=1)
    actions.set_status(actions.Seen.of(visits[3]), "arrived", by=rae, now=NOW + 3 * DAY)
    actions.move(
        actions.Seen.of(visits[0]),
        doctor=visits[0].doctor,
        start=madrid("2026-03-06 09:30"),
        by=rae,
        now=later,
    )
    since = {
        instant: uuids(website.get("appointments", changed_since=instant.isoformat()).json()["items"])
        for instant in (NOW, later, later + timedelta(microseconds=1))
    }
    assert [len(found) for found in since.values()] == [6, 2, 1]
    assert since[later] == told([visits[0], visits[3]])


def test_what_is_asked_of_visits_narrows_them(website, visits, osei, lind, ana, ben):
    def found(**query):
        return uuids(walk(website, "appointments", limit=1, **query))

    assert found(day="2026-03-03") == told(visits[:3])
    assert found(doctor=lind.uuid) == told(visits[3:5])
    assert found(patient=ana.uuid) == told([visits[0], visits[2], visits[4]])
    assert found(status="confirmed") == told(visits)
    assert found(status="cancelled") == []
    assert found(day="2026-03-04", doctor=osei.uuid, patient=ben.uuid, status="confirmed") == told(visits[5:])
    assert found(day="2026-03-04", changed_since=YESTERDAY) == told(visits[3:])


def test_a_day_is_one_of_the_clinic_s_clocks(website, osei, ana, checkup):
    """Of 23 hours in spring."""
    works(osei, time(0), time(23, 55), weekdays=[5, 6])
    works(osei, time(0), time(9), weekdays=[0])
    times = ["28 23:00", "29 00:00", "29 03:00", "29 23:00", "30 00:00"]
    visits = [booked(osei, ana, checkup, f"2026-03-{at}") for at in times]
    assert uuids(website.get("appointments", day="2026-03-29").json()["items"]) == told(visits[1:4])


def test_visits_of_a_record_that_was_merged_are_those_of_the_one_that_stands(website, visits, ana, rae):
    gone = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza")
    merge(Seen.of(ana), Seen.of(gone), {}, by=rae, now=NOW)
    assert uuids(website.get("appointments", patient=gone.uuid).json()["items"]) == told(visits[0:5:2])


@pytest.mark.parametrize("name", ["doctor", "patient"])
def test_what_is_not_on_record_narrows_nothing_but_is_refused(website, visits, name):
    answer = website.get("appointments", **{name: UNKNOWN})
    assert (answer.status_code, codes(answer)) == (422, ["unknown"])


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"status": "booked"}, "enum"),
        ({"status": "Confirmed"}, "enum"),
        ({"day": "2026-02-30"}, "date"),
        ({"day": "today"}, "date"),
        ({"doctor": "Dr Osei"}, "uuid"),
        ({"changed_since": "2026-03-03"}, "datetime"),
        ({"changed_since": "2026-03-03T00:00:00"}, "naive_datetime"),
        ({"changed_since": "0001-01-01T00:00:00Z"}, "datetime"),
    ],
)
def test_what_cannot_be_asked_of_visits(website, query, code):
    answer = website.get("appointments", **query)
    assert (answer.status_code, codes(answer)) == (422, [code])


def cursor(*said):
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


AT = "2026-03-03T00:00:00+00:00"
LISTS = ["specialties", "visit-types", "doctors", "patients", "appointments", "openings?minutes=30",
         f"appointments?changed_since={YESTERDAY}"]  # fmt: skip
NAMES = ["specialties", "visit_types", "doctors", "patients"]
OF_A_TIME = ["appointment_datetime", "openings", "updated_at"]
NAMES += OF_A_TIME
BAD = {
    "a word": "nothing",
    "a number": "7",
    "base64 of nothing": "AAAA",
    "padding": "====",
    "not ASCII": "é’",
    "a NUL": "\0",
    "huge": "x" * 401,
    "very huge": "x" * 20_000,
    "JSON of nothing": cursor(),
    "an object": urlsafe_b64encode(b'{"a": 1}').decode(),
    "deep": urlsafe_b64encode(b"[" * 250).decode(),
    "not UTF-8": urlsafe_b64encode(b'["\xff\xfe"]').decode(),
    "half a pair": urlsafe_b64encode(b'["doctors", "\\ud800"]').decode(),
    "a row alone": cursor(UNKNOWN),
}
BAD |= {f"no uuid in {name}": cursor(name, "7", AT) for name in NAMES}
BAD |= {f"a number in {name}": cursor(name, 7, AT) for name in NAMES}
BAD |= {f"a number for a time in {name}": cursor(name, UNKNOWN, 7) for name in NAMES}
BAD |= {f"too much in {name}": cursor(name, UNKNOWN, AT, AT) for name in NAMES}
for at in ("nothing", "2026-03-03T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", ""):
    BAD |= {f"{at} in {name}": cursor(name, UNKNOWN, at) for name in OF_A_TIME}


def bad(website, address, text):
    path, _, query = address.partition("?")
    given = dict([query.split("=")]) if query else {}
    answer = website.get(path, **given, cursor=text)
    assert answer.status_code == 422, (address, text)
    assert codes(answer)[0] in {"cursor", "string_too_long"}


@pytest.mark.parametrize("address", LISTS)
def test_a_cursor_that_none_gave_is_refused(website, osei, address):
    for text in BAD.values():
        bad(website, address, text)


def test_the_cursor_of_a_list_is_good_for_that_alone(website, visits, osei):
    of_a_crowd(3)
    given = []
    for address in LISTS:
        path, _, query = address.partition("?")
        said = website.get(path, limit=1, **(dict([query.split("=")]) if query else {})).json()
        given.append(said["next"])
    assert all(given)
    for address in LISTS:
        for other, text in zip(LISTS, given, strict=True):
            if other != address:
                bad(website, address, text)


def test_after_a_row_that_is_gone_nobody_is_told_that_it_was_the_last(website):
    of_a_crowd(3)
    said = website.get("visit-types", limit=1).json()
    VisitType.objects.get(uuid=said["items"][0]["uuid"]).delete()
    bad(website, "visit-types", said["next"])


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1e2", "x", ""])
def test_a_page_has_from_1_to_100_rows(website, limit):
    for address in ("doctors", "appointments", "openings"):
        answer = website.get(address, limit=limit)
        assert answer.status_code == 422
        assert {each["field"] for each in answer.json()["problems"]} == {"limit"}
