"""The history of patients, doctors, specialties and hours. Called in the transaction of the change."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Final

from django.db.models import Model

from scheduling.booking.change import Change
from scheduling.booking.times_as_text import utc
from scheduling.models import Doctor, Patient, RecordEvent, Specialty
from scheduling.models.statements import Insertion

Kind = RecordEvent.Kind
Record = Patient | Doctor | Specialty
EVENTS: Final = Insertion(RecordEvent)
SUBJECTS: Final[Mapping[type[Model], RecordEvent.Subject]] = {
    Patient: RecordEvent.Subject.PATIENT,
    Doctor: RecordEvent.Subject.DOCTOR,
    Specialty: RecordEvent.Subject.SPECIALTY,
}


def record_event(
    subject: Record | None,
    kind: Kind,
    change: Change,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add to the history of a record; None: of the whole clinic. `before` and `after` are facts that JSON
    keeps (`plain`). 1 statement."""
    EVENTS.one(
        {
            **change.columns,
            "subject": SUBJECTS[type(subject)] if subject else RecordEvent.Subject.CLINIC,
            "subject_uuid": subject.uuid if subject else None,
            "version": subject.version if isinstance(subject, Patient) else None,
            "kind": kind,
            "before": dict(before or {}),
            "after": dict(after or {}),
        }
    )


def record_change(
    record: Record, change: Change, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    """Tell that these columns of a record have other values now; nothing where they are the same.

    `before` and `after` are {column: value as `plain`}. Where `is_active` is all that changed, the record was
    switched on or off.
    """
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return
    kind = Kind.CHANGED
    if changed == ["is_active"]:
        kind = Kind.SWITCHED_ON if after["is_active"] else Kind.SWITCHED_OFF
    told = {name: before.get(name) for name in changed}, {name: after[name] for name in changed}
    record_event(record, kind, change, before=told[0], after=told[1])


def values_of(record: Record, columns: Any = None) -> dict[str, Any]:
    """The columns (names; None: all that people fill in and that are not empty) of a record, as `plain`."""
    if columns is not None:
        return {name: plain(getattr(record, name)) for name in columns}
    fields = [field for field in record._meta.concrete_fields if field.editable and not field.primary_key]
    values = {field.name: plain(getattr(record, field.name)) for field in fields}
    return {name: value for name, value in values.items() if value not in (None, "")}


def plain(value: Any) -> Any:
    """A value as JSON keeps it: an instant in UTC, a row by its public identity where it has one."""
    match value:
        case None | bool() | int() | str():
            return value
        case datetime():
            return utc(value)
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case Model():
            return str(getattr(value, "uuid", None) or value)
        case _:
            return str(value)
