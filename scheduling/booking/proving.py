"""A patient shows by the date of birth that a visit is theirs. Wrong dates are counted, for the visit and for
the address that they come from, and who tried too often waits.

What is asked and written is the same for a right date and a wrong one, a visit that does not exist, and
while it waits: nothing can be read from how long it takes.
"""

import hmac
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.crypto import salted_hmac

from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Appointment, OpeningTries

MOST_TRIES: Final = 5  # wrong ones
WAIT: Final = timedelta(minutes=15)  # from the last wrong one; none is counted while it waits
AT_ONCE: Final = 500  # rows of one DELETE
SALT: Final = "tries to open a visit"


@in_one_transaction
def patient_proved(visit: UUID, born: date, *, address: str, now: datetime) -> UUID | None:
    """The public identity of the visit's patient, if born on that day; None where that is not so, or not
    known, or where the visit or the address waits. 4 statements, 2 more for the first try of either."""
    tries = _held([_place("visit", str(visit)), _place("address", address)], now)
    of_visit = Appointment.objects.filter(uuid=visit).order_by()
    found = of_visit.values_list("patient__uuid", "patient__date_of_birth").first()
    patient, on_record = found or (None, None)
    is_right = hmac.compare_digest(str(born), str(on_record))
    waits = any(each.tries >= MOST_TRIES and each.ends_at > now for each in tries)
    for each in tries:
        if not is_right and not waits:
            each.tries = each.tries + 1 if each.ends_at > now else 1
            each.ends_at = now + WAIT
    OpeningTries.objects.bulk_update(tries, ["tries", "ends_at"])
    return patient if is_right and not waits else None


def clear(*, now: datetime) -> int:
    """Delete the counts that are over; how many."""
    total = 0
    over = OpeningTries.objects.filter(ends_at__lte=now).order_by()
    while keys := list(over.values_list("pk", flat=True)[:AT_ONCE]):
        # One that counts again by now stays.
        total += over.filter(pk__in=keys).delete()[0]
    return total


def _place(kind: str, of: str) -> str:
    return salted_hmac(SALT, f"{kind}:{of}", algorithm="sha256").hexdigest()


def _held(places: Sequence[str], now: datetime) -> list[OpeningTries]:
    """The counts of these places, kept by this transaction until it ends: no other try comes between."""
    rows = OpeningTries.objects.select_for_update().filter(place__in=places).order_by("place")
    tries = list(rows)
    if len(tries) < len(places):
        known = {each.place for each in tries}
        new = [OpeningTries(place=place, ends_at=now) for place in places if place not in known]
        OpeningTries.objects.bulk_create(new, ignore_conflicts=True)
        tries = list(rows.all())
    return tries
