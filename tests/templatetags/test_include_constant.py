"""A piece that is rendered once for all who may do the same, in each language."""

import pytest
from django.template import Context, Template
from django.urls import set_script_prefix
from django.utils import translation

from accounts.models import User
from scheduling.templatetags import include_jinja

pytestmark = pytest.mark.once

PIECE = Template('{% include_constant "components/key_groups.html" level=2 %}')
SIGNED_OUT = Template('{% include_constant "components/signed_out.html" %}')


def said_to(user, piece=PIECE):
    return piece.render(Context({"user": user, "level": 9}))


def test_a_piece_says_what_its_reader_may_open(rae, max_):
    stranger = User(username="nobody")
    stranger.permission_names = frozenset()
    everything, nothing = said_to(rae), said_to(stranger)
    assert "New booking" in everything and "<h2>" in everything
    assert "New booking" not in nothing
    assert said_to(rae) == everything


def test_a_piece_speaks_the_language_of_its_reader(rae):
    english = said_to(rae)
    with translation.override("es"):
        spanish = said_to(rae)
    assert english != spanish
    assert said_to(rae) == english


def test_a_piece_leads_to_where_the_site_is_mounted(rae):
    plain = said_to(rae, SIGNED_OUT)
    set_script_prefix("/clinic/")
    try:
        assert 'href="/clinic/' in said_to(rae, SIGNED_OUT)
    finally:
        set_script_prefix("/")
    assert said_to(rae, SIGNED_OUT) == plain


def test_the_same_is_rendered_once(rae, monkeypatch):
    said_to(rae)
    monkeypatch.setattr(include_jinja, "_rendered", None)
    said_to(rae)


def test_who_works_on_a_template_sees_what_they_changed(rae, monkeypatch, settings):
    said_to(rae)
    settings.DEBUG = True
    monkeypatch.setattr(include_jinja, "_rendered", lambda name, given: "changed")
    assert said_to(rae) == "changed"
