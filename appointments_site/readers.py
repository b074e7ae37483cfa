"""What the environment may hold: each reader refuses, with the variable's name, what would not do."""

from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Final, TypeVar

from django.core.exceptions import ImproperlyConfigured
from environ import Env

Choice = TypeVar("Choice", bound=str)

SHORTEST_SECRET: Final = 50  # characters
FEWEST_KINDS: Final = 10  # different characters: 50 hexadecimal digits have 15 or 16
SHORTEST_TOKEN: Final = 20  # characters
MOST_PROXIES: Final = 10
MOST_REQUESTS: Final = 1_000_000


def require_strong_secret(name: str, secret: str, *, default: str) -> None:
    """Raises ImproperlyConfigured for a secret that is missing, known to everybody or soon guessed."""
    if secret in {"", default} or secret.startswith("change-me"):
        raise ImproperlyConfigured(f"{name} is missing or a default. Set it to a long random text.")
    if len(secret) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} has {len(secret)} characters. Set it to a random text of at least {SHORTEST_SECRET}."
        )
    if len(set(secret)) < FEWEST_KINDS:
        raise ImproperlyConfigured(
            f"{name} is made of {len(set(secret))} different characters. "
            f"Set it to a random text with at least {FEWEST_KINDS}."
        )


def require_named_hosts(hosts: Sequence[str]) -> None:
    """Raises ImproperlyConfigured for no host, or for all: links in mails are made of what was asked for."""
    if not hosts:
        raise ImproperlyConfigured("ALLOWED_HOSTS is empty. Set it to the names this site is reached by.")
    if "*" in hosts:
        raise ImproperlyConfigured(
            "ALLOWED_HOSTS is *: any name. Set it to the names this site is reached by."
        )


def trusted_proxies(text: str) -> int | tuple[IPv4Network | IPv6Network, ...]:
    """TRUSTED_PROXIES: how many proxies stand before this program, or the networks that they are in.

    0 where it is empty. Raises ImproperlyConfigured.
    """
    text = text.strip()
    if not text:
        return 0
    if text.isdecimal():
        if int(text) > MOST_PROXIES:
            raise ImproperlyConfigured(f"TRUSTED_PROXIES: {text} proxies; use a number up to {MOST_PROXIES}.")
        return int(text)
    try:
        networks = tuple(ip_network(part.strip()) for part in text.split(","))
    except ValueError as error:
        raise ImproperlyConfigured(
            f"TRUSTED_PROXIES: {error}. Use a number of proxies, or networks like 10.0.0.0/8,fd00::/8."
        ) from error
    if any(network.prefixlen == 0 for network in networks):
        raise ImproperlyConfigured("TRUSTED_PROXIES: a network of all addresses would trust everybody.")
    return networks


def whole_number(env: Env, name: str, default: int, *, least: int, most: int, of: str) -> int:
    """A whole number within bounds. Raises ImproperlyConfigured."""
    number = _number(env, name, default, of)
    if not least <= number <= most:
        raise ImproperlyConfigured(f"{name}: {number} {of}; use a number from {least} to {most}.")
    return number


def seconds(env: Env, name: str, default: int) -> int:
    """A whole number of seconds. Raises ImproperlyConfigured."""
    return _number(env, name, default, "seconds")


def requests_a_minute(env: Env, name: str, default: int) -> int:
    """How often a program may ask. Raises ImproperlyConfigured."""
    number = _number(env, name, default, "requests")
    if not 1 <= number <= MOST_REQUESTS:
        raise ImproperlyConfigured(
            f"{name}: {number} requests a minute; use a number from 1 to {MOST_REQUESTS}."
        )
    return number


def token(env: Env, name: str) -> str:
    """A secret of a program's, or none. Raises ImproperlyConfigured."""
    given: str = env.str(name, default="")
    if given and len(given) < SHORTEST_TOKEN:
        raise ImproperlyConfigured(
            f"{name} has {len(given)} characters. Set it to a random text of at least {SHORTEST_TOKEN}."
        )
    return given


def one_of(env: Env, name: str, choices: Sequence[Choice]) -> Choice:
    """One of these words, the first where none is given. Raises ImproperlyConfigured."""
    given = env.str(name, default="") or choices[0]
    for choice in choices:
        if choice == given:
            return choice
    raise ImproperlyConfigured(f"{name}: {given!r} is none of {', '.join(choices)}.")


def web_address(env: Env, name: str) -> str:
    """An address to be linked to, or none. Raises ImproperlyConfigured."""
    given: str = env.str(name, default="")
    if given and not given.startswith(("https://", "http://", "geo:")):
        raise ImproperlyConfigured(f"{name}: {given!r} is no address. Use one that begins with https://.")
    return given


def _number(env: Env, name: str, default: int, of: str) -> int:
    try:
        return env.int(name, default=default)  # type: ignore[no-any-return]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {env.str(name)!r} is not a whole number of {of}.") from error
