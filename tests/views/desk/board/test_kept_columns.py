"""Columns are kept by everything they are made of: a board is the same with them as without."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from scheduling.booking import actions
from scheduling.models import Status, TimeOff, WorkingHours
from scheduling.queries import board
from scheduling.views.desk.board import columns
from tests.conftest import NOW, madrid, works
from tests.views.desk.conftest import TUESDAY

DAY = f"/desk/day/{TUESDAY}/"


def forget():
    board.column.cache_clear()
    columns.shown_column.cache_clear()


@pytest.fixture(autouse=True)
def nothing_is_kept():
    forget()


def shown(desk, address=DAY):
    return {column.title: column for column in desk.get(address).context["board"].columns}


def written(desk, address=DAY):
    return "".join(column.link + column.markup for column in shown(desk, address).values())


def rename_doctor(osei, visit):
    osei.doctor_name = "Dr Ama Osei-Bonsu"
    osei.save()


def rename_specialty(osei, visit):
    osei.specialty.specialty_name = "Heart clinic"
    osei.specialty.save()


def switch_off(osei, visit):
    osei.is_active = False
    osei.save()


def rename_patient(osei, visit):
    visit.patient.patient_name = "Zoë"
    visit.patient.save()


def rename_type(osei, visit):
    visit.visit_type.name = "Long talk"
    visit.visit_type.save()


def arrive(osei, visit):
    visit.status = Status.ARRIVED
    visit.save()


def extra_hours(osei, visit):
    WorkingHours.objects.filter(doctor=osei).delete()
    works(osei, madrid("2026-03-03 07:00").time(), madrid("2026-03-03 12:00").time())


def no_hours(osei, visit):
    WorkingHours.objects.filter(doctor=osei).delete()


def time_off(osei, visit):
    start = madrid("2026-03-03 12:00")
    TimeOff.objects.create(doctor=osei, starts_at=start, ends_at=start + timedelta(hours=1), reason="Course")


def closed(osei, visit):
    start = madrid("2026-03-03 12:00")
    TimeOff.objects.create(doctor=None, starts_at=start, ends_at=start + timedelta(hours=1), reason="Feast")


CHANGES = [
    rename_doctor, rename_specialty, switch_off, rename_patient, rename_type, arrive, extra_hours, no_hours,
    time_off, closed,
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_changes_is_seen(desk, osei, lind, book, ana, change):
    visit = book(osei, ana, "2026-03-03 10:00")
    for address in (week := f"/desk/week/{osei.uuid}/2026-W10/"), DAY:
        before = written(desk, address)
    change(osei, visit)
    for address in (week, DAY):
        after = written(desk, address)
        forget()
        assert after == written(desk, address)
    assert after != before


def test_whoever_looks_sees_their_own_board(desk, client, osei, book, ana, rae, max_):
    visit = book(osei, ana, "2026-03-03 10:00")
    WorkingHours.objects.filter(doctor=osei).delete()  # a manager is offered to add some
    moving = f"{DAY}?moving={visit.uuid}"
    views = [(rae, "en", DAY), (rae, "es", DAY), (rae, "en", moving), (max_, "en", DAY)]
    found = []
    for is_kept in (True, False):
        for user, language, address in views:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            client.cookies["django_language"] = language
            if not is_kept:
                forget()
            found.append(written(client, address))
    assert found[:4] == found[4:]
    assert len(set(found[:4])) == 4


def test_a_minute_that_passes_is_seen_by_who_waits_and_by_free_times(desk, osei, lind, book, ana, rae):
    visit = book(osei, ana, "2026-03-02 10:00")
    today = "/desk/day/2026-03-02/"
    pages = []
    for minutes in (0, 1, 20):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            if not minutes:
                actions.set_status(visit, Status.ARRIVED, by=rae, now=NOW)
            pages.append((written(desk, today), forget(), written(desk, today)))
    assert all(kept == made for kept, _, made in pages)
    assert [f">{minutes}</span>" in page for minutes, (page, _, _) in zip((0, 1, 20), pages, strict=True)]


def test_what_did_not_change_is_not_made_again(desk, osei, lind, book, ana, ben):
    book(osei, ana, "2026-03-03 10:00")
    before = shown(desk)
    assert all(column is before[title] for title, column in shown(desk).items())
    book(osei, ben, "2026-03-03 11:00")
    after = shown(desk)
    assert after["Dr Per Lind"] is before["Dr Per Lind"]
    assert after["Dr Ama Osei"] is not before["Dr Ama Osei"]


def test_the_first_of_a_state_goes_over_to_another_column(desk, osei, lind, book, ana, ben):
    book(osei, ana, "2026-03-03 10:00")
    book(lind, ben, "2026-03-03 10:00")
    assert "first-st-co" not in shown(desk)["Dr Per Lind"].markup
    only = f"{DAY}?doctor={lind.uuid}"
    assert "first-st-co" in shown(desk, only)["Dr Per Lind"].markup


def test_a_manager_is_offered_hours_and_a_receptionist_is_not(desk, client, osei, max_):
    WorkingHours.objects.filter(doctor=osei).delete()
    assert reverse("desk:hours", args=[osei.uuid]) not in shown(desk)["Dr Ama Osei"].markup
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    assert reverse("desk:hours", args=[osei.uuid]) in shown(client)["Dr Ama Osei"].markup
