"""Who must be told when a doctor is away: listed, previewed, done in one commit, and called."""

from uuid import uuid4

import pytest

from scheduling.booking import patients
from scheduling.booking.actions import move
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Call, Notice, Patient, Status, TimeOff
from tests import factories
from tests.conftest import NOW, madrid
from tests.notices.post import send
from tests.views.desk.conftest import TUESDAY, UNKNOWN, written
from tests.views.desk.pages import beside, typed_in

PAGE, PREVIEW, APPLY, TOLD = (f"/desk/absence/{name}" for name in ("", "preview/", "apply/", "told/"))
WEDNESDAY = "2026-03-04"


def off(doctor, first=TUESDAY, last=WEDNESDAY, reason="Flu"):
    span = {"starts_at": madrid(f"{first} 00:00"), "ends_at": madrid(f"{last} 00:00")}
    return TimeOff.objects.create(uuid=uuid4(), doctor=doctor, reason=reason, **span)


@pytest.fixture
def visits(book, osei, ana, ben):
    """Ana at 10:00 and Ben at 10:30 with Dr Osei, who has the flu on Tuesday."""
    found = [book(osei, ana, f"{TUESDAY} 10:00"), book(osei, ben, f"{TUESDAY} 10:30")]
    off(osei)
    return found


def asked(doctor, **more):
    return {"doctor": str(doctor.uuid), "first": TUESDAY, "last": TUESDAY} | more


def rows(response):
    return {row.visit.patient.patient_name: row for row in response.context["rows"]}


def offered(row):
    return [(way.opening.doctor.doctor_name, way.opening.start) for way in row.ways]


def chosen(page, visits, **ways):
    """The form of the page as the browser sends it, with other choices for some patients."""
    form = typed_in(page, form="plan")
    form["visit"] = [f"{visit.uuid}.{visit.version}" for visit in visits]
    for visit in visits:
        if way := ways.get(visit.patient.patient_name):
            form[f"way-{visit.uuid}"] = way
    return form


def fresh(visit):
    return Appointment.objects.get(pk=visit.pk)


def to(doctor, at):
    return f"{doctor.uuid}|{madrid(at).isoformat()}"


def test_each_visit_has_phone_alerts_and_two_other_times(desk, visits, osei, lind, ana):
    Patient.objects.filter(pk=ana.pk).update(phone="+34600555482", alerts="hearing: write")
    page = desk.get(PAGE, asked(osei))
    text = page.content.decode()
    assert 'href="tel:+34600555482"' in text
    assert "600 55 54 82" in text
    assert "Hearing: write" in text
    assert "Time off: Flu." in text
    assert offered(rows(page)["Ana"]) == [
        ("Dr Ama Osei", madrid(f"{WEDNESDAY} 10:00")),
        ("Dr Per Lind", madrid(f"{TUESDAY} 10:00")),
    ]
    assert [row.is_ticked for row in page.context["rows"]] == [True, True]
    assert typed_in(page, form="plan")["reason"] == "Flu"


def test_looking_writes_nothing_and_costs_the_same_for_any_number(
    desk, visits, book, osei, lind, django_assert_num_queries
):
    before = written()
    with django_assert_num_queries(11):
        desk.get(PAGE, asked(osei))
    TimeOff.objects.all().delete()
    for n in range(4):
        book(osei, factories.PatientFactory(), f"{TUESDAY} 1{n % 2 + 1}:{n // 2 * 3}0")
    off(osei)
    before = written()
    with django_assert_num_queries(11):
        assert len(desk.get(PAGE, asked(osei)).context["rows"]) == 6
    assert written() == before
    assert not Call.objects.exists()


def test_visits_in_open_time_are_shown_where_none_is_outside_it_or_on_demand(desk, visits, book, osei, ana):
    assert set(rows(desk.get(PAGE, asked(osei, first=WEDNESDAY, last=WEDNESDAY)))) == set()
    book(osei, factories.PatientFactory(patient_name="Cleo"), f"{WEDNESDAY} 10:00")
    page = desk.get(PAGE, asked(osei, last=WEDNESDAY))
    assert set(rows(page)) == {"Ana", "Ben"}
    assert "Show 1 more within the hours" in page.content.decode()
    assert set(rows(desk.get(PAGE, asked(osei, last=WEDNESDAY, all="1")))) == {"Ana", "Ben", "Cleo"}
    page = desk.get(PAGE, asked(osei, first=WEDNESDAY, last=WEDNESDAY))
    assert set(rows(page)) == {"Cleo"}
    assert "No time off is on record" in page.content.decode()
    assert all(start > madrid("2026-03-05 00:00") for _name, start in offered(rows(page)["Cleo"])[:1])


