"""Which grains of doctors are taken, in any lane, as bits: the database puts them together.

A full clinic of 50 doctors has 200 thousand claims in 60 days. To fetch them and sort them out here takes
several times as long as the database needs to walk their index; so a doctor's block of 60 grains (5 hours)
comes as one number, each of them a bit. Nothing but the claims' primary key is read, and a calendar
full of holes costs no more than one without.
"""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import connection

BLOCK: Final = 60  # grains: as bits they stay below the 2**63 that SQLite counts to

# In SQL of our own: Django knows no BIT_OR, and SQLite has none. There a sum does, of grains that differ; a
# range of the index for each block saves the sorting of a GROUP BY, half of the time; and a doctor is one
# row, because threads wait for each other at each row of SQLite's. MariaDB takes 300 times as long over such
# ranges, and groups quickly.
_SQLITE: Final = """
SELECT doctor.value, (
    SELECT json_group_object(block.value, (
        SELECT SUM(1 << (grain %% {block})) FROM (
            SELECT DISTINCT grain FROM claims
            WHERE doctor_id = doctor.value
              AND grain >= block.value * {block} AND grain < (block.value + 1) * {block}{others})))
    FROM json_each(%s) AS block)
FROM json_each(%s) AS doctor"""
_MYSQL: Final = """
SELECT doctor_id, grain DIV {block}, BIT_OR(1 << (grain %% {block})) FROM claims
WHERE doctor_id IN %s AND grain >= %s AND grain < %s{others}
GROUP BY doctor_id, grain DIV {block} ORDER BY NULL"""
_OTHERS: Final = " AND appointment_id NOT IN (SELECT id FROM appointments WHERE uuid = %s)"


@dataclass
class Taken:
    """What is taken of each doctor (by key): bit n is the grain `first + n`."""

    first: int = 0
    bits: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def since(self, doctor: int, grain: int) -> int:
        """What is taken of a doctor's time from a grain on that was read: the lowest bit is that grain."""
        return self.bits[doctor] >> grain - self.first if doctor in self.bits else 0


def read(doctors: Collection[int], stretches: Iterable[range], *, moving: UUID | None = None) -> Taken:
    """What is taken of the doctors (keys) in these stretches of grains (none empty), and some of what lies
    between; but not by the appointment `moving`. 1 query, of at most a row for each doctor and block."""
    blocks = {
        block
        for stretch in set(stretches)
        for block in range(stretch.start // BLOCK, (stretch.stop - 1) // BLOCK + 1)
    }
    if not blocks:
        return Taken()
    first = min(blocks)
    taken = Taken(first * BLOCK)
    for doctor, block, bits in _rows(doctors, blocks, moving):
        taken.bits[doctor] |= bits << (block - first) * BLOCK
    return taken


def _rows(
    doctors: Collection[int], blocks: Collection[int], moving: UUID | None
) -> Iterator[tuple[int, int, int]]:
    """Doctor, block and its bits."""
    others, given = (_OTHERS, [str(moving)]) if moving else ("", [])
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            among = [json.dumps(sorted(blocks)), json.dumps([*doctors])]
            cursor.execute(_SQLITE.format(block=BLOCK, others=others), [*given, *among])
            for doctor, found in cursor.fetchall():
                yield from ((doctor, int(block), bits) for block, bits in json.loads(found).items() if bits)
        else:
            ends = [min(blocks) * BLOCK, (max(blocks) + 1) * BLOCK]
            cursor.execute(_MYSQL.format(block=BLOCK, others=others), [tuple(doctors), *ends, *given])
            yield from cursor.fetchall()
