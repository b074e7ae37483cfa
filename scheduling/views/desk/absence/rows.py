"""Who must be told, a row each: what could become of the visit, and whether the patient knows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.booking.openings import Opening
from scheduling.booking.outbox import facts_of
from scheduling.booking.records import snapshot
from scheduling.forms.absence import CANCEL, KEEP
from scheduling.forms.seen import mark_of
from scheduling.models import Appointment, Call, Notice, Status
from scheduling.notices.coming import Coming

Outcome = Call.Outcome


class Mailed(models.TextChoices):
    """What a message does for whoever would have to be called."""

    GOING = "going", _("Message goes out")
    TOLD = "mailed", _("Told by message")


def mailed(found: Coming | Notice | None, visit: Appointment) -> Mailed | None:
    """Whether a message tells how the visit (with its people) is: it went out, or it is about to. `found`:
    what became of its last change (`coming.of_many`)."""
    if isinstance(found, Coming):
        return Mailed.GOING if found.why is None else None
    if found is None or found.state != Notice.State.SENT:
        return None
    # An earlier message may have told of an earlier time.
    return Mailed.TOLD if found.told == facts_of(snapshot(visit)) else None


@dataclass(frozen=True)
class Way:
    """Another time for a visit."""

    value: str
    opening: Opening
    note: str
    is_chosen: bool
    is_same_day: bool


@dataclass(frozen=True)
class Calls:
    """Whether the patient knows."""

    rows: Sequence[Call] = ()

    @property
    def last(self) -> Call | None:
        return self.rows[-1] if self.rows else None

    @property
    def outcome(self) -> str:
        return self.last.outcome if self.last else Outcome.TO_CALL

    @property
    def label(self) -> str:
        return str(Outcome(self.outcome).label)

    @property
    def words(self) -> str:
        """What the patient is to be told, until that is done."""
        found = [row.words for row in self.rows if row.outcome == Outcome.TO_CALL]
        return found[-1] if found and self.outcome != Outcome.TOLD else ""

    @property
    def tries(self) -> int:
        """How often nobody answered since there was something to tell."""
        count = 0
        for row in reversed(self.rows):
            if row.outcome != Outcome.NO_ANSWER:
                break
            count += 1
        return count


@dataclass(frozen=True)
class Row:
    """One patient."""

    visit: Appointment
    calls: Calls
    ways: Sequence[Way] = ()
    way: str = KEEP  # the one that is chosen
    is_ticked: bool = False
    was_taken: bool = False  # the time that was chosen
    was_changed: bool = False  # the visit, since it was ticked
    has_left: bool = False  # it stands elsewhere, or is cancelled
    message: str = ""  # whether it is told by one, and when
    mailed: Mailed | None = None

    @property
    def was_at(self) -> datetime:
        """When it was that the doctor is away."""
        last = self.calls.last
        return last.was_at if self.has_left and last else self.visit.appointment_datetime

    @property
    def outcome(self) -> str:
        """Of the calls; a message spares whoever nobody has spoken to yet."""
        if self.mailed is not None and self.calls.outcome in {Outcome.TO_CALL, Outcome.NO_ANSWER}:
            return self.mailed
        return self.calls.outcome

    @property
    def is_spared(self) -> bool:
        """Whether nobody has to call, because of a message."""
        return self.outcome in Mailed.values

    @property
    def label(self) -> str:
        return str(self.mailed.label) if self.is_spared and self.mailed else self.calls.label

    @property
    def is_cancelled(self) -> bool:
        return self.visit.status == Status.CANCELLED

    @property
    def target(self) -> Opening | None:
        return next((way.opening for way in self.ways if way.value == self.way), None)

    @property
    def is_to_go(self) -> bool:
        return self.is_ticked and not self.was_changed and (self.way == CANCEL or self.target is not None)

    @property
    def tick(self) -> str:
        return mark_of(self.visit)

    @property
    def presses(self) -> list[tuple[str, str, Any]]:
        """Value, name and title of the buttons for how a call went."""
        known = f"{self.visit.uuid}.{len(self.calls.rows)}"
        wanted = (Outcome.TOLD, Outcome.NO_ANSWER, Outcome.CALLED)
        return [(f"{known}.{outcome}", outcome, outcome.label) for outcome in wanted]


def counts(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """How many stand how, for the head of the list: outcome, title, number. Whom a message spares a call
    is none to call."""
    found = Counter(row.outcome for row in rows)
    titles = [(outcome.value, str(outcome.label)) for outcome in (*Outcome, *Mailed)]
    return [(outcome, label, found[outcome]) for outcome, label in titles]
