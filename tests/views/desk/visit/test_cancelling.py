"""Calling a visit off: by the clinic or the patient, with a reason."""

import re

import pytest

from scheduling.booking.actions import set_status
from scheduling.booking.seen import Seen
from scheduling.models import Status
from tests.booking.asking import lanes, stored
from tests.conftest import NOW
from tests.views.desk.pages import text_of, typed_in
from tests.views.desk.visit.after import fresh, said


def test_a_cancellation_overtaken_keeps_what_was_typed(visit, post, tom):
    set_status(Seen.of(visit), Status.ARRIVED, by=tom, now=NOW)
    answer = post(
        visit, "cancel", version=1, wish="clinic", reason="Doctor <ill>", next="/desk/day/2026-03-02/"
    )
    assert answer.status_code == 409
    assert "Tomás Gil marked the patient as arrived." in text_of(answer, "main")
    kept = typed_in(answer)
    assert (kept["wish"], kept["version"]) == ("clinic", "2")
    assert kept["next"] == "/desk/day/2026-03-02/"
    assert 'value="Doctor &lt;ill&gt;"' in answer.content.decode()


def test_cancelling_frees_the_time_and_says_whose_wish_and_why(desk, visit, post):
    answer = post(visit, "cancel", wish="patient", reason=" Is ill ")
    assert said(answer, desk).startswith("Ana Souza Prieto, today, 10:00: cancelled. The time is free. Undo")
    assert (fresh(visit).status, lanes(visit)) == ("cancelled", [])
    text = text_of(desk.get(f"/desk/appointments/{visit.uuid}/"), "main")
    assert "You cancelled it at the patient’s request. “Is ill”" in text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wish": "patient", "reason": "  "}, "Say why the visit is cancelled."),
        ({"reason": "Ill"}, "Choose who is cancelling: the patient or the clinic."),
        ({"wish": "mine", "reason": "Ill"}, "Choose who is cancelling: the patient or the clinic."),
        ({"wish": "patient", "reason": "x" * 1001}, "Up to 1000 characters fit here. This has 1001."),
        ({"wish": "patient", "reason": "a\0"}, "A character in this text cannot be stored. Type it again."),
        ({"wish": "patient", "reason": "Ill", "version": ""}, "The page you pressed on was incomplete"),
        ({"wish": "patient", "reason": "Ill", "version": "9" * 30}, "The page you pressed on was incomplete"),
    ],
)
def test_an_incomplete_cancellation_is_said_beside_its_field(visit, post, fields, sentence):
    ready = stored()
    answer = post(visit, "cancel", **fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer, "main")
    assert stored() == ready


def test_the_form_that_cancels_is_a_page_too(desk, visit, post):
    page = desk.get(f"/desk/appointments/{visit.uuid}/cancel/?next=/desk/day/2026-03-02/")
    assert "Cancel the visit of Ana Souza Prieto" in text_of(page, "main")
    assert typed_in(page) | {"csrfmiddlewaretoken": ""} == {
        "csrfmiddlewaretoken": "",
        "version": "1",
        "next": "/desk/day/2026-03-02/",
        "alone": "1",
        "reason": "",
    }
    post(visit, "cancel", wish="clinic", reason="Away")
    answer = desk.get(f"/desk/appointments/{visit.uuid}/cancel/")
    assert (answer.status_code, answer.url) == (302, f"/desk/appointments/{visit.uuid}/")
    assert "This cannot be done with a visit that is: Cancelled." in said(answer, desk)


@pytest.mark.parametrize(
    ("alone", "heading"), [("1", "Cancel the visit of Ana Souza Prieto"), ("", "Ana Souza Prieto")]
)
def test_it_comes_back_where_it_stood_with_the_focus_at_what_is_wrong(visit, post, alone, heading):
    answer = post(visit, "cancel", wish="clinic", reason=" ", alone=alone, next="/desk/day/2026-03-02/")
    page = answer.content.decode()
    assert f"<h1>{heading}</h1>" in re.sub(r"\s*\n\s*", "", page)
    assert re.findall(r"<(\w+)[^>]*\sautofocus", page) == ["input"]
    assert re.search(r'id="id_cancel_reason"[^>]*aria-invalid="true"\s+autofocus', page)
    kept = typed_in(answer, form="cancelling")
    assert (kept["wish"], kept["next"]) == ("clinic", "/desk/day/2026-03-02/")
