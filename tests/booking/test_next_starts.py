"""The next free starts: wishes, windows and their queries, and that offers and rules are of one mind."""

from datetime import date, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.booking import openings
from scheduling.booking.actions import book
from scheduling.booking.openings import Wishes, free_starts, next_starts, why_not
from scheduling.models import Claim, ExtraHours, Source, TimeOff
from scheduling.times import clinic_day, grid
from scheduling.times.intervals import Interval
from tests import factories
from tests.booking.asking import booked, wish
from tests.conftest import MADRID, NOW, madrid, works


def days(first, count):
    """So many whole clinic days."""
    last = clinic_day.whole_day(first + timedelta(days=count - 1), MADRID)
    return Interval(clinic_day.whole_day(first, MADRID).start, last.end)


MONDAY = date(2026, 3, 2)
SIXTY_DAYS = days(MONDAY, 60)


def said(found):
    return [f"{opening.start.astimezone(MADRID):%a %d %H:%M}" for opening in found]


def test_the_next_starts_of_any_doctor_come_by_time(osei, lind, ana, checkup, now):
    booked(osei, ana, checkup, "2026-03-02 09:00")
    found = next_starts([osei, lind], minutes=120, span=SIXTY_DAYS, now=now, count=5)
    assert [(o.doctor, o.minutes) for o in found] == [
        (lind, 120), (osei, 120), (lind, 120), (osei, 120), (osei, 120)
    ]  # fmt: skip
    assert said(found) == ["Mon 02 09:00", "Mon 02 09:30", "Mon 02 11:00", "Mon 02 11:30", "Tue 03 09:00"]


@pytest.mark.parametrize(
    ("wishes", "expected"),
    [
        (Wishes(), ["Mon 02 09:00", "Mon 02 11:00", "Tue 03 09:00"]),
        (Wishes(weekdays=frozenset({3})), ["Thu 05 09:00", "Thu 05 11:00", "Thu 12 09:00"]),
        (Wishes(from_time=time(11)), ["Mon 02 11:00", "Tue 03 11:00", "Wed 04 11:00"]),
        (Wishes(until_time=time(11)), ["Mon 02 09:00", "Tue 03 09:00", "Wed 04 09:00"]),
        (Wishes(frozenset({2}), time(9, 5), time(12)), ["Wed 04 11:00", "Wed 11 11:00", "Wed 18 11:00"]),
        (Wishes(weekdays=frozenset({6})), []),
    ],
)
def test_wishes_for_weekdays_and_a_part_of_the_day_are_kept(osei, now, wishes, expected):
    assert (
        said(next_starts([osei], minutes=120, span=SIXTY_DAYS, now=now, wishes=wishes, count=3)) == expected
    )


def test_a_part_of_the_day_is_meant_on_the_clinics_clock_on_both_sides_of_the_change(osei, now):
    wishes = Wishes(from_time=time(9), until_time=time(9, 5))
    found = next_starts([osei], minutes=30, span=days(date(2026, 3, 27), 5), now=now, wishes=wishes)
    assert said(found) == ["Fri 27 09:00", "Mon 30 09:00", "Tue 31 09:00"]
    assert [opening.start.hour for opening in found] == [8, 7, 7]


def full(doctors, count):
    """Every hour of so many days is taken, without the trouble of booking it."""
    visit = booked(doctors[0], factories.PatientFactory(), factories.VisitTypeFactory(), "2026-03-02 09:00")
    Claim.objects.all().delete()
    span = days(MONDAY, count)
    grains = [
        grain
        for day in range(count)
        for grain in grid.grains(span.start + timedelta(days=day, hours=8), 7 * 60)
    ]
    Claim.objects.bulk_create(
        (Claim(doctor=doctor, grain=grain, appointment=visit) for doctor in doctors for grain in grains),
        batch_size=10_000,
    )


