"""How patients are written to, from the environment (docs/messages.md)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

from appointments_site import readers
from scheduling.notices import signing

CHANNELS: Final = ("email", "webhook", "console")
LONGEST_UNDO: Final = 60  # minutes


def read(env: Env, *, debug: bool) -> Mapping[str, Any]:
    """The settings by name. Raises ImproperlyConfigured with the variable's name."""
    found = {
        "PUBLIC_URL": _address(env, "PUBLIC_URL", "http://127.0.0.1:8000" if debug else ""),
        "DEFAULT_FROM_EMAIL": env.str("MAIL_FROM", default="appointments@clinic.example" if debug else ""),
        # The envelope's sender, where bounces go: the From address, or this with "{token}" in it.
        "MAIL_RETURN_PATH": env.str("MAIL_RETURN_PATH", default=""),
        "WEBHOOK_URL": _address(env, "WEBHOOK_URL", ""),
        "WEBHOOK_SECRET": _secret(env, "WEBHOOK_SECRET"),
        "REPLIES_SECRET": _secret(env, "REPLIES_SECRET"),
        "NOTICE_UNDO_MINUTES": readers.whole_number(
            env, "NOTICE_UNDO_MINUTES", 3, least=0, most=LONGEST_UNDO, of="minutes"
        ),
    }
    found["NOTICE_CHANNELS"] = _channels(env, found, debug=debug)
    return found


def _channels(env: Env, found: Mapping[str, Any], *, debug: bool) -> list[str]:
    """Those named, else those that are set up; the first is the first choice. None: nobody is written to."""
    set_up = ["console"] if debug else []
    if "EMAIL_URL" in env.ENVIRON and found["DEFAULT_FROM_EMAIL"]:
        set_up = ["email"]
    if found["WEBHOOK_URL"]:
        set_up = [*(name for name in set_up if name != "console"), "webhook"]
    named: list[str] = env.list("NOTICE_CHANNELS", default=set_up)
    for name in named:
        if name not in CHANNELS:
            raise ImproperlyConfigured(f"NOTICE_CHANNELS: {name!r} is none of {', '.join(CHANNELS)}.")
    needed = {"email": ["DEFAULT_FROM_EMAIL"], "webhook": ["WEBHOOK_URL", "WEBHOOK_SECRET"]}
    for name in named:
        for setting in [*needed.get(name, []), "PUBLIC_URL"]:
            if not found[setting]:
                variable = "MAIL_FROM" if setting == "DEFAULT_FROM_EMAIL" else setting
                raise ImproperlyConfigured(f"{variable} is missing: the channel {name!r} needs it.")
    return named


def _address(env: Env, name: str, default: str) -> str:
    """An http(s) address without a slash at its end, or "". Raises ImproperlyConfigured."""
    given: str = env.str(name, default=default).rstrip("/")
    if given and not _leads_somewhere(given):
        raise ImproperlyConfigured(f"{name}: {given!r} is not an address. Use one like https://book.example.")
    return given


def _leads_somewhere(address: str) -> bool:
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is none
        return False


def _secret(env: Env, name: str) -> str:
    given = readers.token(env, name)
    if given and not given.startswith(signing.PREFIX):
        raise ImproperlyConfigured(f"{name} does not begin with {signing.PREFIX}.")
    if given:
        try:
            signing.key_of(given)
        except ValueError:
            raise ImproperlyConfigured(f"{name}: what follows {signing.PREFIX} is not base64.") from None
    return given
