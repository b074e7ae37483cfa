"""How often a visit is repeated, and what was chosen for the dates at which something is in the way."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.clock import clinic_zone
from scheduling.forms.fields import DayField, say_today
from scheduling.forms.steps import offered_time, offered_time_of
from scheduling.models import Doctor
from scheduling.times import recurring
from scheduling.times.recurring import FEWEST, LONGEST_INTERVAL, MOST, Rule
from scheduling.times_in_words import rhythm_in_words

USUAL: Final = 8  # visits, where nothing else is said
BY_MONTH: Final = "month-"  # and the week of the month
NUMBER: Final = gettext_lazy("Write how many visits, from 2 to 52.")


class SeriesForm(forms.Form):
    """Of a series that begins on `first`. The day wins over the number: that always stands in its field."""

    rhythm = forms.ChoiceField(
        label=gettext_lazy("How often"),
        error_messages=dict.fromkeys(("required", "invalid_choice"), gettext_lazy("Choose how often.")),
    )
    count = forms.IntegerField(
        label=gettext_lazy("How many visits"),
        min_value=FEWEST,
        max_value=MOST,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), NUMBER),
    )
    until = DayField(
        label=gettext_lazy("Or until"),
        required=False,
        help_text=gettext_lazy("A day here replaces the number."),
    )

    def __init__(self, typed: Mapping[str, Any], *, first: date, today: date) -> None:
        given = {"rhythm": "1", "count": str(USUAL)} | {name: typed[name] for name in NAMES if name in typed}
        super().__init__(given, use_required_attribute=False)
        self.first = first
        weeks = [str(number) for number in range(1, LONGEST_INTERVAL + 1)]
        months = [f"{BY_MONTH}{week}" for week in recurring.weeks_of_month(first)]
        choices = [(value, rhythm_in_words(rule_of(value), first.weekday())) for value in (*weeks, *months)]
        self.fields["rhythm"].choices = choices  # type: ignore[attr-defined]
        say_today(self, today)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("until"):
            self.errors.pop("count", None)
        if "until" not in values or "rhythm" not in values or self.errors:
            return values
        found = len(recurring.dates(self.first, self.rule))
        if found < FEWEST:
            self.add_error("until", _("Until then there is only the first visit."))
        elif found > MOST:
            message = _("That is more than %(most)s visits. Choose an earlier day.")
            self.add_error("until", message % {"most": MOST})
        return values

    @property
    def rule(self) -> Rule:
        """Only after `is_valid()`."""
        values = self.cleaned_data
        until = values["until"]
        return rule_of(values["rhythm"], count=None if until else values["count"], until=until)


NAMES: Final = tuple(SeriesForm.base_fields)


def rule_of(value: str, *, count: int | None = FEWEST, until: date | None = None) -> Rule:
    """The rule of a choice of `SeriesForm.rhythm`."""
    if value.startswith(BY_MONTH):
        return Rule(week_of_month=int(value.removeprefix(BY_MONTH)), count=count, until=until)
    return Rule(every_weeks=int(value), count=count, until=until)


@dataclass(frozen=True)
class Choices:
    """What was chosen by its button for each key (a day in ISO form, or a visit's uuid): a place (doctor's
    uuid and aware start) that is not the usual one, or to leave it out."""

    at: Mapping[str, tuple[UUID, datetime]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()
    pressed: str = ""  # the key whose button was pressed last

    @classmethod
    def of(cls, posted: QueryDict) -> "Choices":
        """As it stands in the page, with the button that was pressed. What can't be read is not chosen."""
        at = dict(_places(posted.getlist("at")))
        left = set(posted.getlist("left"))
        pressed = ""
        if leave := posted.get("leave"):
            pressed = leave
            left.add(leave)
            at.pop(leave, None)
        elif take := posted.get("take"):
            pressed = take
            left.discard(take)
            at.pop(take, None)
        for key, place in _places([posted.get("choose", "")]):
            pressed = key
            at[key] = place
            left.discard(key)
        return cls(at, frozenset(left), pressed)

    @property
    def hidden(self) -> Iterator[tuple[str, str]]:
        """As hidden fields carry them."""
        for key, (doctor, start) in self.at.items():
            yield "at", place_value(key, doctor, start)
        for key in sorted(self.left_out):
            yield "left", key

    @property
    def doctors(self) -> dict[UUID, Doctor]:
        """1 query, none where nothing was chosen."""
        return doctors_of(self.at.values())


def place_value(key: str, doctor: UUID, start: datetime) -> str:
    """A place for a key, as a button or a hidden field carries it."""
    return f"{key}|{offered_time(doctor, start, clinic_zone())}"


def agreed(posted: QueryDict) -> dict[str, tuple[UUID, datetime]]:
    """What the page showed as going to be done, by key: at most as many as a series has."""
    return dict(_places(posted.getlist("visit")[:MOST]))


def doctors_of(places: Sequence[tuple[UUID, datetime]] | Any) -> dict[UUID, Doctor]:
    """The doctors of these places, by uuid."""
    wanted = {doctor for doctor, _start in places}
    rows = Doctor.objects.select_related("specialty").filter(uuid__in=wanted) if wanted else ()
    return {row.uuid: row for row in rows}


def _places(texts: Sequence[str]) -> Iterator[tuple[str, tuple[UUID, datetime]]]:
    for text in texts:
        key, _bar, offer = text.partition("|")
        if (place := offered_time_of(offer, clinic_zone())) is not None:
            yield key, place
