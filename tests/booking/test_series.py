"""Regular visits: previewed date by date, and booked in one commit or not at all."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.booking import series
from scheduling.booking.proposal import NewPatient
from scheduling.clock import clinic_zone
from scheduling.models import Series, Status, TimeOff
from scheduling.queries import series as queries
from scheduling.times.clinic_day import instants
from scheduling.times.recurring import Rule, dates
from tests import factories
from tests.booking.asking import booked, last_event, refusal, stored, wish
from tests.booking.regular import (
    TUESDAYS,
    WEEKLY,
    book_all,
    codes,
    each,
    in_the_way,
    places,
    planned,
    tuesdays,
)
from tests.booking.sound import assert_sound
from tests.conftest import NOW, madrid, works

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(osei, ana, checkup):
    """Ana with Dr Osei, Tuesday at 10:00."""
    return wish(osei, ana, checkup, f"{TUESDAYS[0]} 10:00", description="Physio")


@pytest.fixture
def visits(first, rae):
    """Four Tuesdays at 10:00."""
    return queries.visits_of(book_all(tuesdays(first), by=rae).row.pk)


# -- Looking ahead --------------------------------------------------------------------------------


def test_each_date_says_what_is_in_its_way_and_what_is_free_near_it(first, osei, lind, ben, checkup):
    other = booked(osei, ben, checkup, f"{TUESDAYS[1]} 10:15")
    elsewhere = booked(lind, first.patient, checkup, f"{TUESDAYS[2]} 09:45")
    start, end = madrid(f"{TUESDAYS[3]} 00:00"), madrid("2026-03-25 00:00")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=end, reason="Training")
    found = planned(first, TUESDAYS)
    assert codes(found) == [[], ["doctor_taken"], ["patient_taken"], ["time_off"]]
    assert [list(one.obstacles.visits) for one in found] == [[], [other], [elsewhere], []]
    assert [list(one.obstacles.time_off) for one in found] == [[], [], [], ["Training"]]
    assert [one.proposal.start for one in found] == [madrid(f"{day} 10:00") for day in TUESDAYS]
    # The same day near the time, then the next one; a colleague at the very time.
    assert places(found[1]) == [
        (osei, madrid(f"{TUESDAYS[1]} 09:30")),
        (osei, madrid(f"{TUESDAYS[1]} 10:45")),
        (lind, madrid(f"{TUESDAYS[1]} 10:00")),
    ]
    assert places(found[3]) == [
        (osei, madrid("2026-03-25 10:00")),
        (osei, madrid("2026-03-25 09:30")),
        (lind, madrid(f"{TUESDAYS[3]} 10:00")),
    ]
    assert found[0].nearest == ()


def test_where_nothing_can_be_booked_yet_nothing_is_offered_however_far_the_rule_reaches(first):
    days = dates(date.fromisoformat(TUESDAYS[0]), Rule(every_weeks=8, count=52))
    found = planned(first, [day.isoformat() for day in days])
    assert codes(found) == [[]] * 14 + [["too_far_ahead"]] * 38
    assert not any(places(one) for one in found)


def test_what_is_offered_for_one_date_is_none_of_the_others_and_before_the_next(first, osei, lind):
    """Dr Osei is away for two weeks: nothing beyond the next date is offered for the first of them."""
    start, end = madrid("2026-03-09 00:00"), madrid("2026-03-23 00:00")
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=end, reason="Works")
    found = planned(first, TUESDAYS)
    assert places(found[1]) == []
    assert [start.date() for _doctor, start in places(found[2])] == [date(2026, 3, 23)] * 3
    daily = ["2026-03-03", "2026-03-04"]
    booked(osei, factories.PatientFactory(), first.visit_type, f"{daily[0]} 10:00")
    near = [place for one in planned(first, daily) for place in places(one)]
    assert (osei, madrid(f"{daily[1]} 10:00")) not in near


def test_two_dates_that_were_put_at_one_time_do_not_both_fit(first, osei):
    chosen = {date(2026, 3, 10): (osei, first.start)}
    assert codes(planned(first, TUESDAYS[:2], chosen)) == [[], ["doctor_taken", "patient_taken"]]


def test_a_chosen_place_stands_in_place_of_the_usual_one(first, lind):
    there = (lind, madrid("2026-03-11 12:00"))
    found = planned(first, TUESDAYS[:2], {date(2026, 3, 10): there})
    assert (found[1].proposal.doctor, found[1].proposal.start) == there
    assert codes(found) == [[], []]


@pytest.mark.parametrize(
    ("clinic", "first_at", "days", "offsets"),
    [
        ("Europe/Madrid", "2026-03-24 09:30", ["2026-03-24", "2026-03-31"], [1, 2]),
        ("Europe/Madrid", "2026-10-20 09:30", ["2026-10-20", "2026-10-27"], [2, 1]),
        ("America/New_York", "2026-03-03 09:30", ["2026-03-03", "2026-03-10"], [-5, -4]),
        ("America/New_York", "2026-10-27 09:30", ["2026-10-27", "2026-11-03"], [-4, -5]),
    ],
)
def test_the_wall_time_stays_when_the_clocks_change(first, settings, clinic, first_at, days, offsets):
    settings.CLINIC_TIME_ZONE = clinic
    zone = clinic_zone()
    start = instants(datetime.fromisoformat(first_at), zone)[0]
    found = planned(replace(first, start=start), days)
    shown = [one.proposal.start.astimezone(zone) for one in found]
    assert {at.time() for at in shown} == {time(9, 30)}
    assert [at.utcoffset() for at in shown] == [timedelta(hours=hours) for hours in offsets]


def test_a_time_that_the_clocks_skip_is_in_the_way_and_has_others_near_it(osei, ana, checkup):
    works(osei, time(1), time(6), weekdays=[6])
    night = wish(osei, ana, checkup, "2026-03-22 02:30")
    found = planned(night, ["2026-03-22", "2026-03-29"])
    assert codes(found) == [[], ["not_on_the_clock"]]
    assert {at.date() for _doctor, at in places(found[1])} == {date(2026, 3, 29)}


def test_of_a_time_that_comes_twice_it_is_the_first(osei, ana, checkup):
    works(osei, time(1), time(6), weekdays=[6])
    found = planned(wish(osei, ana, checkup, "2026-10-18 02:30"), ["2026-10-18", "2026-10-25"])
    assert codes(found) == [[], []]
    assert found[1].proposal.start.hour == 0  # 02:30 at +02:00


def test_looking_ahead_asks_as_often_for_fifty_dates_as_for_three(first, osei, lind, ben, checkup):
    def asked(count):
        days = dates(date(2026, 3, 3), Rule(every_weeks=1, count=count))
        with CaptureQueriesContext(
            connection,
        ) as seen:
            found = series.plan(first, days, chosen={}, now=NOW)
        assert sum(bool(one.obstacles) for one in found) == count // 3
        return len(seen)

    for number in range(0, 52, 3):
        day = date(2026, 3, 3) + timedelta(weeks=number + 2)
        booked(osei, ben, checkup, madrid(f"{day} 10:00"))
    assert asked(3) == asked(51) <= 11


# -- Booking --------------------------------------------------------------------------------------


def test_all_are_booked_in_one_commit_and_each_is_a_visit_of_its_own(first, visits, rae):
    row = Series.objects.get()
    assert (row.rule, row.weekday, row.created_by, row.created_at) == (WEEKLY, 1, rae, NOW)
    assert [visit.appointment_datetime for visit in visits] == [madrid(f"{day} 10:00") for day in TUESDAYS]
    assert {(v.patient, v.doctor, v.visit_type, v.description, v.status, v.series) for v in visits} == {
        (first.patient, first.doctor, first.visit_type, "Physio", Status.CONFIRMED, row)
    }
    event = last_event(visits[2])
    assert (event.kind, event.by, event.after["series"]) == ("booked", rae, str(row.uuid))
    assert_sound()


def test_sent_twice_it_is_booked_once(first):
    asked, uuid = tuesdays(first), uuid4()
    made = book_all(asked, uuid=uuid)
    before = stored()
    again = book_all(tuesdays(first), uuid=uuid)
    assert (made.is_new, again.is_new, again.row) == (True, False, made.row)
    assert stored() == before
    assert refusal(book_all, asked[:2], uuid=uuid) == {"already_booked"}
    assert refusal(book_all, asked, rule=Rule(every_weeks=2, count=4), uuid=uuid) == {"already_booked"}
    assert stored() == before


def test_with_one_date_in_the_way_nothing_is_booked_and_it_is_named(first, osei, ben, checkup):
    booked(osei, ben, checkup, f"{TUESDAYS[2]} 10:15")
    asked, before = tuesdays(first), stored()
    assert in_the_way(book_all, asked) == {asked[2].uuid: {"doctor_taken"}}
    assert stored() == before
    assert not Series.objects.exists()


def test_what_the_keys_alone_refuse_is_named_too(first, osei, ben, checkup, monkeypatch):
    """Taken between the look and the commit."""
    booked(osei, ben, checkup, f"{TUESDAYS[2]} 10:00")
    asked, before = tuesdays(first), stored()
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **more: [])
    assert in_the_way(book_all, asked) == {asked[2].uuid: {"doctor_taken"}}
    assert stored() == before


def test_a_new_patient_is_recorded_once(first):
    new = NewPatient(patient_name="Zoë", patient_lastname="Ñandú")
    asked = each(replace(first, patient=new), *(f"{day} 10:00" for day in TUESDAYS))
    made = book_all(asked)
    assert {visit.patient.patient_lastname for visit in made.row.visits.all()} == {"Ñandú"}
    assert made.row.visits.values("patient").distinct().count() == 1
    assert_sound()


def test_places_and_doctors_may_differ(first, lind):
    asked = each(first, f"{TUESDAYS[0]} 10:00", "2026-03-11 12:00")
    asked[1] = replace(asked[1], doctor=lind)
    made = book_all(asked, Rule(week_of_month=1, until=date(2026, 6, 30)))
    assert [(v.doctor, v.number) for v in numbered(made.row)] == [(first.doctor, 1), (lind, 2)]
    assert Series.objects.get().rule == Rule(week_of_month=1, until=date(2026, 6, 30))


def numbered(row):
    for visit in queries.visits_of(row.pk):
        visit.number = queries.place_of(visit).number
        yield visit
