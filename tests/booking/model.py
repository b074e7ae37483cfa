"""The engine as a few sets in memory: what every action must do, and why it must be refused.

Time is in grains of five minutes. Slow, plain and without a database: it is compared with the real one.
"""

from dataclasses import dataclass, field

from scheduling.booking.states import BACK, FORWARD, MOVABLE, NOT_BEFORE_THE_START
from scheduling.models import HOLDS_TIME, Status


class No(Exception):
    """Refused, with the codes."""

    def __init__(self, *codes):
        super().__init__(*codes)
        self.codes = frozenset(codes)


class Changed(Exception):
    """Somebody changed it since it was looked at."""


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
    last: str = "booked"  # what was done last: booked, moved, status or undone
    statuses: list = field(default_factory=list)  # [before, after] of the last change, or "undone"

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
class Book:
    """`week`, `extra` and `off` hold sets of grains; `limit` is each doctor's."""

    limit: list
    week: dict  # doctor: grains
    now: int
    visits: dict = field(default_factory=dict)  # by uuid
    extra: dict = field(default_factory=dict)  # by uuid: (doctor, grains)
    off: dict = field(default_factory=dict)  # by uuid: (doctor or None, grains)

    # -- What is so ----------------------------------------------------------------------------

    def others(self, visit):
        return [v for v in self.visits.values() if v is not visit and v.active]

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
