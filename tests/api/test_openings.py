"""Free times: which are offered, that each of them can be booked, and why another one cannot."""

from datetime import datetime, time
from uuid import uuid4

import pytest
import time_machine

from scheduling.api.operations import openings as operations
from scheduling.models import TimeOff
from tests import factories
from tests.api.conftest import UNKNOWN, codes
from tests.api.test_paging import walk
from tests.booking.asking import booked
from tests.conftest import madrid, works

TOMORROW = {"from_": "2026-03-03", "days": 1}


def times(items):
    return [each["appointment_datetime"][11:16] for each in items]


def free(program, **query):
    return times(walk(program, "openings", **query))


def book(program, opening, patient=None, **more):
    """The booking of an opening as it was told."""
    patient = patient or factories.PatientFactory()
    return program.post("appointments", {"uuid": uuid4(), "patient_uuid": patient.uuid} | opening | more)


def test_an_opening_is_a_doctor_and_a_time_with_its_offset(website, osei, checkup):
    said = website.get("openings", doctor=osei.uuid, visit_type=checkup.uuid, limit=1, **TOMORROW).json()
    assert said["items"] == [
        {
            "doctor_uuid": str(osei.uuid),
            "appointment_datetime": "2026-03-03T09:00:00+01:00",
            "minutes": 30,
        }
    ]
    assert said["next"]