def test_it_asks_whose_absence_it_is_and_says_what_is_wrong_beside_the_field(desk, osei):
    assert "Show the visits" in desk.get(PAGE).content.decode()
    assert beside(desk.get(PAGE, {"doctor": UNKNOWN, "first": TUESDAY}), "doctor")
    assert beside(desk.get(PAGE, {"doctor": osei.uuid}), "first") == "Choose the first day."
    page = desk.get(PAGE, asked(osei, last="2026-03-01"))
    assert (page.status_code, beside(page, "last")) == (422, "It ends before it begins.")
    assert (
        beside(desk.get(PAGE, asked(osei, last="2026-09-01")), "last") == "Choose at most 62 days at a time."
    )
    assert beside(desk.get(PAGE, asked(osei, first="9999-12-31")), "first") == "Check the year: 9999."


def test_a_preview_shows_before_and_after_and_saves_nothing(desk, visits, osei, lind):
    before = written()
    page = desk.get(PAGE, asked(osei))
    page = desk.post(PREVIEW, chosen(page, visits, Ana=to(lind, f"{TUESDAY} 12:00"), Ben="cancel"))
    text = page.content.decode()
    assert "2 of 2 visits can go" in text
    assert "tomorrow, 12:00" in text
    assert "Move 1, cancel 1" in text
    assert rows(page)["Ana"].target.start == madrid(f"{TUESDAY} 12:00")
    assert written() == before


def test_all_is_done_in_one_commit_with_the_reason(desk, visits, osei, lind, rae):
    page = desk.post(PREVIEW, chosen(desk.get(PAGE, asked(osei)), visits, Ben="cancel"))
    form = typed_in(page, form="plan") | {"token": page.context["token"], "reason": "Dr Osei is ill"}
    form["visit"] = [f"{visit.uuid}.{visit.version}" for visit in visits]
    page = desk.post(APPLY, form, follow=True)
    assert "1 visit is moved. 1 visit is cancelled." in page.content.decode()
    ana, ben = map(fresh, visits)
    assert (ana.appointment_datetime, ben.status) == (madrid(f"{WEDNESDAY} 10:00"), Status.CANCELLED)
    reasons = AppointmentEvent.objects.filter(version=2).values_list("reason", "by")
    assert set(reasons) == {("Dr Osei is ill", rae.pk)}
    # They stay on the list until they are told.
    assert {name: row.has_left for name, row in rows(page).items()} == {"Ana": True, "Ben": True}


def test_what_patients_are_told_is_apart_from_the_reason_and_stands_there_until_it_is_said(
    desk, visits, osei, lind
):
    page = desk.get(PAGE, asked(osei))
    assert typed_in(page, form="plan")["words"] == "We are sorry: Dr Ama Osei cannot be there."
    page = desk.post(PREVIEW, chosen(page, visits) | {"words": "A bigger <room>, too"})
    assert typed_in(page, form="plan")["words"] == "A bigger <room>, too"
    form = typed_in(page, form="plan") | {"token": page.context["token"], "reason": "Flu"}
    form["visit"] = [f"{visit.uuid}.{visit.version}" for visit in visits]
    page = desk.post(APPLY, form, follow=True)
    assert page.content.decode().count("“A bigger &lt;room&gt;, too”") == 2
    assert set(AppointmentEvent.objects.filter(version=2).values_list("reason")) == {("Flu",)}
    visit = f"/desk/appointments/{visits[0].uuid}/"
    assert "“A bigger &lt;room&gt;, too”" in desk.get(visit).content.decode()
    for patient, outcome in (("Ana", "no_answer"), ("Ana", "told")):
        row = rows(page)[patient]
        told = next(value for value, which, _label in row.presses if which == outcome)
        page = desk.post(TOLD, asked(osei) | {"told": told}, follow=True)
        assert bool(rows(page)[patient].calls.words) is (outcome == "no_answer")
    assert rows(page)["Ben"].calls.words


