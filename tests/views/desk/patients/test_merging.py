"""Two records side by side: previewed, made one, two again."""

import pytest

from scheduling.booking.actions import cancel
from scheduling.booking.changing import Wish
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Patient, PatientMerge
from tests import factories
from tests.conftest import NOW
from tests.views.desk.conftest import UNKNOWN
from tests.views.desk.pages import typed_in


@pytest.fixture
def twin(db):
    return factories.PatientFactory(patient_name="Ana", patient_lastname="Souza", phone="+34600555100")


@pytest.fixture
def address(ana, twin):
    return f"/desk/patients/{ana.uuid}/merge/{twin.uuid}/"


def test_who_has_more_visits_stays_and_gets_what_only_the_other_knows(desk, ana, twin, address, book, osei):
    book(osei, ana, "2026-03-03 10:00")
    chosen = typed_in(desk.get(address))
    assert (chosen["keep"], chosen["patient_lastname"], chosen["phone"]) == (
        str(ana.uuid),
        str(ana.uuid),
        str(twin.uuid),
    )


def test_the_preview_follows_the_choices_and_writes_nothing(desk, ana, twin, address, book, osei):
    book(osei, ana, "2026-03-03 10:00")
    form = typed_in(desk.get(address)) | {"keep": str(twin.uuid)}
    page = desk.post(address + "preview/", form, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "1 visit of the other record of Ana Souza Prieto moves to the one of Ana Souza." in page
    assert "Together it is 1 visit." in page
    assert "<html" in desk.post(address + "preview/", form).content.decode()
    assert not PatientMerge.objects.exists()


def test_two_records_become_one_and_the_old_address_leads_there(desk, ana, twin, address, book, osei):
    visit = book(osei, twin, "2026-03-03 10:00")
    form = typed_in(desk.get(address)) | {"keep": str(ana.uuid), "patient_lastname": str(ana.uuid)}
    response = desk.post(address, form)
    assert response["Location"] == f"/desk/patients/{ana.uuid}/"
    page = desk.get(f"/desk/patients/{twin.uuid}/", follow=True).content.decode()
    assert "are merged" in page
    assert "Separate again" in page
    visit.refresh_from_db()
    ana.refresh_from_db()
    assert (visit.patient, str(ana.phone)) == (ana, "+34600555100")
    assert (
        "merged two records of the patient" in desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()
    )
    for old in (f"/desk/patients/{twin.uuid}/", f"/desk/patients/{twin.uuid}/edit/", address):
        assert str(ana.uuid) in desk.get(old)["Location"]
    assert str(ana.uuid) in desk.get("/desk/book/", {"patient": twin.uuid}).content.decode()


def test_it_is_taken_back_from_the_record(desk, ana, twin, address, book, osei):
    visit = book(osei, twin, "2026-03-03 10:00")
    desk.post(address, typed_in(desk.get(address)) | {"keep": str(ana.uuid)})
    row = PatientMerge.objects.get()
    for _ in range(2):
        response = desk.post(f"/desk/patients/merges/{row.uuid}/undo/")
        assert response["Location"] == f"/desk/patients/{ana.uuid}/"
    visit.refresh_from_db()
    assert visit.patient == twin
    page = desk.get(f"/desk/patients/{twin.uuid}/").content.decode()
    assert "Ana Souza" in page
    assert "separated two records" in desk.get(f"/desk/appointments/{visit.uuid}/").content.decode()


@pytest.mark.parametrize(
    ("first", "other", "phones"),
    [
        ("ana", "keep", ["+34600555482 own", "+34600555100 mother"]),
        ("twin", "keep", ["+34600555100 mother", "+34600555482 own"]),
        ("ana", "leave_out", ["+34600555482 own"]),
    ],
)
@pytest.mark.parametrize("is_second_too", [False, True])
def test_neither_of_two_phones_is_lost_unless_one_says_so(
    desk, ana, twin, address, first, other, phones, is_second_too
):
    Patient.objects.filter(pk=ana.pk).update(phone="+34600555482", phone_label="own")
    more = {"second_phone": "+34600555482"} if is_second_too else {}  # the number that Ana's has, too
    Patient.objects.filter(pk=twin.pk).update(phone_label="mother", **more)
    form = typed_in(desk.get(address)) | {"keep": str(ana.uuid)}
    assert (form["other_phone"], "second_phone" in form) == ("keep", False)
    form |= {"phone": str({"ana": ana, "twin": twin}[first].uuid), "other_phone": other}
    preview = desk.post(address + "preview/", form, headers={"HX-Request": "true"}).content.decode()
    assert ("600 55 51 00" in preview and "600 55 54 82" in preview) is (len(phones) == 2)
    assert desk.post(address, form).status_code == 302
    ana.refresh_from_db()
    assert [" ".join(each) for each in ana.phones] == phones


def test_the_phones_come_apart_with_the_records(desk, ana, twin, address):
    Patient.objects.filter(pk=ana.pk).update(phone="+34600555482", phone_label="own")
    desk.post(address, typed_in(desk.get(address)) | {"keep": str(ana.uuid)})
    desk.post(f"/desk/patients/merges/{PatientMerge.objects.get().uuid}/undo/")
    ana.refresh_from_db()
    assert ana.phones == [("+34600555482", "own")]


def test_of_three_phones_two_are_chosen(desk, ana, twin, address):
    Patient.objects.filter(pk=ana.pk).update(phone="+34600555482", second_phone="+34910555010")
    assert "other_phone" not in typed_in(desk.get(address))


def test_visits_at_the_same_time_are_named_and_nothing_is_written(desk, ana, twin, address, book, osei, lind):
    form = typed_in(desk.get(address))
    ours, theirs = book(osei, ana, "2026-03-03 10:00"), book(lind, twin, "2026-03-03 10:15")
    response = desk.post(address, form)
    page = response.content.decode()
    assert response.status_code == 422
    assert "They have visits at the same time" in page
    assert "Merge the records" not in page
    for visit in (ours, theirs):
        assert f"/desk/appointments/{visit.uuid}/" in page
    assert not PatientMerge.objects.exists()
    cancel(Seen.of(theirs), reason="Twice", wish=Wish.CLINIC, by=None, now=NOW)
    assert desk.post(address, form).status_code == 302


def test_a_record_changed_meanwhile_is_shown_as_it_is_now(desk, ana, twin, address):
    form = typed_in(desk.get(address))
    Patient.objects.filter(pk=twin.pk).update(version=2, note="New")
    response = desk.post(address, form)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Another desk has changed one of the records" in page
    assert "New" in page
    assert desk.post(address, typed_in(response)).status_code == 302


@pytest.mark.parametrize("harm", [{"keep": "x"}, {"keep": UNKNOWN}, {"version_one": ""}, {"phone": "nobody"}])
def test_a_form_that_cannot_be_read_writes_nothing(desk, ana, twin, address, harm):
    response = desk.post(address, typed_in(desk.get(address)) | harm)
    assert response.status_code == 422
    assert not PatientMerge.objects.exists()


def test_nobody_is_merged_with_oneself_or_with_nobody(desk, ana):
    for other in (ana.uuid, UNKNOWN):
        for more in ("merge", "apart"):
            assert desk.post(f"/desk/patients/{ana.uuid}/{more}/{other}/").status_code == 404
    assert desk.post(f"/desk/patients/merges/{UNKNOWN}/undo/").status_code == 404


def test_sent_twice_it_is_one_merge(desk, ana, twin, address):
    form = typed_in(desk.get(address))
    for _ in range(2):
        assert desk.post(address, form).status_code == 302
    assert PatientMerge.objects.count() == 1


@pytest.mark.parametrize("count", [1, 50])
def test_side_by_side_costs_a_fixed_number_of_queries(
    desk, ana, twin, address, osei, django_assert_num_queries, count
):
    for _ in range(count):
        Appointment.objects.create(
            doctor=osei, patient=twin, appointment_datetime=NOW, minutes=30, created_at=NOW, updated_at=NOW
        )
    desk.get(address)
    with django_assert_num_queries(10):
        desk.get(address)
