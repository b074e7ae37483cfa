"""Time off is added while 49 desks book with the doctor: whoever comes second sees the other."""

import multiprocessing
from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling.booking import day, hours, hours_lock, stranding
from scheduling.booking.actions import book
from scheduling.times.intervals import Interval
from tests.booking.clinic import ROUNDS, START, Clinic
from tests.booking.sound import assert_sound, attempt, promises
from tests.booking.together import WORKERS, run_together
from tests.conftest import NOW, madrid

# On SQLite a transaction that writes is alone from its beginning.
pytestmark = [pytest.mark.mariadb, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
ALL_THE_DAYS = Interval(madrid("2026-03-03 00:00"), madrid("2026-03-06 00:00"))


@pytest.fixture
def clinic(db):
    return Clinic()


@pytest.fixture
def flags():
    """An event for each round, shared by the processes; call it for some more."""
    context = multiprocessing.get_context("fork")
    return lambda: [context.Event() for _ in range(ROUNDS)]


def wish(clinic, worker, round_):
    start = START + timedelta(days=worker // 26, minutes=25 * (worker % 26))
    return clinic.wish(doctor=round_, patient=worker, start=start, kind=0)


def together(clinic, begun, done):
    """Worker 0 adds time off once a desk has begun; each desk books a visit in it. The uuids of the visits
    that were promised to the desks, and of those that were named to who added the time off."""

    def work(worker, round_):
        if worker:
            answer = attempt(book, wish(clinic, worker, round_), by=None, now=NOW)
            begun[round_].set()
            return answer
        begun[round_].wait(300)
        named = hours.add_time_off(clinic.doctors[round_], ALL_THE_DAYS, reason="Ill", by=None, now=NOW)
        done[round_].set()
        return {visit.uuid for visit in named}

    answers = run_together(work, rounds=ROUNDS)
    promised = promises([answer for worker, _round, answer in answers if worker])
    named = set().union(*(answer for worker, _round, answer in answers if not worker))
    return {uuid for uuid, *_state in promised}, named


def test_the_fault_is_possible(clinic, flags, monkeypatch):
    """Without the lock a desk that has looked at the hours books in the time off, and nobody is told."""
    begun, done, load = flags(), flags(), day.load
    of = {doctor.pk: number for number, doctor in enumerate(clinic.doctors)}

    def slow(proposal, **more):
        known, round_ = load(proposal, **more), of[proposal.doctor.pk]
        begun[round_].set()
        done[round_].wait(300)
        return known

    monkeypatch.setattr(hours_lock, "hold", lambda doctor: None)
    monkeypatch.setattr(day, "load", slow)
    promised, named = together(clinic, begun, done)
    assert promised - named


def test_every_visit_in_the_time_off_was_named_to_who_added_it(clinic, flags):
    promised, named = together(clinic, flags(), flags())
    assert len(promised) >= ROUNDS  # those that were quicker
    assert promised == named
    stranded = stranding.stranded([doctor.pk for doctor in clinic.doctors], now=NOW)
    assert {visit.uuid for visit in stranded} == named
    assert_sound()


def test_whose_hours_were_never_changed_is_held_by_two_at_once(clinic, flags):
    """Their rows in `hours_versions` are not there yet."""

    def work(worker, round_):
        asked = wish(clinic, worker, round_)
        later = replace(asked, start=asked.start + timedelta(days=7 * round_))
        return attempt(book, later, by=None, now=NOW)

    answers = run_together(work, rounds=ROUNDS)
    assert len(promises([answer for *_who, answer in answers])) == ROUNDS * WORKERS
