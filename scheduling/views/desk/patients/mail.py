"""What was written to a patient, for the page of the record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.urls import reverse

from scheduling.models import Message, Patient
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices import coming
from scheduling.templatetags.clinic import when
from scheduling.views.desk.shared import told

SENT_SHOWN: Final = 10  # of a patient's messages


@dataclass(frozen=True)
class Sent:
    """One message in the list of a patient's."""

    heading: str
    at: datetime
    more: int  # visits that it tells of beside the first
    address: str


@dataclass(frozen=True)
class OfRecord:
    """What the page of a record says of messages."""

    reached: str
    no_way: str
    broken: Sequence[str]  # addresses at which nothing arrives
    sent: Sequence[Sent]


def of_record(patient: Patient) -> OfRecord | None:
    """None where this clinic writes to nobody. 5 statements."""
    if not settings.NOTICE_CHANNELS:
        return None
    way = coming.way_of(patient)
    rows = coming.latest(patient, SENT_SHOWN)
    return OfRecord(
        told.reached(way), told.no_way(way), list(way.broken), [sent for row in rows for sent in _sent(row)]
    )


def _sent(message: Message) -> Iterator[Sent]:
    """A message in a list; the link goes by the first of the visits that it tells of."""
    notices = list(message.notices.all())
    if notices:
        first = notices[0]
        address = reverse("desk:message", args=[first.appointment.uuid, message.uuid])
        heading = told.heading_of(first)
        if first.kind in AT_MOST_ONCE:
            heading = f"{heading} ({when(first.starts_at)})"
        yield Sent(heading, message.sent_at, len(notices) - 1, address)
