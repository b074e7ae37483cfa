"""The keys that other programs come with: made, let in and counted, revoked. Nothing else writes them."""

import hashlib
import math
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from accounts.models import ApiKey, Scope, User
from accounts.shares import Holder, Share, shares

PREFIX: Final = "clinic_"  # recognised by people, and by programs that look for secrets left in a source
RANDOM_BYTES: Final = 32
LONGEST_NAME: Final = 100
SHARES: Final = 10  # a server takes so much of a minute at once: the limit divided by this
# What every request reads of its key, and of the account in whose name it changes something; in the models'
# order, as `from_db` takes them.
OF_THE_KEY: Final = ("id", "name", "scope", "user_id", "window", "used")
OF_THE_ACCOUNT: Final = (
    *("id", "is_superuser", "username", "first_name", "last_name"),
    *("is_active", "is_program"),
)
JOINERS: Final = re.compile("[\u200c\u200d]")  # nobody sees them, but some scripts are written with them


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
    if not JOINERS.sub("", name).isprintable():
        raise BadName("A key's name has only characters that can be read.")
    if ApiKey.objects.filter(name__iexact=name).exists():
        raise _is_taken(name)
    return name


def _is_taken(name: str) -> BadName:
    return BadName(f"Another key is called “{name}” already, in use or not. Choose another name.")


def admit(secret: str, *, now: datetime, counts: bool = True) -> Admission | None:
    """Let one request in and count it; None for a key that is unknown, expired, revoked or switched off.

    `counts`: False where nothing can be written now; whoever only reads is let in all the same.

    1 query: a stranger writes nothing, and waits for nobody who does. One more takes a tenth of the minute
    from the database, which nobody gets twice; this server counts it out by itself (`accounts.shares`), and
    asks for the next when it is gone. So the limit holds for every process and machine together, and
    `last_used_at` is written in each minute that the key is used in. Not for use inside a transaction, which
    would hold the key's row until its end.
    """
    digest, minute = _digest(secret), int(now.timestamp()) // 60
    while True:
        key = _key(digest, now)
        if key is None:
            return None
        limit: int = settings.API_LIMITS[key.scope]
        holder = Holder(key.pk, int(digest[:16], 16), limit)
        # Another server's clock may be a little ahead: its minute goes on. One that is farther off was wrong.
        goes_on = minute <= key.window <= minute + 1
        window, used = (key.window, key.used) if goes_on else (minute, 0)
        rest = max(limit - used, 0)
        share = shares.spend(holder, minute)
        if share is not None:
            return _let_in(key, holder, share, rest if share.minute == window else 0, now)
        if not counts or rest == 0:
            return Admission(key, limit, rest, _ends_in(window, now), is_over=counts)
        count = min(max(limit // SHARES, 1), rest) if shares.has_room(holder, window) else 1
        # Where somebody took some at this moment, there is another look.
        if _is_taken_from(key, window, used + count, now):
            share = Share(window, shares.add(holder, window, count - 1) if count > 1 else 0)
            return _let_in(key, holder, share, rest - count, now)


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


def _let_in(key: ApiKey, holder: Holder, share: Share, rest: int, now: datetime) -> Admission:
    # Of several requests at this moment each is told what it left.
    return Admission(key, holder.limit, share.left + rest, _ends_in(share.minute, now), is_over=False)


def _ends_in(minute: int, now: datetime) -> int:
    return max(math.ceil((minute + 1) * 60 - now.timestamp()), 1)


def _key(digest: str, now: datetime) -> ApiKey | None:
    """The key if it is good, with its account; of both only the columns named above. 1 query.

    In SQL of our own: every request asks it, and the ORM takes ten times as long as the database.
    """
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_of_a_good_key(connection.ops.quote_name), [digest, moment])
        row = cursor.fetchone()
    if row is None:
        return None
    key = ApiKey.from_db(connection.alias, OF_THE_KEY, row[: len(OF_THE_KEY)])
    key.user = User.from_db(connection.alias, OF_THE_ACCOUNT, row[len(OF_THE_KEY) :])
    return key


@cache
def _of_a_good_key(quoted: Callable[[str], str]) -> str:
    columns = [f"k.{quoted(name)}" for name in OF_THE_KEY] + [f"u.{quoted(name)}" for name in OF_THE_ACCOUNT]
    return f"""
        SELECT {", ".join(columns)} FROM api_keys k JOIN accounts_user u ON u.id = k.user_id
        WHERE k.digest = %s AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > %s)
            AND u.is_active
    """  # noqa: S608  (constants)


def _is_taken_from(key: ApiKey, window: int, used: int, now: datetime) -> bool:
    """Write that so many of a minute are taken, unless the row is no longer as it was read. 1 query."""
    as_read = ApiKey.objects.filter(pk=key.pk, window=key.window, used=key.used)
    return as_read.update(window=window, used=used, last_used_at=now) == 1
