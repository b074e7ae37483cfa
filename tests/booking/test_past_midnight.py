"""Weekly hours that end at 24:00 or go on past midnight: open, offered and booked, on the nights of the
change too."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from scheduling.booking import actions, openings
from scheduling.booking.hours import Refused, Weekly, change_week
from scheduling.booking.proposal import Proposal
from scheduling.booking.stranding import outside
from scheduling.models import WorkingHours
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import MADRID, NOW, madrid
from tests.weeks import open_hours

pytestmark = pytest.mark.django_db

SATURDAY, NIGHT = 5, (time(22), time(2))


@pytest.fixture
def noor(cardiology):
    """Dr Noor works at night."""
    return factories.DoctorFactory(doctor_name="Dr Noor", specialty=cardiology)


def wish(doctor, patient, start):
    return Proposal(
        uuid=uuid4(), doctor=doctor, patient=patient, visit_type=None, start=madrid(start), minutes=30
    )


@pytest.mark.parametrize(
    ("evening", "starts", "ends", "opened"),
    [
        ("2026-03-06", time(22), time(2), ("2026-03-06T21:00", "2026-03-07T01:00")),
        ("2026-03-06", time(18), time(0), ("2026-03-06T17:00", "2026-03-06T23:00")),
        ("2026-03-06", time(0), time(0), ("2026-03-05T23:00", "2026-03-06T23:00")),
        # Spring, at 02:00 it is 03:00: an end in the gap is the moment of the change.
        ("2026-03-28", time(22), time(2), ("2026-03-28T21:00", "2026-03-29T01:00")),
        ("2026-03-28", time(22), time(4), ("2026-03-28T21:00", "2026-03-29T02:00")),
        ("2026-03-28", time(22), time(0), ("2026-03-28T21:00", "2026-03-28T23:00")),
        # Autumn, at 03:00 it is 02:00: an end that comes twice is the second.
        ("2026-10-24", time(22), time(2), ("2026-10-24T20:00", "2026-10-25T01:00")),
        ("2026-10-24", time(22), time(4), ("2026-10-24T20:00", "2026-10-25T03:00")),
    ],
)
def test_a_night_is_open_on_both_days(noor, evening, starts, ends, opened):
    evening = date.fromisoformat(evening)
    WorkingHours.objects.create(doctor=noor, weekday=evening.weekday(), starts=starts, ends=ends)
    expected = Interval(*(datetime.fromisoformat(f"{at}+00:00") for at in opened))
    first, second = (clinic_day.whole_day(evening + timedelta(days=n), MADRID) for n in (0, 1))
    assert open_hours([noor], first)[noor.pk] == [expected]
    assert open_hours([noor], second)[noor.pk] == ([expected] if expected.end > second.start else [])


@pytest.mark.parametrize(
    "start",
    ["2026-03-07 22:00", "2026-03-07 23:45", "2026-03-08 00:00", "2026-03-08 01:30", "2026-03-29 01:30"],
)
def test_a_visit_is_offered_and_booked_before_across_and_after_midnight(noor, ana, start):
    WorkingHours.objects.create(doctor=noor, weekday=SATURDAY, starts=NIGHT[0], ends=NIGHT[1])
    wished = wish(noor, ana, start)
    assert openings.why_not(wished, now=NOW) == []
    visit = actions.book(wished, by=None, now=NOW)
    assert outside([noor.pk], now=NOW) == []
    assert visit.appointment_datetime == madrid(start)


def test_what_lies_outside_the_night_is_refused(noor, ana):
    WorkingHours.objects.create(doctor=noor, weekday=SATURDAY, starts=NIGHT[0], ends=NIGHT[1])
    for start in ("2026-03-07 21:45", "2026-03-08 01:45", "2026-03-08 22:30", "2026-03-07 01:00"):
        problems = openings.why_not(wish(noor, ana, start), now=NOW)
        assert {problem.code for problem in problems} == {"outside_hours"}, start


def test_free_starts_go_on_after_midnight_in_the_same_rhythm(noor):
    WorkingHours.objects.create(doctor=noor, weekday=SATURDAY, starts=NIGHT[0], ends=NIGHT[1])
    sunday = clinic_day.whole_day(date(2026, 3, 8), MADRID)
    found = openings.free_starts([noor], minutes=50, span=sunday, now=NOW)[noor.pk]
    assert found == [madrid("2026-03-08 00:30")]


NINE, TEN = time(9), time(10)


@pytest.mark.parametrize(
    ("week", "codes"),
    [
        ([Weekly(0, time(22), time(2))], set()),
        ([Weekly(0, time(18), time(0))], set()),
        ([Weekly(day, time(0), time(0)) for day in range(7)], set()),
        ([Weekly(0, time(22), time(2)), Weekly(1, time(2), NINE)], set()),
        ([Weekly(0, time(22), time(2)), Weekly(1, time(1), NINE)], {"overlap"}),
        ([Weekly(6, time(22), time(2)), Weekly(0, time(1, 55), NINE)], {"overlap"}),
        ([Weekly(0, time(22), time(2)), Weekly(0, time(0), time(1))], set()),
        ([Weekly(0, time(20), time(0)), Weekly(0, time(22), time(2))], {"overlap"}),
        ([Weekly(0, NINE, NINE)], {"inverted"}),
        ([Weekly(0, time(14), NINE)], {"inverted"}),
        ([Weekly(0, time(18), TEN)], set()),
        ([Weekly(0, time(18), time(10, 5))], {"inverted"}),
        ([Weekly(0, time(22), time(2, 3))], {"off_the_grid"}),
    ],
)
def test_which_nights_can_be_a_doctors_week(noor, week, codes):
    if codes:
        with pytest.raises(Refused) as refused:
            change_week(noor, week, first=NOW.date(), by=None, now=NOW)
        assert refused.value.codes == codes
    else:
        change_week(noor, week, first=NOW.date(), by=None, now=NOW)
    assert noor.working_hours.count() == (0 if codes else len(week))
