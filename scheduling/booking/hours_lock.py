"""Changes of hours and bookings of one doctor wait for each other. Called in a transaction, first of all.

Who changes hours takes the doctor's row in `hours_versions`; who books by them holds it, beside others who
book. So whoever comes second sees what the first did: the change names the visit as stranded, or the booking
is refused.
"""

from collections.abc import Collection
from typing import Final

from django.db import connection
from django.db.models import F

from scheduling.models import Doctor, HoursVersion

HOLD: Final = "SELECT version FROM hours_versions WHERE doctor_id = %s LOCK IN SHARE MODE"
HOLD_DOCTOR: Final = "SELECT id FROM doctors WHERE id = %s LOCK IN SHARE MODE"


def take(doctors: Collection[int]) -> None:
    """For a change of the hours of these doctors (keys): waits for who books with them, and makes others
    wait until the transaction ends. 2 queries, and 3 more where hours of some were never changed before.

    Written, not only locked: a node of a cluster is told of rows, and of no locks.
    """
    rows = HoursVersion.objects.filter(doctor__in=doctors)
    missing = set(doctors) - set(rows.values_list("doctor_id", flat=True))
    if missing:
        # Made under the doctors' own rows, which is what `hold` holds until then.
        list(Doctor.objects.select_for_update().filter(pk__in=missing).order_by("pk").values_list("pk"))
        missing -= set(rows.values_list("doctor_id", flat=True))
        HoursVersion.objects.bulk_create([HoursVersion(doctor_id=doctor) for doctor in sorted(missing)])
    rows.update(version=F("version") + 1)


def hold(doctor: int) -> None:
    """For a booking by the hours of this doctor (key): they stay as they are until the transaction ends.

    1 query, and 2 more where these hours were never changed; none on SQLite, where a transaction that writes
    is alone from its beginning.
    """
    if connection.vendor == "mysql" and not _held(HOLD, doctor):
        _held(HOLD_DOCTOR, doctor)
        _held(HOLD, doctor)  # it may have been made before the doctor's row was held


def _held(statement: str, doctor: int) -> bool:
    with connection.cursor() as cursor:  # Django knows no lock that is shared
        cursor.execute(statement, [doctor])
        return cursor.fetchone() is not None
