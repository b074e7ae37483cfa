"""Alerts of a patient: typed once, seen wherever the patient is met."""

import pytest

from scheduling.booking import actions
from scheduling.models import Patient, RecordEvent, Status
from tests.conftest import NOW
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY

NEW = "/desk/patients/new/"


def edit_of(patient):
    return f"/desk/patients/{patient.uuid}/edit/"


def typed(desk, patient, **more):
    """What the form of the record would send."""
    form = desk.get(edit_of(patient)).context["form"]
    values = {name: form[name].value() for name in form.fields if name not in ("alerts", "another_person")}
    was = {f"was_{name}": value for name, value in values.items() if name != "version"}
    return {
        name: value or "" for name, value in {**values, **was, "was_alerts": patient.alerts, **more}.items()
    }


def test_a_new_patient_has_those_that_were_ticked_or_typed(desk):
    desk.post(NEW, {
        "patient_name": "Zoe", "alerts_mobility": "on", "alerts_interpreter_words": "  Arabic,  Tamazight ",
    })  # fmt: skip
    assert Patient.objects.get(patient_name="Zoe").alerts == "interpreter: Arabic, Tamazight\nmobility"


def test_they_are_changed_and_the_history_says_so(desk, ana):
    Patient.objects.filter(pk=ana.pk).update(alerts="hearing: write")
    ana.refresh_from_db()
    page = in_one_line(desk.get(edit_of(ana)).content.decode())
    assert 'name="alerts_hearing" id="id_alerts_hearing" checked' in page
    assert 'name="alerts_hearing_words" value="write"' in page
    answer = desk.post(edit_of(ana), typed(desk, ana, alerts_allergy_words="latex"))
    assert answer.status_code == 302
    ana.refresh_from_db()
    assert ana.alerts == "allergy: latex"
    event = RecordEvent.objects.get(subject_uuid=ana.uuid, kind="changed")
    assert (event.before, event.after) == ({"alerts": "hearing: write"}, {"alerts": "allergy: latex"})


def test_what_is_too_long_is_kept_and_said_beside_it(desk, ana):
    answer = desk.post(edit_of(ana), typed(desk, ana, alerts_hearing_words="w" * 61))
    page = in_one_line(answer.content.decode())
    assert answer.status_code == 422
    assert "“Hearing”: up to 60 characters fit, this has 61." in page
    assert f'value="{"w" * 61}"' in page
    ana.refresh_from_db()
    assert ana.alerts == ""


def test_what_another_desk_changed_meanwhile_is_taken_over(desk, ana):
    sent = typed(desk, ana, note="Comes early")
    Patient.objects.filter(pk=ana.pk).update(alerts="mobility", version=ana.version + 1)
    page = in_one_line(desk.post(edit_of(ana), sent).content.decode())
    assert "now “Mobility” on record" in page
    assert 'name="alerts_mobility" id="id_alerts_mobility" checked' in page


@pytest.fixture
def deaf(ana):
    ana.alerts = "hearing: write\nother: <b>dog</b>"
    ana.save()
    return ana


def test_they_are_seen_wherever_the_patient_is_met(desk, deaf, osei, book, rae):
    visit = book(osei, deaf, "2026-03-03 10:00")
    actions.set_status(book(osei, deaf, "2026-03-02 10:00"), Status.ARRIVED, by=rae, now=NOW)
    pages = [
        f"/desk/day/{TUESDAY}/", f"/desk/week/{osei.uuid}/2026-W10/", f"/desk/day/{TUESDAY}/sheet/",
        f"/desk/appointments/{visit.uuid}/", f"/desk/book/?patient={deaf.uuid}",
        f"/desk/patients/{deaf.uuid}/",
        "/desk/patients/", "/desk/waiting/", "/desk/day/2026-03-02/",
    ]  # fmt: skip
    for address in pages:
        page = desk.get(address).content.decode()
        assert "Hearing: write" in page, address
        assert "&lt;b&gt;dog" in page, address
    hits = desk.post("/desk/book/patients/", {"q": "souza"}, headers={"HX-Request": "true"}).content.decode()
    assert "Hearing: write" in hits


def test_a_merge_keeps_the_alerts_of_both(desk, deaf, ben):
    ben.alerts = "allergy: latex"
    ben.save()
    address = f"/desk/patients/{deaf.uuid}/merge/{ben.uuid}/"
    page = desk.get(address)
    assert "Allergy: latex" in page.content.decode()
    form = page.context["form"]
    desk.post(address, {name: form[name].value() for name in form.fields})
    kept = form.kept
    kept.refresh_from_db()
    assert kept.alerts == "hearing: write\nallergy: latex\nother: <b>dog</b>"
