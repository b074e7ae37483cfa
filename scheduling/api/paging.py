"""Cursors: where a page ended, as text that says nothing about keys or people.

Each says of which list it is: with that of another list, a program would read on somewhere else unawares.
"""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.api.problems import Invalid


def cursor_of(of: str, uuid: UUID, at: datetime | None = None) -> str:
    """`of`: the list and its order. `at` (aware): where it is in the order of a time."""
    said = [of, str(uuid), *([at.astimezone(UTC).isoformat()] if at else [])]
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def row_of(of: str, cursor: str | None) -> UUID | None:
    """The uuid of the last row seen. Raises `Invalid`."""
    if cursor is None:
        return None
    (uuid,) = _read(of, cursor, 1)
    return UUID(uuid)


def time_of(of: str, cursor: str | None) -> tuple[datetime, UUID] | None:
    """The time (aware UTC) and the uuid of the last row seen. Raises `Invalid`."""
    if cursor is None:
        return None
    uuid, at = _read(of, cursor, 2)
    return datetime.fromisoformat(at).astimezone(UTC), UUID(uuid)


def not_of_this_list() -> Invalid:
    return Invalid("cursor", "cursor", _("Give the “next” of a page before, or leave the cursor out."))


def _read(of: str, cursor: str, parts: int) -> list[str]:
    try:
        found = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if isinstance(found, list) and len(found) == 1 + parts and all(isinstance(x, str) for x in found):
            UUID(found[1])
            if found[0] == of and (parts == 1 or _is_moment(found[2])):
                return found[1:]
    except (ValueError, binascii.Error, OverflowError, RecursionError):
        pass
    raise not_of_this_list()


def _is_moment(text: str) -> bool:
    """Raises ValueError and OverflowError where it is nothing like one."""
    moment = datetime.fromisoformat(text)
    return moment.tzinfo is not None and moment.astimezone(UTC).isoformat() == text
