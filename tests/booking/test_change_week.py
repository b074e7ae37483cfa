"""New hours from a day on: what is kept, what is refused, and what happens when somebody was quicker."""

from datetime import date, time

import pytest
from django.db import OperationalError

from scheduling.booking import hours, stranding, transactions
from scheduling.booking.hours import HoursChanged, StrandsOthers, Weekly
from scheduling.database import outages
from scheduling.models import WorkingHours
from scheduling.times import weeks
from tests import factories
from tests.booking.asking import booked, refusal
from tests.conftest import NOW
from tests.weeks import week_of

MONDAY = date(2026, 3, 9)
MORNINGS = [Weekly(day, time(9), time(12)) for day in range(5)]


def week_on(doctor, day):
    return weeks.on_day(week_of(doctor), day)


@pytest.fixture
def visits(osei, ana, ben, checkup):
    """Dr Osei at 13:00: Ana on Tuesday 3 March, Ben on Tuesday 10 March."""
    return [booked(osei, ana, checkup, "2026-03-03 13:00"), booked(osei, ben, checkup, "2026-03-10 13:00")]


def test_new_hours_from_a_day_on_strand_only_from_that_day_on(osei, visits, now):
    before = set(WorkingHours.objects.values_list())
    assert hours.change_week(osei, MORNINGS, first=MONDAY, by=None, now=now, dry_run=True) == visits[1:]
    assert set(WorkingHours.objects.values_list()) == before
    assert hours.change_week(osei, MORNINGS, first=MONDAY, by=None, now=now) == visits[1:]
    assert {one.ends for one in week_on(osei, date(2026, 3, 8)).week} == {time(14)}
    assert week_on(osei, MONDAY) == weeks.Period(MONDAY, None, tuple(MORNINGS))


def test_for_a_while_and_then_as_before(osei, visits, now):
    hours.change_week(osei, MORNINGS, first=date(2026, 3, 2), last=date(2026, 3, 8), by=None, now=now)
    assert {one.ends for one in week_on(osei, date(2026, 3, 3)).week} == {time(12)}
    assert {one.ends for one in week_on(osei, MONDAY).week} == {time(14)}


@pytest.mark.parametrize(
    ("ask", "code"),
    [
        ({"first": date(2026, 3, 1)}, "in_the_past"),
        ({"first": MONDAY, "last": date(2026, 3, 8)}, "inverted"),
        ({"first": MONDAY, "week": [Weekly(0, time(9), time(9))]}, "inverted"),
        ({"first": MONDAY, "week": [MORNINGS[0], Weekly(0, time(11), time(13))]}, "overlap"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(osei, now, ask, code):
    before = list(WorkingHours.objects.values_list())
    assert refusal(hours.change_week, osei, by=None, now=now, **{"week": MORNINGS} | ask) == {code}
    assert list(WorkingHours.objects.values_list()) == before


def test_who_looked_at_other_hours_overwrites_nothing(osei, now):
    seen = weeks.token(week_of(osei))
    hours.change_week(osei, MORNINGS, first=MONDAY, seen=seen, by=None, now=now)
    before = list(WorkingHours.objects.values_list())
    with pytest.raises(HoursChanged):
        hours.change_week(osei, [], first=MONDAY, seen=seen, by=None, now=now)
    assert list(WorkingHours.objects.values_list()) == before
    # The same form again is no conflict: it is as was asked for.
    assert hours.change_week(osei, MORNINGS, first=MONDAY, seen=seen, by=None, now=now) == []


def test_visits_that_nobody_agreed_to_leave_stop_the_change(osei, visits, now):
    before = set(WorkingHours.objects.values_list())
    agreed = {(visits[1].uuid, 1)}
    late = booked(osei, factories.PatientFactory(), factories.VisitTypeFactory(), "2026-03-11 13:00")
    with pytest.raises(StrandsOthers) as caught:
        hours.change_week(osei, MORNINGS, first=MONDAY, agreed=agreed, by=None, now=now)
    assert caught.value.visits == [visits[1], late]
    assert set(WorkingHours.objects.values_list()) == before
    # Agreed in another version is not agreed; fewer than agreed are.
    with pytest.raises(StrandsOthers):
        hours.change_week(osei, MORNINGS, first=MONDAY, agreed={(visits[1].uuid, 2)}, by=None, now=now)
    everything = {(visit.uuid, visit.version) for visit in [*visits, late]}
    assert hours.change_week(osei, MORNINGS, first=MONDAY, agreed=everything, by=None, now=now) == [
        visits[1],
        late,
    ]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("call", [1, 2])
def test_a_lost_connection_before_or_at_the_end_is_asked_again(osei, visits, now, monkeypatch, call):
    outside, calls = stranding.outside, []

    def failing(*args, **kwargs):
        calls.append(outside(*args, **kwargs))
        if len(calls) == call:
            raise OperationalError(2013, "Lost connection to MySQL server during query")
        return calls[-1]

    monkeypatch.setattr(transactions, "FIRST_PAUSE", 0)
    monkeypatch.setattr(outages, "LOST", frozenset())  # the database may be in memory
    monkeypatch.setattr(outages, "CONFLICTS", frozenset({2013}))
    monkeypatch.setattr(stranding, "outside", failing)
    seen = weeks.token(week_of(osei))
    assert hours.change_week(osei, MORNINGS, first=MONDAY, seen=seen, by=None, now=NOW) == visits[1:]
    assert len(calls) == 3
