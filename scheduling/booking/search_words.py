"""The search words of patients, as rows: rewritten with every record, and compared with all records."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from scheduling.booking.transactions import in_one_transaction
from scheduling.matching.search_words import kept, kept_of_former
from scheduling.models import Patient, SearchWord

AT_ONCE: Final = 500
Former: TypeAlias = dict[int, list[Patient]]


def words_of(patient: Patient, former: Iterable[Patient] = ()) -> list[SearchWord]:
    """The unsaved words of one saved patient, and of the records that became a part of this one. A record
    that is itself a part of another has none."""
    if patient.merged_into_id is not None:
        return []
    words: dict[str, int] = {}
    for part in former:
        words |= kept_of_former(
            part.patient_name,
            part.patient_lastname,
            phone=part.phone,
            second_phone=part.second_phone,
            email=part.email,
        )
    words |= kept(
        patient.patient_name,
        patient.patient_lastname,
        born=patient.date_of_birth,
        phone=patient.phone,
        second_phone=patient.second_phone,
        email=patient.email,
    )
    return [
        SearchWord(word=word, is_active=patient.is_active, place=place, patient_id=patient.pk)
        for word, place in words.items()
    ]


def write(patients: Sequence[Patient]) -> None:
    """Make the words of these patients what their records say. Needs a transaction around it."""
    SearchWord.objects.filter(patient__in=[patient.pk for patient in patients]).delete()
    add(patients, former=former_of(patients))


def former_of(patients: Sequence[Patient]) -> Former:
    """The records that became a part of these, directly or through another: a query for each generation."""
    owner = {patient.pk: patient.pk for patient in patients}
    found: Former = defaultdict(list)
    generation = list(owner)
    while generation:
        parts = list(Patient.objects.filter(merged_into__in=generation).order_by("pk"))
        for part in parts:
            owner[part.pk] = owner[part.merged_into_id or 0]
            found[owner[part.pk]].append(part)
        generation = [part.pk for part in parts]
    return found


def add(patients: Sequence[Patient], *, former: Former | None = None) -> None:
    """The words of new patients."""
    former = former or {}
    rows = [word for patient in patients for word in words_of(patient, former.get(patient.pk, ()))]
    SearchWord.objects.bulk_create(rows, batch_size=AT_ONCE)


def wrong() -> list[UUID]:
    """Patients whose words are not what their records say: they would not be found, or by another's name.
    Reads all of them, some hundreds at a time."""
    return [patient.uuid for patient in _wrong()]


def repair_all() -> list[UUID]:
    """Write the words of these anew, and answer whose they were. It needs no human choice."""
    return [uuid for uuid in wrong() if _rewritten(uuid)]


@in_one_transaction
def _rewritten(uuid: UUID) -> bool:
    write(list(Patient.objects.select_for_update().filter(uuid=uuid)))
    return True


def _wrong() -> Iterator[Patient]:
    after = 0
    while True:
        chunk = list(Patient.objects.filter(pk__gt=after).order_by("pk")[:AT_ONCE])
        if not chunk:
            return
        after = chunk[-1].pk
        there = defaultdict(set)
        rows = SearchWord.objects.filter(patient__in=[patient.pk for patient in chunk])
        for word in rows.values_list("patient", "word", "is_active", "place"):
            there[word[0]].add(word)
        former = former_of(chunk)
        for patient in chunk:
            own = words_of(patient, former.get(patient.pk, ()))
            if there[patient.pk] != {(w.patient_id, w.word, w.is_active, w.place) for w in own}:
                yield patient
