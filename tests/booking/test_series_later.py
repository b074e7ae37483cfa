"""What is done with a visit of a series and those after it: moved, cancelled, corrected, all or none."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from scheduling.booking import series, together
from scheduling.booking import series_later as later
from scheduling.booking.actions import Edit, Wish, cancel, move
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.booking.together import Cancel, Move
from scheduling.models import Call, Status
from scheduling.queries import series as queries
from scheduling.times.recurring import Rule, dates
from tests import factories
from tests.booking.asking import booked, last_event, stored, wish
from tests.booking.regular import (
    TUESDAYS,
    book_all,
    codes,
    each,
    in_the_way,
    places,
    tuesdays,
)
from tests.booking.sound import assert_sound
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.django_db


@pytest.fixture
def first(osei, ana, checkup):
    """Ana with Dr Osei, Tuesday at 10:00."""
    return wish(osei, ana, checkup, f"{TUESDAYS[0]} 10:00", description="Physio")


@pytest.fixture
def visits(first, rae):
    """Four Tuesdays at 10:00."""
    return queries.visits_of(book_all(tuesdays(first), by=rae).row.pk)


def test_each_knows_its_place_and_who_is_after_it(visits, ana, ben, osei, checkup):
    place = queries.place_of(visits[1])
    assert (place.number, place.total, list(place.after)) == (2, 4, visits[2:])
    assert queries.place_of(booked(osei, ben, checkup, f"{TUESDAYS[0]} 12:00")) is None
    gone = cancel(Seen.of(visits[0]), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    assert (queries.place_of(gone).number, queries.place_of(gone).total) == (1, 4)
    [left] = queries.left_of(ana, now=NOW)
    assert (left.left, left.total, left.next_at) == (3, 4, madrid(f"{TUESDAYS[1]} 10:00"))
    assert queries.left_of(ana, now=madrid("2026-03-25 10:00")) == queries.left_of(ben, now=NOW) == []


def test_this_and_those_after_it_go_as_far_on_the_clock(visits, osei, lind, ben, checkup):
    """From Tuesday 10:00 to Thursday 12:00 with Dr Lind; the 26th is taken there."""
    booked(lind, ben, checkup, "2026-03-26 12:15")
    found = series.moved(visits[1:], (lind, madrid("2026-03-12 12:00")), chosen={}, now=NOW)
    starts = [madrid(f"2026-03-{day} 12:00") for day in (12, 19, 26)]
    assert [(one.proposal.doctor, one.proposal.start) for one in found] == [(lind, at) for at in starts]
    assert codes(found) == [[], [], ["doctor_taken"]]
    chosen = {visits[3].uuid: places(found[2])[0]}
    again = series.moved(visits[1:], (lind, starts[0]), chosen=chosen, now=NOW)
    assert codes(again) == [[], [], []]
    steps = [
        Move(seen=Seen.of(visit), doctor=one.proposal.doctor, start=one.proposal.start)
        for visit, one in zip(visits[1:], again, strict=True)
    ]
    row = visits[0].series.uuid
    done = together.change(steps, by=None, now=NOW, series=row)
    assert [visit.version for visit in done] == [2, 2, 2]
    assert last_event(visits[2]).after["series"] == str(row)
    assert not Call.objects.exists()  # the patient asked for it
    assert_sound()


def test_where_they_stand_is_free_for_themselves(visits, osei):
    """A quarter of an hour later each would stand in its own way."""
    found = series.moved(visits, (osei, madrid(f"{TUESDAYS[0]} 10:15")), chosen={}, now=NOW)
    assert codes(found) == [[], [], [], []]
    assert {one.proposal.doctor for one in found} == {osei}


def test_one_that_was_moved_before_goes_as_far_from_where_it_is(visits, osei, lind):
    moved = move(Seen.of(visits[2]), doctor=lind, start=madrid("2026-03-18 12:00"), by=None, now=NOW)
    found = series.moved([visits[1], moved], (osei, madrid("2026-03-11 11:00")), chosen={}, now=NOW)
    assert [(one.proposal.doctor, one.proposal.start) for one in found] == [
        (osei, madrid("2026-03-11 11:00")),
        (lind, madrid("2026-03-19 13:00")),
    ]


def test_over_the_summer_change_a_move_keeps_the_wall_time(first, osei):
    made = book_all(each(first, "2026-03-24 10:00", "2026-03-31 10:00"), Rule(every_weeks=1, count=2))
    visits = queries.visits_of(made.row.pk)
    found = series.moved(visits, (osei, madrid("2026-03-26 12:00")), chosen={}, now=NOW)
    assert [one.proposal.start for one in found] == [madrid("2026-03-26 12:00"), madrid("2026-04-02 12:00")]


def test_moving_asks_as_often_for_many_as_for_two(first, osei):
    days = dates(date(2026, 3, 3), Rule(every_weeks=1, count=20))
    visits = queries.visits_of(book_all(each(first, *(f"{day} 10:00" for day in days))).row.pk)

    def asked(count):
        with CaptureQueriesContext(connection) as seen:
            found = series.moved(visits[:count], (osei, madrid("2026-03-03 16:00")), chosen={}, now=NOW)
        assert codes(found) == [["outside_hours"]] * count
        return len(seen)

    assert asked(2) == asked(20) <= 9


def test_those_after_it_are_cancelled_at_whose_wish_it_is(visits):
    asked = [Cancel(seen=Seen.of(visit), wish=Wish.PATIENT) for visit in visits[1:]]
    together.change(asked, by=None, now=NOW, reason="Moves away", series=visits[0].series.uuid)
    place = queries.place_of(visits[0])
    assert [visit.status for visit in place.after] == [Status.CANCELLED] * 3
    event = last_event(visits[3])
    assert event.after == {"status": "cancelled", "wish": "patient", "series": str(visits[0].series.uuid)}
    assert not Call.objects.exists()
    assert_sound()


def test_those_after_it_are_corrected_alike_or_none_is(visits, osei, ben, checkup, rae):
    long = factories.VisitTypeFactory(name="Long", minutes=60)
    seen, row = [Seen.of(visit) for visit in visits[1:]], visits[0].series.uuid
    other = booked(osei, ben, checkup, f"{TUESDAYS[3]} 10:45")
    before = stored()
    asked = Edit(visit_type=long)
    said = in_the_way(later.edit_all, seen, asked, series=row, by=rae, now=NOW)
    assert said == {visits[3].uuid: {"doctor_taken"}}
    assert stored() == before
    move(Seen.of(other), doctor=osei, start=madrid(f"{TUESDAYS[3]} 12:00"), by=None, now=NOW)
    done = later.edit_all(seen, asked, series=row, by=rae, now=NOW)
    assert {(visit.visit_type, visit.minutes, visit.version) for visit in done} == {(long, 60, 2)}
    event = last_event(visits[1])
    assert (event.kind, event.after["series"], event.after["minutes"]) == ("edited", str(row), 60)
    after = stored()
    assert [v.version for v in later.edit_all(seen, asked, series=row, by=rae, now=NOW)] == [2, 2, 2]
    assert stored() == after
    assert_sound()


def test_one_that_somebody_changed_holds_up_the_correction_of_all(visits, osei):
    seen = [Seen.of(visit) for visit in visits]
    move(seen[2], doctor=osei, start=madrid(f"{TUESDAYS[2]} 12:00"), by=None, now=NOW)
    before = stored()
    asked = Edit(description="Shoulder")
    said = in_the_way(later.edit_all, seen, asked, series=visits[0].series.uuid, by=None, now=NOW)
    assert said == {visits[2].uuid: {"stale"}}
    assert stored() == before


def test_what_one_is_corrected_in_leaves_the_rest_of_the_others(visits, checkup):
    asked = Edit(visit_type=checkup, minutes=30, description="Knee", patient=visits[0].patient)
    assert asked.only_new(visits[0]) == Edit(description="Knee")
    longer = Edit(visit_type=checkup, minutes=45, description="Physio")
    assert longer.only_new(visits[0]) == Edit(minutes=45)


def test_what_was_cancelled_together_stands_again_together_or_not_at_all(visits, osei, ben, checkup, rae):
    asked = [Cancel(seen=Seen.of(visit), wish=Wish.PATIENT) for visit in visits[1:]]
    gone = together.change(asked, by=None, now=NOW, reason="Ill", series=visits[0].series.uuid)
    alone = cancel(Seen.of(visits[0]), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    stands = queries.visits_of(alone.series.pk)
    assert queries.done_together(stands).visits == gone
    seen = [Seen.of(visit) for visit in gone]
    other = booked(osei, ben, checkup, f"{TUESDAYS[2]} 10:00")
    before = stored()
    assert in_the_way(later.undo_all, seen, by=rae, now=NOW) == {gone[1].uuid: {"doctor_taken"}}
    assert stored() == before
    cancel(Seen.of(other), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    again = later.undo_all(seen, by=rae, now=NOW)
    assert {visit.status for visit in again} == {Status.CONFIRMED}
    assert queries.done_together(queries.visits_of(alone.series.pk)) is None
    after = stored()
    later.undo_all(seen, by=rae, now=NOW)  # pressed twice
    assert stored() == after
    assert_sound()


def moved_together(visits, to):
    """Each of them to the place of the plan."""
    steps = [
        Move(seen=Seen.of(visit), doctor=one.proposal.doctor, start=one.proposal.start)
        for visit, one in zip(visits, series.moved(visits, to, chosen={}, now=NOW), strict=True)
    ]
    return together.change(steps, by=None, now=NOW, series=visits[0].series.uuid)


def places_of(visits):
    return [(visit.doctor, visit.appointment_datetime) for visit in visits]


def test_what_was_moved_together_goes_back_together_or_not_at_all(visits, osei, lind, ben, checkup, rae):
    """A week later each stood where the next one had been: none is in the way of another."""
    stood = places_of(visits)
    done = moved_together(visits, (osei, madrid(f"{TUESDAYS[1]} 10:00")))
    joint = queries.done_together(queries.visits_of(visits[0].series.pk))
    assert (joint.kind, joint.visits) == ("moved", done)
    other = booked(osei, ben, checkup, f"{TUESDAYS[0]} 10:15")
    seen, before = [Seen.of(visit) for visit in done], stored()
    assert in_the_way(later.undo_all, seen, by=rae, now=NOW) == {done[0].uuid: {"doctor_taken"}}
    assert stored() == before
    cancel(Seen.of(other), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    back = later.undo_all(seen, by=rae, now=NOW)
    assert places_of(back) == stood
    event = last_event(back[1])
    assert (event.kind, event.after["undone"], event.by) == ("moved", True, rae)
    assert queries.done_together(queries.visits_of(visits[0].series.pk)) is None
    assert not Call.objects.exists()
    after = stored()
    later.undo_all(seen, by=rae, now=NOW)  # pressed twice
    assert stored() == after
    assert_sound()


def test_one_that_was_moved_since_holds_up_the_undoing_of_all(visits, osei, rae):
    done = moved_together(visits[1:], (osei, madrid(f"{TUESDAYS[1]} 12:00")))
    move(Seen.of(done[2]), doctor=osei, start=madrid(f"{TUESDAYS[3]} 11:00"), by=None, now=NOW)
    before = stored()
    seen = [Seen.of(visit) for visit in done]
    assert in_the_way(later.undo_all, seen, by=rae, now=NOW) == {done[2].uuid: {"stale"}}
    assert stored() == before


def test_what_was_corrected_together_is_as_before_together_or_not_at_all(visits, osei, ben, checkup, rae):
    row = visits[0].series.uuid
    short = Edit(minutes=15, description="Knee")
    done = later.edit_all([Seen.of(v) for v in visits[1:]], short, series=row, by=rae, now=NOW)
    joint = queries.done_together(queries.visits_of(visits[0].series.pk))
    assert (joint.kind, joint.visits) == ("edited", done)
    other = booked(osei, ben, checkup, f"{TUESDAYS[3]} 10:15")
    seen, before = [Seen.of(visit) for visit in done], stored()
    assert in_the_way(later.undo_all, seen, by=rae, now=NOW) == {done[2].uuid: {"doctor_taken"}}
    assert stored() == before
    cancel(Seen.of(other), reason="Ill", wish=Wish.PATIENT, by=None, now=NOW)
    back = later.undo_all(seen, by=rae, now=NOW)
    assert {(visit.minutes, visit.description) for visit in back} == {(30, "Physio")}
    assert queries.done_together(queries.visits_of(visits[0].series.pk)) is None
    after = stored()
    later.undo_all(seen, by=rae, now=NOW)  # pressed twice
    assert stored() == after
    assert_sound()


def test_what_was_not_done_together_is_refused_in_words(visits, osei, rae):
    alone = move(Seen.of(visits[0]), doctor=osei, start=madrid(f"{TUESDAYS[0]} 12:00"), by=None, now=NOW)
    for seen in ([], [Seen.of(alone)], [Seen.of(visit) for visit in visits]):
        with pytest.raises(Refused) as caught:
            later.undo_all(seen, by=rae, now=NOW)
        assert caught.value.codes == {"nothing_to_undo"}


def test_undoing_asks_the_history_once_for_any_number(visits, osei, rae):
    """Looked up for a page: one statement, however many were changed."""
    done = moved_together(visits, (osei, madrid(f"{TUESDAYS[0]} 12:00")))
    with CaptureQueriesContext(connection) as seen:
        assert len(queries.done_together(done).visits) == 4
    assert len(seen) == 1