@pytest.mark.parametrize(("full_days", "queries"), [(0, 2), (1, 3), (7, 5), (60, 7)])
def test_windows_double_so_that_sixty_full_days_cost_seven_queries(
    cardiology, now, full_days, queries, django_assert_num_queries
):
    doctors = factories.DoctorFactory.create_batch(3, specialty=cardiology)
    for doctor in doctors:
        works(doctor, time(9), time(14), range(7))
    full(doctors, full_days)
    with django_assert_num_queries(queries):
        found = next_starts(doctors, minutes=30, span=SIXTY_DAYS, now=now)
    assert len(found) == (10 if full_days < 60 else 0)


def test_fifty_doctors_cost_no_more_queries_than_one(cardiology, now, django_assert_num_queries):
    doctors = factories.DoctorFactory.create_batch(50, specialty=cardiology)
    for doctor in doctors:
        works(doctor, time(9), time(14), range(7))
    with django_assert_num_queries(2):
        assert len(next_starts(doctors, minutes=30, span=SIXTY_DAYS, now=now)) == 10
    TimeOff.objects.create(starts_at=SIXTY_DAYS.start, ends_at=SIXTY_DAYS.end)
    with django_assert_num_queries(1):  # nobody works: nothing that is taken is read
        assert next_starts(doctors, minutes=30, span=SIXTY_DAYS, now=now) == []


def test_windows_are_one_two_four_and_more_clinic_days_and_leave_nothing_out(osei):
    hours = openings.open_time.load([osei.pk], SIXTY_DAYS)
    span = Interval(madrid("2026-03-02 10:00"), SIXTY_DAYS.end)
    found = list(openings.windows(span, hours))
    lengths = [(w.end.astimezone(MADRID).date() - w.start.astimezone(MADRID).date()).days for w in found]
    assert lengths == [1, 2, 4, 8, 16, 29]
    assert (found[0].start, found[-1].end) == (span.start, span.end)
    assert [a.end for a in found[:-1]] == [b.start for b in found[1:]]


def test_what_can_never_be_booked_is_not_looked_for(osei, now, django_assert_num_queries):
    past, distant = days(date(2026, 2, 2), 20), days(date(2099, 1, 1), 30)
    with django_assert_num_queries(0):
        for span in (past, distant, Interval(SIXTY_DAYS.end, SIXTY_DAYS.start)):
            assert next_starts([osei], minutes=30, span=span, now=now) == []
            assert free_starts([osei], minutes=30, span=span, now=now) == {osei.pk: []}
    osei.is_active = False
    assert next_starts([osei], minutes=30, span=SIXTY_DAYS, now=now) == []


def test_the_far_end_of_a_span_does_not_make_it_long(osei, now, django_assert_num_queries):
    TimeOff.objects.create(doctor=osei, starts_at=SIXTY_DAYS.start, ends_at=madrid("2099-01-01 00:00"))
    with django_assert_num_queries(1):
        assert next_starts([osei], minutes=30, span=Interval(now, madrid("2099-01-01 00:00")), now=now) == []


def test_a_patients_door_offers_what_it_may_book(osei, now):
    asked = {"minutes": 120, "now": madrid("2026-03-02 08:00"), "source": Source.PATIENT}
    assert said(next_starts([osei], span=SIXTY_DAYS, count=2, **asked)) == ["Mon 02 11:00", "Tue 03 09:00"]
    last_week = days(date(2026, 5, 29), 7)
    assert said(next_starts([osei], span=last_week, **asked)) == ["Fri 29 09:00", "Fri 29 11:00"]


def test_a_session_keeps_its_rhythm_whatever_the_span_cuts_out_of_it(osei, ana, checkup, now):
    booked(osei, ana, factories.VisitTypeFactory(minutes=50), "2026-03-03 09:00")
    whole = free_starts([osei], minutes=45, span=days(date(2026, 3, 3), 1), now=now)[osei.pk]
    for first in range(8, 15):
        start = madrid(f"2026-03-03 {first:02}:00")
        span = Interval(start, start + timedelta(hours=1))
        part = free_starts([osei], minutes=45, span=span, now=now)[osei.pk]
        assert part == [s for s in whole if span.start <= s < span.end]


