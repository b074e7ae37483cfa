"""Pages that a form leads to have an address that can be reloaded and tells nothing of what was typed."""

import pytest
from django.test import Client

from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import text_of

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def asked(at_eight, max_, osei, ana, ben, book):
    """Every form that leads to a page and saves nothing: its address, what is posted, what its page says."""
    visit = book(osei, ana, "2026-03-03 10:00")
    hours = f"/desk/hours/{osei.uuid}"
    week = {"first": "2026-03-09", "from-1": ["09:00"], "to-1": ["13:30"]}
    return {
        "search": ("/desk/patients/", {"q": "souza"}, "souza"),
        "new": ("/desk/patients/new/fill/", {"q": "Zoe Lund"}, 'value="Lund"'),
        "same": (f"/desk/patients/{ana.uuid}/edit/fill/", {"note": "Works nights"}, "Works nights"),
        "add": (f"{hours}/days/2/add/", week, "13:30"),
        "drop": (f"{hours}/days/2/0/drop/", week, "13:30"),
        "check": (f"{hours}/check/", week, "13:30"),
        "move": (
            f"/desk/appointments/{visit.uuid}/move/choose/",
            {"choice": f"{osei.uuid}|2026-03-03T12:00:00+01:00", "reason": "Works late"},
            "Works late",
        ),
        "merge": (f"/desk/patients/{ana.uuid}/merge/{ben.uuid}/preview/", {"stays": "one"}, "Okafor"),
    }


@pytest.mark.parametrize("which", ["search", "new", "same", "add", "drop", "check", "move", "merge"])
def test_the_page_can_be_reloaded_and_is_the_sessions_alone(asked, max_, which):
    path, form, says = asked[which]
    office = Client()
    office.force_login(max_, backend=BACKEND)
    sent = office.post(path, form)
    address = sent.headers["Location"]
    assert (sent.status_code, address.partition("?")[0]) == (302, path)
    assert not any(word in address for word in ("souza", "Lund", "13:30", "Works"))
    for _ in range(2):
        assert says in office.get(address).content.decode()
    other = Client()
    other.force_login(max_, backend=BACKEND)
    gone = other.get(address, follow=True)
    assert "What was typed there is not kept any more." in text_of(gone, "toasts")
    assert gone.status_code == 200


@pytest.mark.parametrize("token", ["", "x", UNKNOWN])
def test_a_token_of_none_leads_to_the_beginning(desk, token):
    assert desk.get("/desk/patients/", {"typed": token}).headers["Location"] == "/desk/patients/"
