"""Series that are booked at once, and against single bookings: all or none of each, and nothing twice."""

from datetime import timedelta
from uuid import uuid4

import pytest

from scheduling.booking import series, series_later
from scheduling.booking.actions import book
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import Move, NotTogether
from scheduling.booking.together import change as change_together
from scheduling.models import Appointment, Claim, Series
from scheduling.times.recurring import Rule
from tests.booking.clinic import DOCTORS, Clinic, answers_of, at
from tests.booking.sound import assert_sound, attempt, kinds, promises, refusals
from tests.booking.together import WORKERS
from tests.conftest import NOW

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

WEEK = timedelta(weeks=1)
EACH = 4  # visits of a series
RULE = Rule(every_weeks=1, count=EACH)
BOOKED = "booked"


@pytest.fixture
def clinic():
    return Clinic()


def weekly(clinic, *, doctor, patient, minutes=0):
    """A visit a week, from a Tuesday on; with each doctor at another hour, so that every patient can come."""
    return [
        clinic.wish(doctor=doctor, patient=patient, start=at(minutes, doctor) + number * WEEK)
        for number in range(EACH)
    ]


def regular(wishes, uuid=None):
    """BOOKED, or the codes of what was in the way."""
    try:
        series.book_all(wishes, RULE, weekday=1, uuid=uuid or uuid4(), by=None, now=NOW)
    except NotTogether as refused:
        return frozenset(problem.code for problems in refused.in_the_way.values() for problem in problems)
    except Refused as refused:
        return refused.codes
    return BOOKED


def assert_whole():
    """Each series has all of its visits, each visit is of one that is there."""
    counts = [row.visits.count() for row in Series.objects.all()]
    assert counts == [EACH] * len(counts)
    assert_sound()


def for_the_same_times(clinic):
    """Each wants four weeks of one doctor, some a quarter of an hour later than others."""

    def work(worker, round_):
        return regular(weekly(clinic, doctor=round_, patient=worker, minutes=15 * (worker % 2)))

    return answers_of(work)


def test_of_series_for_the_same_times_of_a_doctor_one_is_booked_whole(clinic):
    answers = for_the_same_times(clinic)
    rounds = len(answers) // WORKERS
    assert answers.count(BOOKED) == Series.objects.count() == rounds
    assert Appointment.objects.count() == rounds * EACH
    assert refusals(answers) <= {frozenset({"doctor_taken"})}
    assert_whole()


def test_series_of_one_patient_with_several_doctors(clinic):
    """They meet in the patient, and lock the doctors' times in different orders."""

    def work(worker, round_):
        wishes = [
            clinic.wish(doctor=(worker + number) % DOCTORS, patient=round_, start=at(0) + number * WEEK)
            for number in range(EACH)
        ]
        return regular(wishes if worker % 2 else wishes[::-1])

    answers = answers_of(work)
    assert answers.count(BOOKED) == Series.objects.count() == len(answers) // WORKERS
    assert_whole()


def against_bookings(clinic):
    """Every fifth wants four weeks, the others one of those times."""

    def work(worker, round_):
        if worker % 5 == 0:
            return regular(weekly(clinic, doctor=round_, patient=worker))
        start = at(15, round_) + (worker % EACH) * WEEK
        return attempt(book, clinic.wish(doctor=round_, patient=worker, start=start), by=None, now=NOW)

    return answers_of(work)


