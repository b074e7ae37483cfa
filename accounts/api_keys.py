"""The keys that other programs come with: made, let in and counted, revoked. Nothing else writes them."""

import hashlib
import math
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import ApiKey, Scope, User

PREFIX: Final = "clinic_"  # recognised by people, and by programs that look for secrets left in a source
RANDOM_BYTES: Final = 32
LONGEST_NAME: Final = 100


class BadName(ValueError):
    """No name for a key: `str()` says why, in English, for a command line."""


@dataclass(frozen=True)
class Admission:
    """A key that is good, and what the minute still holds for it."""

    key: ApiKey
    limit: int  # requests a minute
    remaining: int
    resets_in: int  # seconds until the counter begins anew, at least 1
    is_over: bool  # the limit was reached before: this request is not let in, and was not counted


def issue(name: str, scope: Scope, *, expires_at: datetime | None, now: datetime) -> tuple[ApiKey, str]:
    """A new key and its secret, which is told this once and kept nowhere. Raises BadName."""
    name = _as_kept(name)
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    try:
        with transaction.atomic():
            account = User(username=f"api-key-{secrets.token_hex(8)}", first_name=name, is_program=True)
            account.date_joined = now
            account.set_unusable_password()
            account.save()
            key = ApiKey.objects.create(
                name=name,
                scope=scope,
                digest=_digest(secret),
                user=account,
                created_at=now,
                expires_at=expires_at,
            )
    except IntegrityError as error:  # by somebody at the same moment
        raise _is_taken(name) from error
    return key, secret


def _as_kept(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise BadName("A key needs a name: what the program is called.")
    if len(name) > LONGEST_NAME:
        raise BadName(f"A key's name has at most {LONGEST_NAME} characters.")
    if not name.isprintable():
        raise BadName("A key's name has only characters that can be read.")
    if ApiKey.objects.filter(name__iexact=name).exists():
        raise _is_taken(name)
    return name


def _is_taken(name: str) -> BadName:
    return BadName(f"Another key is called “{name}” already, in use or not. Choose another name.")


def admit(secret: str, *, now: datetime, counts: bool = True) -> Admission | None:
    """Let one request in and count it; None for a key that is unknown, expired, revoked or switched off.

    `counts`: False where nothing can be written now; whoever only reads is let in all the same.

    2 queries, 1 for a key that is no good: a stranger writes nothing, and waits for nobody who does.
    The UPDATE is the limit: it counts a request only while there is room, so the database keeps the number
    exact for every process and machine. Not for use inside a transaction, which would hold the key's row
    until its end.
    """
    digest, minute = _digest(secret), int(now.timestamp()) // 60
    key = ApiKey.objects.usable(now).filter(digest=digest).select_related("user").order_by().first()
    if key is None:
        return None
    counted = _counted(digest, minute, now) if counts else True
    limit: int = settings.API_LIMITS[key.scope]
    goes_on = minute <= key.window <= minute + 1
    before = key.used if goes_on else 0
    # Of several requests at this moment each is told what it left: the count itself is the database's.
    left = max(limit - before - 1, 0) if counted else 0
    ends_in = max(math.ceil(((key.window if goes_on else minute) + 1) * 60 - now.timestamp()), 1)
    return Admission(key, limit, left, ends_in, is_over=not counted)


def change(key: ApiKey, *, scope: Scope, expires_at: datetime | None) -> None:
    """What a key opens, and until when; of a revoked one nothing changes. Its counter is left alone."""
    ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(scope=scope, expires_at=expires_at)
    key.refresh_from_db(fields=["scope", "expires_at", "revoked_at"])


def revoke(key: ApiKey, *, now: datetime) -> bool:
    """Close the key for good; what was done with it stays. False where it was revoked before."""
    changed = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now)
    key.refresh_from_db(fields=["revoked_at"])
    return changed == 1


def _digest(secret: str) -> str:
    # Whatever a header can hold has a digest: nothing is told by how an odd text fails.
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _counted(digest: str, minute: int, now: datetime) -> bool:
    """Count a request of a key that is good, as long as its minute has room. 1 query.

    In SQL of our own: every request asks it, and the ORM takes three times as long as the database.
    """
    moment = connection.ops.adapt_datetimefield_value(now)
    limits = [value for scope, limit in settings.API_LIMITS.items() for value in (scope, limit)]
    bounds = [minute, minute + 1]
    with connection.cursor() as cursor:
        cursor.execute(
            _counting(connection.ops.quote_name("window"), len(settings.API_LIMITS)),
            [*bounds, *bounds, minute, moment, digest, moment, *bounds, *limits],
        )
        return bool(cursor.rowcount == 1)


def _counting(window: str, scopes: int) -> str:
    # Another server's clock may be a little ahead: its minute goes on. One that is farther off was wrong.
    anew = f"({window} < %s OR {window} > %s)"
    # `used` comes first: MariaDB computes from left to right, and would see the new window.
    return f"""
        UPDATE api_keys SET
            used = CASE WHEN {anew} THEN 1 ELSE used + 1 END,
            {window} = CASE WHEN {anew} THEN %s ELSE {window} END,
            last_used_at = %s
        WHERE digest = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)
            AND EXISTS (SELECT 1 FROM accounts_user WHERE id = api_keys.user_id AND is_active)
            AND ({anew} OR used < CASE scope {"WHEN %s THEN %s " * scopes} ELSE 0 END)
    """  # noqa: S608  (constants)
