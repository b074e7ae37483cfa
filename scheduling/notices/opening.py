"""The link of a message that opens a visit's page for a while: signed for one visit of one patient.

It holds nothing but a signature: the visit stands in the address before it, and the patient is looked up. It
is good for as long as the visit is that patient's, until a day after it, wherever it is moved.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from scheduling.models import Appointment
from scheduling.notices.unsubscribing import public_address

SALT: Final = "opening of a visit"
LENGTH: Final = 12  # bytes: 16 characters, because a text message has few
LASTS: Final = timedelta(days=1)  # after the end of the visit


def token_of(visit: UUID, patient: UUID, *, secret: str | None = None) -> str:
    signed = salted_hmac(SALT, visit.bytes + patient.bytes, secret=secret, algorithm="sha256")
    return urlsafe_b64encode(signed.digest()[:LENGTH]).decode()


def address_for(visit: UUID, patient: UUID) -> str:
    """The absolute address of the link."""
    return public_address("appointment-open-link", visit, token_of(visit, patient))


def opens(token: str, visit: Appointment, patients: Iterable[UUID], *, now: datetime) -> bool:
    """Whether the token was signed for this visit of one of these records, which are one person, and the time
    of the visit was at most a day ago."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    signed = [token_of(visit.uuid, patient, secret=secret) for patient in patients for secret in secrets]
    fits = [constant_time_compare(token, each) for each in signed]
    return any(fits) and now - LASTS < visit.ends_at
