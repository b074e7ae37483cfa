"""Whose absence it is, and what is to become of each visit."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.addresses import LONGEST_ABSENCE
from scheduling.clock import clinic_zone
from scheduling.forms.fields import DayField, TextField, say_today, uuid_of
from scheduling.forms.offered import DoctorField
from scheduling.forms.seen import versions_of
from scheduling.forms.steps import ReasonField, offered_time_of
from scheduling.models import Call, Doctor
from scheduling.times import clinic_day
from scheduling.times.intervals import Interval

KEEP, CANCEL = "keep", "cancel"
WAY: Final = "way-"  # and the uuid of the visit


class AbsenceForm(forms.Form):
    """A doctor's day, or days."""

    doctor = DoctorField(
        Doctor,
        label=gettext_lazy("Doctor"),
        empty_label=gettext_lazy("Choose a doctor"),
        error_messages={"required": gettext_lazy("Choose a doctor.")},
    )
    first = DayField(
        label=gettext_lazy("First day"),
        error_messages={"required": gettext_lazy("Choose the first day.")},
    )
    last = DayField(
        label=gettext_lazy("Last day"), required=False, help_text=gettext_lazy("Empty: the same day.")
    )

    def __init__(self, data: Any = None, *, today: date, **more: Any) -> None:
        super().__init__(data, use_required_attribute=False, **more)
        say_today(self, today)

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        first, last = typed.get("first"), typed.get("last")
        if first and last and last < first:
            self.add_error("last", _("It ends before it begins."))
        elif first and last and last - first >= timedelta(days=LONGEST_ABSENCE):
            message = _("Choose at most %(days)s days at a time.") % {"days": LONGEST_ABSENCE}
            self.add_error("last", message)
        return typed

    @property
    def last_day(self) -> date:
        """Only after `is_valid()`."""
        day: date = self.cleaned_data["last"] or self.cleaned_data["first"]
        return day

    @property
    def span(self) -> Interval:
        zone = clinic_zone()
        first = clinic_day.whole_day(self.cleaned_data["first"], zone)
        return Interval(first.start, clinic_day.whole_day(self.last_day, zone).end)


class ReasonForm(forms.Form):
    reason = ReasonField(
        label=gettext_lazy("Reason"), required=False, help_text=gettext_lazy("It goes into the history.")
    )

    words = TextField(
        label=gettext_lazy("What the patients are told"),
        required=False,
        max_length=Call._meta.get_field("words").max_length,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "Messages say it, and whoever calls has it in front of them. The history keeps the reason."
        ),
    )

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, use_required_attribute=False, **more)


@dataclass(frozen=True)
class Plan:
    """What was chosen: for each visit a way, and those that were ticked, in the version that was seen."""

    ways: Mapping[UUID, str] = field(default_factory=dict)
    ticked: Mapping[UUID, int] = field(default_factory=dict)

    @classmethod
    def of(cls, posted: QueryDict) -> "Plan":
        """What cannot be read counts as not chosen."""
        ways = {
            uuid: str(posted[name])
            for name in posted
            if name.startswith(WAY) and (uuid := uuid_of(name.removeprefix(WAY)))
        }
        return cls(ways, versions_of(posted.getlist("visit")))

    @property
    def chosen(self) -> dict[UUID, tuple[UUID, datetime]]:
        """The doctor (uuid) and the start (aware) of those to whom one was chosen."""
        zone = clinic_zone()
        return {uuid: at for uuid, way in self.ways.items() if (at := offered_time_of(way, zone))}

    @property
    def token(self) -> str:
        """The same for the same plan: what is done is what was shown."""
        asked = sorted(f"{uuid} {version} {self.ways.get(uuid)}" for uuid, version in self.ticked.items())
        return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def called(posted: QueryDict) -> tuple[UUID, int, Call.Outcome] | None:
    """How a call went, as its button says: visit, how much was known of it, and the outcome."""
    name, _dot, rest = posted.get("told", "").partition(".")
    seen, _dot, outcome = rest.partition(".")
    uuid = uuid_of(name)
    known = {Call.Outcome.CALLED, Call.Outcome.NO_ANSWER, Call.Outcome.TOLD}
    if uuid is None or not (seen.isascii() and seen.isdigit() and len(seen) < 5) or outcome not in known:
        return None
    return uuid, int(seen), Call.Outcome(outcome)
