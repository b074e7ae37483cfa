"""The link by which a patient ends reminders: it names the record, signed, and says nothing else."""

from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

SALT: Final = "end of reminders"


def token_of(patient: UUID) -> str:
    return Signer(salt=SALT, sep=".").sign(patient.hex)


def patient_of(token: str) -> UUID | None:
    """The public identity of the record; None where the token was not made here. It never ends: a message of
    long ago still works."""
    try:
        return UUID(Signer(salt=SALT, sep=".").unsign(token))
    except (BadSignature, ValueError):
        return None


def address_for(patient: UUID) -> str:
    """The absolute address of the page."""
    return public_address("unsubscribe", token_of(patient))


def public_address(name: str, *args: object) -> str:
    """The address of a page for patients, as the world sees it."""
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