def test_words_that_are_too_long_are_said_beside_their_field_and_kept(desk, visits, osei):
    page = desk.post(PREVIEW, chosen(desk.get(PAGE, asked(osei)), visits))
    form = chosen(page, visits) | {"token": page.context["token"], "words": "é" * 256}
    page = desk.post(APPLY, form)
    assert page.status_code == 422
    assert "255" in beside(page, "words")
    assert typed_in(page, form="plan")["words"] == "é" * 256
    assert [fresh(visit).version for visit in visits] == [1, 1]


def test_what_is_done_is_what_was_shown(desk, visits, osei, lind):
    page = desk.post(PREVIEW, chosen(desk.get(PAGE, asked(osei)), visits))
    form = chosen(page, visits, Ana="cancel") | {"token": page.context["token"]}
    again = desk.post(APPLY, form)
    assert "You changed the choice." in again.content.decode()
    assert again.context["is_preview"]
    assert [fresh(visit).version for visit in visits] == [1, 1]


def test_cancelling_needs_a_reason_and_keeps_what_was_chosen(desk, visits, osei):
    page = desk.post(PREVIEW, chosen(desk.get(PAGE, asked(osei)), visits, Ana="cancel", Ben="keep"))
    form = chosen(page, visits, Ana="cancel", Ben="keep") | {"token": page.context["token"], "reason": " "}
    page = desk.post(APPLY, form)
    assert (page.status_code, beside(page, "reason")) == (422, "Say why: it goes into the history.")
    assert {name: row.way for name, row in rows(page).items()} == {"Ana": "cancel", "Ben": "keep"}
    assert [fresh(visit).version for visit in visits] == [1, 1]


def test_a_time_that_was_taken_is_offered_anew_and_the_rest_goes_on(desk, visits, osei, lind, book):
    page = desk.get(PAGE, asked(osei))
    ways = {"Ana": to(lind, f"{TUESDAY} 10:00"), "Ben": to(lind, f"{TUESDAY} 10:30")}
    page = desk.post(PREVIEW, chosen(page, visits, **ways))
    form = chosen(page, visits) | {"token": page.context["token"]}
    book(lind, factories.PatientFactory(), f"{TUESDAY} 10:00")
    page = desk.post(APPLY, form, follow=True)
    text = page.content.decode()
    assert "1 visit is moved." in text
    assert "Ana Souza Prieto stays: This time is already taken with Dr Per Lind." in text
    ana, ben = map(fresh, visits)
    assert (ana.version, ben.doctor) == (1, lind)
    row = rows(page)["Ana"]
    assert (row.was_taken, row.is_ticked, bool(row.target)) == (True, True, True)
    assert page.context["is_preview"]


def test_a_visit_that_somebody_changed_stays_and_is_looked_at_again(desk, visits, osei, lind):
    page = desk.post(PREVIEW, chosen(desk.get(PAGE, asked(osei)), visits))
    form = chosen(page, visits) | {"token": page.context["token"]}
    move(Seen.of(visits[0]), doctor=lind, start=madrid(f"{TUESDAY} 13:00"), by=None, now=NOW)
    page = desk.post(APPLY, form, follow=True)
    assert "stays: Someone else has changed this visit meanwhile." in page.content.decode()
    assert (fresh(visits[0]).version, fresh(visits[1]).version) == (2, 2)


def test_who_was_moved_within_the_same_day_stays_on_the_list_until_told(desk, visits, osei, rae):
    TimeOff.objects.update(ends_at=madrid(f"{TUESDAY} 12:00"))
    page = desk.get(PAGE, asked(osei))
    assert offered(rows(page)["Ana"])[0] == ("Dr Ama Osei", madrid(f"{WEDNESDAY} 10:00"))
    page = desk.get(PAGE, asked(osei, time="any"))
    assert offered(rows(page)["Ana"])[0] == ("Dr Ama Osei", madrid(f"{TUESDAY} 12:00"))
    page = desk.post(PREVIEW, chosen(page, visits, Ben="keep"))
    desk.post(APPLY, chosen(page, visits, Ben="keep") | {"token": page.context["token"]})
    page = desk.get(PAGE, asked(osei))
    assert [(name, row.has_left) for name, row in rows(page).items()] == [("Ana", True), ("Ben", False)]


