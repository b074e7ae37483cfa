"""The name by which a row is known outside the server: its uuid, or a token where it has none.

A token is made from the row's key with the site's secret: it says nothing, and stays the same.
"""

import re
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.crypto import salted_hmac

NO_KEY: Final = "0"  # a key that no row has
PATTERN: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|k[0-9a-f]{24}"


def token_of(model: type[models.Model], pk: Any) -> str:
    said = salted_hmac(f"public identity of {model._meta.label_lower}", str(pk), algorithm="sha256")
    return "k" + said.hexdigest()[:24]


def has_uuid(model: type[models.Model]) -> bool:
    try:
        model._meta.get_field("uuid")
    except FieldDoesNotExist:
        return False
    return True


def identity_of(row: models.Model) -> str:
    """The row's public identity, without asking the database."""
    model = type(row)
    return str(getattr(row, "uuid")) if has_uuid(model) else token_of(model, row.pk)  # noqa: B009  (not on each)


def identity_of_key(model: type[models.Model], pk: Any) -> str | None:
    """The same, from the key alone: 1 query for a model with a uuid. None for an unknown row."""
    if not has_uuid(model):
        return token_of(model, pk)
    found = model._default_manager.filter(pk=pk).values_list("uuid", flat=True).first()
    return None if found is None else str(found)


def keys_of(rows: models.QuerySet[Any], identities: Iterable[str]) -> list[Any]:
    """Keys of the rows of these identities; unknown ones are left out. 1 query.

    Without uuids every key of the set is read and compared: for staff, hours and doubts, not for visits.
    """
    wanted = {text for text in identities if re.fullmatch(PATTERN, text)}
    if not wanted:
        return []
    if has_uuid(rows.model):
        uuids = [UUID(text) for text in wanted if not text.startswith("k")]
        return list(rows.filter(uuid__in=uuids).order_by().values_list("pk", flat=True))
    keys = rows.order_by().values_list("pk", flat=True)
    return [pk for pk in keys if token_of(rows.model, pk) in wanted]
