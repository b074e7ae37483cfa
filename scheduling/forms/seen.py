"""Visits in the version that somebody saw, as hidden fields and boxes carry them: "<uuid>.<version>"."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from scheduling.forms.fields import uuid_of
from scheduling.models import Appointment

HIGHEST_VERSION: Final = 2**31 - 1


def mark_of(visit: Appointment) -> str:
    return f"{visit.uuid}.{visit.version}"


def versions_of(marks: Iterable[str]) -> dict[UUID, int]:
    """The versions by visit (uuid); what cannot be read is left out."""
    found = {}
    for mark in marks:
        name, _dot, text = mark.partition(".")
        uuid, version = uuid_of(name), _version(text)
        if uuid and version:
            found[uuid] = version
    return found


def _version(text: str) -> int:
    """0 where it is none."""
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(HIGHEST_VERSION))
    version = int(text) if is_number else 0
    return version if version <= HIGHEST_VERSION else 0
