"""What is taken from a group in the back office is gone from the desk: its pages, and what leads there."""

import re
from datetime import time, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.urls import resolve

from accounts import roles
from scheduling.booking import actions, hours, merging, rights
from scheduling.booking.rights import rights_of
from scheduling.booking.seen import Seen
from scheduling.identity import identity_of
from scheduling.models import Appointment, Doctor, Flag, MessageSettings, Patient, Status, TimeOff, VisitType
from scheduling.notices import replies
from tests import factories
from tests.booking.asking import wish
from tests.booking.regular import book_all
from tests.conftest import NOW, madrid
from tests.messages import one_of_each
from tests.notices.incoming.sent import sent
from tests.views.desk.conftest import TUESDAY
from tests.views.desk.every_page import pages

IN_THE_BACK_OFFICE = {rights.SHARE_CALENDARS}
WITHIN_A_PAGE = {rights.OVERBOOK, rights.OUTSIDE_HOURS, rights.UNDO}
AT_THE_DESK = sorted(rights.ALL - IN_THE_BACK_OFFICE - WITHIN_A_PAGE)
LEADS_TO = re.compile(
    r'(?:href|action|formaction|data-hx-post|data-hx-get|data-changes|data-block|data-month)="(/[^"#]*)'
)


def take(right, *, of=roles.MANAGER):
    Group.objects.get(name=of).permissions.remove(_permission(right))


def give(right, *, to=roles.MANAGER):
    Group.objects.get(name=to).permissions.add(_permission(right))


def _permission(right):
    app, codename = right.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def stored():
    return {
        model: list(model.objects.order_by("pk").values())
        for model in apps.get_app_config("scheduling").get_models()
    }


@pytest.fixture
def clinic(office, book, max_, osei, lind, ana, ben, settings):
    """Something for every page to show: visits of today and later, twins, a merge, each list of attention."""
    visit = book(osei, ana, "2026-03-02 09:30", status=Status.PENDING)
    book(osei, ben, "2026-03-02 10:00", status=Status.PENDING)
    book(lind, ana, "2026-03-04 10:00")
    Appointment.objects.update(created_at=NOW - timedelta(days=9))
    book(osei, ben, "2026-03-05 10:00")
    actions.set_status(Seen.of(visit), Status.CONFIRMED, by=max_, now=NOW)
    twin = factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
    merging.merge(Seen.of(ana), Seen.of(twin), {}, by=max_, now=NOW)
    factories.PatientFactory(patient_name="Ana", patient_lastname="Souza Prieto")
    Patient.objects.filter(pk=ana.pk).update(needs_review=True)
    for about in ({"patient": ben}, {"appointment": visit}):
        Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, **about)
    Doctor.objects.filter(pk=lind.pk).update(is_active=False)
    book_all([wish(osei, ana, VisitType.objects.get(), "2026-03-09 13:00")])
    moved_away = factories.PatientFactory()
    book(osei, moved_away, "2026-03-06 10:00")
    Patient.objects.filter(pk=moved_away.pk).update(is_active=False)
    factories.DoctorFactory(doctor_name="Dr Without Hours")
    day_off = hours.Interval(madrid("2026-03-05 09:00"), madrid("2026-03-05 12:00"))
    hours.add_time_off(osei, day_off, reason="Ill", by=max_, now=NOW)
    sent(Appointment.objects.get(patient=moved_away), state="failed", why="bounced")
    replies.take("msg_1", sender="anonymous", text="?", at=NOW, now=NOW)
    calls = hours.Interval(madrid("2026-03-02 12:00"), madrid("2026-03-02 12:30"))
    hours.add_time_off(osei, calls, reason="Phone calls", by=max_, now=NOW, is_block=True)
    saturday = hours.Interval(madrid("2026-03-07 09:00"), madrid("2026-03-07 12:00"))
    hours.add_extra_hours(osei, saturday, by=max_, now=NOW)
    settings.NOTICE_CHANNELS = ["email"]
    MessageSettings.objects.create(sends_from=time(7))
    Patient.objects.update(email="ana@mail.example")
    one_of_each(Appointment.objects.with_people().get(uuid=visit.uuid), max_)
    return office


