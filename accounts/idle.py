"""Who presses nothing for a while is signed out (SESSION_IDLE_MINUTES).

When somebody last asked for something is kept in a signed cookie beside the session's, not in the session: a
page that is only looked at writes nothing to the database, and a session that is saved for this could undo
what another request saves at that moment. The signature holds the session, so that the one cookie is worth
nothing without the other. Whoever takes the cookie away has last asked when they signed in.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE: Final = "lastused"
SALT: Final = "accounts.idle"
STEP: Final = 60  # seconds: the cookie is not sent again within them, and nobody is signed out for them
SIGNED_IN_AT: Final = "signed_in_at"


@dataclass(frozen=True)
class Left:
    """`seconds` until somebody is signed out; `is_final` where pressing something does not put it off."""

    seconds: int
    is_final: bool

    @property
    def minutes(self) -> int:
        """After how long without pressing anything."""
        return int(settings.SESSION_IDLE_MINUTES)

    @property
    def hours(self) -> int:
        """How long a sign-in lasts."""
        return int(settings.SESSION_COOKIE_AGE) // 3600


def begin(request: HttpRequest, *, now: datetime) -> None:
    """After signing in: the session ends SESSION_COOKIE_AGE from now, whatever is saved in it later."""
    request.session[SIGNED_IN_AT] = int(now.timestamp())
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def left(request: HttpRequest, *, now: datetime, is_pressed: bool) -> Left:
    """What is left of the session if nothing more is pressed, after this request or without it."""
    if not isinstance(request.user, User):
        return Left(0, is_final=False)
    second = int(now.timestamp())
    until_idle = _idle_at(request, request.user) - second
    if is_pressed and not _is_fresh(request, second):
        until_idle = _limit() + STEP
    until_end: int = request.session.get_expiry_age(modification=now)
    return Left(max(min(until_idle, until_end), 0), is_final=until_end < until_idle)


def is_over(request: HttpRequest, *, now: datetime) -> bool:
    """Whether somebody is signed in who pressed nothing for too long."""
    return isinstance(request.user, User) and now.timestamp() >= _idle_at(request, request.user)


def remember(request: HttpRequest, response: HttpResponse, *, now: datetime) -> None:
    """Keep that something was asked for now; at most once a minute."""
    key, second = request.session.session_key, int(now.timestamp())
    if key is None or _is_fresh(request, second):
        return
    response.set_cookie(
        COOKIE,
        _signer(key).sign(str(second)),
        max_age=settings.SESSION_COOKIE_AGE,
        path=settings.SESSION_COOKIE_PATH,
        domain=settings.SESSION_COOKIE_DOMAIN,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget(response: HttpResponse) -> None:
    response.delete_cookie(
        COOKIE, path=settings.SESSION_COOKIE_PATH, domain=settings.SESSION_COOKIE_DOMAIN, samesite="Lax"
    )


def _limit() -> int:
    return int(settings.SESSION_IDLE_MINUTES) * 60


def _idle_at(request: HttpRequest, user: User) -> int:
    """The second of 1970's count at which the session ends unless something is pressed."""
    last_used = _kept(request)
    if last_used is None:
        last_used = request.session.get(SIGNED_IN_AT)
    if last_used is None:  # signed in by something else than our page, as before this was counted
        last_used = int(user.last_login.timestamp()) if user.last_login else 0
    return int(last_used) + _limit() + STEP


def _is_fresh(request: HttpRequest, second: int) -> bool:
    kept = _kept(request)
    return kept is not None and 0 <= second - kept < STEP


def _kept(request: HttpRequest) -> int | None:
    key, text = request.session.session_key, request.COOKIES.get(COOKIE, "")
    if key is None or not text:
        return None
    try:
        return int(_signer(key).unsign(text))
    except (signing.BadSignature, ValueError):
        return None


def _signer(session_key: str) -> signing.Signer:
    return signing.Signer(salt=f"{SALT}:{session_key}")
