"""A doctor's week as typed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.booking.hours import Agreed
from scheduling.booking.hours_problems import stretch_problems
from scheduling.forms.fields import ClockField, DayField, say_today, uuid_of
from scheduling.forms.seen import versions_of
from scheduling.models.hours import Weekday
from scheduling.times.weeks import A_DAY, Weekly

MOST_SESSIONS: Final = 8  # a day
LONGEST_AGREED: Final = 500_000  # characters: some ten thousand visits
MIDNIGHT: Final = frozenset({"24", "24h", "2400", "24:00", "24.00", "24h00"})


@dataclass
class Session:
    """One row of the page: what was typed, what it means, and what is wrong with it."""

    weekday: int
    starts: str = ""
    ends: str = ""
    errors: list[str] = field(default_factory=list)
    stretch: Weekly | None = None

    @property
    def is_empty(self) -> bool:
        return not self.starts and not self.ends


@dataclass
class DayOfWeek:
    """A day of the week on the page."""

    number: int
    name: str
    sessions: list[Session]

    @property
    def stretches(self) -> list[Weekly]:
        return [session.stretch for session in self.sessions if session.stretch is not None]


class AgreedField(forms.CharField):
    """The visits that a person agreed to leave outside: `uuid.version`, parted by spaces. Empty is nobody."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=LONGEST_AGREED)

    def to_python(self, value: Any) -> Agreed:  # type: ignore[override]
        return set(versions_of(str(value or "")[:LONGEST_AGREED].split()).items())

    def validate(self, value: Any) -> None:
        return None

    def run_validators(self, value: Any) -> None:
        return None


class Confirmed(forms.Form):
    """What the second step of a change carries: that it is the second, and whom it leaves outside."""

    agreed = AgreedField()

    @property
    def is_confirmed(self) -> bool:
        return "agreed" in self.data

    @property
    def kept(self) -> set[UUID]:
        """Visits that are to stay as they are."""
        ticked = self.data.getlist("keep") if isinstance(self.data, QueryDict) else []
        return {uuid for text in ticked if (uuid := uuid_of(text)) is not None}


class WeekForm(Confirmed):
    """The whole week in rows `from-<weekday>` and `to-<weekday>`, as many of each as there are sessions."""

    first = DayField(
        label=gettext_lazy("These hours hold from"),
        error_messages={"required": gettext_lazy("Say from which day on these hours hold.")},
    )
    last = DayField(
        label=gettext_lazy("until"),
        required=False,
        help_text=gettext_lazy("Empty: until other hours follow."),
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    def __init__(
        self, data: QueryDict | None = None, *, today: date, week: Sequence[Weekly] = (), **more: Any
    ) -> None:
        super().__init__(data, **more)
        say_today(self, today)
        sessions = _typed(data) if data is not None else _of(week)
        self.days = [
            DayOfWeek(day, str(Weekday(day).label), [one for one in sessions if one.weekday == day])
            for day in range(7)
        ]

    @property
    def week(self) -> list[Weekly]:
        return [stretch for day in self.days for stretch in day.stretches]

    @property
    def has_errors(self) -> bool:
        return any(session.errors for day in self.days for session in day.sessions)

    def clean(self) -> None:
        for day in self.days:
            for session in day.sessions:
                _read(session)
            if len(day.sessions) > MOST_SESSIONS:
                raise ValidationError(
                    _("%(day)s has more than %(most)s sessions."),
                    params={"day": day.name, "most": MOST_SESSIONS},
                )
        _compare([session for day in self.days for session in day.sessions])
        if self.has_errors:
            raise ValidationError(_("Some sessions cannot be saved as they are. See the note at each."))

    def add(self, weekday: int) -> None:
        """Another, empty row."""
        sessions = self.days[weekday].sessions
        if len(sessions) < MOST_SESSIONS:
            sessions.append(Session(weekday))

    def drop(self, weekday: int, index: int) -> None:
        if index < len(self.days[weekday].sessions):
            del self.days[weekday].sessions[index]


def _of(week: Iterable[Weekly]) -> list[Session]:
    return [Session(one.weekday, f"{one.starts:%H:%M}", end_of(one), stretch=one.undated()) for one in week]


def end_of(stretch: Weekly) -> str:
    """When it ends, as it is typed: 14:00, 24:00; 02:00 is on the next day."""
    return "24:00" if stretch.end_minute == A_DAY else f"{stretch.ends:%H:%M}"


def _typed(data: QueryDict) -> list[Session]:
    found = []
    for weekday in range(7):
        starts, ends = data.getlist(f"from-{weekday}"), data.getlist(f"to-{weekday}")
        rows = max(len(starts), len(ends))
        starts, ends = [list(texts) + [""] * (rows - len(texts)) for texts in (starts, ends)]
        found += [
            Session(weekday, start.strip(), end.strip()) for start, end in zip(starts, ends, strict=True)
        ]
    return found


def _read(session: Session) -> None:
    """Text to a stretch, or what is wrong with it. A row left empty is no session."""
    if session.is_empty:
        return
    times = [_clock(session, session.starts), _end(session)]
    if not session.starts or not session.ends:
        session.errors.append(_("Say when it begins and when it ends, or remove it."))
    starts, ends = times
    if session.errors or starts is None or ends is None:
        return
    stretch = Weekly(session.weekday, starts, ends)
    problems = stretch_problems(stretch)
    session.errors += [problem.message for problem in problems]
    if not problems:
        session.stretch = stretch


def _end(session: Session) -> time | None:
    """24:00 too: that is the end of the day, and comes as midnight does."""
    return time.min if session.ends.casefold() in MIDNIGHT else _clock(session, session.ends)


def _clock(session: Session, text: str) -> time | None:
    try:
        return ClockField(required=False).clean(text)  # type: ignore[no-any-return]
    except ValidationError as error:
        session.errors += error.messages
        return None


def _compare(sessions: Sequence[Session]) -> None:
    for index, session in enumerate(sessions):
        for other in sessions[:index]:
            if session.stretch and other.stretch and session.stretch.overlaps(other.stretch):
                said = {"from": other.starts, "to": other.ends, "day": Weekday(other.weekday).label}
                if other.weekday == session.weekday:
                    session.errors.append(_("It overlaps %(from)s to %(to)s.") % said)
                else:
                    session.errors.append(_("It overlaps %(day)s, %(from)s to %(to)s.") % said)
