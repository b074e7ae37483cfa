"""Whose address a request comes from, also behind proxies (TRUSTED_PROXIES).

`X-Forwarded-For` is what the client wrote, and behind it what each proxy added. Only the part that our own
proxies added is true, so it is read from its end.
"""

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, Final, TypeAlias

from django.conf import settings
from django.http import HttpRequest

Address: TypeAlias = IPv4Address | IPv6Address
Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]

UNKNOWN: Final = IPv4Address(0)  # of a socket file, and of what no proxy told: all of these count as one
ONE_HOME: Final = 64  # bits of an IPv6 address that a subscriber does not choose; the others change at will


def client_address(request: HttpRequest) -> Address:
    """The address of who asked; the nearest one that is certain, where it cannot be known."""
    peer = _parsed(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        return peer or UNKNOWN
    forwarded = _forwarded(request.META)
    if isinstance(proxies, int):
        # A request that passed fewer proxies than there are may have written all of this by itself.
        told = _parsed(forwarded[-proxies]) if len(forwarded) >= proxies else None
        return told or peer or UNKNOWN
    nearest = peer
    while forwarded and _is_one_of(proxies, nearest):
        told = _parsed(forwarded.pop())
        if told is None:
            break
        nearest = told
    return nearest or UNKNOWN


def is_told_by_a_proxy(meta: Mapping[str, Any]) -> bool:
    """Whether a proxy of ours sent this request on: its headers are then what that proxy lets through."""
    proxies = settings.TRUSTED_PROXIES
    if isinstance(proxies, int):
        return 0 < proxies <= len(_forwarded(meta))
    return _is_one_of(proxies, _parsed(meta.get("REMOTE_ADDR", "")))


def counted_address(request: HttpRequest) -> str:
    """Under which address wrong passwords count: of IPv6 the network of a home, not each of its 2^64."""
    address = client_address(request)
    if isinstance(address, IPv6Address):
        rest = 128 - ONE_HOME
        address = IPv6Address(int(address) >> rest << rest)
    return str(address)


def _forwarded(meta: Mapping[str, Any]) -> list[str]:
    return [part for part in meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]


def _is_one_of(proxies: Networks, address: Address | None) -> bool:
    """No address: a socket file, which only a proxy on this machine opens."""
    return address is None or any(address in network for network in proxies)


def _parsed(text: str) -> Address | None:
    """None for what is no address. Some proxies add a port: 192.0.2.1:4711, [2001:db8::1]:4711."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
