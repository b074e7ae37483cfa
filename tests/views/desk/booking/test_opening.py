"""How the form opens: empty, from a free time, from a link."""

import pytest

from tests.views.desk.conftest import TUESDAY, UNKNOWN, written
from tests.views.desk.pages import typed_in


def test_the_page_comes_filled_in_from_a_free_time(desk, osei, ana, checkup):
    link = f"/desk/book/?doctor={osei.uuid}&start=2026-03-03T11%3A40%3A00%2B01%3A00&patient={ana.uuid}"
    response = desk.get(link)
    typed = typed_in(response)
    assert (typed["doctor"], typed["day"], typed["time"]) == (str(osei.uuid), "03/03/2026", "11:40")
    assert typed["patient"] == str(ana.uuid)
    assert typed["visit_type"] == str(checkup.uuid)  # the only one
    assert typed["status"] == "confirmed"
    assert "Book Tue 3 March, 11:40" in response.content.decode()


def test_each_opened_form_is_another_visit(desk):
    first, second = (typed_in(desk.get("/desk/book/"))["uuid"] for _ in range(2))
    assert first != second


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("doctor", "nonsense", "a doctor who is not on record"),
        ("doctor", UNKNOWN, "a doctor who is not on record"),
        ("patient", UNKNOWN, "a patient who is not on record"),
        ("patient", "\0", "a patient who is not on record"),
        ("visit_type", "7", "a visit type that is not on record"),
        ("start", "tomorrow", "a time that cannot be read"),
        ("start", "0001-01-01T00:00:00+00:00", "a time that cannot be read"),
        ("start", "9999-12-31T23:59:59+00:00", "a time that cannot be read"),
        ("start", "2026-03-03T11:40:00+99:00", "a time that cannot be read"),
    ],
)
def test_a_link_with_nonsense_says_so_and_keeps_the_rest(desk, osei, ana, name, value, said):
    known = {"doctor": str(osei.uuid), "start": "2026-03-03T11:40+01:00", "patient": str(ana.uuid)}
    response = desk.get("/desk/book/", known | {name: value})
    assert response.status_code == 200
    assert said in response.content.decode()
    kept = typed_in(response)
    assert name == "doctor" or kept["doctor"] == str(osei.uuid)
    assert name == "start" or (kept["day"], kept["time"]) == ("03/03/2026", "11:40")


def test_a_link_from_a_day_brings_it(desk, osei, checkup):
    kept = typed_in(desk.get("/desk/book/", {"day": TUESDAY}))
    assert (kept["day"], kept["time"]) == ("03/03/2026", "")
    for day in ("2026-02-30", "9999-12-31", "soon"):
        page = desk.get("/desk/book/", {"day": day})
        assert "a time that cannot be read" in page.content.decode()
        assert typed_in(page)["day"] == ""


def test_opening_the_form_writes_nothing(desk, osei, ana):
    before = written()
    desk.get("/desk/book/", {"doctor": str(osei.uuid), "patient": str(ana.uuid)})
    assert written() == before
