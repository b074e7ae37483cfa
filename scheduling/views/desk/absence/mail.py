"""Whom messages tell of what is about to be done, before it is done."""

from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.models import Patient
from scheduling.notices import coming

NAMED: Final = 6  # of those whom none reaches; more are counted


def what_goes_out(patients: Sequence[Patient]) -> str:
    """That each of them gets a message of it, or who gets none; "" where there is nobody, or this clinic
    writes to nobody. 2 statements."""
    ways = coming.ways_of(patients)
    if not ways:
        return ""
    without = list(dict.fromkeys(one.full_name for one in patients if ways[one.pk].why is not None))
    if not without:
        return _("When you do it, messages go out to all of them.")
    if all(way.why is not None for way in ways.values()):
        return _("No message goes out to any of them: call them.")
    if len(without) > NAMED:
        said = ngettext(
            "When you do it, messages go out, but not to %(n)s of them: call those.",
            "When you do it, messages go out, but not to %(n)s of them: call those.",
            len(without),
        )
        return said % {"n": len(without)}
    return _("When you do it, messages go out, but not to %(names)s: call them.") % {
        "names": ", ".join(without)
    }
