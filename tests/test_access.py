"""Every door has a mark that says who may open it; one without would be found here before anyone meets it."""

from typing import get_args
from uuid import uuid4

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.urls import URLPattern, get_resolver, path

from accounts import roles
from appointments_site import urls
from scheduling.access import GUARDED_BY_THEMSELVES, Mark, may_open, public, signed_in, staff
from scheduling.booking import rights
from scheduling.booking.rights import CHANGE_HOURS
from tests import factories
from tests.conftest import in_role

FOR_MANAGERS = ("/desk/hours/", "/desk/attention/doctors/", "/desk/attention/patients/")


def doors(resolver=None, prefix=""):
    """(address, view) of every pattern of the site, but for apps that guard themselves."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        elif entry.app_name not in GUARDED_BY_THEMSELVES:
            yield from doors(entry, address)


def pages_for_staff(resolver=None):
    for entry in (resolver or get_resolver("scheduling.urls.desk")).url_patterns:
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from pages_for_staff(entry)


def test_every_door_has_a_mark():
    found = dict(doors())
    assert len(found) > 8  # the walk does walk
    unmarked = [
        address for address, view in found.items() if getattr(view, "access", None) not in get_args(Mark)
    ]
    assert unmarked == []


def test_only_these_doors_are_open_to_strangers():
    marked = {mark: set() for mark in get_args(Mark)}
    for address, view in doors():
        marked[view.access].add(address)
    documents = {"api/v1/", "api/v1/docs", "api/v1/openapi.json"}  # the first is a 404 for everybody
    people = {"", "sign-in/", "sign-out/", "admin/login/", "healthz", "readyz", "metrics"}
    # Asked by a page whose session may have ended: they tell how long the asker's own one lasts.
    session = {"account/session/", "account/session/stay/"}
    assert marked["public"] == people | documents | session
    page = "appointment/<uuid:appointment>/"
    opening = {f"{page}open/", f"{page}open/<str:token>/", f"{page}close/"}
    links = {page, f"{page}calendar.ics", "appointment/reminders/<str:token>/"} | opening
    assert marked["patient_link"] == links
    assert marked["calendar_token"] == {"calendar/<slug:token>.ics"}
    assert marked["signed_hook"] == {"hooks/replies/"}


def test_every_page_for_staff_names_rights_that_exist_and_no_other_page_does():
    for address, view in doors():
        named = getattr(view, "permissions", None)
        assert (named is not None) is (view.access == "staff"), address
        assert named is None or (named and named <= rights.ALL), address
    # And none is left over: each right opens a page, or is asked for by the engine or in the back office.
    asked = {right for _address, view in doors() for right in getattr(view, "permissions", ())}
    elsewhere = {rights.OVERBOOK, rights.OUTSIDE_HOURS, rights.UNDO, rights.SHARE_CALENDARS}
    assert asked == rights.ALL - elsewhere


def test_which_role_opens_which_page(db):
    """The whole table, as the marks and the migrations make it."""
    names = [f"desk:{pattern.name}" for pattern in pages_for_staff()]
    opened = {
        role: {name for name in names if may_open(in_role(factories.UserFactory(), role), name)}
        for role in roles.ALL
    }
    managers = {
        *(
            "desk:hours-of-all",
            "desk:hours",
            "desk:hours-fill",
            "desk:hours-add-session",
            "desk:hours-drop-session",
            "desk:hours-check",
            "desk:hours-save",
        ),
        *("desk:closure", "desk:time-off", "desk:time-off-remove", "desk:extra-hours"),
        *("desk:extra-hours-remove", "desk:attention-switch-doctor-on", "desk:attention-switch-patient-on"),
    }
    assert len(names) > 40
    assert opened[roles.MANAGER] == set(names)
    assert opened[roles.RECEPTIONIST] == set(names) - managers
    assert opened[roles.DOCTOR] == set()


def test_asking_for_a_page_that_has_no_name_is_a_mistake(rae):
    with pytest.raises(KeyError):
        may_open(rae, "desk:nowhere")


def test_every_page_of_the_desk_sends_a_stranger_to_sign_in(client, db):
    plain = [
        address for address, view in doors() if view.access in {"staff", "signed_in"} and "<" not in address
    ]
    assert "desk/" in plain
    for address in plain:
        response = client.get(f"/{address}")
        assert (response.status_code, response.url) == (302, f"/sign-in/?next=/{address}")


def page():
    """A view of its own each time: a mark is written on the view."""
    return lambda request: HttpResponse("inside")


class Doors:
    """Addresses for the tests below; `unmarked/` is the view that somebody forgot to mark."""

    urlpatterns = [
        path("unmarked/", page()),
        path("public/", public(page())),
        path("any/", signed_in(page())),
        path("managers/", staff(CHANGE_HOURS)(page())),
        *urls.urlpatterns,
    ]


@pytest.mark.parametrize("who", ["stranger", *roles.ALL, "superuser"])
def test_a_view_without_a_mark_is_refused_whoever_asks(client, db, settings, who):
    settings.ROOT_URLCONF = Doors
    if who != "stranger":
        user = in_role(factories.UserFactory(is_superuser=who == "superuser"), *({who} & set(roles.ALL)))
        client.force_login(user)
    assert client.get("/unmarked/").status_code == 404
    assert client.get("/public/").content == b"inside"


@pytest.mark.parametrize(
    ("role", "inside"), [(roles.MANAGER, 200), (roles.RECEPTIONIST, 404), (roles.DOCTOR, 404), (None, 404)]
)
def test_a_page_for_a_right_does_not_exist_for_those_without_it(client, db, settings, role, inside):
    settings.ROOT_URLCONF = Doors
    client.force_login(in_role(factories.UserFactory(), *([role] if role else [])))
    assert client.get("/managers/").status_code == inside
    assert client.get("/any/").status_code == 200


def test_a_person_switched_off_is_a_stranger_at_once(client, rae):
    client.force_login(rae)
    assert client.get("/desk/attention/").status_code == 200
    rae.is_active = False
    rae.save()
    assert client.get("/desk/attention/").status_code == 302


def pages_of_the_desk():
    """Every address under /desk/, with made-up values in it, and whether it needs a row to exist."""
    values = {
        "<uuid:uuid>": str(uuid4()),
        "<uuid:other>": str(uuid4()),
        "<uuid:message>": str(uuid4()),
        "<int:days>": "1",
        "<day:day>": "2026-03-02",
        "<week:monday>": "2026-W10",
        "<month:first>": "2026-03",
        "<weekday:weekday>": "1",
        "<int:index>": "0",
    }
    for address, _view in doors():
        if address.startswith("desk/"):
            filled = f"/{address}"
            for pattern, value in values.items():
                filled = filled.replace(pattern, value)
            assert "<" not in filled, f"give a value for {filled}"
            yield filled, "<uuid" in address


def test_doctors_and_people_without_a_role_have_no_desk(client, db):
    for role in ([roles.DOCTOR], []):
        client.force_login(in_role(factories.UserFactory(), *role))
        for address, _needs_row in pages_of_the_desk():
            assert client.get(address).status_code == 404, address
            assert client.post(address).status_code == 404, address


def test_a_receptionist_finds_no_page_of_the_managers(client, rae):
    client.force_login(rae)
    pages = [page for page, _needs_row in pages_of_the_desk() if page.startswith(FOR_MANAGERS)]
    assert len(pages) > 2
    for page in pages:
        assert client.get(page).status_code == 404, page
        assert client.post(page).status_code == 404, page


@pytest.mark.parametrize("role", [roles.RECEPTIONIST, roles.MANAGER])
def test_receptionists_and_managers_have_every_page_of_the_desk(client, db, role):
    client.force_login(in_role(factories.UserFactory(), role))
    statuses = {
        page: client.get(page).status_code
        for page, needs_row in pages_of_the_desk()
        if not needs_row and (role == roles.MANAGER or not page.startswith(FOR_MANAGERS))
    }
    assert len(statuses) > 2
    # 405 and 400: pages that exist, and want a form.
    assert {page: status for page, status in statuses.items() if status not in {200, 302, 400, 405}} == {}


def stored():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("scheduling").get_models()
    }


def test_looking_at_a_page_changes_nothing(client, rae, osei, ana, checkup):
    client.force_login(rae)
    before = stored()
    form = {"doctor": osei.uuid, "patient": ana.uuid, "visit_type": checkup.uuid, "uuid": uuid4()}
    for address, _needs_row in pages_of_the_desk():
        client.get(address, form | {"date": "2026-03-03", "time": "10:00", "description": "x"})
    for address in (
        "/",
        "/healthz",
        "/readyz",
        f"/appointment/{uuid4()}/",
        f"/appointment/{uuid4()}/open/",
        "/calendar/x.ics",
    ):
        client.get(address)
    assert stored() == before
    client.get("/sign-out/")
    assert client.get("/desk/attention/").status_code == 200  # a link signs nobody out


def test_a_part_of_a_page_asked_for_without_a_session_is_no_sign_in_page(client, db):
    answer = client.post("/desk/book/summary/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")
