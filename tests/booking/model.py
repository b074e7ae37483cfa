"""The engine as a few sets in memory: what every action must do, and why it must be refused.

Time is in grains of five minutes. Slow, plain and without a database: it is compared with the real one.
"""

from dataclasses import dataclass, field

from scheduling.booking.states import BACK, EDITABLE, FORWARD, MOVABLE, NOT_BEFORE_THE_START, RESIZABLE
from scheduling.models import HOLDS_TIME, Status
from tests.booking.model_of_many import Changed, Many, No


@dataclass
class Visit:
    doctor: int
    patient: int
    start: int
    length: int
    buffer: int
    lane: int = 0
    knowingly: bool = False
    status: str = Status.CONFIRMED
    version: int = 1
    last: str = "booked"  # what was done last: booked, moved, edited, taken back, status or undone
    statuses: list = field(default_factory=list)  # [before, after] of the last change, or "undone"
    kind: int | None = None  # its type
    edited: tuple = ()  # what it was before the last correction

    @property
    def what(self):
        """All that a correction may change."""
        return (self.patient, self.length, self.buffer, self.kind)

    @property
    def active(self):
        return self.status in HOLDS_TIME

    @property
    def seen(self):
        """When the patient is with the doctor."""
        return set(range(self.start, self.start + self.length))

    @property
    def kept(self):
        """What the doctor needs."""
        return set(range(self.start, self.start + self.length + self.buffer))