def test_a_right_that_is_taken_from_a_group_closes_its_pages_and_opens_them_when_given_back(
    clinic, osei, ana, ben
):
    every = list(pages(osei, ana, ben))
    before = stored()
    for right in AT_THE_DESK:
        concerned = [address for address, view in every if right in view.permissions]
        assert concerned
        first, last = concerned[0], concerned[-1]
        take(right)
        for address in {first, last}:
            assert clinic.get(address).status_code == 404, (right, address)
            assert clinic.post(address).status_code == 404, (right, address)
        give(right)
        for address in {first, last}:
            assert clinic.get(address).status_code != 404, (right, address)
    assert stored() == before


# Led to by an answer to a form, by the message of a correction, or once something was chosen.
WITHOUT_A_LINK = {
    *("undo-edit", "booked", "overbook", "book-draft", "book-draft-drop"),
    *("attention-take-back", "day-choose-all", "hours-fill", "move-choose", "patient-edit-fill"),
    *("absence-apply", "series-book", "move-after", "move-after-apply", "series-undo", "columns-usual"),
    "appointment-card",  # asked for where a card is opened
    "reminder-hold",  # the first visit is of today
}
LOOKS = {
    rights.USE_DESK,
    rights.VIEW_VISITS,
    rights.VIEW_PATIENTS,
    rights.VIEW_ATTENTION,
    rights.CHANGE_HOURS,
}


@pytest.mark.parametrize(
    "taken",
    [
        set(),
        set(AT_THE_DESK) - LOOKS,
        {rights.VIEW_VISITS},
        {rights.VIEW_PATIENTS, rights.VIEW_ATTENTION, rights.CHANGE_HOURS},
        {rights.USE_DESK},
    ],
    ids=["nothing", "all but looking", "visits", "all but visits", "the desk"],
)
def test_nothing_on_a_page_leads_to_one_that_does_not_open(clinic, max_, osei, ana, ben, taken):
    """Links, forms and their buttons; the keys are on them."""
    for right in taken:
        take(right)
    has = rights_of(type(max_).objects.get(pk=max_.pk))
    assert has == rights.ALL - taken
    every = [(address, view) for address, view in pages(osei, ana, ben) if view.permissions <= has]
    offered = set()
    for address in ["/", *(address for address, _view in every)]:
        for answer in answers_of(clinic, address):
            html = answer.content.decode()
            assert rights.CHANGE_VISITS in has or "js/visit_keys.js" not in html, address
            for link in LEADS_TO.findall(html):
                path = unescape(link).partition("?")[0]
                if path.startswith("/desk/"):
                    target = resolve(path)
                    offered.add(target.url_name)
                    assert target.func.permissions <= has, (address, path)
    # The walk sees what there is: every page that opens is led to.
    assert {resolve(address).url_name for address, _view in every} - offered <= WITHOUT_A_LINK


def answers_of(client, address):
    """What a page says when it is opened; and what it says to a search."""
    wishes = {"visit_type": VisitType.objects.get().uuid, "from": TUESDAY} if address == "/desk/find/" else {}
    if address == "/desk/absence/":
        wishes = {"doctor": TimeOff.objects.first().doctor.uuid, "first": "2026-03-05"}
    yield client.get(address, wishes, follow=True)
    if address.startswith("/desk/series/"):
        yield client.get(f"/desk/appointments/{Appointment.objects.get(series__isnull=False).uuid}/")
    for text in {"/desk/patients/": ["souza", "nobody at all"], "/desk/book/patients/": ["ana"]}.get(
        address, []
    ):
        yield client.post(address, {"q": text})


def test_one_who_may_not_book_is_offered_no_free_time_on_the_board_and_books_none(desk, filled_in, rae, osei):
    board = f"/desk/day/{TUESDAY}/"
    form = filled_in()
    assert '<li class="f ' in desk.get(board).content.decode()
    take(rights.BOOK, of=roles.RECEPTIONIST)
    html = desk.get(board).content.decode()
    assert '<li class="f ' not in html
    assert "/desk/book/" not in html
    assert "free 09:00" in html  # still to be read
    assert desk.post("/desk/book/", form).status_code == 404
    assert not Appointment.objects.exists()
    give(rights.BOOK, to=roles.RECEPTIONIST)
    assert '<li class="f ' in desk.get(board).content.decode()
    assert desk.post("/desk/book/", form).status_code == 302
    assert Appointment.objects.count() == 1


