"""The steps of a visit as buttons: their words, and the one key that does the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from scheduling.booking.steps import Steps
from scheduling.models import Status

UNDO_KEY: Final = "u"
# In the order in which they happen.
FORWARD: Final[Sequence[tuple[Status, str | Promise, str]]] = (
    (Status.CONFIRMED, gettext_lazy("Confirm"), "o"),
    (Status.ARRIVED, gettext_lazy("Arrived"), "a"),
    (Status.IN_PROGRESS, gettext_lazy("Start the visit"), "s"),
    (Status.COMPLETED, gettext_lazy("Completed"), "c"),
    (Status.NO_SHOW, gettext_lazy("No-show"), "x"),
)


@dataclass(frozen=True)
class Button:
    """`value` is the status to post: to `desk:status`, or to `desk:undo` where `is_undo`."""

    value: str
    label: str
    key: str
    is_undo: bool = False
    style: str = ""  # a class beside `btn`


def of(steps: Steps, status: Status) -> list[Button]:
    """The buttons of a visit in this status; the first is what usually comes next."""
    buttons: list[Button] = []
    for to, label, key in FORWARD:
        if to in steps.forward:
            buttons.append(Button(to, str(label), key, style="" if buttons else "btn--go"))
    if status == Status.NO_SHOW and Status.ARRIVED in steps.back and steps.before != Status.ARRIVED:
        # Who was given up and comes after all.
        buttons.append(Button(Status.ARRIVED, _("Arrived after all"), "a", is_undo=True))
    if steps.before is not None:
        undo = _("Undo “%(word)s”") % {"word": status.label}
        buttons.append(Button("", undo, UNDO_KEY, is_undo=True, style="btn--quiet"))
    return buttons
