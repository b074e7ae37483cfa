"""Cursors: where a page ended, as text that says nothing about keys or people."""

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.api.problems import Invalid


def cursor_of(uuid: UUID, at: datetime | None = None) -> str:
    said = [str(uuid), *([at.isoformat()] if at else [])]
    return urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


def row_of(cursor: str | None) -> UUID | None:
    """The uuid of the last row seen. Raises `Invalid`."""
    if cursor is None:
        return None
    (uuid,) = _read(cursor, 1)
    return UUID(uuid)


def time_of(cursor: str | None) -> tuple[datetime, UUID] | None:
    """The time (aware) and the uuid of the last row seen. Raises `Invalid`."""
    if cursor is None:
        return None
    uuid, at = _read(cursor, 2)
    return datetime.fromisoformat(at), UUID(uuid)


def _read(cursor: str, parts: int) -> list[str]:
    try:
        found = json.loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if isinstance(found, list) and len(found) == parts and all(isinstance(each, str) for each in found):
            UUID(found[0])
            if parts == 1 or datetime.fromisoformat(found[1]).tzinfo is not None:
                return found
    except (ValueError, binascii.Error, RecursionError):
        pass
    raise Invalid("cursor", "cursor", _("Give the “next” of a page before, or leave the cursor out."))
