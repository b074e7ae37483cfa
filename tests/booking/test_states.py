"""Every status x every status: the table that people agreed on, written out, against what the actions do."""

from datetime import timedelta

import pytest

from scheduling.booking import integrity, states
from scheduling.booking.actions import cancel, set_status, undo
from scheduling.booking.changing import Wish
from scheduling.booking.seen import Seen
from scheduling.models import HOLDS_TIME, Status
from tests.booking.asking import booked, last_event, refusal, stored
from tests.conftest import madrid

S = Status
TEN = madrid("2026-03-03 10:00")
AFTERWARDS = TEN + timedelta(hours=1)

# One column for each status to come: f = forward, by anybody at the desk; b = back, by who has the right;
# . = refused to all; = is where it stands.
#                    pend conf arri prog comp canc nosh erro
TABLE = {
    S.PENDING: "          =    f    f    .    .    f    f    f",
    S.CONFIRMED: "        b    =    f    .    .    f    f    f",
    S.ARRIVED: "          b    b    =    f    f    f    .    f",
    S.IN_PROGRESS: "      .    .    b    =    f    .    .    f",
    S.COMPLETED: "        .    .    b    b    =    .    .    f",
    S.CANCELLED: "        b    b    b    .    .    =    .    f",
    S.NO_SHOW: "          b    b    b    .    .    .    =    f",
    S.ENTERED_IN_ERROR: " b    b    b    b    b    b    b    =",
}
ORDER = list(Status)
CELLS = [
    (before, after, cell)
    for before, cells in TABLE.items()
    for after, cell in zip(ORDER, cells.split(), strict=True)
]
# The steps of a visit, booked as pending, to each status.
STEPS = {
    S.PENDING: [],
    S.CONFIRMED: [S.CONFIRMED],
    S.ARRIVED: [S.ARRIVED],
    S.IN_PROGRESS: [S.ARRIVED, S.IN_PROGRESS],
    S.COMPLETED: [S.ARRIVED, S.COMPLETED],
    S.CANCELLED: [S.CANCELLED],
    S.NO_SHOW: [S.NO_SHOW],
    S.ENTERED_IN_ERROR: [S.ENTERED_IN_ERROR],
}


def step(visit, to, by=None, now=AFTERWARDS):
    if to == S.CANCELLED:
        return cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=by, now=now)
    return set_status(Seen.of(visit), to, by=by, now=now)


@pytest.fixture
def visit_in(osei, ana, checkup):
    def make(status):
        visit = booked(osei, ana, checkup, TEN, status=S.PENDING)
        for to in STEPS[status]:
            visit = step(visit, to)
        assert visit.status == status
        return visit

    return make


def test_the_table_names_every_pair_once():
    assert len({(before, after) for before, after, _ in CELLS}) == len(Status) ** 2 == len(CELLS)


@pytest.mark.parametrize(("before", "after", "cell"), CELLS)
def test_the_program_has_the_same_table(before, after, cell):
    assert (after in states.FORWARD[before]) == (cell == "f")
    assert (after in states.BACK[before]) == (cell == "b")


@pytest.mark.parametrize(("before", "after", "cell"), CELLS)
def test_a_status_goes_forward_where_the_table_says_so(before, after, cell, visit_in, rae):
    visit = visit_in(before)
    was = stored()
    if cell == "f":
        changed = step(visit, after, by=rae)
        assert (changed.status, changed.version) == (after, visit.version + 1)
        event = last_event(visit)
        assert event.kind == ("cancelled" if after == S.CANCELLED else "status")
        assert (event.before["status"], event.after["status"], event.by) == (before, after, rae)
        assert (visit.claims.count() > 0) == (after in HOLDS_TIME)
        assert integrity.problems(now=AFTERWARDS) == []
        return
    if cell == "=":
        assert step(visit, after, by=rae) == visit
    else:
        assert refusal(step, visit, after, by=rae) == {"not_from_here"}
    assert stored() == was


@pytest.mark.parametrize(("before", "after", "cell"), CELLS)
def test_a_status_goes_back_where_the_table_says_so_and_with_the_right(
    before, after, cell, visit_in, rae, max_
):
    visit = visit_in(before)
    max_.groups.clear()
    was = stored()
    assert refusal(undo, Seen.of(visit), after, by=max_, now=AFTERWARDS) == {"not_allowed"}
    if cell == "b":
        changed = undo(Seen.of(visit), after, by=rae, now=AFTERWARDS)
        assert (changed.status, changed.version) == (after, visit.version + 1)
        event = last_event(visit)
        assert (event.kind, event.before, event.after) == ("undone", {"status": before}, {"status": after})
        assert (visit.claims.count() > 0) == (after in HOLDS_TIME)
        assert integrity.problems(now=AFTERWARDS) == []
        return
    told = {"nothing_to_undo"} if before == S.PENDING else {"not_from_here"}
    assert refusal(undo, Seen.of(visit), after, by=rae, now=AFTERWARDS) == told
    assert stored() == was


def test_every_step_forward_can_be_taken_back_so_that_no_slip_is_final():
    for before, after, cell in CELLS:
        if cell == "f":
            assert before in states.BACK[after]


MIDNIGHT = madrid("2026-03-03 00:00")
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("to", "earliest"),
    [
        (S.CONFIRMED, None),
        (S.CANCELLED, None),
        (S.ENTERED_IN_ERROR, None),
        (S.ARRIVED, MIDNIGHT),
        (S.IN_PROGRESS, MIDNIGHT),
        (S.COMPLETED, MIDNIGHT),
        (S.NO_SHOW, TEN),
    ],
)
def test_what_cannot_be_true_yet_is_not_said(to, earliest):
    def early(now):
        return states.too_early(to, day_start=MIDNIGHT, start=TEN, now=now)

    if earliest is None:
        assert not early(TEN - timedelta(days=90))
    else:
        assert early(earliest - SECOND)
        assert not early(earliest)


def test_a_patient_arrives_on_the_clinics_day_and_is_missed_once_the_visit_has_begun(visit_in):
    visit = visit_in(S.PENDING)
    was = stored()
    assert refusal(step, visit, S.ARRIVED, now=MIDNIGHT - SECOND) == {"too_early"}
    assert refusal(step, visit, S.NO_SHOW, now=TEN - SECOND) == {"too_early"}
    assert stored() == was
    assert step(visit, S.ARRIVED, now=MIDNIGHT).status == S.ARRIVED