@dataclass
class Book(Many):
    """`week`, `extra` and `off` hold sets of grains; `limit` is each doctor's."""

    limit: list
    week: dict  # doctor: grains
    now: int
    visits: dict = field(default_factory=dict)  # by uuid
    extra: dict = field(default_factory=dict)  # by uuid: (doctor, grains)
    off: dict = field(default_factory=dict)  # by uuid: (doctor or None, grains)
    series: dict = field(default_factory=dict)  # by uuid: the visits that it was booked with
    lifted: list = field(default_factory=list)  # visits of which nobody's time is taken at the moment

    # -- What is so ----------------------------------------------------------------------------

    def others(self, visit):
        lifted = [visit, *self.lifted]
        return [v for v in self.visits.values() if v.active and not any(v is one for one in lifted)]

    def worked(self, doctor):
        return self.week[doctor].union(*(grains for whose, grains in self.extra.values() if whose == doctor))

    def away(self, doctor):
        return set().union(*(grains for whose, grains in self.off.values() if whose in (doctor, None)))

    def open(self, doctor):
        return self.worked(doctor) - self.away(doctor)

    def outside(self):
        """Visits from now on that stand outside open time."""
        return {
            uuid
            for uuid, v in self.visits.items()
            if v.active and v.start >= self.now and not v.seen <= self.open(v.doctor)
        }

    def problems(self, wish, moving=None):
        found = set()
        if wish.start < self.now:
            found.add("in_the_past")
        if not self.worked(wish.doctor):
            found.add("no_hours")
        elif not wish.seen <= self.worked(wish.doctor):
            found.add("outside_hours")
        if wish.seen & self.away(wish.doctor):
            found.add("time_off")
        doctors = [v for v in self.others(moving) if v.doctor == wish.doctor]
        if any(v.seen & wish.kept for v in doctors):
            found.add("doctor_taken")
        elif any(v.kept & wish.kept for v in doctors):
            found.add("buffer")
        if any(v.patient == wish.patient and v.seen & wish.seen for v in self.others(moving)):
            found.add("patient_taken")
        return found

    # -- What is done --------------------------------------------------------------------------

    def book(self, uuid, wish, accepted=frozenset()):
        if uuid in self.visits:
            return
        if found := self.problems(wish) - accepted:
            raise No(*found)
        self.visits[uuid] = wish

    def overbook(self, uuid, wish, accepted=frozenset()):
        found = self.problems(wish) - accepted
        if other := found - {"doctor_taken", "buffer"}:
            raise No(*other)
        if found:
            beside = [v for v in self.others(None) if v.doctor == wish.doctor and v.kept & wish.kept]
            free = set(range(self.limit[wish.doctor] + 1)) - {v.lane for v in beside}
            if not free:
                raise No("overbook_limit")
            wish.lane, wish.knowingly = min(free), True
        self.visits[uuid] = wish

    def move(self, uuid, seen, doctor, start):
        visit = self.visits[uuid]
        if (visit.doctor, visit.start) == (doctor, start) and visit.active:
            return
        self._compare(visit, seen)
        if visit.status not in MOVABLE:
            raise No("not_from_here")
        there = Visit(doctor, visit.patient, start, visit.length, visit.buffer)
        if found := self.problems(there, moving=visit):
            raise No(*found)
        visit.doctor, visit.start, visit.lane, visit.knowingly = doctor, start, 0, False
        visit.version, visit.last = visit.version + 1, "moved"

    def edit(self, uuid, seen, kind, patient, length, buffer, accepted=frozenset()):
        visit = self.visits[uuid]
        kind = visit.kind if kind is None else kind
        wish = Visit(visit.doctor, patient, visit.start, length, buffer, kind=kind)
        if wish.what == visit.what:
            return
        self._compare(visit, seen)
        if visit.status not in EDITABLE:
            raise No("not_from_here")
        if visit.status not in RESIZABLE and (length, buffer) != (visit.length, visit.buffer):
            raise No("length_stands")
        if found := self.problems_with_more(visit, wish) - accepted:
            raise No(*found)
        self._become(visit, wish, "edited")

    def undo_edit(self, uuid, seen):
        visit = self.visits[uuid]
        if visit.last == "taken back" and visit.version == seen + 1:
            return
        self._compare(visit, seen)
        if visit.last != "edited":
            raise No("nothing_to_undo")
        patient, length, buffer, kind = visit.edited
        wish = Visit(visit.doctor, patient, visit.start, length, buffer, kind=kind)
        if found := self.problems_with_more(visit, wish) - {"outside_hours", "time_off"}:
            raise No(*found)
        self._become(visit, wish, "taken back")

    def problems_with_more(self, visit, wish):
        """Against what it would take beside what it has; an overbooked one is longer in its own lane."""
        found, more, longer = set(), wish.kept - visit.kept, wish.seen - visit.seen
        if not longer <= self.worked(visit.doctor):
            found.add("outside_hours")
        if longer & self.away(visit.doctor):
            found.add("time_off")
        doctors = [v for v in self.others(visit) if v.doctor == visit.doctor]
        if visit.lane:
            doctors = doctors if any(v.lane == visit.lane and v.kept & more for v in doctors) else []
        if any(v.seen & more for v in doctors):
            found.add("doctor_taken")
        elif any(v.kept & more for v in doctors):
            found.add("buffer")
        asked = longer if wish.patient == visit.patient else wish.seen
        if any(v.patient == wish.patient and v.seen & asked for v in self.others(visit)):
            found.add("patient_taken")
        return found

    @staticmethod
    def _become(visit, wish, last):
        visit.edited = visit.what
        visit.patient, visit.length, visit.buffer, visit.kind = wish.what
        visit.version, visit.last = visit.version + 1, last

    def set_status(self, uuid, seen, to):
        visit = self.visits[uuid]
        if visit.status == to:
            return
        self._compare(visit, seen)
        if to not in FORWARD[Status(visit.status)]:
            raise No("not_from_here")
        if to in NOT_BEFORE_THE_START and self.now < visit.start:
            raise No("too_early")
        visit.statuses = [visit.status, to]
        visit.status, visit.version, visit.last = to, visit.version + 1, "status"

    def undo(self, uuid, seen):
        visit = self.visits[uuid]
        if visit.last == "undone" and visit.version == seen + 1:
            return
        self._compare(visit, seen)
        if not visit.statuses:
            raise No("nothing_to_undo")
        back = visit.statuses[0]
        if back not in BACK[Status(visit.status)]:
            raise No("not_from_here")
        if back in HOLDS_TIME and not visit.active:
            beside = self.others(visit)
            if any(v.doctor == visit.doctor and v.kept & visit.kept for v in beside):
                raise No("doctor_taken")
            if any(v.patient == visit.patient and v.seen & visit.seen for v in beside):
                raise No("patient_taken")
            visit.lane = 0
        visit.statuses = []
        visit.status, visit.version, visit.last = back, visit.version + 1, "undone"

    def change_hours(self, change):
        """The visits that it strands."""
        before = self.outside()
        change()
        return self.outside() - before

    def add_span(self, spans, uuid, doctor, grains):
        if any(whose == doctor and grains & theirs for whose, theirs in spans.values()):
            raise No("overlap")
        return self.change_hours(lambda: spans.update({uuid: (doctor, grains)}))

    def remove_span(self, spans, uuid):
        return self.change_hours(lambda: spans.pop(uuid))

    @staticmethod
    def _compare(visit, seen):
        if visit.version != seen:
            raise Changed