def test_one_press_proposes_colleagues_times_for_all(desk, visits, osei, lind):
    page = desk.get(PAGE, asked(osei, **{"with": "colleagues"}))
    assert page.context["is_preview"]
    assert {row.target.doctor for row in page.context["going"]} == {lind}
    form = chosen(page, visits) | {"token": page.context["token"]}
    desk.post(APPLY, form)
    assert [(fresh(v).doctor, fresh(v).appointment_datetime) for v in visits] == [
        (lind, v.appointment_datetime) for v in visits
    ]


def test_whoever_does_not_fit_is_named(desk, visits, osei):
    page = desk.get(PAGE, asked(osei, **{"with": "colleagues"}))
    assert (page.context["going"], len(page.context["staying"])) == ([], 2)
    assert page.status_code == 200


def test_called_no_answer_and_told_are_kept_with_who_and_when(desk, visits, osei, rae):
    page = desk.get(PAGE, asked(osei))
    form = chosen(page, visits, Ben="cancel")
    for seen, outcome in ((0, "no_answer"), (1, "no_answer")):
        page = desk.post(TOLD, form | {"told": f"{visits[0].uuid}.{seen}.{outcome}"})
    assert "No answer, 2 times" in page.content.decode()
    assert "Rae Quist" in page.content.decode()
    # What was chosen stays chosen.
    assert rows(page)["Ben"].way == "cancel"
    page = desk.post(TOLD, form | {"told": f"{visits[0].uuid}.0.told"})
    assert "Somebody else has just written down a call" in page.content.decode()
    desk.post(TOLD, form | {"told": f"{visits[0].uuid}.2.told"})
    told = list(Call.objects.order_by("number").values_list("outcome", "by", "at"))
    assert told == [(outcome, rae.pk, NOW) for outcome in ("no_answer", "no_answer", "told")]
    text = desk.get(f"/desk/appointments/{visits[0].uuid}/").content.decode()
    assert "Told" in text
    assert "No answer" in text


@pytest.mark.parametrize(
    "told", ["", "nonsense", f"{UNKNOWN}.0.told", f"{UNKNOWN}.x.told", f"{UNKNOWN}.0.to_call"]
)
def test_a_press_that_means_nothing_writes_nothing(desk, visits, osei, told):
    page = desk.post(TOLD, asked(osei) | {"told": told})
    assert page.status_code == 200
    assert not Call.objects.exists()


def test_nonsense_in_the_plan_counts_as_not_chosen(desk, visits, osei):
    form = asked(osei) | {"visit": ["x", f"{UNKNOWN}.1", f"{visits[0].uuid}.9" * 9], "way-x": "cancel"}
    assert desk.post(PREVIEW, form).status_code == 200
    page = desk.post(APPLY, form)
    assert page.status_code == 200
    assert [fresh(visit).version for visit in visits] == [1, 1]


def test_the_list_is_reached_from_the_board_the_time_off_and_attention(desk, office, visits, osei):
    address = f"/desk/absence/?doctor={osei.uuid}&amp;first={TUESDAY}&amp;last={TUESDAY}"
    assert address in office.get(f"/desk/day/{TUESDAY}/").content.decode()
    assert address in office.get(f"/desk/hours/{osei.uuid}/").content.decode()
    assert address in office.get("/desk/attention/").content.decode()


def test_whose_message_goes_out_is_not_phoned_needlessly(desk, osei, ana, ben, visits, rae, settings):
    """Ana has an e-mail, Ben has none; both were moved away."""
    patients.change(Seen.of(ana), {"email": "ana@mail.example"}, by=rae, now=NOW)
    page = desk.get(PAGE, asked(osei))
    plan = typed_in(page, form="plan") | {"visit": [f"{visit.uuid}.1" for visit in visits]}
    shown = desk.post(PREVIEW, plan)
    settings.NOTICE_CHANNELS = ["email"]
    desk.post(APPLY, plan | {"token": shown.context["token"], "reason": "Flu", "words": "We are sorry."})
    found = rows(desk.get(PAGE, asked(osei)))
    assert {name: row.message for name, row in found.items()} == {
        "Ana": "message goes out in 60 minutes",
        "Ben": "no message: no address to send it to",
    }
    assert {name: row.outcome for name, row in found.items()} == {"Ana": "going", "Ben": "to_call"}
    send(madrid("2026-03-02 09:00"))
    found = rows(desk.get(PAGE, asked(osei)))
    assert {name: row.message for name, row in found.items()} == {
        "Ana": "message sent today, 09:00",
        "Ben": "message not delivered: no address to send it to",
    }


