"""Changes of hours and bookings of one doctor wait for each other. Called in a transaction, first of all.

Who changes hours takes the doctor's row in `hours_versions`; who books by them holds it, beside others who
book. So whoever comes second sees what the first did: the change names the visit as stranded, or the booking
is refused.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection
from django.db.models import F

from scheduling.models import HoursVersion

HOLD: Final = "SELECT version FROM hours_versions WHERE doctor_id = %s LOCK IN SHARE MODE"


def take(doctors: Collection[int]) -> None:
    """For a change of the hours of these doctors (keys): waits for who books with them, and makes others
    wait until the transaction ends. 3 queries, or 2 where their hours were changed before.

    Written, not only locked: a node of a cluster is told of rows, and of no locks.
    """
    rows = HoursVersion.objects.filter(doctor__in=doctors)
    _create(set(doctors) - set(rows.values_list("doctor_id", flat=True)))
    rows.update(version=F("version") + 1)


def hold(doctor: int) -> None:
    """For a booking by the hours of this doctor (key): they stay as they are until the transaction ends.

    1 query; none on SQLite, where a transaction that writes is alone from its beginning.
    """
    if connection.vendor != "mysql":
        return
    if not _held(doctor):
        _create({doctor})
        _held(doctor)


def _held(doctor: int) -> bool:
    with connection.cursor() as cursor:  # Django knows no lock that is shared
        cursor.execute(HOLD, [doctor])
        return cursor.fetchone() is not None


def _create(doctors: Collection[int]) -> None:
    """Rows of those whose hours were never changed; another transaction may be making them at this moment."""
    if doctors:
        HoursVersion.objects.bulk_create(
            [HoursVersion(doctor_id=doctor) for doctor in sorted(doctors)], ignore_conflicts=True
        )
