"""Columns keep one order; who isn't in is a strip in their place, and a day on which nobody is says so."""

import re
from datetime import time, timedelta

import pytest
from django.urls import reverse

from scheduling.models import Appointment, Status, TimeOff, WorkingHours
from scheduling.times import clinic_day
from tests import factories
from tests.conftest import MADRID, madrid, works
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"
SUNDAY = "/desk/day/2026-03-08/"


def away(doctor, reason="", first=TUESDAY, days=1):
    start = clinic_day.whole_day(madrid(f"{first} 12:00").date(), MADRID).start
    return TimeOff.objects.create(
        doctor=doctor, starts_at=start, ends_at=start + timedelta(days=days), reason=reason
    )


def columns(response):
    """Titles in the order of the board, each with the word of its strip."""
    return [(column.title, column.strip) for column in response.context["board"].columns]


def strips(response):
    page = in_one_line(response.content.decode())
    found = re.findall(r'<section class="doc out".*?href="([^"]+)">(.*?)</a>', page)
    return [(href, " ".join(re.sub(r"<[^>]+>", " ", text).split())) for href, text in found]


@pytest.fixture
def vega():
    """Of the same specialty as Dr Osei, and later in the alphabet; works on Tuesdays alone."""
    doctor = factories.DoctorFactory(doctor_name="Dr Ines Vega", specialty__specialty_name="Allergology")
    works(doctor, time(9), time(12), weekdays=[1])
    return doctor


def test_the_order_is_the_same_on_days_on_which_somebody_is_not_in(desk, osei, lind, vega):
    names = ["Dr Ines Vega", "Dr Ama Osei", "Dr Per Lind"]
    assert columns(desk.get(DAY)) == [(name, "") for name in names]
    assert columns(desk.get("/desk/day/2026-03-04/")) == [
        (names[0], "not in"),
        (names[1], ""),
        (names[2], ""),
    ]
    assert columns(desk.get("/desk/day/2026-03-02/"))[0] == (names[0], "not in today")


def test_a_strip_says_why_and_leads_to_the_week(desk, osei, lind, vega):
    away(osei, "conference")
    away(lind)
    response = desk.get(DAY)
    assert strips(response) == [
        (reverse("desk:week", args=[osei.uuid, madrid(f"{TUESDAY} 12:00").date()]),
         "Dr Ama Osei , time off: conference"),
        (reverse("desk:week", args=[lind.uuid, madrid(f"{TUESDAY} 12:00").date()]), "Dr Per Lind , time off"),
    ]  # fmt: skip
    assert desk.get(strips(response)[0][0]).status_code == 200


def test_a_holiday_is_said_on_a_day_without_hours_too_and_a_meeting_is_not(desk, osei, lind, vega):
    wednesday = "2026-03-04"
    WorkingHours.objects.filter(doctor=lind, weekday=2).delete()
    away(vega, "Holidays", days=9)
    start = madrid(f"{wednesday} 16:00")
    TimeOff.objects.create(doctor=lind, starts_at=start, ends_at=start + timedelta(hours=1), reason="Meeting")
    found = dict(columns(desk.get(f"/desk/day/{wednesday}/")))
    assert found == {"Dr Ines Vega": "time off: Holidays", "Dr Ama Osei": "", "Dr Per Lind": "not in"}


def test_who_is_not_in_and_has_a_visit_keeps_a_column(desk, book, osei, lind, ana):
    visit = book(osei, ana, "2026-03-03 10:00")
    away(osei, "Ill")
    assert columns(desk.get(DAY)) == [("Dr Ama Osei", ""), ("Dr Per Lind", "")]
    Appointment.objects.filter(pk=visit.pk).update(status=Status.CANCELLED)
    assert columns(desk.get(DAY))[0] == ("Dr Ama Osei", "time off: Ill")
    assert columns(desk.get(DAY, {"cancelled": "1"}))[0] == ("Dr Ama Osei", "")


def test_what_the_desk_blocked_can_be_given_back_where_it_stands(desk, osei, lind):
    off = away(osei, "Moving rooms")
    assert columns(desk.get(DAY))[0] == ("Dr Ama Osei", "time off: Moving rooms")
    TimeOff.objects.filter(pk=off.pk).update(is_block=True)
    assert columns(desk.get(DAY))[0] == ("Dr Ama Osei", "")


def test_a_strip_without_hours_leads_those_who_may_to_add_some(desk, office, osei, lind):
    WorkingHours.objects.filter(doctor=osei).delete()
    hours = reverse("desk:hours", args=[osei.uuid])
    assert strips(office.get(DAY)) == [(hours, "Dr Ama Osei , no hours recorded · Add hours")]


