"""Seeking another time for a visit, on the board."""

import re
from datetime import date, timedelta

import pytest

from scheduling.models import Appointment, Status
from tests import factories
from tests.views.desk.conftest import TUESDAY, UNKNOWN

DAY = f"/desk/day/{TUESDAY}/"


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-03 10:00", visit_type=factories.VisitTypeFactory(minutes=60))


def starts(response, doctor):
    page = response.content.decode()
    return re.findall(
        rf'href="([^"]+)\?doctor={doctor.uuid}&amp;start=2026-03-03T(\d\d:\d\d)%2B01:00" aria', page
    )


def test_a_banner_says_what_is_moved(desk, visit):
    page = desk.get(DAY, {"moving": visit.uuid}).content.decode()
    assert "Moving the visit of Ana Souza Prieto" in page
    assert "Now Tue 3 March, 10:00 with Dr Ama Osei, 60 min." in page
    assert "is-moving" in page


def test_free_times_fit_the_visit_and_lead_to_its_confirmation(desk, visit, osei, lind):
    response = desk.get(DAY, {"moving": visit.uuid})
    address = f"/desk/appointments/{visit.uuid}/move/"
    # Its own hour counts as free, but where it stands is no move.
    assert starts(response, osei) == [(address, at) for at in ("09:00", "11:00", "12:00", "13:00")]
    assert starts(response, lind) == [(address, at) for at in ("09:00", "10:00", "11:00", "12:00", "13:00")]
    assert 'aria-label="Move to Tue 3 March, 09:00, Dr Per Lind"' in response.content.decode()


def test_it_may_begin_within_the_time_it_leaves(desk, book, visit, osei, ben):
    book(osei, ben, "2026-03-03 09:00")
    at = [at for _address, at in starts(desk.get(DAY, {"moving": visit.uuid}), osei)]
    assert at == ["09:30", "10:30", "11:30", "12:30"]


def test_other_days_and_the_live_part_go_on_moving(desk, visit):
    page = desk.get(DAY, {"moving": visit.uuid}).content.decode()
    assert f'href="/desk/day/2026-03-04/?moving={visit.uuid}"' in page
    assert f'data-changes="{DAY}changes/?moving={visit.uuid}"' in page
    part = desk.get(f"{DAY}changes/", {"moving": visit.uuid, "token": "old"})
    assert starts(part, visit.doctor)[0][0] == f"/desk/appointments/{visit.uuid}/move/"


def test_a_week_goes_on_moving_too(desk, visit, osei):
    week = f"/desk/week/{osei.uuid}"
    day = desk.get(DAY, {"moving": visit.uuid}).content.decode()
    assert f'href="{week}/2026-W10/?moving={visit.uuid}"' in day
    response = desk.get(f"{week}/2026-W10/", {"moving": visit.uuid})
    page = response.content.decode()
    assert "Moving the visit of Ana Souza Prieto" in page
    assert starts(response, osei)[0] == (f"/desk/appointments/{visit.uuid}/move/", "09:00")
    for address in (f"{week}/2026-W11/", f"{week}/2026-W12/", DAY, "/desk/day/2026-03-02/"):
        assert f'href="{address}?moving={visit.uuid}"' in page, address
    assert f'data-changes="{week}/2026-W10/changes/?moving={visit.uuid}"' in page
    gone = desk.get("/desk/week/", {"doctor": osei.uuid, "date": "2026-03-18", "moving": visit.uuid})
    assert gone.url == f"{week}/2026-W12/?moving={visit.uuid}"


def test_one_two_and_four_weeks_later_are_one_press(desk, visit, osei):
    page = desk.get("/desk/day/2026-03-17/", {"moving": visit.uuid, "doctor": osei.uuid})
    text = " ".join(page.content.decode().split())
    for day in ("2026-03-10", "2026-03-17", "2026-03-31"):
        assert f'href="/desk/day/{day}/?doctor={osei.uuid}&amp;moving={visit.uuid}"' in text
    assert re.search(r'aria-current="date" ?> ?2 weeks later ?</a>', text)


def test_where_it_was_put_has_the_focus(desk, visit, osei):
    page = desk.get(DAY, {"moved": visit.uuid}).content.decode()
    assert page.count("is-moved") == page.count("autofocus") == 1
    assert re.search(rf'href="/desk/appointments/{visit.uuid}/" +autofocus', page)
    for nobody in (UNKNOWN, "nonsense"):
        assert "is-moved" not in desk.get(DAY, {"moved": nobody}).content.decode()


def test_a_choice_of_doctors_that_is_remembered_keeps_it(desk, visit, osei):
    desk.post(f"{DAY}choose/", {"doctor": osei.uuid})
    answer = desk.get(DAY, {"moved": visit.uuid})
    assert answer.url == f"{DAY}?doctor={osei.uuid}&moved={visit.uuid}"


def test_the_board_knows_at_which_row_the_visit_stands(desk, visit, osei):
    page = desk.get("/desk/day/2026-03-10/", {"moving": visit.uuid}).content.decode()
    assert f'data-near="120" data-own="c-{osei.uuid}"' in page
    assert "data-near" not in desk.get(DAY).content.decode()


def said_of(response, doctor):
    """What stands above the column, or below its day."""
    text = response.content.decode()
    start = text.index('class="tally"', text.index(f'id="c-{doctor.uuid}"'))
    return " ".join(re.sub("<[^>]+>", " ", text[start : text.index("</p>", start)]).split())


def test_who_does_not_give_the_type_is_not_called_full(desk, visit, osei, lind):
    lind.visit_types.add(factories.VisitTypeFactory())
    page = desk.get(DAY, {"moving": visit.uuid})
    assert "does not give this type" in said_of(page, lind)
    assert "no free time" not in page.content.decode()
    week = desk.get(f"/desk/week/{lind.uuid}/2026-W10/", {"moving": visit.uuid})
    assert "does not give this type" in week.content.decode()
    assert "does not give" not in desk.get(DAY).content.decode()


def test_who_does_not_see_the_age_is_not_called_full(desk, visit, lind, ana):
    ana.date_of_birth = date(1984, 6, 12)
    ana.save()
    lind.oldest_age = 17
    lind.save()
    page = desk.get(DAY, {"moving": visit.uuid})
    assert "not for this age" in said_of(page, lind)


def test_who_is_full_is_called_so(desk, visit, lind, book, ben):
    for hour in range(9, 14):
        book(lind, factories.PatientFactory(), f"2026-03-03 {hour:02}:30")
    assert "no free time" in said_of(desk.get(DAY, {"moving": visit.uuid}), lind)


@pytest.mark.parametrize("status", sorted(set(Status) - {Status.PENDING, Status.CONFIRMED}))
def test_what_may_not_be_moved_is_not(desk, visit, status):
    Appointment.objects.update(status=status)
    assert desk.get(DAY, {"moving": visit.uuid}).status_code == 404


def test_nobody_moves_what_is_not_there(desk, osei):
    assert desk.get(DAY, {"moving": UNKNOWN}).status_code == 404


def test_moving_costs_one_query_more(desk, visit, django_assert_num_queries):
    desk.get(DAY)
    with django_assert_num_queries(7):
        desk.get(DAY, {"moving": visit.uuid})
    assert visit.appointment_datetime + timedelta(minutes=60) == visit.ends_at
