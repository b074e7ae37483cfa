"""The half of the machine that changes hours, and what both halves stand on (`machine`)."""

from datetime import UTC, datetime
from uuid import uuid4

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, multiple, rule

from scheduling.booking import hours
from scheduling.booking.hours import Weekly
from scheduling.booking.records import Stale
from scheduling.booking.rules import Refused
from scheduling.times import grid
from scheduling.times.intervals import Interval
from tests.booking.model import Book
from tests.booking.model_of_many import Changed, No
from tests.conftest import MADRID, madrid
from tests.weeks import replace_week

OPENING, GRAINS = madrid("2026-03-03 09:00"), 12  # an hour of one Tuesday: crowded soon
FIRST = grid.grain_of(OPENING)
DOCTORS = 2
LIMITS = [1, 0]

doctors = st.integers(0, DOCTORS - 1)
starts = st.integers(-1, GRAINS // 3).map(lambda quarter: FIRST + 3 * quarter)
spans = st.tuples(starts, st.integers(1, 8)).map(lambda pair: range(pair[0], pair[0] + pair[1]))


def instant(grain):
    return datetime.fromtimestamp(grain * grid.GRAIN_SECONDS, UTC)


def interval(grains):
    return Interval(instant(grains[0]), instant(grains[-1] + 1))


def clock(grain):
    return instant(grain).astimezone(MADRID).time()


class Hours(RuleBasedStateMachine):
    visits = Bundle("visits")
    extras = Bundle("extras")
    offs = Bundle("offs")
    cast = None  # (doctors, patients, a manager, types of LENGTHS), made once for all examples

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

    @rule(doctor=doctors, stretches=st.lists(spans, max_size=2))
    def replace_week(self, doctor, stretches):
        week = [Weekly(1, clock(grains[0]), clock(grains[-1] + 1)) for grains in stretches]
        worked = [set(grains) for grains in stretches]

        def modelled():
            if len(worked) == 2 and worked[0] & worked[1]:
                raise No("overlap")
            return self.model.change_hours(lambda: self.model.week.update({doctor: set().union(*worked)}))

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
