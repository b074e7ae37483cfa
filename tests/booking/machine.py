"""A machine of random steps: each is asked of the engine and of the model, which must agree."""

from datetime import UTC, datetime
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
)

from scheduling.booking import actions, hours
from scheduling.booking.actions import Wish
from scheduling.booking.hours import Weekly
from scheduling.booking.proposal import Proposal
from scheduling.booking.records import Stale
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Claim, Status
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests.booking import sound
from tests.booking.model import Book, Changed, No, Visit
from tests.conftest import MADRID, madrid
from tests.weeks import replace_week

OPENING, GRAINS = madrid("2026-03-03 09:00"), 12  # an hour of one Tuesday: crowded soon
FIRST = grid.grain_of(OPENING)
DOCTORS, PATIENTS = 2, 4
LIMITS = [1, 0]
LENGTHS = [(3, 0), (6, 0), (3, 2)]  # grains of the visit and its buffer
HOURS_MAY_BE_OVERRIDDEN = frozenset({"no_hours", "outside_hours", "time_off"})

doctors = st.integers(0, DOCTORS - 1)
patients = st.integers(0, PATIENTS - 1)
starts = st.integers(-1, GRAINS // 3).map(lambda quarter: FIRST + 3 * quarter)
spans = st.tuples(starts, st.integers(1, 8)).map(lambda pair: range(pair[0], pair[0] + pair[1]))
overridden = st.sampled_from([frozenset(), HOURS_MAY_BE_OVERRIDDEN, HOURS_MAY_BE_OVERRIDDEN])
ages = st.sampled_from([0, 0, 0, 1])  # how many versions ago the asker looked


def instant(grain):
    return datetime.fromtimestamp(grain * grid.GRAIN_SECONDS, UTC)


def interval(grains):
    return Interval(instant(grains[0]), instant(grains[-1] + 1))


def clock(grain):
    return instant(grain).astimezone(MADRID).time()


class Clinic(RuleBasedStateMachine):
    visits = Bundle("visits")
    extras = Bundle("extras")
    offs = Bundle("offs")
    cast = None  # (doctors, patients, a manager), made once for all examples

    def __init__(self):
        super().__init__()
        self.undone_after = transaction.atomic()
        self.undone_after._from_testcase = True  # as Django's own: durable blocks may stand in it
        self.undone_after.__enter__()
        self.model = Book(LIMITS, {n: set() for n in range(DOCTORS)}, now=FIRST)

    def teardown(self):
        transaction.set_rollback(True)
        self.undone_after.__exit__(None, None, None)

    @property
    def now(self):
        return instant(self.model.now)

    def both(self, real, modelled):
        """Ask both; they must answer alike. Returns the real answer, or None for a refusal."""
        expected, answer = None, None
        try:
            result = modelled()
        except No as no:
            expected, result = no.codes, None
        except Changed:
            expected, result = "changed", None
        try:
            answer, told = real(), None
        except Refused as refused:
            told = refused.codes
        except Stale:
            told = "changed"
        assert told == expected
        if isinstance(answer, list):  # hours: the visits that are stranded
            assert {visit.uuid for visit in answer} == result
        return answer

    # -- Visits --------------------------------------------------------------------------------

    def _asked(self, doctor, patient, start, length, accepted=frozenset()):
        people, minutes = self.cast, [5 * grains for grains in length]
        proposal = Proposal(
            uuid=uuid4(),
            doctor=people[0][doctor],
            patient=people[1][patient],
            visit_type=None,
            start=instant(start),
            minutes=minutes[0],
            buffer_minutes=minutes[1],
            accepted=accepted,
        )
        return proposal, Visit(doctor, patient, start, *length)

    @rule(
        target=visits,
        doctor=doctors,
        patient=patients,
        start=starts,
        length=st.sampled_from(LENGTHS),
        accepted=overridden,
        twice=st.booleans(),
    )
    def book(self, doctor, patient, start, length, accepted, twice):
        proposal, visit = self._asked(doctor, patient, start, length, accepted)
        for _ in range(1 + twice):
            booked = self.both(
                lambda: actions.book(proposal, by=self.cast[2], now=self.now),
                lambda: self.model.book(proposal.uuid, visit, accepted),
            )
        return proposal.uuid if booked else multiple()

    @rule(
        target=visits,
        beside=visits,
        later=st.sampled_from([0, 0, 3]),
        patient=patients,
        length=st.sampled_from(LENGTHS),
        accepted=overridden,
    )
    def overbook(self, beside, later, patient, length, accepted):
        other = self.model.visits[beside]
        proposal, visit = self._asked(other.doctor, patient, other.start + later, length, accepted)
        booked = self.both(
            lambda: actions.overbook(proposal, reason="Fever", by=self.cast[2], now=self.now),
            lambda: self.model.overbook(proposal.uuid, visit, accepted),
        )
        return proposal.uuid if booked else multiple()

    def _change(self, uuid, age, real, modelled):
        seen = self.model.visits[uuid].version - age
        answer = self.both(lambda: real(Seen(uuid, seen)), lambda: modelled(uuid, seen))
        assert answer is None or sound.state_of(answer) == self._state(uuid)

    @rule(uuid=visits, doctor=doctors, start=starts, age=ages)
    def move(self, uuid, doctor, start, age):
        there = {"doctor": self.cast[0][doctor], "start": instant(start)}
        self._change(
            uuid,
            age,
            lambda seen: actions.move(seen, **there, by=None, now=self.now),
            lambda uuid, seen: self.model.move(uuid, seen, doctor, start),
        )

    @rule(uuid=visits, age=ages, to=st.sampled_from(sorted(set(Status) - {Status.CANCELLED})))
    def set_status(self, uuid, age, to):
        self._change(
            uuid,
            age,
            lambda seen: actions.set_status(seen, Status(to), by=None, now=self.now),
            lambda uuid, seen: self.model.set_status(uuid, seen, to),
        )

    @rule(uuid=visits, age=ages)
    def cancel(self, uuid, age):
        self._change(
            uuid,
            age,
            lambda seen: actions.cancel(seen, reason="Better", wish=Wish.PATIENT, by=None, now=self.now),
            lambda uuid, seen: self.model.set_status(uuid, seen, Status.CANCELLED),
        )

    @rule(uuid=visits, age=ages)
    def undo(self, uuid, age):
        self._change(
            uuid, age, lambda seen: actions.undo(seen, by=self.cast[2], now=self.now), self.model.undo
        )

    @rule(uuid=visits)
    def cancel_by_mistake(self, uuid):
        """Beside an overbooked visit it does not come back."""
        self.cancel(uuid, 0)
        self.undo(uuid, 0)

    # -- Hours and the clock -------------------------------------------------------------------

    @initialize(target=visits)
    def opens(self):
        """All are at work, and some are expected: most rules need a visit to act on."""
        for doctor in range(DOCTORS):
            self.replace_week(doctor, [range(FIRST, FIRST + GRAINS)])
        wishes = [(0, 0, FIRST + 3), (0, 1, FIRST + 6), (1, 2, FIRST + 3)]
        booked = [self.book(*wish, LENGTHS[0], frozenset(), False) for wish in wishes]
        return multiple(*booked, self.overbook(booked[0], 0, 3, LENGTHS[0], frozenset()))

    @rule(doctor=doctors, stretches=st.lists(spans, max_size=2))
    def replace_week(self, doctor, stretches):
        week = [Weekly(1, clock(grains[0]), clock(grains[-1] + 1)) for grains in stretches]
        together = [set(grains) for grains in stretches]

        def modelled():
            if len(together) == 2 and together[0] & together[1]:
                raise No("overlap")
            return self.model.change_hours(lambda: self.model.week.update({doctor: set().union(*together)}))

        self.both(lambda: replace_week(self.cast[0][doctor], week, by=None, now=self.now), modelled)

    @rule(target=extras, doctor=doctors, grains=spans)
    def work_extra(self, doctor, grains):
        uuid, whose = uuid4(), self.cast[0][doctor]
        done = self.both(
            lambda: hours.add_extra_hours(whose, interval(grains), by=None, now=self.now, uuid=uuid),
            lambda: self.model.add_span(self.model.extra, uuid, doctor, set(grains)),
        )
        return multiple() if done is None else uuid

    @rule(uuid=consumes(extras))
    def work_less(self, uuid):
        self.both(
            lambda: hours.remove_extra_hours(uuid, by=None, now=self.now),
            lambda: self.model.remove_span(self.model.extra, uuid),
        )

    @rule(target=offs, beside=visits, of_all=st.booleans(), length=st.integers(1, 8))
    def take_time_off(self, beside, of_all, length):
        visit = self.model.visits[beside]
        doctor, grains = None if of_all else visit.doctor, range(visit.start, visit.start + length)
        uuid, whose = uuid4(), None if of_all else self.cast[0][doctor]
        done = self.both(
            lambda: hours.add_time_off(whose, interval(grains), reason="", by=None, now=self.now, uuid=uuid),
            lambda: self.model.add_span(self.model.off, uuid, doctor, set(grains)),
        )
        return multiple() if done is None else uuid

    @rule(uuid=consumes(offs))
    def work_after_all(self, uuid):
        self.both(
            lambda: hours.remove_time_off(uuid, by=None, now=self.now),
            lambda: self.model.remove_span(self.model.off, uuid),
        )

    @rule(grains=st.integers(1, 3))
    def time_passes(self, grains):
        self.model.now = min(self.model.now + grains, FIRST + GRAINS // 2)

    # -- After each step -----------------------------------------------------------------------

    def _state(self, uuid):
        visit = self.model.visits[uuid]
        doctor = self.cast[0][visit.doctor].pk
        return (uuid, visit.version, instant(visit.start), doctor, visit.status)

    @invariant()
    def the_visits_are_as_modelled(self):
        rows = {visit.uuid: visit for visit in Appointment.objects.all()}
        assert {sound.state_of(v) for v in rows.values()} == {self._state(uuid) for uuid in self.model.visits}
        for uuid, visit in self.model.visits.items():
            assert bool(rows[uuid].overbook_reason) == visit.knowingly

    @invariant()
    def the_claims_are_as_modelled(self):
        doctors, patients, _ = self.cast
        wanted = {
            (doctors[v.doctor].pk, grain, v.lane, patients[v.patient].pk if grain in v.seen else None, uuid)
            for uuid, v in self.model.visits.items()
            if v.active
            for grain in v.kept
        }
        columns = ("doctor_id", "grain", "lane", "patient_id", "appointment__uuid")
        assert set(Claim.objects.values_list(*columns)) == wanted

    @invariant()
    def the_schedule_is_sound(self):
        assert sound.faults(self.now) == set()
