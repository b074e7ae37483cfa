"""Who presses nothing for a while is signed out (SESSION_IDLE_MINUTES).

When somebody last asked for something is kept in a signed cookie beside the session's, not in the session: a
page that is only looked at writes nothing to the database, and a session that is saved for this could undo
what another request saves at that moment. The cookie is good for one sign-in and nothing without its session.
Whoever takes it away has last asked when they signed in.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from accounts.models import User

COOKIE: Final = "lastused"
SALT: Final = "accounts.idle"
STEP: Final = 60  # seconds: the cookie is not sent again within them, and nobody is signed out for them
MOST_READ: Final = 512  # cookies
SIGNED_IN_AT: Final = "signed_in_at"
SIGN_IN: Final = "sign_in"  # a random name of it: the session's own key changes with a new secret or password


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
    request.session[SIGN_IN] = secrets.token_urlsafe(12)
    request.session.set_expiry(now + timedelta(seconds=settings.SESSION_COOKIE_AGE))


def left(request: HttpRequest, *, now: datetime, is_pressed: bool) -> Left:
    """What is left of the session if nothing more is pressed, after this request or without it."""
    if not isinstance(request.user, User):
        return Left(0, is_final=False)
    second = int(now.timestamp())
    until_idle = _idle_at(request, second) - second
    if is_pressed and not _is_fresh(request, second):
        until_idle = _limit() + STEP
    until_end: int = request.session.get_expiry_age(modification=now)
    return Left(max(min(until_idle, until_end), 0), is_final=until_end < until_idle)


def is_over(request: HttpRequest, *, now: datetime) -> bool:
    """Whether somebody is signed in who pressed nothing for too long."""
    second = int(now.timestamp())
    return isinstance(request.user, User) and second >= _idle_at(request, second)


def remember(request: HttpRequest, response: HttpResponse, *, now: datetime) -> None:
    """Keep that something was asked for now; at most once a minute."""
    second = int(now.timestamp())
    if _is_fresh(request, second):
        return
    response.set_cookie(
        COOKIE,
        signing.Signer(salt=_salt(request)).sign(str(second)),
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


def _idle_at(request: HttpRequest, second: int) -> int:
    """The second, as `time.time` counts, at which the session ends unless something is pressed."""
    last_used = _kept(request)
    if last_used is None:
        # A session from before this was counted is used for the first time now.
        last_used = int(request.session.get(SIGNED_IN_AT, second))
    return last_used + _limit() + STEP


def _is_fresh(request: HttpRequest, second: int) -> bool:
    kept = _kept(request)
    return kept is not None and 0 <= second - kept < STEP


def _kept(request: HttpRequest) -> int | None:
    cookie = request.COOKIES.get(COOKIE, "")
    # Each request asks up to three times, and the cookie stays the same for a minute.
    return (
        _read(cookie, _salt(request), (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))
        if cookie
        else None
    )


@lru_cache(maxsize=MOST_READ)
def _read(cookie: str, salt: str, _secrets: tuple[str, ...]) -> int | None:
    try:
        return int(signing.Signer(salt=salt).unsign(cookie))
    except (signing.BadSignature, ValueError):
        return None


def _salt(request: HttpRequest) -> str:
    sign_in = request.session.get(SIGN_IN) or request.session.session_key
    return f"{SALT}:{sign_in}"
