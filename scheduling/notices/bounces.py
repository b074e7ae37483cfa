"""Mail that comes back: the return path of each message names it, signed, so that nobody else can."""

from hmac import compare_digest
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

SALT: Final = "return path of a message"
SIGNED: Final = 16  # hexadecimal digits: with them the part before the @ stays under 64 characters (RFC 5321)


def return_path(key: UUID) -> str:
    """The envelope's sender of a message: where it goes back to if it cannot be delivered."""
    template: str = settings.MAIL_RETURN_PATH or settings.DEFAULT_FROM_EMAIL
    return template.replace("{token}", token_of(key))


def token_of(key: UUID) -> str:
    """32 digits of the message's name, and 16 that only this site can make."""
    return f"{key.hex}{_signature(key.hex, settings.SECRET_KEY)}"


def key_of(token: str) -> UUID | None:
    """The message that a return path names; None where the token was not made here."""
    name, signature = token[:32], token[32:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(compare_digest(signature.encode(), _signature(name, key).encode()) for key in keys):
        return None
    return UUID(name)


def _signature(name: str, secret: str) -> str:
    return salted_hmac(SALT, name, secret=secret, algorithm="sha256").hexdigest()[:SIGNED]
