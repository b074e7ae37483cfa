"""Every text of the product exists in Spanish, and says what the English one says."""

import re
from collections import Counter

import pytest

from tools import catalogue
from tools.catalogue import MO, PO, as_mo, as_po, forms, merged, stored, texts, untranslated

PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[a-z%]|\{(\w+)\}")
MARKUP = re.compile(r"</?\w+[^>]*>")
# A date's letters are put in each language's own order; they are no words.
FORMS = "form of "


@pytest.fixture(scope="module")
def spanish():
    return stored()


def shapes(text):
    """Placeholders and tags: what a translation may move, and must neither lose nor invent."""
    return Counter(PLACEHOLDER.findall(text)), Counter(MARKUP.findall(text))


def differing(message):
    """Whether a form of the translation has other placeholders than the form of the source."""
    source = [message.id] if isinstance(message.id, str) else list(message.id)
    return any(shapes(one) != shapes(other) for one, other in zip(source, forms(message), strict=True))


def test_every_text_of_the_source_is_in_the_catalogue_and_no_other(spanish):
    known = {(message.id, message.context) for message in spanish if message.id}
    in_source = {(text.id, text.context) for text in texts()}
    assert len(in_source) > 500
    # Where this fails: make messages, and translate what is new (docs/translating.md).
    assert in_source - known == set()
    assert known - in_source == set()


def test_every_text_is_translated_and_none_by_guess(spanish):
    assert [message.id for message in untranslated(spanish)] == []
    assert [message.id for message in spanish if message.fuzzy and message.id] == []


def test_a_translation_has_the_placeholders_and_tags_of_its_source(spanish):
    assert [message.id for message in spanish if message.id and differing(message)] == []


def test_a_lost_placeholder_would_be_found(spanish):
    message = next(m for m in spanish if m.id == "%(doctor)s has time off then.")
    assert not differing(message)
    message.string = "Tiene una ausencia a esa hora."
    assert differing(message)


def test_only_what_is_the_same_in_both_languages_is_left_as_it_is(spanish):
    same = {m.id for m in spanish if m.id and m.id in forms(m) and not (m.context or "").startswith(FORMS)}
    assert {re.sub(r"%\(\w+\)s|\{\w+\}|[^\w]|min", "", str(text)) for text in same} <= {""}


def test_what_the_program_reads_is_what_the_catalogue_says(spanish):
    assert MO.read_bytes() == as_mo(stored())


def test_a_second_run_changes_nothing():
    assert as_po(merged(stored())) == PO.read_bytes()


def test_texts_are_read_from_python_and_from_templates(tmp_path, monkeypatch):
    (tmp_path / "scheduling").mkdir()
    (tmp_path / "templates").mkdir()
    (tmp_path / "scheduling" / "views.py").write_text(
        'a = _("Plain")\nb = ngettext("%(n)s day", "%(n)s days", n)\nc = pgettext_lazy("label", "When")\n'
    )
    (tmp_path / "templates" / "page.html").write_text(
        '<p>\n    {% translate "Loud" %}\n  {% if x %}{{ _("Quiet") }}{% endif %}</p>\n'
        "{% blocktranslate count n=n %}{{ n }} hit{% plural %}{{ n }} hits{% endblocktranslate %}\n"
        '{% blocktranslate trimmed with a=b %}\n  It isn\'t "{{ a }}".\n{% endblocktranslate %}\n'
    )
    monkeypatch.setattr(catalogue, "ROOT", tmp_path)
    assert [(text.id, text.context, text.place) for text in texts()] == [
        ("Plain", None, "scheduling/views.py:1"),
        (("%(n)s day", "%(n)s days"), None, "scheduling/views.py:2"),
        ("When", "label", "scheduling/views.py:3"),
        ("Loud", None, "templates/page.html:2"),
        ("Quiet", None, "templates/page.html:3"),
        (("%(n)s hit", "%(n)s hits"), None, "templates/page.html:4"),
        ('It isn\'t "%(a)s".', None, "templates/page.html:5"),
    ]
