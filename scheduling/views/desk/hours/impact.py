"""What a change of hours does to visits: shown before it is saved, told once it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from accounts.who import account_of
from scheduling.booking import attention
from scheduling.forms.hours import Confirmed
from scheduling.forms.seen import mark_of
from scheduling.models import Appointment
from scheduling.views.context import forget_attention_count

LISTED: Final = 100  # visits in one warning


@dataclass(frozen=True)
class Impact:
    """The visits that a change would strand, and how the next step says that they were seen."""

    visits: Sequence[Appointment]
    again: bool = False  # they are others than those that were agreed to

    @property
    def listed(self) -> Sequence[Appointment]:
        return self.visits[:LISTED]

    @property
    def more(self) -> int:
        return max(0, len(self.visits) - LISTED)

    @property
    def agreed(self) -> str:
        return " ".join(map(mark_of, self.visits))


def finish(
    request: HttpRequest,
    sentence: str,
    visits: Sequence[Appointment],
    form: Confirmed,
    now: datetime,
    *,
    tag: str = "",
) -> None:
    """Keep the visits that were ticked, and say what was saved and how many are left to be looked at. `tag`:
    of a block, how the message gives the time back."""
    kept = [visit for visit in visits if visit.uuid in form.kept]
    if kept:
        attention.keep_outside(kept, by=account_of(request), now=now)
    forget_attention_count()
    if left := len(visits) - len(kept):
        sentence = f"{sentence} {_left(left, is_block=bool(tag))}"
    messages.success(request, sentence, tag)


def _left(count: int, *, is_block: bool) -> str:
    if is_block:
        said = ngettext(
            "%(count)s visit stands in it: it is under “Attention”.",
            "%(count)s visits stand in it: they are under “Attention”.",
            count,
        )
    else:
        said = ngettext(
            "%(count)s visit is outside hours now: it is under “Attention”.",
            "%(count)s visits are outside hours now: they are under “Attention”.",
            count,
        )
    return said % {"count": count}
