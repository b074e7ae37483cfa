"""Many visits moved or cancelled in one commit: all of them or none, by the rules of one."""

import pytest

from scheduling.booking import calls, together
from scheduling.booking.actions import Wish, move
from scheduling.booking.calls import SomebodyWasQuicker
from scheduling.booking.seen import Seen
from scheduling.booking.together import Cancel, Move, NotTogether
from scheduling.models import Call, Claim, Status
from scheduling.times import grid
from tests.booking.asking import booked, lanes, last_event, refusal, stored
from tests.booking.sound import assert_sound
from tests.conftest import NOW, madrid

pytestmark = pytest.mark.django_db

TUESDAY, WEDNESDAY = "2026-03-03", "2026-03-04"
Outcome = Call.Outcome


@pytest.fixture
def visits(osei, ana, ben, checkup):
    """Ana at 10:00 and Ben at 10:30, with Dr Osei."""
    return [
        booked(osei, ana, checkup, f"{TUESDAY} 10:00"),
        booked(osei, ben, checkup, f"{TUESDAY} 10:30", status=Status.PENDING),
    ]


def to(visit, doctor, at):
    return Move(seen=Seen.of(visit), doctor=doctor, start=madrid(at))


def in_the_way(steps, **more):
    with pytest.raises(NotTogether) as caught:
        together.change(steps, **{"by": None, "now": NOW, "reason": ""} | more)
    return {uuid: {p.code for p in problems} for uuid, problems in caught.value.in_the_way.items()}


def told():
    return [
        (row.appointment_id, row.number, row.outcome)
        for row in Call.objects.order_by("appointment", "number")
    ]


def test_all_move_in_one_commit_with_one_event_each_and_a_note_that_they_must_be_told(
    visits, osei, lind, rae
):
    steps = [to(visits[0], lind, f"{TUESDAY} 10:00"), to(visits[1], lind, f"{TUESDAY} 10:30")]
    moved = together.change(steps, by=rae, now=NOW, reason=" Dr Osei is ill ")
    assert [(v.uuid, v.doctor, v.version, v.status) for v in moved] == [
        (visits[0].uuid, lind, 2, Status.CONFIRMED),
        (visits[1].uuid, lind, 2, Status.PENDING),
    ]
    event = last_event(visits[0])
    assert (event.kind, event.reason, event.by, event.version) == ("moved", "Dr Osei is ill", rae, 2)
    assert (event.before["doctor"], event.after["doctor"]) == (str(osei.uuid), str(lind.uuid))
    assert not Claim.objects.filter(doctor=osei).exists()
    assert told() == [(visit.pk, 1, Outcome.TO_CALL) for visit in visits]
    row = Call.objects.first()
    assert (row.doctor, row.was_at, row.by) == (osei, madrid(f"{TUESDAY} 10:00"), rae)
    assert_sound()


def test_asked_twice_they_are_moved_once(visits, lind):
    steps = [to(visits[0], lind, f"{TUESDAY} 10:00"), to(visits[1], lind, f"{TUESDAY} 10:30")]
    together.change(steps, by=None, now=NOW)
    before = stored(), told()
    assert [visit.version for visit in together.change(steps, by=None, now=NOW)] == [2, 2]
    assert (stored(), told()) == before


def test_one_takes_the_place_that_another_gives_up(visits, osei):
    steps = [to(visits[0], osei, f"{TUESDAY} 10:30"), to(visits[1], osei, f"{TUESDAY} 10:00")]
    moved = together.change(steps, by=None, now=NOW)
    assert [visit.appointment_datetime for visit in moved] == [
        madrid(f"{TUESDAY} 10:30"),
        madrid(f"{TUESDAY} 10:00"),
    ]
    assert_sound()


def test_what_is_in_the_way_is_said_of_each_and_nothing_is_written(visits, lind, ben, checkup):
    booked(lind, ben, checkup, f"{WEDNESDAY} 10:00")
    before = stored(), told()
    fine = to(visits[0], lind, f"{TUESDAY} 10:00")
    assert in_the_way([fine, to(visits[1], lind, f"{WEDNESDAY} 10:15")]) == {
        visits[1].uuid: {"doctor_taken", "patient_taken"}
    }
    assert in_the_way([fine, to(visits[1], lind, f"{TUESDAY} 10:15")]) == {visits[1].uuid: {"doctor_taken"}}
    assert in_the_way([fine, to(visits[1], lind, f"{TUESDAY} 20:00")]) == {visits[1].uuid: {"outside_hours"}}
    assert (stored(), told()) == before