def test_a_doctor_s_day_without_what_is_taken(website, osei, ana, checkup):
    booked(osei, ana, checkup, "2026-03-03 10:00")
    found = free(website, doctor=osei.uuid, visit_type=checkup.uuid, **TOMORROW)
    assert found == ["09:00", "09:30", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30"]


def test_by_doctor_by_specialty_and_by_any(website, osei, lind, checkup):
    other = factories.DoctorFactory(doctor_name="Dr Zed")
    works(other, time(9), time(14))
    off = factories.DoctorFactory(doctor_name="Dr Off", specialty=osei.specialty, is_active=False)
    works(off, time(9), time(14))

    def who(**query):
        items = walk(website, "openings", minutes=300, **TOMORROW, **query)
        return [each["doctor_uuid"] for each in items]

    assert who(doctor=lind.uuid) == [str(lind.uuid)]
    assert who(specialty=osei.specialty.uuid) == [str(osei.uuid), str(lind.uuid)]  # of one time, by name
    assert who() == [str(osei.uuid), str(lind.uuid), str(other.uuid)]
    assert who(doctor=off.uuid) == []
    answer = website.get("openings", doctor=osei.uuid, specialty=osei.specialty.uuid, minutes=30)
    assert (answer.status_code, codes(answer)) == (422, ["one_of"])


def test_the_visit_type_s_minutes_and_buffer_count(website, osei, ana):
    kind = factories.VisitTypeFactory(minutes=60, buffer_minutes=30)
    query = {"doctor": osei.uuid, "visit_type": kind.uuid} | TOMORROW
    assert free(website, **query) == ["09:00", "10:30", "12:00"]  # the buffer ends with the session at most
    assert free(website, **query, minutes=120) == ["09:00", "11:30"]
    booked(osei, ana, kind, "2026-03-03 11:00")
    assert free(website, **query) == ["09:00", "12:30"]


def test_a_visit_type_that_is_no_longer_used_has_none(website, osei, checkup):
    checkup.is_active = False
    checkup.save()
    assert free(website, visit_type=checkup.uuid, **TOMORROW) == []


def test_from_and_days(website, osei):
    def days(**query):
        items = walk(website, "openings", minutes=300, **query)
        return [each["appointment_datetime"][:10] for each in items]

    today = "2026-03-02"
    assert days(days=1) == [today]
    assert days(days=2) == [today, "2026-03-03"]
    assert days() == [f"2026-03-{day:02}" for day in range(2, 7)]  # seven days, two without hours
    assert days(from_="2026-03-07", days=2) == []
    assert days(from_="2026-02-27", days=5) == [today, "2026-03-03"]  # what is past is not offered
    assert days(from_="2026-02-01", days=1) == []
    assert days(from_="2028-02-29", days=3) == ["2028-02-29"]  # two years from now, at eight, it ends
    assert days(from_="2199-12-31", days=365) == []
    assert days(from_="1900-01-01") == []
    assert len(days(days=62)) == 45
    assert len(days(days=365)) == 261


def test_a_page_says_up_to_when_was_looked(website, osei):
    def asked(**query):
        said = website.get("openings", minutes=300, from_="2026-03-02", **query).json()
        return said["searched_until"], said["next"] is not None, len(said["items"])

    assert asked(days=3) == ("2026-03-05T00:00:00+01:00", False, 3)
    assert asked(days=3, limit=2) == ("2026-03-03T09:00:00+01:00", True, 2)
    assert asked(days=365, limit=1) == ("2026-03-02T09:00:00+01:00", True, 1)
    TimeOff.objects.create(starts_at=madrid("2026-03-01 00:00"), ends_at=madrid("2028-01-01 00:00"))
    assert asked(days=365) == ("2027-03-02T00:00:00+01:00", False, 0)


def test_a_request_looks_at_so_many_days_and_the_next_one_goes_on(website, osei, lind, monkeypatch):
    monkeypatch.setattr(operations, "MOST_DAYS", 12)
    TimeOff.objects.create(starts_at=madrid("2026-03-01 00:00"), ends_at=madrid("2026-06-01 00:00"))
    query = {"minutes": 300, "from_": "2026-03-02", "days": 120}
    first = website.get("openings", **query).json()
    # Two doctors: windows of 1, 2 and 4 days are 14 days of theirs.
    assert (first["items"], first["searched_until"]) == ([], "2026-03-09T00:00:00+01:00")
    found, cursor = [], first["next"]
    while cursor:  # the pages between have nothing
        said = website.get("openings", **query, cursor=cursor).json()
        found, cursor = found + said["items"], said["next"]
    assert [found[0]["doctor_uuid"], found[1]["doctor_uuid"]] == [str(osei.uuid), str(lind.uuid)]
    assert found[0]["appointment_datetime"] == "2026-06-01T09:00:00+02:00"
    assert len(found) == len({(each["doctor_uuid"], each["appointment_datetime"]) for each in found}) == 42


def test_what_began_today_is_not_offered(website, osei):
    with time_machine.travel(madrid("2026-03-02 12:07"), tick=False):
        assert free(website, minutes=30, days=1) == ["12:30", "13:00", "13:30"]


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({}, "visit_type", "no_length"),
        ({"minutes": 4}, "minutes", "greater_than_equal"),
        ({"minutes": 721}, "minutes", "less_than_equal"),
        ({"minutes": "30m"}, "minutes", "int_parsing"),
        ({"minutes": 30, "days": 0}, "days", "greater_than_equal"),
        ({"minutes": 30, "days": 366}, "days", "less_than_equal"),
        ({"minutes": 30, "from_": "2026-02-30"}, "from", "date"),
        ({"minutes": 30, "from_": "2200-01-01"}, "from", "date"),
        ({"minutes": 30, "from_": "tomorrow"}, "from", "date"),
        ({"minutes": 30, "from_": "2026-03-03T10:00:00Z"}, "from", "date"),
        ({"minutes": 30, "doctor": UNKNOWN}, "doctor", "unknown"),
        ({"minutes": 30, "specialty": UNKNOWN}, "specialty", "unknown"),
        ({"minutes": 30, "visit_type": UNKNOWN}, "visit_type", "unknown"),
        ({"minutes": 30, "doctor": "Dr Osei"}, "doctor", "uuid"),
    ],
)
def test_what_cannot_be_asked(website, osei, query, field, code):
    answer = website.get("openings", **query)
    assert answer.status_code == 422
    assert [(each["field"], each["code"]) for each in answer.json()["problems"]] == [(field, code)]


@pytest.mark.parametrize("limit", [1, 2, 7, 50])
def test_page_by_page_it_is_the_same_as_at_once(website, osei, lind, ana, ben, limit):
    third = factories.DoctorFactory(specialty=osei.specialty)
    works(third, time(10), time(12))
    kind = factories.VisitTypeFactory(minutes=25, buffer_minutes=10)
    booked(osei, ana, kind, "2026-03-03 10:10")
    booked(lind, ben, kind, "2026-03-04 09:00")
    query = {"visit_type": kind.uuid, "from_": "2026-03-03", "days": 3}
    whole = website.get("openings", limit=100, **query).json()
    assert (whole["next"], len(whole["items"]) > 50) == (None, True)
    assert len({tuple(each.items()) for each in whole["items"]}) == len(whole["items"])
    moments = [datetime.fromisoformat(each["appointment_datetime"]) for each in whole["items"]]
    assert moments == sorted(moments)
    assert walk(website, "openings", limit=limit, **query) == whole["items"]


