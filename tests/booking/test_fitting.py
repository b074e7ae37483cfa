"""What a doctor gives, and to which ages: the rules, and that nobody's visit becomes invalid by them."""

from dataclasses import replace
from datetime import date, time
from uuid import uuid4

import pytest

from scheduling.booking import instead, openings
from scheduling.booking.actions import Edit, Refused, Seen, book, edit, move, overbook, undo_edit
from scheduling.booking.fitting import CODES
from scheduling.booking.instead import Terms
from scheduling.booking.openings import free_starts, nearest, why_not
from scheduling.booking.proposal import NewPatient, Proposal
from scheduling.booking.rights import OUTSIDE_HOURS
from scheduling.booking.together import Move, NotTogether, change
from scheduling.models import AppointmentEvent
from scheduling.times.intervals import Interval
from tests import factories
from tests.conftest import NOW, madrid, works

TEN = madrid("2026-03-03 10:00")
BIRTHDAY_17 = date(2009, 3, 3)


@pytest.fixture
def echo(db):
    return factories.VisitTypeFactory(name="Echo", minutes=30)


@pytest.fixture
def child(db):
    """For patients up to 16."""
    return factories.VisitTypeFactory(name="Child check-up", minutes=30, oldest_age=16)


@pytest.fixture
def leo(db):
    """17 on the day of the visit, 16 the day before."""
    return factories.PatientFactory(patient_name="Leo", date_of_birth=BIRTHDAY_17)


@pytest.fixture
def wish(osei, ana, checkup):
    return Proposal(uuid=uuid4(), doctor=osei, patient=ana, visit_type=checkup, start=TEN)


def problems(proposal):
    return [(problem.code, problem.field, problem.message) for problem in why_not(proposal, now=NOW)]


def booked(wish, **other):
    return book(replace(wish, uuid=uuid4(), **other), by=None, now=NOW)


def test_a_doctor_without_a_list_gives_everything_and_one_with_a_list_what_is_on_it(wish, checkup, echo):
    assert problems(wish) == []
    wish.doctor.visit_types.set([checkup, echo])
    assert problems(wish) == []
    wish.doctor.visit_types.set([echo])
    said = ("type_not_given", "visit_type", "Dr Ama Osei does not give Check-up.")
    assert problems(wish) == [said]
    with pytest.raises(Refused) as refused:
        booked(wish)
    assert refused.value.codes == {"type_not_given"}
    assert problems(replace(wish, visit_type=None, minutes=30)) == []  # by its minutes alone


@pytest.mark.parametrize(
    ("start", "said"),
    [
        ("2026-03-02 10:00", []),
        (
            "2026-03-03 10:00",
            [("type_not_for_age", "Child check-up is for patients up to 16 years; Leo is 17 on that day.")],
        ),
    ],
)
def test_an_age_counts_on_the_day_of_the_visit(wish, leo, child, start, said):
    asked = replace(wish, patient=leo, visit_type=child, start=madrid(start))
    assert [(code, message) for code, _field, message in problems(asked)] == said


def test_the_day_is_the_clinics_and_not_that_of_utc(wish, osei, leo, child):
    """Half past midnight in Madrid is the evening before in UTC: the birthday has begun."""
    asked = replace(wish, patient=leo, visit_type=child)
    before = {"no_hours", "outside_hours"}
    for start, codes in (("2026-03-02 23:30", set()), ("2026-03-03 00:30", {"type_not_for_age"})):
        found = {code for code, _field, _message in problems(replace(asked, start=madrid(start)))}
        assert found - before == codes


@pytest.mark.parametrize(
    ("limits", "born", "said"),
    [
        ({"youngest_age": 18}, date(2008, 3, 4), "from 18 years; Ana is 17"),
        ({"youngest_age": 18}, date(2008, 3, 3), None),
        ({"youngest_age": 5, "oldest_age": 9}, date(2016, 3, 3), "from 5 to 9 years; Ana is 10"),
        ({"youngest_age": 5, "oldest_age": 9}, date(2016, 3, 4), None),
        ({"youngest_age": 150}, None, None),  # nobody knows
        ({"oldest_age": 0}, date(2025, 3, 4), None),
    ],
)
def test_a_doctor_has_limits_too(wish, osei, ana, limits, born, said):
    for name, years in limits.items():
        setattr(osei, name, years)
    ana.date_of_birth = born
    message = f"Dr Ama Osei sees patients {said} on that day."
    for patient in (ana, NewPatient(patient_name="Ana", date_of_birth=born)):
        found = problems(replace(wish, patient=patient))
        assert found == ([] if said is None else [("doctor_not_for_age", "doctor", message)])


