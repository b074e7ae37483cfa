"""What in the old rows would break the copy. Found before anything is touched."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from django.db import connection

from scheduling.legacy.reading import OldBook, OldRow

LENGTHS: Final = {
    "specialty_name": 255,
    "doctor_name": 255,
    "email": 255,
    "patient_name": 255,
    "patient_lastname": 255,
    "description": 1000,
}
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def faults(book: OldBook, prefix: str) -> list[str]:
    """One line for each row that can't be copied, without anything personal in it; empty is good."""
    found: list[str] = []
    for table, rows in book.tables().items():
        found.extend(_bad_identities(table, rows))
        found.extend(_long_texts(table, rows))
    found.extend(_orphans(book))
    found.extend(_equal_emails(book, prefix))
    return found


def _bad_identities(table: str, rows: list[OldRow]) -> Iterator[str]:
    seen_ids: set[int] = set()
    seen_uuids: set[str] = set()
    for row in rows:
        if row.id < 1 or row.id in seen_ids:
            yield f"{table}: the row {row.uuid} has an id that is below 1 or not its own."
        if not _UUID.fullmatch(row.uuid):
            yield f"{table}: {row.uuid[:36]!r} is not a uuid."
        elif row.uuid.lower() in seen_uuids:
            yield f"{table}: the uuid {row.uuid} is there more than once."
        seen_ids.add(row.id)
        seen_uuids.add(row.uuid.lower())


def _long_texts(table: str, rows: list[OldRow]) -> Iterator[str]:
    for row in rows:
        for column, longest in LENGTHS.items():
            length = len(getattr(row, column, ""))
            if length > longest:
                yield f"{table}.{column} of {row.uuid} has {length} characters; {longest} fit."


def _orphans(book: OldBook) -> Iterator[str]:
    specialties = {row.id for row in book.specialties}
    doctors = {row.id for row in book.doctors}
    yield from _where(book.doctors, lambda row: row.specialty_id not in specialties, "specialty")
    yield from _where(book.appointments, lambda row: row.doctor_id not in doctors, "doctor")


def _where(rows: Iterable[OldRow], is_orphan: Callable[..., bool], parent: str) -> Iterator[str]:
    for row in rows:
        if is_orphan(row):
            yield f"{row.uuid} belongs to a {parent} that is not there."


def _equal_emails(book: OldBook, prefix: str) -> Iterator[str]:
    # The server compares them, in the collation that the new unique key will have.
    compared = "CONVERT({}.`email` USING utf8mb4) COLLATE utf8mb4_unicode_ci"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.`uuid`, b.`uuid` FROM `{prefix}doctors` a JOIN `{prefix}doctors` b"  # noqa: S608
            f" ON a.`id` < b.`id` AND {compared.format('a')} = {compared.format('b')} ORDER BY a.`id`, b.`id`"
        )
        pairs = cursor.fetchall()
    for first, second in pairs:
        yield f"doctors: {first} and {second} have the same e-mail, ignoring case."