def test_a_strip_without_hours_leads_others_to_the_week(desk, osei, lind):
    WorkingHours.objects.filter(doctor=osei).delete()
    ((href, text),) = strips(desk.get(DAY))
    assert text == "Dr Ama Osei , no hours recorded"
    assert href.startswith(f"/desk/week/{osei.uuid}/")


def test_a_closed_day_says_when_the_clinic_opens_again(
    desk, osei, lind, checkup, django_assert_max_num_queries
):
    away(None, "Town feast", first="2026-03-08", days=2)  # Sunday and Monday
    works(lind, time(8, 30), time(12), weekdays=[1])
    with django_assert_max_num_queries(8):
        page = in_one_line(desk.get(SUNDAY).content.decode())
    assert '<h2 id="closing">Closed: Town feast.</h2>' in page
    assert '<p>Next open<a href="/desk/day/2026-03-10/">Tuesday 10 March, 08:30</a>.</p>' in page
    assert "is-folded" in page
    assert "now-line" not in page


def test_a_feast_in_the_evening_is_not_why_a_sunday_is_closed(desk, osei):
    start = madrid("2026-03-08 20:00")
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=madrid("2026-03-09 00:00"), reason="Feast")
    response = desk.get(SUNDAY)
    assert '<h2 id="closing">Closed.</h2>' in in_one_line(response.content.decode())
    assert columns(response) == [("Dr Ama Osei", "not in")]


def test_a_visit_that_stands_on_a_closed_day_is_shown_all_the_same(desk, book, osei, lind, ana):
    book(osei, ana, "2026-03-03 10:00")
    away(None, "")
    response = desk.get(DAY)
    page = in_one_line(response.content.decode())
    assert '<h2 id="closing">Closed.</h2>' in page
    assert columns(response) == [("Dr Ama Osei", ""), ("Dr Per Lind", "closed")]
    assert "Ana Souza Prieto" in page
    assert "is-folded" not in page


def test_a_narrowed_board_does_not_say_that_the_clinic_is_closed(desk, osei, lind, vega):
    page = in_one_line(desk.get("/desk/day/2026-03-04/", {"doctor": str(vega.uuid)}).content.decode())
    assert "None of these doctors is in on this day." in page
    assert f'<a href="/desk/day/2026-03-10/?doctor={vega.uuid}">Tuesday 10 March, 09:00</a>' in page
    assert "Closed" not in page


def test_a_clinic_that_never_opens_again_says_so(desk, osei):
    WorkingHours.objects.update(valid_until="2026-03-06")
    assert "Nobody has hours in the next four months." in desk.get(SUNDAY).content.decode()


def test_an_open_day_says_nothing_of_it(desk, osei):
    assert 'id="closing"' not in desk.get(DAY).content.decode()


def test_a_closed_day_keeps_the_visit_in_hand(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-03 10:00")
    page = desk.get(SUNDAY, {"moving": str(visit.uuid)}).content.decode()
    assert f'href="/desk/day/2026-03-09/?moving={visit.uuid}"' in page
    assert f"/2026-W10/?moving={visit.uuid}" in page  # of the strip


def test_of_fifty_doctors_thirty_are_strips_in_their_places(desk, cardiology):
    for n in range(50):
        doctor = factories.DoctorFactory(doctor_name=f"Dr No {n:02}", specialty=cardiology)
        works(doctor, time(9), time(14), weekdays=[1] if n % 5 < 2 else [2])
    found = columns(desk.get(DAY))
    assert [name for name, _ in found] == [f"Dr No {n:02}" for n in range(50)]
    assert [n for n, (_, strip) in enumerate(found) if not strip] == [n for n in range(50) if n % 5 < 2]


def test_in_a_week_closed_days_fold_and_say_why(desk, book, osei, ana):
    """Not a day on which a visit stands all the same: that has to be seen."""
    away(osei, "conference")
    week = f"/desk/week/{osei.uuid}/2026-W10/"
    folded = [strip for _title, strip in columns(desk.get(week))]
    assert folded == ["", "time off: conference", "", "", "", "not in", "not in"]
    assert strips(desk.get(week))[1] == ("/desk/day/2026-03-07/", "Saturday 7 March , not in")
    visit = book(osei, ana, "2026-03-04 10:00")
    Appointment.objects.filter(pk=visit.pk).update(appointment_datetime=madrid("2026-03-07 10:00"))
    assert columns(desk.get(week))[5] == ("Saturday 7 March", "")
    assert not desk.get(week).context["board"].is_folded


def test_the_week_of_one_without_hours_says_on_each_day_that_there_are_none(desk, osei):
    WorkingHours.objects.all().delete()
    response = desk.get(f"/desk/week/{osei.uuid}/2026-W10/")
    assert strips(response) == []
    assert response.content.decode().count("No hours recorded") == 7
