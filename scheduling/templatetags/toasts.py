"""Messages in passing: what stands on them beside their words."""

from dataclasses import dataclass
from uuid import UUID

from django import template
from django.contrib.messages.storage.base import Message

from scheduling.models import Appointment

register = template.Library()


@dataclass(frozen=True)
class About:
    """The visit that a message is about; `version` only where the change can be taken back."""

    uuid: UUID
    version: int | None


# A message carries no more than text: the visit travels in its tags.
def undo_tag(visit: Appointment) -> str:
    return f"visit {visit.uuid} {visit.version}"


def visit_tag(uuid: UUID) -> str:
    return f"visit {uuid}"


@register.filter
def about(message: Message) -> About | None:
    match (message.extra_tags or "").split():
        case ["visit", uuid]:
            return About(UUID(uuid), None)
        case ["visit", uuid, version]:
            return About(UUID(uuid), int(version))
    return None
