"""What whoever meets a patient must know beforehand: "deaf, write", "interpreter: Arabic", "wheelchair".

A record keeps its alerts as one text, a line each: "hearing: write", or "mobility" where the kind says it
all. So they are read wherever the record is, and its history and a merge treat them as any other column.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST: Final = 60  # characters of an alert's own words
LONGEST_TEXT: Final = 1000  # of all of them, as they are kept


class Kind(TextChoices):
    HEARING = "hearing", gettext_lazy("Hearing")
    SIGHT = "sight", gettext_lazy("Sight")
    INTERPRETER = "interpreter", gettext_lazy("Interpreter")
    MOBILITY = "mobility", gettext_lazy("Mobility")
    ALLERGY = "allergy", gettext_lazy("Allergy")
    OTHER = "other", gettext_lazy("Take note")


ICONS: Final = {
    Kind.HEARING: "ear",
    Kind.SIGHT: "eye",
    Kind.INTERPRETER: "talk",
    Kind.MOBILITY: "wheel",
    Kind.ALLERGY: "stop",
    Kind.OTHER: "flag",
}


class Alert(NamedTuple):
    kind: Kind
    words: str  # may be empty: then its kind says it

    @property
    def icon(self) -> str:
        return ICONS[self.kind]

    @property
    def short(self) -> str:
        """What a sign has room for beside its picture."""
        return self.words or str(self.kind.label)

    def __str__(self) -> str:
        if not self.words:
            return str(self.kind.label)
        return _("%(kind)s: %(words)s") % {"kind": self.kind.label, "words": self.words}


def read(text: str) -> list[Alert]:
    """The alerts of a text, at most one of a kind, in the order of the kinds. A line of no kind that is known
    is one to take note of."""
    found: dict[Kind, dict[str, None]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _colon, words = line.partition(":")
        if name.strip() in Kind.values:
            kind = Kind(name.strip())
        else:
            kind, words = Kind.OTHER, line
        said = found.setdefault(kind, {})
        said.update(dict.fromkeys(filter(None, map(str.strip, words.split(",")))))
    return [Alert(kind, ", ".join(found[kind])) for kind in Kind if kind in found]


def as_text(alerts: Iterable[Alert]) -> str:
    return "\n".join(f"{alert.kind}: {alert.words}" if alert.words else str(alert.kind) for alert in alerts)


def of_both(one: str, other: str) -> str:
    """All alerts of two records of one person, none lost: what both say of a kind stands once."""
    return as_text(read(f"{one}\n{other}"))
