"""The Spanish catalogue, kept in step with the source, without GNU gettext.

Texts are read from Python and from templates (Django turns its own into something like Python), merged into
`django.po`, whose translations stay, and compiled into `django.mo`, which is committed: a clinic's machine
needs neither this script nor Babel.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from babel.messages import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from tools.starting import ROOT

LANGUAGE: Final = "es"
PO: Final = ROOT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
MO: Final = PO.with_suffix(".mo")
PYTHON: Final = ("accounts", "appointments_site", "scheduling")
TEMPLATES: Final = "templates"
JINJA: Final = "templates/jinja"
# Which argument is what, per function: Django's names besides gettext's own.
ONE, SEVERAL = (1,), (1, 2)
KEYWORDS: Final[dict[str, Any]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), ONE),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), SEVERAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}
# The same on every run, so that a run that finds nothing new changes nothing.
WRITTEN: Final = datetime(2026, 11, 24, tzinfo=UTC)


@dataclass(frozen=True)
class Text:
    """One text of the source: what gettext looks it up by."""

    id: str | tuple[str, str]
    context: str | None
    place: str


def texts() -> Iterator[Text]:
    """Every text of the product, in the order of the files."""
    if not settings.configured:
        settings.configure()
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _read(path, path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / TEMPLATES).rglob("*.*")):
        if path.is_relative_to(ROOT / JINJA):
            yield from _read(
                path, path.read_text(encoding="utf-8"), method="jinja2", options={"trimmed": "yes"}
            )
            continue
        # Indentation means nothing in a template, and much to who reads Python.
        lines = templatize(path.read_text(encoding="utf-8"), origin=str(path)).splitlines()
        yield from _read(path, "\n".join(line.strip() for line in lines))


def _read(path: Path, source: str, *, method: str = "python", options: Any = None) -> Iterator[Text]:
    found = extract(method, io.BytesIO(source.encode()), keywords=KEYWORDS, options=options)
    for line, text, _comments, context in found:
        identity = text if isinstance(text, str) else (text[0], text[1])
        yield Text(identity, context, f"{path.relative_to(ROOT)}:{line}")


def stored() -> Catalog:
    """The catalogue as it lies in the repository."""
    if not PO.exists():
        return Catalog(locale=LANGUAGE)
    with PO.open("rb") as file:
        return read_po(file, locale=LANGUAGE)


def merged(old: Catalog) -> Catalog:
    """Every text of the source and no other, with the translation that it had."""
    new = Catalog(
        locale=LANGUAGE,
        project="clinic",
        version="1",
        header_comment="# Spanish, as clinics in Spain speak. docs/translating.md has the words.",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        last_translator="The authors",
        language_team="Spanish",
        fuzzy=False,
    )
    for text in texts():
        before = old.get(text.id, text.context)
        new.add(text.id, before.string if before else "", context=text.context)
    return new


def untranslated(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id and not all(forms(message))]


def forms(message: Message) -> list[str]:
    """The translation, or both of them where the text has a plural."""
    wanted = 2 if message.pluralizable else 1
    given = [message.string] if isinstance(message.string, str) else list(message.string or ())
    return (given + [""] * wanted)[:wanted]


def as_po(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, width=110, no_location=True, sort_output=True, ignore_obsolete=True)
    return out.getvalue()


def as_mo(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def main() -> None:
    catalogue = merged(stored())
    PO.parent.mkdir(parents=True, exist_ok=True)
    PO.write_bytes(as_po(catalogue))
    MO.write_bytes(as_mo(stored()))
    missing = untranslated(catalogue)
    print(f"{len(catalogue)} texts, {len(missing)} without a translation: {PO.relative_to(ROOT)}")
    if missing and "--strict" in sys.argv:
        sys.exit("Some texts are not translated")


if __name__ == "__main__":
    main()
