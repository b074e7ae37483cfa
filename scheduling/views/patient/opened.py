"""A page that is open for a while: a signed cookie of this visit, or of its patient. No server keeps it.

The link of a message opens its visit; a date of birth opens all visits of the patient.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Literal
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

Scope = Literal["visit", "person"]

LASTS: Final = timedelta(minutes=30)
SALT: Final = "opened page of a patient"
COOKIES: Final[dict[Scope, str]] = {"person": "openedperson", "visit": "openedvisit"}
PATH: Final = "/appointment/"


@dataclass(frozen=True)
class Opened:
    """What a cookie vouches for, until when: whoever has it is the patient of this record."""

    scope: Scope
    visit: UUID  # by which it was opened
    patient: UUID
    until: datetime

    @property
    def text(self) -> str:
        return f"{self.scope}-{self.visit.hex}-{self.patient.hex}-{int(self.until.timestamp())}"

    @classmethod
    def read(cls, scope: Scope, signed: str) -> "Opened | None":
        with suppress(BadSignature, ValueError, OverflowError):
            kind, visit, patient, until = _signer().unsign(signed).split("-")
            if kind == scope:
                return cls(scope, UUID(visit), UUID(patient), datetime.fromtimestamp(int(until), UTC))
        return None


def in_request(request: HttpRequest, visit: UUID, *, now: datetime) -> Iterator[Opened]:
    """What may open this visit, if it is still that patient's; a whole person first."""
    for scope, name in COOKIES.items():
        opened = Opened.read(scope, request.COOKIES.get(name, ""))
        if opened is not None and opened.until > now and (scope == "person" or opened.visit == visit):
            yield opened


def open_for(response: HttpResponse, scope: Scope, visit: UUID, patient: UUID, *, now: datetime) -> None:
    opened = Opened(scope, visit, patient, now + LASTS)
    response.set_cookie(
        COOKIES[scope],
        _signer().sign(opened.text),
        max_age=LASTS,
        path=_path(scope, visit),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def close(response: HttpResponse, visit: UUID) -> None:
    for scope, name in COOKIES.items():
        response.delete_cookie(name, path=_path(scope, visit), samesite="Lax")


def _path(scope: Scope, visit: UUID) -> str:
    return reverse("appointment-status", args=[visit]) if scope == "visit" else PATH


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
