"""Every door has a mark that says who may open it; one without would be found here before anyone meets it."""

from typing import get_args

from django.urls import URLPattern, get_resolver

from scheduling.access import GUARDED_BY_THEMSELVES, Mark


def doors(resolver=None, prefix=""):
    """(address, view) of every pattern of the site, but for apps that guard themselves."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        elif entry.app_name not in GUARDED_BY_THEMSELVES:
            yield from doors(entry, address)


def test_every_door_has_a_mark():
    found = dict(doors())
    assert len(found) > 8  # the walk does walk
    unmarked = [
        address for address, view in found.items() if getattr(view, "access", None) not in get_args(Mark)
    ]
    assert unmarked == []


def test_only_these_doors_are_open_to_strangers():
    marked = {mark: set() for mark in get_args(Mark)}
    for address, view in doors():
        marked[view.access].add(address)
    assert marked["public"] == {"", "sign-in/", "sign-out/", "admin/login/", "healthz", "readyz"}
    assert marked["patient_link"] == {"appointment/<uuid:appointment>/"}


def test_every_page_of_the_desk_sends_a_stranger_to_sign_in(client, db):
    plain = [
        address for address, view in doors() if view.access in {"staff", "signed_in"} and "<" not in address
    ]
    assert "desk/" in plain
    for address in plain:
        response = client.get(f"/{address}")
        assert (response.status_code, response.url) == (302, f"/sign-in/?next=/{address}")