def test_series_against_single_bookings_of_their_times(clinic):
    answers = against_bookings(clinic)
    assert Series.objects.count() == answers.count(BOOKED)
    singles = Appointment.objects.filter(series=None).count()
    assert singles == len(promises(answers))
    for doctor in clinic.doctors[: len(answers) // WORKERS]:
        whole = Series.objects.filter(visits__doctor=doctor).distinct().count()
        # One series has all of the times, or each of them went to somebody.
        alone = Appointment.objects.filter(series=None, doctor=doctor).count()
        assert (whole, alone) == (1, 0) or (whole == 0 and 0 < alone <= EACH)
    assert_whole()


def test_one_form_that_is_sent_by_many_is_booked_once(clinic):
    uuids = [uuid4() for _ in range(DOCTORS)]

    def work(worker, round_):
        return regular(weekly(clinic, doctor=round_, patient=round_), uuid=uuids[round_])

    answers = answers_of(work)
    assert set(answers) == {BOOKED}
    assert Series.objects.count() == len(answers) // WORKERS
    assert_whole()


def test_those_after_one_that_move_against_series_for_those_times(clinic):
    """A series wants to go an hour later, where others want to be."""
    made = series.book_all(
        weekly(clinic, doctor=0, patient=0), RULE, weekday=1, uuid=uuid4(), by=None, now=NOW
    ).row
    visits = list(made.visits.order_by("appointment_datetime"))
    steps = [
        Move(seen=Seen.of(v), doctor=clinic.doctors[0], start=v.appointment_datetime + timedelta(hours=1))
        for v in visits[1:]
    ]

    def work(worker, round_):
        if round_:
            return None
        if worker % 5:
            return regular(weekly(clinic, doctor=0, patient=worker, minutes=60))
        try:
            change_together(steps, by=None, now=NOW, series=made.uuid)
        except NotTogether:
            return frozenset({"in the way"})
        return "moved"

    answers = answers_of(work)
    moved = {v.pk for v in made.visits.filter(version=2)}
    assert moved in (set(), {v.pk for v in visits[1:]})
    assert ("moved" in answers) == bool(moved) != (BOOKED in answers)
    assert_whole()


def test_a_move_that_is_undone_by_several_at_once_against_bookings_of_the_old_times(clinic):
    """Whoever presses is told the same: all of them went back, or nothing did."""
    made = series.book_all(
        weekly(clinic, doctor=0, patient=0), RULE, weekday=1, uuid=uuid4(), by=None, now=NOW
    ).row
    visits = list(made.visits.order_by("appointment_datetime"))
    there = [visit.appointment_datetime + timedelta(hours=1) for visit in visits]
    steps = [
        Move(seen=Seen.of(visit), doctor=clinic.doctors[0], start=start)
        for visit, start in zip(visits, there, strict=True)
    ]
    moved = [Seen.of(visit) for visit in change_together(steps, by=None, now=NOW, series=made.uuid)]

    def work(worker, round_):
        if round_:
            return None
        if worker % 5:
            start = at(15) + (worker % EACH) * WEEK
            return attempt(book, clinic.wish(doctor=0, patient=worker, start=start), by=None, now=NOW)
        try:
            series_later.undo_all(moved, by=None, now=NOW)
        except NotTogether as refused:
            return frozenset(p.code for problems in refused.in_the_way.values() for p in problems)
        return "undone"

    answers = answers_of(work)
    versions = {visit.version for visit in made.visits.all()}
    assert versions == ({3} if "undone" in answers else {2})
    assert bool(promises(answers)) == ("undone" not in answers)
    assert refusals(answers) <= {frozenset({"doctor_taken"})}
    assert_whole()


# -- Controls: each must be caught ----------------------------------------------------------------


def test_a_series_that_is_booked_visit_by_visit_is_caught_booking_a_part(clinic):
    """One of the times is taken: the others are booked, and that is seen."""
    book(clinic.wish(doctor=0, patient=1, start=at(0) + WEEK), by=None, now=NOW)
    row = Series.objects.create(every_weeks=1, count=EACH, weekday=1, created_at=NOW)
    for number in range(EACH):
        wish = clinic.wish(doctor=0, patient=0, start=at(0) + number * WEEK, series=row)
        attempt(book, wish, by=None, now=NOW)
    with pytest.raises(AssertionError):
        assert_whole()


def test_without_the_keys_the_race_is_caught_booking_twice(clinic, without_keys, monkeypatch):
    """As where the rules look away and nothing but they stand in the way."""
    monkeypatch.setattr("scheduling.booking.rules.problems_with", lambda *args, **kwargs: [])
    for_the_same_times(clinic)
    assert Claim.objects.exists()
    assert "doctor" in kinds()
