"""Instants as events keep them."""

from datetime import UTC, datetime


def utc(instant: datetime) -> str:
    """An aware instant as text: the same whatever zone it was said in."""
    return instant.astimezone(UTC).isoformat()
