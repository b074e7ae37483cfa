"""A machine of random steps: each is asked of the engine and of the model, which must agree."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, multiple, rule

from scheduling.booking import actions
from scheduling.booking.actions import Edit, Wish
from scheduling.booking.seen import Seen
from scheduling.booking.states import RESIZABLE
from scheduling.models import Appointment, Claim, Status
from tests.booking import sound
from tests.booking.machine_of_hours import DOCTORS, FIRST, GRAINS, LIMITS, doctors, instant, starts
from tests.booking.machine_of_many import LENGTHS, PATIENTS, Many, ages, patients

__all__ = ["LENGTHS", "LIMITS", "PATIENTS", "Clinic"]

HOURS_MAY_BE_OVERRIDDEN = frozenset({"no_hours", "outside_hours", "time_off"})

overridden = st.sampled_from([frozenset(), HOURS_MAY_BE_OVERRIDDEN, HOURS_MAY_BE_OVERRIDDEN])


class Clinic(Many):
    visits = Many.visits

    @initialize(target=visits)
    def opens(self):
        """All are at work, and some are expected: most rules need a visit to act on."""
        for doctor in range(DOCTORS):
            self.replace_week(doctor, [range(FIRST, FIRST + GRAINS)])
        wishes = [(0, 0, FIRST + 3), (0, 1, FIRST + 6), (1, 2, FIRST + 3)]
        booked = [self.book(*wish, LENGTHS[0], frozenset(), False) for wish in wishes]
        return multiple(*booked, self.overbook(booked[0], 0, 3, LENGTHS[0], frozenset()))

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

    @rule(
        uuid=visits,
        patient=st.none() | patients,
        kind=st.none() | st.sampled_from(range(len(LENGTHS))),
        minutes=st.none() | st.integers(1, 8).map(lambda grains: 5 * grains),
        accepted=overridden,
        age=ages,
    )
    def edit(self, uuid, patient, kind, minutes, accepted, age):
        _doctors, people, by, types = self.cast
        visit = self.model.visits[uuid]
        length, buffer = visit.length, visit.buffer
        if kind is not None and (kind != visit.kind) and visit.status in RESIZABLE:
            length, buffer = LENGTHS[kind]
        length = length if minutes is None else minutes // 5
        asked = Edit(
            patient=None if patient is None else people[patient],
            visit_type=None if kind is None else types[kind],
            minutes=minutes,
        )
        whose = visit.patient if patient is None else patient
        self._change(
            uuid,
            age,
            lambda seen: actions.edit(seen, asked, by=by, now=self.now, accepted=accepted),
            lambda uuid, seen: self.model.edit(uuid, seen, kind, whose, length, buffer, accepted),
        )

    @rule(uuid=visits, age=ages)
    def undo_edit(self, uuid, age):
        by = self.cast[2]
        self._change(
            uuid, age, lambda seen: actions.undo_edit(seen, by=by, now=self.now), self.model.undo_edit
        )

    @rule(uuid=visits, grains=st.integers(1, 8))
    def edit_by_mistake(self, uuid, grains):
        """What was freed meanwhile nobody has: it always comes back."""
        self.edit(uuid, None, None, 5 * grains, frozenset(), 0)
        self.undo_edit(uuid, 0)

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
            assert (rows[uuid].minutes, rows[uuid].buffer_minutes) == (5 * visit.length, 5 * visit.buffer)
            assert rows[uuid].visit_type == (None if visit.kind is None else self.cast[3][visit.kind])

    @invariant()
    def the_claims_are_as_modelled(self):
        doctors, patients, *_ = self.cast
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
