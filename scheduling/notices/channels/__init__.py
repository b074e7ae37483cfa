"""Which channels there are. A new one is a module here, its line below and its templates."""

from collections.abc import Callable, Mapping
from typing import Final

from django.conf import settings

from scheduling.matching.emails import deliverable
from scheduling.models import Patient
from scheduling.models.people import ContactBy
from scheduling.notices.channels.base import Channel
from scheduling.notices.channels.console import Console
from scheduling.notices.channels.email import Email
from scheduling.notices.channels.webhook import Webhook

__all__ = ["ALL", "Channel", "address_of", "in_use", "mobile_of", "reachable"]

ALL: Final[Mapping[str, Callable[[], Channel]]] = {
    "email": Email,
    "webhook": Webhook,
    "console": Console,
}


def in_use() -> list[Channel]:
    """Those that this clinic has, the first choice first (settings.NOTICE_CHANNELS)."""
    return [ALL[name]() for name in settings.NOTICE_CHANNELS]


def address_of(patient: Patient, channel: Channel) -> str:
    """Where a channel finds a patient; "" where it cannot."""
    return deliverable(patient.email) if channel.reaches == ContactBy.EMAIL else mobile_of(patient)


def mobile_of(patient: Patient) -> str:
    """The number that takes text messages: the first without an extension; "" where there is none."""
    numbers = [number for number, _whose in patient.phones if ";ext=" not in number]
    return numbers[0] if numbers else ""


def reachable(patient: Patient) -> list[tuple[Channel, str]]:
    """The channels that reach a patient, each with the address: first the one they wish, then the clinic's
    first choice."""
    found = [(channel, to) for channel in in_use() if (to := address_of(patient, channel))]
    return sorted(found, key=lambda pair: pair[0].reaches != patient.contact_by)  # stable
