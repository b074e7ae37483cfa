"""The clinic's own words as they are now. They are checked when saved (`models.placeholders`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings as site

from scheduling.clock import clinic_zone
from scheduling.models import MessageSettings, MessageWords, VisitTypeWords
from scheduling.models.placeholders import filled, used_in
from scheduling.times_in_words import day_in_words, time_in_figures


@dataclass(frozen=True)
class ClinicsWords:
    """Read once for many messages."""

    of_languages: Mapping[str, MessageWords] = field(default_factory=dict)
    of_types: Mapping[tuple[int, str], str] = field(default_factory=dict)  # by a type's key and a language
    says_what_missing_costs: bool = False

    def in_language(self, language: str) -> MessageWords:
        """Those of a language; all empty where the clinic wrote none: the product's own hold."""
        return self.of_languages.get(language) or MessageWords(language=language)

    def how_to_prepare(self, visit_type: int | None, language: str) -> str:
        """For visits of a type (key); "" where nothing is to be prepared."""
        return "" if visit_type is None else self.of_types.get((visit_type, language), "")


def current(settings: MessageSettings | None = None) -> ClinicsWords:
    """2 queries, and 1 for the settings where nobody has read them yet."""
    settings = settings or MessageSettings.current()
    of_types = VisitTypeWords.objects.exclude(how_to_prepare="").order_by("pk")
    return ClinicsWords(
        of_languages={row.language: row for row in MessageWords.objects.all()},
        of_types={(row.visit_type_id, row.language): row.how_to_prepare for row in of_types},
        says_what_missing_costs=settings.says_what_missing_costs,
    )


def values_of(at: datetime, *, doctor: str, name: str) -> Mapping[str, str]:
    """What the placeholders stand for, of a visit at an instant (aware)."""
    on_clock = at.astimezone(clinic_zone())
    return {
        "name": name,
        "clinic": site.CLINIC_NAME,
        "phone": site.CLINIC_PHONE,
        "address": site.CLINIC_ADDRESS,
        "day": day_in_words(on_clock.date(), "long"),
        "time": time_in_figures(on_clock.time()),
        "doctor": doctor,
    }


@dataclass(frozen=True)
class WordsOfAPage:
    """What the clinic says on the page of one visit; "" where it says nothing."""

    how_to_find_us: str
    how_to_prepare: str


def on_the_page(language: str, visit_type: int | None, values: Mapping[str, str]) -> WordsOfAPage:
    """For a visit of a type (key), filled. A text that names the patient is left out where `values` has no
    name. 2 queries."""
    ours = MessageWords.objects.filter(language=language).values_list("how_to_find_us", flat=True)
    of_type = VisitTypeWords.objects.filter(language=language, visit_type=visit_type)
    texts = (ours.first() or "", of_type.values_list("how_to_prepare", flat=True).first() or "")
    said = [filled(text, values) if values["name"] or "name" not in used_in(text) else "" for text in texts]
    return WordsOfAPage(*said)
