"""What a board was asked to show, in its address: `?specialty=&doctor=&doctor=&cancelled=1&moving=&of=`."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict

from scheduling.forms.fields import DayField, uuid_of
from scheduling.models import Doctor

MOST_DOCTORS: Final = 60  # more would not fit into an address


@dataclass(frozen=True)
class Choice:
    """Whose columns are shown, and how. Empty means everybody."""

    specialty: UUID | None = None
    doctors: frozenset[UUID] = frozenset()
    cancelled: bool = False
    moving: UUID | None = None
    week_of: UUID | None = None  # the doctor whose week was looked at last: to whom "Week" leads back

    @property
    def is_filter(self) -> bool:
        return bool(self.specialty or self.doctors)

    def of(self, doctors: Collection[Doctor]) -> list[Doctor]:
        """Those of the doctors who are to be shown."""
        return [
            doctor
            for doctor in doctors
            if (not self.doctors or doctor.uuid in self.doctors)
            and (self.specialty is None or doctor.specialty.uuid == self.specialty)
        ]

    def with_filter_of(self, other: "Choice") -> "Choice":
        return replace(self, specialty=other.specialty, doctors=other.doctors)

    def toggled(self) -> "Choice":
        """The same with the cancelled visits, or without them."""
        return replace(self, cancelled=not self.cancelled)

    def pairs(self) -> list[tuple[str, str]]:
        """As an address or hidden fields carry it."""
        found = self.filter_pairs()
        if self.cancelled:
            found.append(("cancelled", "1"))
        if self.moving:
            found.append(("moving", str(self.moving)))
        if self.week_of:
            found.append(("of", str(self.week_of)))
        return found

    def filter_pairs(self) -> list[tuple[str, str]]:
        found = [("specialty", str(self.specialty))] if self.specialty else []
        return found + [("doctor", str(doctor)) for doctor in sorted(self.doctors, key=str)]

    def at(self, address: str, **more: str) -> str:
        """An address that carries the choice."""
        query = urlencode([*self.pairs(), *more.items()])
        return f"{address}?{query}" if query else address


def day_of(query: QueryDict, *, today: date) -> date:
    """The day that was typed beside "Go"; today where none was. Raises ValidationError, with what to say."""
    field = DayField(required=False)
    field.today = today
    return field.clean(query.get("date", "")) or today


def shown_day(query: QueryDict) -> date | None:
    """The day of the board on which the form stood; None where that cannot be read."""
    try:
        day: date | None = DayField(required=False).clean(query.get("shown", ""))
    except ValidationError:
        return None
    return day


def choice_of(query: QueryDict) -> Choice:
    """What an address or a form says; what cannot be read counts as not said."""
    doctors = [uuid for text in query.getlist("doctor") if (uuid := uuid_of(text))]
    return Choice(
        specialty=uuid_of(query.get("specialty", "")),
        doctors=frozenset(doctors[:MOST_DOCTORS]),
        cancelled=query.get("cancelled") == "1",
        moving=uuid_of(query.get("moving", "")),
        week_of=uuid_of(query.get("of", "")),
    )


def remembered(cookies: Mapping[str, str], name: str) -> Choice:
    """The filter that this browser chose last, from its cookie."""
    try:
        kept = QueryDict(cookies.get(name, ""))
    except ValueError:  # somebody wrote nonsense into it
        return Choice()
    return Choice().with_filter_of(choice_of(kept))