def test_a_walk_during_which_the_last_one_is_taken_goes_on(website, osei, lind):
    query = {"minutes": 60, **TOMORROW}
    first = website.get("openings", limit=3, **query).json()
    last = first["items"][-1]
    assert book(website, last).status_code == 201
    rest = website.get("openings", limit=100, cursor=first["next"], **query).json()["items"]
    assert last not in rest
    left = walk(website, "openings", **query)
    assert [each for each in left if each not in first["items"]] == [
        each for each in rest if each not in first["items"]
    ]


@pytest.mark.parametrize(("minutes", "buffer"), [(30, 0), (20, 15), (45, 10), (31, 4)])
def test_each_that_is_offered_can_be_booked(website, osei, lind, ana, minutes, buffer):
    kind = factories.VisitTypeFactory(minutes=minutes, buffer_minutes=buffer)
    TimeOff.objects.create(
        doctor=osei, starts_at=madrid("2026-03-03 11:05"), ends_at=madrid("2026-03-03 11:50")
    )
    booked(lind, ana, kind, "2026-03-03 10:20")
    offered = walk(website, "openings", visit_type=kind.uuid, **TOMORROW)
    assert len(offered) >= 8
    for opening in offered:
        verdict = website.get(
            "openings/check",
            doctor=opening["doctor_uuid"],
            at=opening["appointment_datetime"],
            visit_type=kind.uuid,
        ).json()
        assert (verdict["is_free"], verdict["problems"]) == (True, [])
        body = {name: opening[name] for name in ("doctor_uuid", "appointment_datetime")}
        answer = book(website, body, visit_type_uuid=kind.uuid)
        assert (answer.status_code, answer.json()["minutes"]) == (201, minutes)
    left = walk(website, "openings", visit_type=kind.uuid, **TOMORROW)
    assert [each for each in left if each in offered] == []


def test_one_that_is_offered_can_be_sent_back_as_it_is(website, osei):
    """An opening has the names of a booking's fields."""
    (opening,) = website.get("openings", minutes=300, **TOMORROW).json()["items"]
    assert book(website, opening).status_code == 201


# Nights in which the clocks change


@pytest.fixture
def nights(osei):
    works(osei, time(0), time(6), weekdays=[6])
    return osei


def test_an_hour_that_comes_twice_is_offered_twice_and_booked_twice(website, nights):
    found = walk(website, "openings", minutes=30, from_="2026-10-25", days=1)
    said = [each["appointment_datetime"][11:] for each in found]
    assert said[4:8] == ["02:00:00+02:00", "02:30:00+02:00", "02:00:00+01:00", "02:30:00+01:00"]
    assert len(said) == 14
    for opening in (found[5], found[7]):
        answer = book(website, opening)
        assert answer.status_code == 201
        assert answer.json()["appointment_datetime"] == opening["appointment_datetime"]
    assert len(walk(website, "openings", minutes=30, from_="2026-10-25", days=1)) == 12


def test_an_hour_that_never_comes_is_not_offered_and_is_another_one_where_its_offset_says_so(website, nights):
    found = free(website, minutes=30, from_="2026-03-29", days=1)
    assert found == ["00:00", "00:30", "01:00", "01:30", "03:00", "03:30", "04:00", "04:30", "05:00", "05:30"]
    # With its offset a time is an instant: what the clocks never show is told as they show it.
    for said in ("2026-03-29T02:30:00+01:00", "2026-03-29T01:30:00Z"):
        verdict = website.get("openings/check", doctor=nights.uuid, at=said, minutes=30).json()
        assert (verdict["appointment_datetime"], verdict["is_free"]) == ("2026-03-29T03:30:00+02:00", True)
    verdict = website.get(
        "openings/check", doctor=nights.uuid, at="2026-03-29T02:30:00+02:00", minutes=30
    ).json()
    assert (verdict["appointment_datetime"], verdict["is_free"]) == ("2026-03-29T01:30:00+01:00", True)
    answer = website.get("openings/check", doctor=nights.uuid, at="2026-03-29T02:30:00", minutes=30)
    assert (answer.status_code, codes(answer)) == (422, ["naive_datetime"])
