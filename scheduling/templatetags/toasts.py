"""Messages in passing: what stands on them beside their words, a visit or a block of time."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django import template
from django.contrib.messages.storage.base import Message

from scheduling.models import Appointment

register = template.Library()

REMOVE_BLOCK: Final = "desk:block-remove"
UNDO_OF_SERIES: Final = "desk:series-undo"
RELEASE_NOTICE: Final = "desk:notice-release"
# These name no version of a visit: they take back a thing of its own.
OF_THEIR_OWN: Final = frozenset({REMOVE_BLOCK, UNDO_OF_SERIES, RELEASE_NOTICE})


@dataclass(frozen=True)
class About:
    """The visit that a message is about; `version` only where the change can be taken back. Or a block of
    time, which can be given back; a message that was held back; or a series of which several visits were
    changed, `at` which moment."""

    uuid: UUID
    version: int | None
    doctor: str = ""  # with whom it was, and when, before it was moved
    start: str = ""
    undo: str = "desk:undo"  # the page that takes back what was no move
    at: str = ""

    @property
    def can_be_undone(self) -> bool:
        return self.version is not None or not self.is_step

    @property
    def is_step(self) -> bool:
        """Whether it is undone by a step of a visit: a script may send it and stay on the page."""
        return self.undo not in OF_THEIR_OWN

    @property
    def is_series(self) -> bool:
        return self.undo == UNDO_OF_SERIES


# A message carries no more than text: the visit travels in its tags.
def undo_tag(visit: Appointment) -> str:
    return f"visit {visit.uuid} {visit.version}"


def move_tag(visit: Appointment, doctor: UUID, start: datetime) -> str:
    return f"{undo_tag(visit)} {doctor} {start.isoformat()}"


def undo_edit_tag(visit: Appointment) -> str:
    return f"{undo_tag(visit)} edit"


def block_tag(uuid: UUID) -> str:
    return f"block {uuid}"


def notice_tag(uuid: UUID) -> str:
    return f"notice {uuid}"


def undo_series_tag(series: UUID, at: datetime) -> str:
    return f"series {series} {at.isoformat()}"


def visit_tag(uuid: UUID) -> str:
    return f"visit {uuid}"


@register.filter
def about(message: Message) -> About | None:
    match (message.extra_tags or "").split():
        case ["visit", uuid]:
            return About(UUID(uuid), None)
        case ["block", uuid]:
            return About(UUID(uuid), None, undo=REMOVE_BLOCK)
        case ["notice", uuid]:
            return About(UUID(uuid), None, undo=RELEASE_NOTICE)
        case ["series", uuid, at]:
            return About(UUID(uuid), None, undo=UNDO_OF_SERIES, at=at)
        case ["visit", uuid, version]:
            return About(UUID(uuid), int(version))
        case ["visit", uuid, version, doctor, start]:
            return About(UUID(uuid), int(version), doctor, start)
        case ["visit", uuid, version, "edit"]:
            return About(UUID(uuid), int(version), undo="desk:undo-edit")
    return None
