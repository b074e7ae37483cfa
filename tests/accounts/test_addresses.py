"""Whose address it is, behind no, one and several proxies."""

from ipaddress import ip_network

import pytest
from django.test import RequestFactory

from accounts.addresses import client_address, counted_address

CLIENT, EVIL, OUTER, INNER = "198.51.100.7", "203.0.113.66", "10.0.0.2", "10.0.0.1"
INSIDE = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def asked(peer, *forwarded):
    more = {"HTTP_X_FORWARDED_FOR": ", ".join(forwarded)} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **more)


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "address"),
    [
        # None are trusted: what is forwarded is what anybody may write.
        (0, CLIENT, [], CLIENT),
        (0, EVIL, [CLIENT], EVIL),
        # By their number.
        (1, INNER, [CLIENT], CLIENT),
        (1, INNER, [EVIL, CLIENT], CLIENT),
        (2, INNER, [EVIL, CLIENT, OUTER], CLIENT),
        (1, INNER, [], INNER),  # past the proxy, as a probe comes
        (2, INNER, [EVIL], INNER),  # past one of them: the one address may be made up
        (1, INNER, ["nonsense"], INNER),
        (1, "", [CLIENT], CLIENT),  # through a socket file
        (1, "", [], "0.0.0.0"),
        # By their networks.
        (INSIDE, INNER, [CLIENT], CLIENT),
        (INSIDE, INNER, [EVIL, CLIENT, OUTER], CLIENT),
        (INSIDE, EVIL, [CLIENT], EVIL),  # no proxy of ours
        (INSIDE, INNER, [OUTER], OUTER),  # from inside
        (INSIDE, INNER, [EVIL, "nonsense", OUTER], OUTER),
        (INSIDE, "", [EVIL, CLIENT], CLIENT),
        (INSIDE, INNER, [], INNER),
        (INSIDE, "fd00::1", ["2001:db8::7"], "2001:db8::7"),
        # As some proxies write them.
        (1, INNER, [f"{CLIENT}:4711"], CLIENT),
        (1, INNER, ["[2001:db8::7]:4711"], "2001:db8::7"),
        (INSIDE, "::ffff:10.0.0.1", [f"::ffff:{CLIENT}"], CLIENT),
    ],
)
def test_the_address_is_the_nearest_one_that_is_certain(settings, proxies, peer, forwarded, address):
    settings.TRUSTED_PROXIES = proxies
    assert str(client_address(asked(peer, *forwarded))) == address


def test_a_home_counts_as_one_address(settings):
    settings.TRUSTED_PROXIES = 0
    assert counted_address(asked("2001:db8:1:2:3:4:5:6")) == "2001:db8:1:2::"
    assert counted_address(asked(CLIENT)) == CLIENT
