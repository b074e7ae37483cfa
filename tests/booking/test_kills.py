"""Killed at any step, a worker leaves all of its action or nothing; a killed connection exactly one of it."""

from contextlib import nullcontext
from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from unittest import mock

import pytest
from django.db import connection

from scheduling.booking import transactions
from scheduling.booking.actions import Wish, book, cancel, move, overbook, set_status, undo
from scheduling.booking.proposal import NewPatient
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Patient, Status
from tests.booking.asking import wish
from tests.booking.sound import faults, state_of
from tests.booking.steps import COMMIT, COMMITTED, at_step, in_a_process_killed_at, kill_own_connection
from tests.conftest import madrid

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)

TEN = madrid("2026-03-02 10:00")
HALF_AN_HOUR = timedelta(minutes=30)


class Story:
    """One action on the visits of one week, so that each step at which it is stopped has a week of its own:
    `before` sets the stage, `action` returns the appointment that it answers with."""

    def __init__(self, osei, lind, ana, ben, checkup, rae):
        self.osei, self.lind, self.ana, self.ben, self.checkup, self.rae = osei, lind, ana, ben, checkup, rae
        self.seen = None

    def start(self, week):
        self.ten = TEN + timedelta(weeks=week)
        self.now = self.ten - timedelta(hours=1)
        self.asked = wish(self.osei, self.ana, self.checkup, self.ten)

    def book_ana(self, **more):
        visit = book(wish(self.osei, self.ana, self.checkup, self.ten, **more), by=None, now=self.now)
        self.seen = Seen.of(visit)
        return visit

    def before(self):
        self.book_ana()


class Book(Story):
    def before(self):
        newcomer = NewPatient(patient_name="Eva", patient_lastname=f"Ruiz {self.ten}")
        self.asked = wish(self.osei, newcomer, self.checkup, self.ten)

    def action(self):
        return book(self.asked, by=self.rae, now=self.now)


class Overbook(Story):
    def before(self):
        book(wish(self.osei, self.ben, self.checkup, self.ten), by=None, now=self.now)

    def action(self):
        return overbook(self.asked, reason="Fever", by=self.rae, now=self.now)


class Move(Story):
    def action(self):
        later = self.ten + timedelta(minutes=15)  # over half of its own old time
        return move(self.seen, doctor=self.osei, start=later, by=self.rae, now=self.now)


class MoveToAnotherDoctor(Story):
    def action(self):
        return move(self.seen, doctor=self.lind, start=self.ten, by=self.rae, now=self.now)


class Cancel(Story):
    def action(self):
        return cancel(self.seen, reason="Better", wish=Wish.PATIENT, by=self.rae, now=self.now)


class Arrive(Story):
    def action(self):
        return set_status(self.seen, Status.ARRIVED, by=self.rae, now=self.now)


class Undo(Story):
    def before(self):
        self.book_ana()
        self.seen = Seen.of(Cancel.action(self))

    def action(self):
        return undo(self.seen, by=self.rae, now=self.now)


STORIES = (Book, Overbook, Move, MoveToAnotherDoctor, Cancel, Arrive, Undo)


@pytest.fixture(params=STORIES, ids=lambda story: story.__name__)
def story(request, osei, lind, ana, ben, checkup, rae):
    return request.param(osei, lind, ana, ben, checkup, rae)


@pytest.fixture
def booking(osei, lind, ana, ben, checkup, rae):
    return Book(osei, lind, ana, ben, checkup, rae)


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch):
    monkeypatch.setattr(transactions, "FIRST_PAUSE", 0)


def everything():
    """All that is stored of visits, as {uuid: state}, and the patients' names."""
    return {visit.uuid: state_of(visit) for visit in Appointment.objects.all()}, set(
        Patient.objects.values_list("patient_lastname", flat=True)
    )


def somebody_else_books_what_is_free(story):
    """Ben asks for the old and the new time: he gets it exactly where no visit of the doctor stands."""
    for start in (story.ten, story.ten + HALF_AN_HOUR):
        visits = Appointment.objects.holding_time().filter(doctor=story.osei)
        free = not any(v.appointment_datetime < start + HALF_AN_HOUR and start < v.ends_at for v in visits)
        try:
            got = book(wish(story.osei, story.ben, story.checkup, start), by=None, now=story.now)
        except Refused as refused:
            assert "doctor_taken" in refused.codes
            assert not free
        else:
            assert free
            cancel(Seen.of(got), reason="Only asking", wish=Wish.CLINIC, by=None, now=story.now)


def killed_at_every_step(story):
    """Kill a process at each step in turn; return what each left: "nothing", "all" or "a half"."""
    left = []
    for step in count(1):
        story.start(step)
        story.before()
        before = everything()
        came_that_far = in_a_process_killed_at(step, story.action)
        left.append(_what_is_left(story, before, everything()))
        if not came_that_far:
            return left
    raise AssertionError("unreachable")


def _what_is_left(story, before, after):
    if faults(story.now):
        return "a half"
    somebody_else_books_what_is_free(story)
    # Asked for again, as a person would who saw no answer: is there something left to do?
    stored = everything()
    story.action()
    done_already = everything() == stored
    if after == before and not done_already:
        return "nothing"
    return "all" if after != before and done_already else "a half"


def test_a_worker_killed_at_any_step_leaves_all_or_nothing(story):
    left = killed_at_every_step(story)
    # Nothing up to and just before COMMIT; everything just after it, and when nobody was killed.
    assert left == ["nothing"] * (len(left) - 2) + ["all"] * 2
    assert len(left) > 6


def test_without_its_transaction_a_killed_worker_leaves_halves_and_is_caught(booking, monkeypatch):
    whole = booking.action

    def in_pieces():
        with mock.patch.object(
            transactions, "transaction", SimpleNamespace(atomic=lambda **_: nullcontext())
        ):
            return whole()

    monkeypatch.setattr(booking, "action", in_pieces)
    assert "a half" in killed_at_every_step(booking)


@pytest.mark.mariadb
def test_a_connection_killed_at_any_step_is_replaced_and_the_action_done_once(story):
    for step in count(1):
        story.start(step)
        story.before()
        versions = {uuid: state[1] for uuid, state in everything()[0].items()}

        def kill():
            kill_own_connection()
            if steps[-1] == COMMITTED:  # the answer is on its way: it is lost
                connection.cursor().execute("SELECT 1")

        with at_step(step, kill) as steps:
            answer = story.action()
        stored, _ = everything()
        assert stored[answer.uuid] == state_of(answer)
        assert answer.version == versions.get(answer.uuid, 0) + 1  # done once, not twice
        assert len(stored) == len(versions | {answer.uuid: 1})
        assert faults(story.now) == set()
        if len(steps) < step:
            break
    assert step > 6
    assert steps.count(COMMIT) == 1
