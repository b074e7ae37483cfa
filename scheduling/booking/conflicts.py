"""Which promise a refused write would have broken, read off the database's own words."""

import re
from typing import Final, Literal

from django.db import IntegrityError

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


def conflict_of(error: IntegrityError) -> Conflict | None:
    """Which unique key said no; None for any other violation."""
    text = str(error)
    for pattern, conflict in PATTERNS:
        if pattern.search(text):
            return conflict
    return None
