"""The part of the machine in which many visits are booked or changed in one commit (`machine`)."""

from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import multiple, rule

from scheduling.booking import series, series_later, together
from scheduling.booking.actions import Edit
from scheduling.booking.proposal import Proposal
from scheduling.booking.seen import Seen
from scheduling.booking.states import MOVABLE
from scheduling.booking.together import Cancel, Move, NotTogether
from scheduling.models import Appointment
from scheduling.times.recurring import Rule
from tests.booking.machine_of_hours import Hours, doctors, instant, starts
from tests.booking.model import Visit
from tests.booking.model_of_many import NoneOf

PATIENTS = 4
LENGTHS = [(3, 0), (6, 0), (3, 2)]  # grains of the visit and its buffer
RULE = Rule(every_weeks=1, count=2)

patients = st.integers(0, PATIENTS - 1)
ages = st.sampled_from([0, 0, 0, 1])  # how many versions ago the asker looked


class Many(Hours):
    visits = Hours.visits

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
        wanted=st.lists(
            st.tuples(visits, ages, st.one_of(st.tuples(doctors, starts), st.none())),
            min_size=1,
            max_size=3,
            unique_by=lambda one: one[0],
        )
    )
    def change_together(self, wanted):
        """All or none: the engine and the model name the same visits, and the same is in the way of each."""
        self._together([(uuid, self.model.visits[uuid].version - age, to) for uuid, age, to in wanted])

    def _together(self, known, series=None):
        steps = [
            Move(seen=Seen(uuid, seen), doctor=self.cast[0][to[0]], start=instant(to[1]))
            if to
            else Cancel(seen=Seen(uuid, seen))
            for uuid, seen, to in known
        ]
        return self._all_or_none(
            lambda: together.change(steps, by=None, now=self.now, reason="Ill", series=series),
            lambda: self.model.together(known),
        )

    @staticmethod
    def _all_or_none(real, modelled):
        """Both are asked; they must name the same visits, and the same of each. Whether it was done."""
        expected, told = {}, {}
        try:
            modelled()
        except NoneOf as none:
            expected = none.in_the_way
        try:
            real()
        except NotTogether as none:
            told = {uuid: {p.code for p in problems} for uuid, problems in none.in_the_way.items()}
        assert told == expected
        return not told

    @rule(
        target=visits,
        doctor=doctors,
        patient=patients,
        start=starts,
        apart=st.sampled_from([3, 3, 6]),
        count=st.integers(2, 3),
        length=st.sampled_from(LENGTHS),
        twice=st.booleans(),
    )
    def book_series(self, doctor, patient, start, apart, count, length, twice):
        """The hour is full soon: most are refused, some because their own visits overlap."""
        wishes = [self._asked(doctor, patient, start + apart * number, length) for number in range(count)]
        asked, uuid = [proposal for proposal, _visit in wishes], uuid4()
        modelled = [(proposal.uuid, visit) for proposal, visit in wishes]
        done = self._all_or_none(
            lambda: series.book_all(asked, RULE, weekday=1, uuid=uuid, by=self.cast[2], now=self.now),
            lambda: self.model.book_series(modelled),
        )
        if not done:
            return multiple()
        if twice:
            assert not series.book_all(
                asked, RULE, weekday=1, uuid=uuid, by=self.cast[2], now=self.now
            ).is_new
        uuids = [proposal.uuid for proposal in asked]
        self.model.series |= dict.fromkeys(uuids, uuids)
        return multiple(*uuids)

    @rule(uuid=visits, doctor=doctors, by=st.integers(-1, 2))
    def move_those_after(self, uuid, doctor, by):
        """What looking ahead says to be free is what the commit does."""
        if self.model.visits[uuid].status not in MOVABLE:
            return
        known, rows = self._with_those_after(uuid)
        there = self.cast[0][doctor], instant(self.model.visits[uuid].start + 3 * by)
        wished = series.moved(rows, there, chosen={}, now=self.now)
        whose = {row.pk: number for number, row in enumerate(self.cast[0])}
        targets = [
            (whose[one.proposal.doctor.pk], self.model.visits[row.uuid].start + 3 * by)
            for one, row in zip(wished, rows, strict=True)
        ]
        assert [one.proposal.start for one in wished] == [instant(start) for _doctor, start in targets]
        steps = [(one, version, to) for (one, version), to in zip(known, targets, strict=True)]
        stands = [(self.model.visits[one].doctor, self.model.visits[one].start) for one, _version in known]
        done = self._together(steps, rows[0].series and rows[0].series.uuid)
        if targets != stands:
            assert done == (not any(one.obstacles for one in wished))

    @rule(uuid=visits, age=ages)
    def cancel_those_after(self, uuid, age):
        known, rows = self._with_those_after(uuid, age)
        self._together(
            [(one, version, None) for one, version in known], rows[0].series and rows[0].series.uuid
        )

    @rule(uuid=visits, kind=st.sampled_from(range(len(LENGTHS))), age=ages)
    def edit_those_after(self, uuid, kind, age):
        known, _rows = self._with_those_after(uuid, age)
        known = [(one, version) for one, version in known if self.model.visits[one].status in MOVABLE]
        asked = Edit(visit_type=self.cast[3][kind])

        def wanted(one):
            visit = self.model.visits[one]
            length = LENGTHS[kind] if kind != visit.kind else (visit.length, visit.buffer)
            return (kind, visit.patient, *length)

        self._all_or_none(
            lambda: series_later.edit_all(
                [Seen(*one) for one in known], asked, series=uuid4(), by=self.cast[2], now=self.now
            ),
            lambda: self.model.edit_all([(one, seen, *wanted(one)) for one, seen in known]),
        )

    def _with_those_after(self, uuid, age=0):
        """(uuid, version seen) of the visit and those of its series after it; and their rows."""
        known = [(one, self.model.visits[one].version - age) for one in self.model.after(uuid)]
        rows = {row.uuid: row for row in Appointment.objects.with_people().filter(uuid__in=dict(known))}
        return known, [rows[one] for one, _version in known]
