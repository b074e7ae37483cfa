"""What is to be told, and the message that tells it: the values between the modules of this package."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from scheduling.models import CALLED_OFF, Appointment, Notice, Patient


@dataclass(frozen=True)
class News:
    """One visit in a message."""

    notice: Notice
    visit: Appointment  # with its people and type, as stored now
    was: Mapping[str, Any]  # what the patient knows of it (`booking.outbox.facts_of`); {}: nothing

    @property
    def was_at(self) -> datetime | None:
        """When the visit is, as far as the patient knows (aware); None where they know of none."""
        return datetime.fromisoformat(self.was["start"]) if self.was else None

    @property
    def named_at(self) -> datetime:
        """The time by which a message names the visit (aware): one that is called off, by the time that the
        patient knows; any other by the time that it has."""
        is_off = self.notice.former_patient_id is not None or self.visit.status in CALLED_OFF
        return (self.was_at if is_off else None) or self.visit.appointment_datetime


@dataclass(frozen=True)
class Telling:
    """One message to one patient: news of one kind, of at least one visit, in the order of their times."""

    kind: Notice.Kind
    patient: Patient
    news: Sequence[News]
    language: str  # a code of settings.LANGUAGES
    code: str = ""  # four digits that an answer by text message carries; "" where none is asked for
    words: str = ""  # the clinic's own sentence with a change of many visits (`Call.words`)

    @property
    def lead(self) -> Notice:
        """The first of its notices: the message has its name, whenever it is sent again."""
        return min((one.notice for one in self.news), key=lambda notice: notice.pk)


@dataclass(frozen=True)
class CalendarFile:
    """An iCalendar object of one visit; `method` is in it too: REQUEST or CANCEL."""

    name: str
    method: str
    content: bytes


@dataclass(frozen=True)
class Outgoing:
    """A message as it leaves, for whichever channel: each takes of it what it can send."""

    key: UUID  # of the lead notice: the same when it is sent again after a crash
    kind: Notice.Kind
    language: str
    to: str  # an e-mail address, or a number in E.164
    subject: str
    text: str
    html: str
    short: str  # for a text message
    unsubscribe_url: str = ""  # reminders only (RFC 8058)
    calendars: Sequence[CalendarFile] = field(default_factory=tuple)