def test_who_may_book_outside_hours_may_go_past_it_and_the_history_says_so(wish, max_, rae, echo, child, leo):
    wish.doctor.visit_types.set([echo])
    asked = replace(wish, patient=leo, visit_type=child, accepted=frozenset(CODES))
    assert {problem.right for problem in why_not(asked, now=NOW)} == {OUTSIDE_HOURS}
    with pytest.raises(Refused) as refused:
        book(asked, by=rae, now=NOW)
    assert refused.value.codes == {"type_not_given", "type_not_for_age"}
    visit = book(asked, by=max_, now=NOW)
    assert visit.events.get().after["accepted"] == sorted(CODES)
    # Beside another visit, too.
    beside = replace(asked, uuid=uuid4(), patient=factories.PatientFactory(date_of_birth=BIRTHDAY_17))
    assert overbook(beside, reason="Asked for", by=max_, now=NOW).overbook_reason == "Asked for"


class TestAVisitThatStands:
    """What it is already is never asked anew."""

    @pytest.fixture
    def visit(self, wish, echo):
        visit = booked(wish)
        wish.doctor.visit_types.set([echo])
        return visit

    def test_it_moves_with_its_doctor(self, visit, osei):
        moved = move(Seen.of(visit), doctor=osei, start=madrid("2026-03-04 10:00"), by=None, now=NOW)
        assert moved.appointment_datetime == madrid("2026-03-04 10:00")

    def test_it_does_not_move_to_another_doctor_who_does_not_give_it(self, visit, lind, echo):
        lind.visit_types.set([echo])
        with pytest.raises(Refused) as refused:
            move(Seen.of(visit), doctor=lind, start=TEN, by=None, now=NOW)
        (problem,) = refused.value.problems
        said = ("type_not_given", "doctor", "Dr Per Lind does not give Check-up.")
        assert (problem.code, problem.field, problem.message) == said

    def test_it_is_corrected_in_all_else(self, visit, ben, max_):
        seen = edit(Seen.of(visit), Edit(description="Cough", patient=ben, minutes=20), by=None, now=NOW)
        assert (seen.patient, seen.minutes) == (ben, 20)
        assert undo_edit(Seen.of(seen), by=None, now=NOW).minutes == 30

    def test_another_type_has_to_be_given(self, visit, osei, checkup, echo):
        short = factories.VisitTypeFactory(name="Short", minutes=30)
        with pytest.raises(Refused) as refused:
            edit(Seen.of(visit), Edit(visit_type=short), by=None, now=NOW)
        assert [(p.code, p.field) for p in refused.value.problems] == [("type_not_given", "visit_type")]
        corrected = edit(Seen.of(visit), Edit(visit_type=echo), by=None, now=NOW)
        assert corrected.visit_type == echo
        # Taken back, though it could not be asked for.
        assert undo_edit(Seen.of(corrected), by=None, now=NOW).visit_type == checkup

    def test_another_patient_has_to_have_the_age(self, wish, child, leo, ana):
        ana.date_of_birth = date(2015, 1, 1)
        ana.save()
        visit = booked(wish, visit_type=child)
        with pytest.raises(Refused) as refused:
            edit(Seen.of(visit), Edit(patient=leo), by=None, now=NOW)
        assert [(p.code, p.field) for p in refused.value.problems] == [("type_not_for_age", "patient")]

    def test_it_does_not_move_beyond_a_birthday_but_within_what_it_is_beyond(
        self, wish, child, leo, osei, lind
    ):
        visit = booked(wish, visit_type=child, patient=leo, start=madrid("2026-03-02 10:00"))
        with pytest.raises(Refused) as refused:
            move(Seen.of(visit), doctor=osei, start=TEN, by=None, now=NOW)
        assert [(p.code, p.field) for p in refused.value.problems] == [("type_not_for_age", "start")]
        child.oldest_age = 12
        child.save()
        moved = move(Seen.of(visit), doctor=osei, start=TEN, by=None, now=NOW)
        lind.oldest_age = 16
        lind.save()
        with pytest.raises(Refused) as refused:
            move(Seen.of(moved), doctor=lind, start=TEN, by=None, now=NOW)
        assert [(p.code, p.field) for p in refused.value.problems] == [("doctor_not_for_age", "doctor")]

    def test_of_many_that_is_moved_together_it_stays_and_says_why(self, visit, lind, echo):
        lind.visit_types.set([echo])
        with pytest.raises(NotTogether) as refused:
            change([Move(seen=Seen.of(visit), doctor=lind, start=TEN)], by=None, now=NOW)
        assert [p.code for p in refused.value.in_the_way[visit.uuid]] == ["type_not_given"]


