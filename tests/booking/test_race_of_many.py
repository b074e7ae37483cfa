"""Many visits moved in one commit while others book and move: all or none, and nothing twice."""

from datetime import timedelta

import pytest

from scheduling.booking import calls, together
from scheduling.booking.actions import book
from scheduling.booking.seen import Seen
from scheduling.booking.together import Move, NotTogether
from scheduling.models import Appointment, Call, Claim
from tests.booking.clinic import DOCTORS, ROUNDS, START, Clinic, answers_of, at
from tests.booking.sound import assert_sound, attempt, kinds, refusals
from tests.booking.together import WORKERS
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

DAY = timedelta(days=1)
EACH = 4  # visits that move together


@pytest.fixture
def clinic():
    return Clinic()


@pytest.fixture
def days(clinic):
    """For every round a doctor's visits, that the doctor is to see a day later: [[visit, ...], ...]."""
    return [
        [
            book(clinic.wish(doctor=round_, patient=round_ * EACH + n, start=at(30 * n)), by=None, now=NOW)
            for n in range(EACH)
        ]
        for round_ in range(ROUNDS)
    ]


def a_day_later(visits, doctor):
    return [
        Move(seen=Seen.of(visit), doctor=doctor, start=visit.appointment_datetime + DAY) for visit in visits
    ]


def shift(steps):
    """True: all were moved; else the codes of what was in the way."""
    try:
        together.change(steps, by=None, now=NOW)
    except NotTogether as refused:
        return frozenset(problem.code for problems in refused.in_the_way.values() for problem in problems)
    return True


def assert_all_or_none(visits):
    """Whoever is where the plan wanted them, the others are there too."""
    moved = {
        Appointment.objects.get(pk=visit.pk).appointment_datetime == visit.appointment_datetime + DAY
        for visit in visits
    }
    assert len(moved) == 1
    assert Call.objects.filter(appointment__in=visits).count() == (EACH if True in moved else 0)


def against_bookings(clinic, days):
    """Some move the whole day, some want one of its times."""

    def work(worker, round_):
        if worker % 5 == 0:
            return shift(a_day_later(days[round_], clinic.doctors[round_]))
        n = worker % EACH
        wish = clinic.wish(doctor=round_, patient=20 + worker % 30, start=at(30 * n) + DAY)
        return attempt(book, wish, by=None, now=NOW)

    return answers_of(work)


def test_a_day_that_moves_against_bookings_of_its_times(clinic, days):
    answers = against_bookings(clinic, days)
    for visits in days:
        assert_all_or_none(visits)
    known = {"doctor_taken", "patient_taken", "stale", "buffer"}
    assert all(codes <= known for codes in refusals(answers))
    assert_sound()


def test_two_plans_for_the_same_visits_and_two_for_the_same_times(clinic, days):
    """Each plan wants the day of the next doctor's, or the doctor's own next day."""

    def work(worker, round_):
        doctor = clinic.doctors[(round_ + worker % 2) % DOCTORS]
        return shift(a_day_later(days[(round_ + worker // 2) % ROUNDS], doctor))

    answers = answers_of(work)
    assert True in answers
    for visits in days:
        assert_all_or_none(visits)
        assert len({Appointment.objects.get(pk=visit.pk).doctor_id for visit in visits}) == 1
    assert_sound()


def test_a_call_is_written_down_once_however_many_press(clinic, days):
    visit = days[0][0]

    def press(worker, round_):
        if round_:
            return None
        try:
            return calls.note(visit.uuid, Call.Outcome.TOLD, seen=0, by=None, now=NOW).number
        except calls.SomebodyWasQuicker:
            return None

    # `by` is nobody for all of them: everybody is the one who pressed first.
    assert set(answers_of(press)) <= {1, None}
    assert visit.calls.count() == 1


# -- Controls: each must be caught ----------------------------------------------------------------


def test_visits_that_move_one_by_one_are_caught_moving_in_part(clinic, days):
    """One of the times is taken: all of the others move, and that is seen."""
    book(clinic.wish(doctor=0, patient=WORKERS - 1, start=START + DAY), by=None, now=NOW)
    for step in a_day_later(days[0], clinic.doctors[0]):
        shift([step])
    with pytest.raises(AssertionError):
        assert_all_or_none(days[0])


def test_without_the_keys_the_race_is_caught_booking_twice(clinic, days, without_keys, monkeypatch):
    """As where the rules look away and nothing but they stand in the way."""
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])
    against_bookings(clinic, days)
    assert Claim.objects.exists()
    assert "doctor" in kinds()
