"""Whose columns are shown: said by the address, remembered by the browser."""

from datetime import time
from uuid import uuid4

import pytest

from tests import factories
from tests.conftest import works
from tests.views.desk.conftest import TUESDAY, UNKNOWN

DAY = f"/desk/day/{TUESDAY}/"


@pytest.fixture
def skin(db):
    doctor = factories.DoctorFactory(
        doctor_name="Dr Skin", specialty=factories.SpecialtyFactory(specialty_name="Dermatology")
    )
    works(doctor, time(9), time(14))
    return doctor


def shown(response):
    return [column.title for column in response.context["board"].columns]


def test_everybody_is_shown_by_specialty_and_name(desk, osei, lind, skin):
    assert shown(desk.get(DAY)) == ["Dr Ama Osei", "Dr Per Lind", "Dr Skin"]


def test_the_address_chooses_a_specialty_and_doctors(desk, osei, lind, skin, cardiology):
    assert shown(desk.get(DAY, {"specialty": cardiology.uuid})) == ["Dr Ama Osei", "Dr Per Lind"]
    assert shown(desk.get(DAY, {"doctor": [lind.uuid, skin.uuid]})) == ["Dr Per Lind", "Dr Skin"]
    assert shown(desk.get(DAY, {"doctor": [lind.uuid, skin.uuid], "specialty": cardiology.uuid})) == [
        "Dr Per Lind"
    ]


def test_every_way_to_another_day_keeps_the_choice(desk, osei, lind):
    page = desk.get(DAY, {"doctor": osei.uuid, "cancelled": "1"}).content.decode()
    query = f"?doctor={osei.uuid}&amp;cancelled=1"
    for day in ("2026-02-24", "2026-03-02", "2026-03-04", "2026-03-10"):
        assert f'href="/desk/day/{day}/{query}"' in page
    assert f'href="/desk/{query}"' in page
    answer = desk.get("/desk/", {"date": "2026-05-01", "doctor": osei.uuid})
    assert answer["Location"] == f"/desk/day/2026-05-01/?doctor={osei.uuid}"


def test_a_choice_is_kept_by_the_browser_and_said_by_the_address(desk, osei, lind):
    answer = desk.post(f"{DAY}choose/", {"doctor": [osei.uuid], "specialty": ""})
    chosen = f"{DAY}?doctor={osei.uuid}"
    assert answer["Location"] == chosen
    cookie = answer.cookies["board"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/desk/", True, "Lax")
    assert desk.get(DAY)["Location"] == chosen
    assert desk.get(DAY, {"cancelled": "1"})["Location"] == f"{chosen}&cancelled=1"
    # An address that says whom it means is not changed.
    assert shown(desk.get(DAY, {"doctor": lind.uuid})) == ["Dr Per Lind"]

    answer = desk.post(f"{DAY}choose/all/", {"doctor": [osei.uuid]})
    assert answer["Location"] == DAY
    assert shown(desk.get(DAY)) == ["Dr Ama Osei", "Dr Per Lind"]


def test_choosing_nobody_in_particular_shows_everybody(desk, osei):
    desk.post(f"{DAY}choose/", {"doctor": [osei.uuid]})
    assert desk.post(f"{DAY}choose/", {"specialty": ""})["Location"] == DAY
    assert desk.get(DAY).status_code == 200


def test_a_choice_that_fits_nobody_says_so_and_shows_the_way_back(desk, osei):
    page = desk.get(DAY, {"doctor": UNKNOWN}).content.decode()
    assert "Nobody matches this choice" in page
    assert f'action="{DAY}choose/all/"' in page


@pytest.mark.parametrize(
    "query",
    ["doctor=1", "doctor=%00", "specialty=x", "doctor=" + "a" * 5000, "cancelled=yes", "doctor=&specialty="],
)
def test_nonsense_in_the_address_counts_as_not_said(desk, osei, query):
    assert shown(desk.get(f"{DAY}?{query}")) == ["Dr Ama Osei"]


@pytest.mark.parametrize("value", ["nonsense", "doctor=1", "%00", '"', "doctor=" + "x" * 3000])
def test_nonsense_in_the_cookie_hurts_nobody(desk, osei, value):
    desk.cookies["board"] = value
    assert shown(desk.get(DAY)) == ["Dr Ama Osei"]


def test_more_doctors_than_an_address_can_carry_are_cut_and_it_is_said(desk, osei):
    answer = desk.post(f"{DAY}choose/", {"doctor": [uuid4() for _ in range(100)]})
    assert answer["Location"].count("doctor=") == 60
    assert len(answer["Location"]) < 4000
    said = "60 doctors are shown of those you chose"
    assert said in desk.get(answer["Location"]).content.decode()
    desk.post(f"{DAY}choose/", {"doctor": [osei.uuid]})
    assert said not in desk.get(DAY, follow=True).content.decode()


def test_choosing_by_following_a_link_is_not_possible(desk, osei):
    assert desk.get(f"{DAY}choose/", {"doctor": osei.uuid}).status_code == 405
