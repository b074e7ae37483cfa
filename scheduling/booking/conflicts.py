"""Which promise a refused write would have broken, read off the database's own words."""

import re
from collections.abc import Callable
from typing import Final, Literal

from django.db import IntegrityError

from scheduling.booking import rules
from scheduling.booking.rules import Problem

Conflict = Literal["doctor_taken", "patient_taken", "same_uuid"]

# SQLite names the columns ("UNIQUE constraint failed: claims.patient_id, claims.grain"); MySQL and MariaDB
# name the key ("Duplicate entry '7-5930496-0' for key 'PRIMARY'", MySQL 8: 'claims.PRIMARY'), and MariaDB not
# its table. A key of `claims` is three numbers; one of `patient_words` has four parts, others one.
PATTERNS: Final[tuple[tuple[re.Pattern[str], Conflict], ...]] = (
    (re.compile(r"claims\.doctor_id|entry '\d+-\d+-\d+' for key '(claims\.)?PRIMARY'"), "doctor_taken"),
    (re.compile(r"claims\.patient_id|for key '(claims\.)?claim_patient_grain'"), "patient_taken"),
    (
        re.compile(r"(appointments|first_requests)\.uuid|for key '((appointments|first_requests)\.)?uuid'"),
        "same_uuid",
    ),
)


def problem_of(error: IntegrityError, doctor_taken: Callable[[], Problem]) -> Problem:
    """What a duplicate key says to people whose time it was: the doctor's, as `doctor_taken` says it, or the
    patient's. Raises any other violation again."""
    match conflict_of(error):
        case "doctor_taken":
            return doctor_taken()
        case "patient_taken":
            return rules.patient_taken()
    raise error


def conflict_of(error: IntegrityError) -> Conflict | None:
    """Which unique key said no; None for any other violation."""
    text = str(error)
    for pattern, conflict in PATTERNS:
        if pattern.search(text):
            return conflict
    return None
