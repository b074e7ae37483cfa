"""Signatures as Standard Webhooks 1 has them, made and checked. Pure: the standard library only.

`webhook-signature` holds "v1," and the base64 of HMAC-SHA256 over "id.timestamp.body"; several, with spaces
between them, while whoever signs changes their secret.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NoBase64
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest, new
from typing import Final

ID, TIMESTAMP, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX: Final = "whsec_"
VERSION: Final = "v1,"
TOLERANCE: Final = timedelta(minutes=5)  # both ways: older is a replay, newer a wrong clock
MOST_SIGNATURES: Final = 10  # in one header
# Without a full stop: else one signature would fit a message that is cut into its three parts elsewhere.
NAME: Final = re.compile(r"[!-\-/-~]{1,255}", re.ASCII)
SECONDS: Final = re.compile(r"[1-9][0-9]{0,10}", re.ASCII)


class Unsigned(Exception):
    """`str()` is one word: "missing", "malformed", "old", "early" or "wrong"."""


def sign(secret: str, name: str, body: bytes, *, at: datetime) -> dict[str, str]:
    """The three headers of a message; `name` is the same whenever it is sent, `at` (aware) is now.

    Raises ValueError for a secret that is none.
    """
    seconds = str(int(at.timestamp()))
    return {
        ID: name,
        TIMESTAMP: seconds,
        SIGNATURE: VERSION + b64encode(_digest(secret, name, seconds, body)).decode(),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: datetime) -> str:
    """The name of a message that whoever has the secret sent in these minutes. Raises `Unsigned`.

    `headers`: those with lower-case names, or a mapping that knows them however they are written.
    """
    name, seconds, given = (headers.get(header) or "" for header in (ID, TIMESTAMP, SIGNATURE))
    if not (name and seconds and given):
        raise Unsigned("missing")
    if not NAME.fullmatch(name) or not SECONDS.fullmatch(seconds):
        raise Unsigned("malformed")
    # The signature first: whoever does not know the secret learns nothing of our clock.
    expected = _digest(secret, name, seconds, body)
    found = [compare_digest(expected, digest) for digest in _digests(given)]
    if not any(found):
        raise Unsigned("wrong")
    at = datetime.fromtimestamp(int(seconds), UTC)
    if at < now - TOLERANCE:
        raise Unsigned("old")
    if at > now + TOLERANCE:
        raise Unsigned("early")
    return name


def key_of(secret: str) -> bytes:
    """The bytes of a secret, written as whsec_ and their base64. Raises ValueError."""
    written = secret.removeprefix(PREFIX)
    try:
        key = b64decode(written + "=" * (-len(written) % 4), validate=True)
    except NoBase64 as error:
        raise ValueError("a secret is whsec_ and base64") from error
    if not key:
        raise ValueError("a secret is not empty")
    return key


def _digest(secret: str, name: str, seconds: str, body: bytes) -> bytes:
    return new(key_of(secret), f"{name}.{seconds}.".encode() + body, sha256).digest()


def _digests(given: str) -> list[bytes]:
    """Those of our version; what cannot be read is none of them."""
    signatures = given.split(" ")[:MOST_SIGNATURES]
    return [_read(one.removeprefix(VERSION)) for one in signatures if one.startswith(VERSION)]


def _read(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (NoBase64, ValueError):  # the second: letters that are not ASCII
        return b""