def moved_by_a_message(desk, osei, visits, settings):
    """Both visits are moved from the list; the page of that preview."""
    settings.NOTICE_CHANNELS = ["email"]
    plan = typed_in(desk.get(PAGE, asked(osei)), form="plan")
    plan["visit"] = [f"{visit.uuid}.{visit.version}" for visit in visits]
    shown = desk.post(PREVIEW, plan)
    desk.post(APPLY, plan | {"token": shown.context["token"], "reason": "Flu", "words": "We are sorry."})
    return shown


def test_whom_a_message_told_is_none_to_call_and_comes_last(desk, osei, ana, visits, rae, settings):
    patients.change(Seen.of(ana), {"email": "ana@mail.example"}, by=rae, now=NOW)
    moved_by_a_message(desk, osei, visits, settings)
    page = desk.get(PAGE, asked(osei))
    assert sorted(f"{label}: {n}" for _which, label, n in page.context["calls"] if n) == [
        "Message goes out: 1",
        "To call: 1",
    ]
    send(madrid("2026-03-02 09:00"))
    page = desk.get(PAGE, asked(osei))
    assert [(name, row.label) for name, row in rows(page).items()] == [
        ("Ben", "To call"),
        ("Ana", "Told by message"),
    ]
    text = page.content.decode()
    assert "To call: 1" in text
    assert "Told by message: 1" in text
    assert text.count("“We are sorry.”") == 1  # Ben has to be told it


def test_a_message_that_came_back_leaves_somebody_to_call(desk, osei, ana, visits, rae, settings):
    patients.change(Seen.of(ana), {"email": "ana@mail.example"}, by=rae, now=NOW)
    moved_by_a_message(desk, osei, visits, settings)
    send(madrid("2026-03-02 09:00"))
    Notice.objects.update(state="failed", why="bounced", told={})
    assert rows(desk.get(PAGE, asked(osei)))["Ana"].outcome == "to_call"


def test_a_message_about_an_earlier_time_tells_nothing_of_a_later_one(
    desk, osei, lind, ana, visits, rae, settings
):
    patients.change(Seen.of(ana), {"email": "ana@mail.example"}, by=rae, now=NOW)
    moved_by_a_message(desk, osei, visits, settings)
    send(madrid("2026-03-02 09:00"))
    settings.NOTICE_CHANNELS = []
    move(Seen.of(fresh(visits[0])), doctor=lind, start=madrid(f"{WEDNESDAY} 13:00"), by=rae, now=NOW)
    settings.NOTICE_CHANNELS = ["email"]
    assert rows(desk.get(PAGE, asked(osei)))["Ana"].outcome == "to_call"


def test_the_preview_says_to_whom_no_message_goes(desk, osei, ana, ben, visits, rae, settings):
    said = "When you do it, messages go out"
    plan = typed_in(desk.get(PAGE, asked(osei)), form="plan")
    plan["visit"] = [f"{visit.uuid}.1" for visit in visits]
    assert said not in desk.post(PREVIEW, plan).content.decode()
    settings.NOTICE_CHANNELS = ["email"]
    assert "No message goes out to any of them: call them." in desk.post(PREVIEW, plan).content.decode()
    patients.change(Seen.of(ana), {"email": "ana@mail.example"}, by=rae, now=NOW)
    assert f"{said}, but not to {ben.full_name}: call them." in desk.post(PREVIEW, plan).content.decode()
    patients.change(Seen.of(ben), {"email": "ben@mail.example"}, by=rae, now=NOW)
    assert f"{said} to all of them." in desk.post(PREVIEW, plan).content.decode()
