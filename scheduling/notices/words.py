"""The clinic's own words as they are now. They are checked when saved (`models.placeholders`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scheduling.models import MessageSettings, MessageWords, VisitTypeWords


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
