"""The half of the model that does many things at once: all of them, or none (`model`)."""

from dataclasses import replace

from scheduling.booking.states import FORWARD, MOVABLE
from scheduling.models import Status


class No(Exception):
    """Refused, with the codes."""

    def __init__(self, *codes):
        super().__init__(*codes)
        self.codes = frozenset(codes)


class NoneOf(Exception):
    """Of many, none was done; by uuid, the codes of what is in the way."""

    def __init__(self, in_the_way):
        super().__init__(in_the_way)
        self.in_the_way = in_the_way


class Changed(Exception):
    """Somebody changed it since it was looked at."""


class Many:
    """Of a `Book`."""

    def together(self, steps):
        """`steps`: (uuid, version seen, (doctor, start) or None to cancel). All give up their time first."""
        doing = [step for step in steps if not self._is_done(step)]
        in_the_way = {}
        for uuid, seen, to in doing:
            visit = self.visits[uuid]
            allowed = visit.status in MOVABLE if to else Status.CANCELLED in FORWARD[Status(visit.status)]
            if visit.version != seen:
                in_the_way[uuid] = {"stale"}
            elif not allowed:
                in_the_way[uuid] = {"not_from_here"}
        if in_the_way:
            raise NoneOf(in_the_way)
        before = {uuid: replace(self.visits[uuid]) for uuid, _seen, _to in doing}
        self.lifted = [self.visits[uuid] for uuid, _seen, _to in doing]
        for uuid, seen, to in sorted(doing, key=lambda step: (step[2] is None, step[2] or (0, 0))):
            try:
                self.move(uuid, seen, *to) if to else self.set_status(uuid, seen, Status.CANCELLED)
            except No as no:
                in_the_way[uuid] = set(no.codes)
            else:
                self.lifted = [v for v in self.lifted if v is not self.visits[uuid]]
        self.lifted = []
        if in_the_way:
            self.visits.update(before)
            raise NoneOf(in_the_way)

    def book_series(self, wishes):
        """`wishes`: (uuid, Visit). Each that fits takes its time from those behind it; then all or none."""
        in_the_way = {}
        for uuid, wish in wishes:
            if found := self.problems(wish):
                in_the_way[uuid] = found
            else:
                self.visits[uuid] = wish
        if in_the_way:
            for uuid, _wish in wishes:
                self.visits.pop(uuid, None)
            raise NoneOf(in_the_way)

    def edit_all(self, wanted):
        """`wanted`: (uuid, version seen, kind, patient, length, buffer)."""
        in_the_way, before = {}, {uuid: replace(self.visits[uuid]) for uuid, *_asked in wanted}
        for uuid, *asked in wanted:
            try:
                self.edit(uuid, *asked)
            except No as no:
                in_the_way[uuid] = set(no.codes)
            except Changed:
                in_the_way[uuid] = {"stale"}
        if in_the_way:
            self.visits.update(before)
            raise NoneOf(in_the_way)

    def _is_done(self, step):
        uuid, _seen, to = step
        visit = self.visits[uuid]
        if to is None:
            return visit.status == Status.CANCELLED
        return (visit.doctor, visit.start) == to and visit.active

    def after(self, uuid):
        """The visit and those of its series behind it that may be moved, by time."""
        visit = self.visits[uuid]
        behind = [
            one
            for one in self.series.get(uuid, ())
            if one != uuid and self.visits[one].start > visit.start and self.visits[one].status in MOVABLE
        ]
        return [uuid, *sorted(behind, key=lambda one: self.visits[one].start)]
