"""Whether the new tables hold what the old ones did. Reads only."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models

from scheduling.legacy.cleaned import originals
from scheduling.legacy.reading import OldBook
from scheduling.legacy.state import MODELS, own_models
from scheduling.legacy.writing import Rows
from scheduling.models import Appointment, AppointmentEvent, Flag, Patient
from scheduling.models.fields import FoldedField


@dataclass(frozen=True)
class Terms:
    """How this database was adopted, as its own history tells."""

    now: datetime
    minutes: int
    zone: ZoneInfo


@dataclass(frozen=True)
class Difference:
    """Rows of one table that are not as they were copied."""

    table: str
    changed: int
    missing: int
    added: int

    def __str__(self) -> str:
        words = {"changed": self.changed, "missing": self.missing, "added": self.added}
        return f"{self.table}: " + ", ".join(f"{count} {word}" for word, count in words.items() if count)


def terms(otherwise: Terms) -> Terms:
    """The terms of the adoption that was made. An old book without appointments tells only when, if that."""
    event = AppointmentEvent.objects.filter(kind=AppointmentEvent.Kind.ADOPTED).order_by("id").first()
    if event is not None:
        return Terms(event.at, event.after["minutes"], ZoneInfo(event.after["time_zone"]))
    row = Patient.objects.order_by("id").first() or Flag.objects.order_by("id").first()
    return replace(otherwise, now=row.created_at) if row else otherwise


def lasting(book: OldBook) -> list[str]:
    """What can't change through normal use: every row there under its id and uuid, every original text,
    one event of adoption each. A line for each old row that fails; empty is good."""
    found: list[str] = []
    for table, rows in book.tables().items():
        identities = dict(MODELS[table]._default_manager.values_list("pk", "uuid"))
        for row in rows:
            if str(identities.get(row.id)) != row.uuid.lower():
                found.append(f"{table}: {row.uuid} is not there under its id.")
    found.extend(_lost_texts(book))
    return found


def _lost_texts(book: OldBook) -> Iterator[str]:
    texts = dict(Appointment.objects.values_list("pk", "original_patient_name"))
    events: dict[int, list[dict[str, Any]]] = {}
    adopted = AppointmentEvent.objects.filter(kind=AppointmentEvent.Kind.ADOPTED)
    for appointment_id, before in adopted.values_list("appointment_id", "before"):
        events.setdefault(appointment_id, []).append(before)
    for row in book.appointments:
        if texts.get(row.id) != row.patient_name:
            yield f"appointments: {row.uuid} has lost its original patient text."
        told = originals(row)
        # An earlier release left descriptions as they were, and did not keep them here.
        before = {name: text for name, text in told.items() if name != "description"}
        if events.get(row.id) not in ([told], [before]):
            yield f"appointments: {row.uuid} has not exactly one event with its original texts."


def differences(rows: Rows) -> list[Difference]:
    """Every table of the book compared, row by row and column by column, with what the copy writes."""
    expected = rows.by_model()
    found: list[Difference] = []
    for model in own_models("scheduling"):
        difference = _compare(model, expected.get(model, []))
        if difference.changed or difference.missing or difference.added:
            found.append(difference)
    return found


def _compare(model: type[models.Model], expected: list[models.Model]) -> Difference:
    keyed = model in MODELS.values()
    # The book's own rows are known by id; of the others only the content is known beforehand.
    fields = [f for f in model._meta.concrete_fields if keyed or not f.primary_key]
    wanted = Counter(tuple(_plain(f, _value(f, row)) for f in fields) for row in expected)
    names = [field.attname for field in fields]
    there = Counter(
        tuple(_plain(field, value) for field, value in zip(fields, row, strict=True))
        for row in model._base_manager.values_list(*names).iterator(chunk_size=2000)
    )
    missing, added = wanted - there, there - wanted
    changed = len({row[0] for row in missing} & {row[0] for row in added}) if keyed else 0
    return Difference(model._meta.db_table, changed, missing.total() - changed, added.total() - changed)


def _value(field: models.Field, row: models.Model) -> Any:
    return field.pre_save(row, add=True) if isinstance(field, FoldedField) else getattr(row, field.attname)


def _plain(field: models.Field, value: Any) -> Any:
    """A value that can be counted. A new patient's uuid depends on the secret, which may have changed since;
    the uuids of old rows are what `lasting` looks at."""
    if field.name == "uuid":
        return None
    if isinstance(value, dict):
        return json.dumps({k: v for k, v in value.items() if k != "patient"}, sort_keys=True)
    return value if isinstance(value, int | datetime | None) else str(value)
