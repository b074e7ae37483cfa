"""A visit that is one of a series: its place among them, and whether those after it are meant as well."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from scheduling.booking import states
from scheduling.booking.seen import Seen
from scheduling.forms.seen import mark_of, versions_of
from scheduling.models import Appointment, Series
from scheduling.queries import series as queries
from scheduling.queries.series import Place
from scheduling.templatetags.clinic import short_date
from scheduling.times_in_words import rhythm_in_words


@dataclass(frozen=True)
class Regular:
    """The series of a visit as its pages say it; `after` are those behind it that can be changed."""

    visit: Appointment
    place: Place
    after: Sequence[Appointment]
    is_meant: bool = False  # those after it, too

    @property
    def series(self) -> Series:
        return self.place.series

    @property
    def rhythm(self) -> str:
        return rhythm_in_words(self.series.rule, self.series.weekday)

    @property
    def last(self) -> Appointment:
        return self.after[-1]

    @property
    def all(self) -> Sequence[Appointment]:
        """With the visit itself."""
        return [self.visit, *self.after]

    @property
    def days(self) -> str:
        return ", ".join(short_date(one.appointment_datetime) for one in self.all)

    @property
    def marks(self) -> list[str]:
        """Those after it in the versions that are shown, as hidden fields carry them."""
        return [mark_of(visit) for visit in self.after]


def of(visit: Appointment, posted: Mapping[str, str] | None = None) -> Regular | None:
    """2 or 3 queries; none where it is of no series. `posted`: what was chosen on the page before."""
    place = queries.place_of(visit)
    if place is None:
        return None
    after = [one for one in place.after if one.status in states.MOVABLE]
    return Regular(visit, place, after, is_meant=(posted or {}).get("which") == "after")


def meant(visit: Appointment, posted: QueryDict) -> list[Seen]:
    """Those after the visit in the versions that were seen, where they are meant as well; else none."""
    if posted.get("which") != "after" or visit.series is None:
        return []
    seen = versions_of(posted.getlist("after"))
    ours = {one.uuid for one in queries.visits_of(visit.series.pk)} - {visit.uuid}
    return [Seen(uuid, version) for uuid, version in seen.items() if uuid in ours]


def behind(visit: Appointment) -> list[Appointment]:
    """The visit and all of its series after it: 2 queries."""
    place = queries.place_of(visit)
    return [visit, *(place.after if place else ())]