def test_a_visit_that_would_end_in_time_off_behind_the_span_is_not_offered(osei, now):
    noon = madrid("2026-03-03 12:00")
    TimeOff.objects.create(doctor=osei, starts_at=noon, ends_at=noon + timedelta(hours=1))
    span = Interval(noon - timedelta(hours=1), noon)
    assert said_starts(osei, span, now) == ["11:15"]


def test_a_session_over_midnight_is_offered_on_both_days(osei, now):
    ExtraHours.objects.create(
        doctor=osei, starts_at=madrid("2026-03-07 23:00"), ends_at=madrid("2026-03-08 01:00")
    )
    assert said_starts(osei, days(date(2026, 3, 7), 1), now) == ["23:00", "23:45"]
    assert said_starts(osei, days(date(2026, 3, 8), 1), now) == []
    assert said_starts(osei, days(date(2026, 3, 7), 2), now) == ["23:00", "23:45"]
    assert said_starts(osei, days(date(2026, 3, 8), 1), now, minutes=30) == ["00:00", "00:30"]


def said_starts(doctor, span, now, minutes=45):
    starts = free_starts([doctor], minutes=minutes, span=span, now=now)[doctor.pk]
    return [f"{start.astimezone(MADRID):%H:%M}" for start in starts]


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ("2026-03-03 10:00", "doctor_taken"),
        ("2026-03-03 10:20", "doctor_taken"),
        ("2026-03-03 10:30", "buffer"),
        ("2026-03-03 11:00", "time_off"),
        ("2026-03-03 12:00", "patient_taken"),
        ("2026-03-03 14:00", "outside_hours"),
        ("2026-03-02 07:55", "in_the_past"),
        ("2029-03-05 10:00", "too_far_ahead"),
        ("2026-03-03 12:33", "off_the_grid"),
        ("2026-03-03 09:30", None),
    ],
)
def test_why_a_time_is_not_free_has_an_answer(osei, lind, ana, ben, checkup, now, start, code):
    """The same answer as booking it would give."""
    booked(osei, ben, factories.VisitTypeFactory(minutes=30, buffer_minutes=15), "2026-03-03 10:00")
    booked(lind, ana, checkup, "2026-03-03 12:00")
    TimeOff.objects.create(starts_at=madrid("2026-03-03 11:00"), ends_at=madrid("2026-03-03 11:30"))
    asked = wish(osei, ana, checkup, start)
    problems = why_not(asked, now=now)
    assert code in {problem.code for problem in problems} if code else problems == []


FIVES = st.integers(0, 59).map(lambda n: n * 5)  # minutes behind 09:00
blocks = st.lists(st.tuples(FIVES, st.sampled_from([5, 15, 30, 50]), st.sampled_from([0, 10])), max_size=5)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(blocks, st.sampled_from([15, 30, 45]), st.sampled_from([0, 10]), FIVES)
def test_all_that_is_offered_can_be_booked_and_nothing_in_step_is_missing(osei, taken, minutes, buffer, off):
    Claim.objects.all().delete()
    TimeOff.objects.all().delete()
    nine = madrid("2026-03-03 09:00")
    noon_off = nine + timedelta(minutes=off)
    TimeOff.objects.create(doctor=osei, starts_at=noon_off, ends_at=noon_off + timedelta(minutes=20))
    for start, length, rest in taken:
        asked = visit_of(osei, nine + timedelta(minutes=start), length, rest)
        if not why_not(asked, now=NOW):
            book(asked, by=None, now=NOW)
    span = Interval(nine - timedelta(hours=1), nine + timedelta(hours=6))
    offered = free_starts([osei], minutes=minutes, buffer_minutes=buffer, span=span, now=NOW)[osei.pk]
    expected, first = [], None  # the first start of a free stretch, and then in steps from it
    for n in range(-2, 62):
        start = nine + timedelta(minutes=5 * n)
        free = why_not(visit_of(osei, start, minutes, buffer), now=NOW) == []
        first = (first or start) if free else None
        if first and (start - first) % timedelta(minutes=minutes + buffer) == timedelta(0):
            expected.append(start)
    assert offered == expected


def visit_of(doctor, start, minutes, buffer):
    return wish(doctor, factories.PatientFactory(), None, start, minutes=minutes, buffer_minutes=buffer)
