"""What adoption takes out of the old texts because nobody sees it, with each original kept in the history."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, Final, TypeAlias

from scheduling.booking.record_events import SUBJECTS, Record
from scheduling.legacy.reading import OldAppointment, OldDoctor, OldPatient, OldSpecialty
from scheduling.matching.names import tidy
from scheduling.models import ActorKind, RecordEvent, Source

COLUMNS: Final = ("specialty_name", "doctor_name", "email", "patient_name", "patient_lastname")
NO_NAME: Final = "?"
Old: TypeAlias = OldSpecialty | OldDoctor | OldPatient


def specialty_name(old: OldSpecialty) -> str:
    return tidy(old.specialty_name, otherwise=NO_NAME)


def doctor_name(old: OldDoctor) -> str:
    return tidy(old.doctor_name, otherwise=NO_NAME)


def doctor_email(old: OldDoctor) -> str:
    return tidy(old.email)


def description(old: OldAppointment) -> str:
    return tidy(old.description, lines=True)


def originals(old: OldAppointment) -> dict[str, Any]:
    """What the event of an appointment's adoption keeps of it."""
    told = {
        "status": old.status,
        "appointment_datetime": old.appointment_datetime,
        "patient_name": old.patient_name,
    }
    return told if description(old) == old.description else told | {"description": old.description}


def events(pairs: Iterable[tuple[Old, Record]], *, now: datetime) -> Iterator[RecordEvent]:
    """An event for each old row that is not stored as it was."""
    for old, new in pairs:
        columns = [column for column in COLUMNS if hasattr(old, column)]
        before = {name: getattr(old, name) for name in columns if getattr(old, name) != getattr(new, name)}
        if before:
            yield RecordEvent(
                at=now,
                actor=ActorKind.CLOCK.value,
                kind=RecordEvent.Kind.CHANGED.value,
                channel=Source.LEGACY.value,
                subject=SUBJECTS[type(new)].value,
                subject_uuid=new.uuid,
                version=getattr(new, "version", None),
                before=before,
                after={name: getattr(new, name) for name in before},
            )