def test_one_who_may_not_add_patients_books_for_those_on_record_only(desk, filled_in):
    take(rights.ADD_PATIENTS, of=roles.RECEPTIONIST)
    assert 'id="new-patient"' not in desk.get("/desk/book/").content.decode()
    before = stored()
    answer = desk.post("/desk/book/", filled_in(patient="new", patient_name="Zoe", patient_lastname="Lund"))
    assert answer.status_code == 422
    assert "Your account may not do this." in answer.content.decode()
    assert stored() == before
    assert desk.post("/desk/book/", filled_in()).status_code == 302
    give(rights.ADD_PATIENTS, to=roles.RECEPTIONIST)
    assert 'id="new-patient"' in desk.get("/desk/book/?new=1").content.decode()
    form = filled_in(patient="new", patient_name="Zoe", patient_lastname="Lund", time="11:00")
    assert desk.post("/desk/book/", form).status_code == 302
    assert Patient.objects.filter(patient_lastname="Lund").exists()


def posts(osei, lind, ana, ben, visit):
    """What is posted at the desk, by the right for it: an address and a form that works."""
    seen = Seen.of(ana)
    added = {"patient_name": "Zoe", "patient_lastname": "Lund"}
    edited = added | {"version": seen.version}
    flag = Flag.objects.create(kind=Flag.Kind.BAD_EMAIL, created_at=NOW, patient=ben)
    at = f"/desk/appointments/{visit.uuid}"
    return {
        "confirm": (rights.CHANGE_VISITS, f"{at}/status/", {"version": visit.version, "status": "confirmed"}),
        "cancel": (
            rights.CHANGE_VISITS,
            f"{at}/cancel/",
            {"version": visit.version, "wish": "patient", "reason": "ill"},
        ),
        "move": (
            rights.CHANGE_VISITS,
            f"{at}/move/",
            {"version": visit.version, "doctor": osei.uuid, "start": "2026-03-03T12:00+01:00"},
        ),
        "new patient": (rights.ADD_PATIENTS, "/desk/patients/new/", added),
        "edit": (rights.CHANGE_PATIENTS, f"/desk/patients/{ana.uuid}/edit/", edited),
        "tell apart": (rights.MERGE_PATIENTS, f"/desk/patients/{ana.uuid}/apart/{ben.uuid}/", {}),
        "settle": (rights.RESOLVE_ATTENTION, "/desk/attention/resolve/", {"flag": identity_of(flag)}),
        "switch on": (rights.SWITCH_ON, f"/desk/attention/doctors/{lind.uuid}/switch-on/", {}),
        "close": (
            rights.ADD_TIME_OFF,
            "/desk/hours/closure/",
            {"uuid": uuid4(), "first": "2026-04-01", "last": "2026-04-01"},
        ),
    }


@pytest.mark.parametrize(
    "action",
    ["confirm", "cancel", "move", "new patient", "edit", "tell apart", "settle", "switch on", "close"],
)
def test_what_is_posted_without_the_right_writes_nothing(office, book, osei, lind, ana, ben, action):
    visit = book(osei, ana, "2026-03-03 10:00", status=Status.PENDING)
    Doctor.objects.filter(pk=lind.pk).update(is_active=False)
    right, address, form = posts(osei, lind, ana, ben, visit)[action]
    take(right)
    before = stored()
    assert office.post(address, form).status_code == 404
    assert stored() == before
    give(right)
    assert office.post(address, form).status_code == 302
    assert stored() != before


def test_one_who_only_looks_at_visits_sees_no_button_of_a_step(desk, book, osei, ana):
    visit = book(osei, ana, "2026-03-02 09:30", status=Status.PENDING)
    address = f"/desk/appointments/{visit.uuid}/"
    assert "Move to another time" in desk.get(address).content.decode()
    take(rights.CHANGE_VISITS, of=roles.RECEPTIONIST)
    html = desk.get(address).content.decode()
    assert "Your account may look at visits, not change them." in html
    for word in ("Move to another time", "Cancel this visit", "Confirm <kbd", "Entered in error"):
        assert word not in html
    moving = desk.get(f"/desk/day/{TUESDAY}/?moving={visit.uuid}").content.decode()
    assert "Moving the visit" not in moving


def test_a_right_of_ones_own_opens_a_page_as_one_of_the_group_does(desk, rae):
    assert desk.get("/desk/hours/").status_code == 404
    rae.user_permissions.add(_permission(rights.CHANGE_HOURS))
    assert desk.get("/desk/hours/").status_code == 200


def test_without_the_desk_itself_the_other_rights_open_nothing(desk, rae):
    take(rights.USE_DESK, of=roles.RECEPTIONIST)
    home = desk.get("/")
    assert home.status_code == 200
    assert "/desk/" not in home.content.decode()
    assert desk.get(f"/desk/day/{TUESDAY}/").status_code == 404
