"""Short words for what tests ask of regular visits: Tuesdays at 10:00."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from scheduling.booking import series
from scheduling.booking.together import NotTogether
from scheduling.times.recurring import Rule
from tests.conftest import NOW, madrid

WEEKLY = Rule(every_weeks=1, count=4)
TUESDAYS = ["2026-03-03", "2026-03-10", "2026-03-17", "2026-03-24"]


def each(first, *at):
    """Proposals like the first, at these times on Madrid's clocks."""
    return [replace(first, uuid=uuid4(), start=madrid(one)) for one in at]


def tuesdays(first):
    return each(first, *(f"{day} 10:00" for day in TUESDAYS))


def book_all(asked, rule=WEEKLY, uuid=None, by=None):
    return series.book_all(asked, rule, weekday=1, uuid=uuid or uuid4(), by=by, now=NOW)


def in_the_way(action, *args, **more):
    """The codes of what held all of them up, by uuid."""
    with pytest.raises(NotTogether) as caught:
        action(*args, **more)
    return {uuid: {p.code for p in problems} for uuid, problems in caught.value.in_the_way.items()}


def planned(first, days, chosen=None):
    return series.plan(first, [date.fromisoformat(day) for day in days], chosen=chosen or {}, now=NOW)


def codes(wished):
    return [[problem.code for problem in one.obstacles.problems] for one in wished]


def places(wished):
    return [(opening.doctor, opening.start) for opening in wished.nearest]
