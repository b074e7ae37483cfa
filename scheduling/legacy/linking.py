"""Which patient an old appointment's text means. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias
from uuid import UUID

from scheduling.legacy.mapping import best_split, patient_key
from scheduling.legacy.reading import OldPatient
from scheduling.matching import names
from scheduling.models import Flag

# Makes the uuid of a new patient out of the patient's key: the same key must give the same uuid.
MakeUuid: TypeAlias = Callable[[str], UUID]


@dataclass(frozen=True)
class PlannedPatient:
    """A patient as it will be stored. `doubts` are kind and detail of the flags that it gets."""

    id: int
    uuid: UUID
    patient_name: str
    patient_lastname: str
    is_new: bool = False
    doubts: tuple[tuple[Flag.Kind, str], ...] = ()

    @property
    def needs_review(self) -> bool:
        return bool(self.doubts)


def kept(patients: Iterable[OldPatient]) -> list[PlannedPatient]:
    """The old patients, as they were; of whose name nobody could see anything, to be looked at."""
    return [_kept(row) for row in patients]


def _kept(row: OldPatient) -> PlannedPatient:
    name, lastname = names.tidy(row.patient_name), names.tidy(row.patient_lastname)
    was_unseen = bool(row.patient_name + row.patient_lastname) and not name + lastname
    doubts = ((Flag.Kind.NAME_NOT_SPLIT, ""),) if was_unseen else ()
    return PlannedPatient(row.id, UUID(row.uuid), name, lastname, doubts=doubts)


def link(
    texts: Iterable[str], patients: Iterable[PlannedPatient], *, next_id: int, make_uuid: MakeUuid
) -> dict[str, PlannedPatient]:
    """The patient of every distinct text of the old appointments (given as often as they occur).

    A text that means exactly one of the patients is linked to that one. Any other becomes a new patient,
    with ids from `next_id` on in the order of the texts' first appearance.
    """
    on_record: dict[str, list[PlannedPatient]] = defaultdict(list)
    for patient in patients:
        for together in names.written_together(patient.patient_name, patient.patient_lastname):
            on_record[together].append(patient)
    spellings: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        key = patient_key(text)
        spellings[key.replace(" ", "") if names.is_unspaced(key) else key].append(text)
    found: dict[str, PlannedPatient] = {}
    for key, written in spellings.items():
        matches = on_record.get(key, [])
        if len(matches) == 1:
            patient = matches[0]
        else:
            patient = _new(next_id, make_uuid(key), written, len(matches))
            next_id += 1
        found.update(dict.fromkeys(written, patient))
    return found


def _new(patient_id: int, uuid: UUID, written: list[str], matches: int) -> PlannedPatient:
    written = [names.tidy(text) for text in written]
    split = best_split(written)
    doubts: list[tuple[Flag.Kind, str]] = []
    if matches:
        doubts.append((Flag.Kind.SEVERAL_PATIENTS, f"{written[0]} ({matches})"))
    if not split.sure:
        doubts.append((Flag.Kind.NAME_NOT_SPLIT, written[0]))
    return PlannedPatient(patient_id, uuid, split.name, split.lastname, is_new=True, doubts=tuple(doubts))