WEEK = Interval(madrid("2026-03-02 00:00"), madrid("2026-03-09 00:00"))


class TestWhatIsOffered:
    def test_colleagues_who_do_not_give_it_are_not_offered(self, wish, osei, lind, checkup, echo):
        booked(wish)
        other = replace(wish, patient=factories.PatientFactory())
        assert {opening.doctor for opening in nearest(other, now=NOW)} == {osei, lind}
        lind.visit_types.set([echo])
        assert {opening.doctor for opening in nearest(other, now=NOW)} == {osei}
        osei.visit_types.set([echo])
        assert nearest(other, now=NOW) == []
        knowingly = replace(other, accepted=frozenset({"type_not_given"}))
        assert {opening.doctor for opening in nearest(knowingly, now=NOW)} == {osei}

    def test_a_visit_that_stands_keeps_its_doctor(self, wish, osei, lind, echo):
        visit = booked(wish)
        for doctor in (osei, lind):
            doctor.visit_types.set([echo])
        later = replace(wish, stands=visit, visit_type=None, minutes=30)
        assert {opening.doctor for opening in nearest(later, now=NOW, moving=visit)} == {osei}

    def test_free_times_end_at_a_birthday(self, osei, lind, leo, child):
        age = openings.fitting.age_asked(child, leo.date_of_birth)
        starts = free_starts([osei, lind], minutes=30, span=WEEK, now=NOW, age=age)
        for theirs in starts.values():
            assert {start.date() for start in theirs} == {date(2026, 3, 2)}
        osei.youngest_age = 17
        lind.youngest_age = 17
        adults = openings.fitting.age_asked(None, leo.date_of_birth)
        starts = free_starts([osei, lind], minutes=30, span=WEEK, now=NOW, age=adults)
        assert {min(theirs).date() for theirs in starts.values()} == {date(2026, 3, 3)}
        assert openings.next_starts([osei], minutes=30, span=WEEK, now=NOW, age=age, count=99) == []

    def test_limits_change_no_time_of_day(self, osei, leo):
        """The rhythm of a session is the same, wherever the day is cut."""
        every = free_starts([osei], minutes=20, span=WEEK, now=NOW)[osei.pk]
        osei.youngest_age = 17
        age = openings.fitting.age_asked(None, leo.date_of_birth)
        suited = free_starts([osei], minutes=20, span=WEEK, now=NOW, age=age)[osei.pk]
        assert suited == [start for start in every if start >= madrid("2026-03-03 00:00")]

    def test_who_is_ill_is_replaced_by_those_who_give_it_at_that_age(
        self, wish, osei, lind, cardiology, child, echo, checkup
    ):
        third = factories.DoctorFactory(specialty=cardiology, doctor_name="Dr Third")
        works(third, time(9), time(14))
        small = factories.PatientFactory(date_of_birth=date(2020, 1, 1))
        grown = factories.PatientFactory(date_of_birth=date(1980, 1, 1))
        eleven = madrid("2026-03-03 11:00")
        visits = [
            booked(wish, visit_type=child, patient=small),
            booked(wish, patient=grown, start=eleven),
        ]
        lind.visit_types.set([child, echo])
        third.oldest_age = 16
        third.save()
        found = instead.times_for(osei, visits, Terms(away=WEEK, colleagues_only=True), now=NOW)
        assert {opening.doctor for opening in found.offers[visits[0].uuid]} <= {lind, third}
        assert len(found.offers[visits[0].uuid]) == 2
        assert found.offers[visits[1].uuid] == []
        chosen = {visits[1].uuid: (lind.uuid, eleven)}
        assert instead.times_for(osei, visits, Terms(away=WEEK, chosen=chosen), now=NOW).gone == {
            visits[1].uuid
        }


def test_a_booking_asks_for_it_in_no_statement_of_its_own(wish, echo, checkup, django_assert_num_queries):
    wish.doctor.visit_types.set([echo, checkup])
    with django_assert_num_queries(1):
        assert why_not(wish, now=NOW) == []
    booked(wish)
    assert AppointmentEvent.objects.count() == 1
