"""The token of a board changes when its board does, and only then."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import actions, hours
from scheduling.booking.changing import Wish
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Doctor, Status, TimeOff
from scheduling.queries import board, tokens
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import MADRID, NOW, madrid
from tests.weeks import replace_week

TUESDAY = clinic_day.whole_day(madrid("2026-03-03 12:00").date(), MADRID)
WEDNESDAY = clinic_day.whole_day(madrid("2026-03-04 12:00").date(), MADRID)


@pytest.fixture
def propose(osei, ana, checkup):
    def make(at, **changes):
        values = {"doctor": osei, "patient": ana, "visit_type": checkup, "status": Status.CONFIRMED}
        return Proposal(**values | {"uuid": uuid4(), "start": madrid(at)} | changes)

    return make


@pytest.fixture
def visit(propose, rae):
    return actions.book(propose("2026-03-03 10:00"), by=rae, now=NOW)


def both_tokens():
    return tokens.token(TUESDAY, NOW), tokens.token(WEDNESDAY, NOW)


def moved(before):
    """Which of the two days' boards have changed since."""
    return [old != new for old, new in zip(before, both_tokens(), strict=True)]


def test_nothing_done_is_nothing_changed(visit, lind):
    assert both_tokens() == both_tokens()
    assert tokens.token(TUESDAY, NOW) != tokens.token(WEDNESDAY, NOW)


def test_a_booking_changes_its_own_day(visit, propose, ben, rae):
    before = both_tokens()
    actions.book(propose("2026-03-03 11:00", patient=ben), by=rae, now=NOW)
    assert moved(before) == [True, False]


def test_a_move_changes_the_day_it_leaves_and_the_one_it_comes_to(visit, osei, rae):
    before = both_tokens()
    actions.move(Seen.of(visit), doctor=osei, start=madrid("2026-03-04 10:00"), by=rae, now=NOW)
    assert moved(before) == [True, True]


def test_a_status_and_a_cancellation_change_the_day(visit, rae):
    before = both_tokens()
    now = NOW + timedelta(days=1)
    visit = actions.set_status(Seen.of(visit), Status.ARRIVED, by=rae, now=now)
    assert moved(before) == [True, False]
    before = both_tokens()
    actions.cancel(Seen.of(visit), reason="ill", wish=Wish.PATIENT, by=rae, now=now)
    assert moved(before) == [True, False]


def test_a_change_shows_though_the_clock_of_its_server_is_behind(visit, rae):
    """The newest change is older than one that is known."""
    other = NOW - timedelta(minutes=10)
    Appointment.objects.update(updated_at=NOW)
    before = both_tokens()
    actions.cancel(Seen.of(visit), reason="ill", wish=Wish.PATIENT, by=rae, now=other)
    Appointment.objects.update(updated_at=NOW)
    assert moved(before) == [True, False]


def test_rows_that_change_places_between_days_are_seen(osei, ana):
    """As many visits, the same sums of keys and of versions, the same newest change: only the rows differ."""

    def row(key, day):
        Appointment.objects.create(
            pk=key, doctor=osei, patient=ana, minutes=30, created_at=NOW, updated_at=NOW,
            appointment_datetime=day.start + timedelta(hours=9),
        )  # fmt: skip

    for keys in ((1, 4), (1, 5, 6), (101, 104)):
        for other in ((2, 3), (2, 3, 7), (102, 103)):
            for key in keys:
                row(key, TUESDAY)
            before = both_tokens()
            Appointment.objects.all().delete()
            for key in other:
                row(key, TUESDAY)
            assert moved(before) == [True, False], (keys, other)
            Appointment.objects.all().delete()


def test_hours_and_time_off_change_the_days_they_touch(visit, osei, lind):
    before = both_tokens()
    replace_week(lind, [hours.Weekly(0, *map(_clock, ("09:00", "12:00")))], by=None, now=NOW)
    assert moved(before) == [True, True]  # a week stands on every board

    before = both_tokens()
    noon = TUESDAY.start + timedelta(hours=12)
    hours.add_time_off(osei, Interval(noon, noon + timedelta(hours=1)), reason="Training", by=None, now=NOW)
    assert moved(before) == [True, False]

    before = both_tokens()
    hours.remove_time_off(TimeOff.objects.get().uuid, by=None, now=NOW)
    assert moved(before) == [True, False]

    before = both_tokens()
    hours.add_extra_hours(
        osei, Interval(noon + timedelta(hours=6), noon + timedelta(hours=7)), by=None, now=NOW
    )
    assert moved(before) == [True, False]


def _clock(text):
    return madrid(f"2026-03-03 {text}").astimezone(MADRID).time()


def test_a_new_doctor_one_switched_off_and_another_shortest_visit_change_every_board(visit, lind):
    for change in (
        factories.DoctorFactory,
        lambda: Doctor.objects.filter(pk=lind.pk).update(is_active=False),
        lambda: factories.VisitTypeFactory(minutes=20),
    ):
        before = both_tokens()
        change()
        assert moved(before) == [True, True]


def test_a_day_costs_one_query_and_a_page_none_of_its_own(visit, django_assert_num_queries):
    with django_assert_num_queries(1):
        token = tokens.token(TUESDAY, NOW)
    with django_assert_num_queries(1):
        staff = board.staff_of(TUESDAY, now=NOW)
    assert staff.token == token


def test_the_day_is_read_through_its_index(visit, settings):
    from django.db import connection

    statement, parameters = tokens._statement(TUESDAY)
    with connection.cursor() as cursor:
        plan = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        cursor.execute(f"{plan} SELECT {statement}", parameters)
        said = str(cursor.fetchall())
    assert "appointment_time" in said


def test_a_day_under_way_changes_every_five_minutes_and_no_other(visit):
    ten = madrid("2026-03-03 10:00")
    for later, changed in ((4, False), (5, True)):
        then = ten + timedelta(minutes=later)
        assert (tokens.token(TUESDAY, ten) != tokens.token(TUESDAY, then)) == changed
        assert tokens.token(WEDNESDAY, ten) == tokens.token(WEDNESDAY, then)


def test_a_token_tells_no_key(visit):
    assert len(tokens.token(TUESDAY, NOW)) == 24
    assert tokens.token_of("1 2 3", TUESDAY, NOW) != tokens.token_of("1 2 4", TUESDAY, NOW)