def test_a_visit_that_somebody_changed_holds_up_all(visits, lind, osei):
    steps = [to(visits[0], lind, f"{TUESDAY} 10:00"), to(visits[1], lind, f"{TUESDAY} 10:30")]
    move(Seen.of(visits[0]), doctor=osei, start=madrid(f"{TUESDAY} 12:00"), by=None, now=NOW)
    before = stored()
    assert in_the_way(steps) == {visits[0].uuid: {"stale"}}
    assert stored() == before


def test_what_can_go_goes_on_without_the_others(visits, lind, ben, checkup, rae):
    """Ben's place depends on Ana's, which is in the way."""
    booked(lind, ben, checkup, f"{WEDNESDAY} 10:00")
    third = booked(lind, ben, checkup, f"{TUESDAY} 12:00")
    steps = [
        to(visits[0], lind, f"{WEDNESDAY} 10:00"),
        to(visits[1], visits[0].doctor, f"{TUESDAY} 10:00"),
        to(third, lind, f"{TUESDAY} 13:00"),
    ]
    moved, left = together.what_can(steps, by=rae, now=NOW)
    assert [visit.uuid for visit in moved] == [third.uuid]
    assert set(left) == {visits[0].uuid, visits[1].uuid}
    assert_sound()


def test_many_are_cancelled_with_a_reason_at_the_clinics_wish(visits, rae):
    steps = [Cancel(seen=Seen.of(visit)) for visit in visits]
    assert refusal(together.change, steps, by=rae, now=NOW) == {"reason_missing"}
    assert refusal(together.change, steps, by=rae, now=NOW, reason="x" * 1001) == {"reason_too_long"}
    gone = together.change(steps, by=rae, now=NOW, reason="Dr Osei is ill")
    assert {visit.status for visit in gone} == {Status.CANCELLED}
    event = last_event(visits[1])
    assert (event.kind, event.after) == ("cancelled", {"status": "cancelled", "wish": Wish.CLINIC})
    assert [lanes(visit) for visit in visits] == [[], []]
    assert_sound()


def test_one_goes_to_the_place_of_one_that_is_cancelled(visits, osei):
    steps = [to(visits[0], osei, f"{TUESDAY} 10:30"), Cancel(seen=Seen.of(visits[1]))]
    together.change(steps, by=None, now=NOW, reason="Ill")
    start = grid.grain_of(madrid(f"{TUESDAY} 10:30"))
    assert [grain for grain, _lane, _patient in lanes(visits[0])] == list(range(start, start + 6))
    assert_sound()


def test_how_a_call_went_is_written_once_by_whoever_was_first(visits, rae, max_):
    visit = visits[0]
    calls.note(visit.uuid, Outcome.NO_ANSWER, seen=0, by=rae, now=NOW)
    calls.note(visit.uuid, Outcome.NO_ANSWER, seen=0, by=rae, now=NOW)  # pressed twice
    with pytest.raises(SomebodyWasQuicker):
        calls.note(visit.uuid, Outcome.TOLD, seen=0, by=max_, now=NOW)
    calls.note(visit.uuid, Outcome.TOLD, seen=1, by=max_, now=NOW)
    assert told() == [(visit.pk, 1, Outcome.NO_ANSWER), (visit.pk, 2, Outcome.TOLD)]


def test_who_was_told_and_is_then_moved_has_to_be_told_again(visits, lind, rae):
    calls.note(visits[0].uuid, Outcome.TOLD, seen=0, by=rae, now=NOW)
    together.change([to(visits[0], lind, f"{TUESDAY} 10:00")], by=rae, now=NOW)
    assert told() == [(visits[0].pk, 1, Outcome.TOLD), (visits[0].pk, 2, Outcome.TO_CALL)]
