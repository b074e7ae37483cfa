"""A visit across midnight: on both days' boards, sheets and weeks, and counted once."""

import re
from datetime import date, time
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from scheduling.booking import actions
from scheduling.booking.proposal import Proposal
from scheduling.models import Status, WorkingHours
from scheduling.queries import tokens
from scheduling.times import clinic_day
from tests.conftest import MADRID, NOW, madrid

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def desk(client, rae):
    client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
    with time_machine.travel(NOW, tick=False):
        yield client


@pytest.fixture
def night(osei):
    """Dr Osei works every night from 22:00 to 02:00."""
    osei.working_hours.all().delete()
    WorkingHours.objects.bulk_create(
        WorkingHours(doctor=osei, weekday=day, starts=time(22), ends=time(2)) for day in range(7)
    )


@pytest.fixture
def across(night, osei, ana, checkup):
    def book(start, minutes=60):
        return actions.book(
            Proposal(
                uuid=uuid4(),
                doctor=osei,
                patient=ana,
                visit_type=checkup,
                start=madrid(start),
                minutes=minutes,
            ),
            by=None,
            now=NOW,
        )

    return book


def said(response):
    """The page's text, with single spaces."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()).replace(" ,", ",")


def board(desk, day):
    return desk.get(reverse("desk:day", args=[day]))


def test_it_is_on_both_boards_and_the_second_says_since_when(desk, osei, across):
    across("2026-03-02 23:30")
    first, second = (board(desk, day) for day in (MONDAY, TUESDAY))
    assert "Ana Souza Prieto, confirmed, 23:30 Check-up, 60 min" in said(first)
    assert "Ana Souza Prieto, confirmed, from 23:30 Check-up, 60 min" in said(second)
    assert [page.context["board"].booked for page in (first, second)] == [1, 0]
    card = next(e for e in second.context["board"].columns[0].entries if e.kind == "visit")
    assert card.css.endswith("t0 n6 ty1")


def test_what_ends_at_midnight_is_on_its_own_day_alone(desk, across):
    across("2026-03-02 23:00")
    assert "Ana Souza" in said(board(desk, MONDAY))
    assert "Ana Souza" not in said(board(desk, TUESDAY))


def test_it_is_on_both_sheets_and_both_days_of_the_week(desk, osei, across):
    across("2026-03-08 23:30")
    sunday, monday = date(2026, 3, 8), date(2026, 3, 9)
    sheets = [said(desk.get(reverse("desk:day-sheet", args=[day]))) for day in (sunday, monday)]
    assert "23:30 Ana Souza Prieto" in sheets[0] and "from 23:30" not in sheets[0]
    assert "from 23:30 Ana Souza Prieto" in sheets[1]
    assert ["1 visit. Empty" in sheets[0], "0 visits. Empty" in sheets[1]] == [True, True]
    addresses = [reverse("desk:week", args=[osei.uuid, day]) for day in (sunday, monday)]
    weeks = [said(desk.get(address)) for address in addresses]
    assert "confirmed, 23:30 Check-up" in weeks[0]
    assert "confirmed, from 23:30 Check-up" in weeks[1]


def test_the_longest_visit_reaches_the_next_day(desk, osei, across):
    WorkingHours.objects.filter(doctor=osei).update(starts=time(14), ends=time(4))
    across("2026-03-02 14:10", minutes=720)
    assert "from 14:10" in said(board(desk, TUESDAY))


@pytest.mark.parametrize(
    ("start", "day", "rows"),
    [
        ("2026-03-28 23:30", date(2026, 3, 29), "t0 n36"),  # three hours and a half: until 04:00 by the clock
        ("2026-10-24 23:30", date(2026, 10, 25), "t0 n36"),
    ],
)
def test_it_is_right_on_the_nights_of_the_change(desk, osei, across, start, day, rows):
    WorkingHours.objects.filter(doctor=osei).update(ends=time(5))
    across(start, minutes=210)
    card = next(e for e in board(desk, day).context["board"].columns[0].entries if e.kind == "visit")
    assert card.css.endswith(f"{rows} ty1")
    assert "from 23:30" in card.time


def test_a_change_in_the_evening_is_one_of_the_next_days_board(desk, across):
    visit = across("2026-03-02 23:30")
    span = clinic_day.whole_day(TUESDAY, MADRID)
    before = tokens.token(span, timezone.now())
    type(visit).objects.filter(pk=visit.pk).update(version=visit.version + 1)
    assert tokens.token(span, timezone.now()) != before


def test_who_came_before_midnight_is_in_the_waiting_room_after_it(client, rae, across):
    visit = across("2026-03-02 23:30")
    type(visit).objects.filter(pk=visit.pk).update(status=Status.IN_PROGRESS)
    with time_machine.travel(madrid("2026-03-03 00:10"), tick=False):
        client.force_login(rae, backend="django.contrib.auth.backends.ModelBackend")
        assert "Ana Souza" in said(client.get(reverse("desk:waiting")))
