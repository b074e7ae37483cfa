"""Two records of one person made one, and two again: nothing is lost, nobody is in two places."""

from datetime import date

import pytest

from scheduling.booking import merging, patients, search_words
from scheduling.booking.actions import book, cancel, move, set_status, undo
from scheduling.booking.changing import Wish
from scheduling.booking.merging import Collision, Unmergeable, merge, unmerge
from scheduling.booking.patients import StalePatient
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, AppointmentEvent, Claim, Flag, Patient, PatientMerge, Status
from scheduling.queries.patients import search
from tests import factories
from tests.booking.asking import booked, wish
from tests.booking.sound import assert_sound
from tests.conftest import NOW, madrid


@pytest.fixture
def twin(db):
    """Ana again, under her name of before, with another phone."""
    return factories.PatientFactory(
        patient_name="Ana",
        patient_lastname="Lima",
        phone="+34600555100",
        email="ana@post.example",
        date_of_birth=date(1984, 6, 12),
    )


@pytest.fixture
def visits(osei, lind, ana, twin, checkup):
    """Ana's, and two of her twin's: one to come, one cancelled."""
    own = booked(osei, ana, checkup, "2026-03-03 09:00")
    coming = booked(lind, twin, checkup, "2026-03-03 10:00")
    off = booked(lind, twin, checkup, "2026-03-04 10:00")
    off = cancel(Seen.of(off), reason="Holiday", wish=Wish.PATIENT, by=None, now=NOW)
    return own, coming, off


def merged(ana, twin, rae, **values):
    return merge(Seen.of(ana), Seen.of(twin), values, by=rae, now=NOW)


def everything():
    """All that a merge touches, less what tells that it happened."""
    return {
        "patients": list(
            Patient.objects.order_by("pk").values_list("pk", "patient_lastname", "phone", "email")
        ),
        "standing": list(Patient.objects.order_by("pk").values_list("merged_into", "is_active")),
        "visits": list(Appointment.objects.order_by("pk").values_list("pk", "patient", "status")),
        "claims": list(
            Claim.objects.order_by("grain").values_list("grain", "doctor", "patient", "appointment")
        ),
        "flags": list(Flag.objects.order_by("pk").values_list("pk", "resolved_at")),
    }


def assert_all_sound():
    assert_sound()
    assert search_words.wrong() == []
    assert merging.left_behind() == []


def test_all_visits_go_to_the_one_who_is_kept_with_their_time_and_history(ana, twin, rae, visits):
    row = merged(ana, twin, rae, phone="+34600555100")
    assert set(Appointment.objects.values_list("patient", flat=True)) == {ana.pk}
    assert set(Claim.objects.values_list("patient", flat=True)) == {ana.pk}
    assert set(row.visits) == {str(visit.uuid) for visit in visits[1:]}
    for visit in visits[1:]:
        event = AppointmentEvent.objects.filter(appointment=visit).last()
        assert (event.kind, event.version, event.by) == ("merged", visit.version + 1, rae)
        assert (event.before, event.after) == ({"patient": str(twin.uuid)}, {"patient": str(ana.uuid)})
    ana.refresh_from_db()
    assert (str(ana.phone), ana.patient_lastname, ana.version) == ("+34600555100", "Souza Prieto", 2)
    assert_all_sound()


def test_a_merge_taken_back_gives_everything_back(ana, twin, rae, visits):
    Flag.objects.create(kind=Flag.Kind.NAME_NOT_SPLIT, patient=twin, created_at=NOW)
    before = everything()
    row = merged(
        ana, twin, rae, phone="+34600555100", email="ana@post.example", date_of_birth=twin.date_of_birth
    )
    assert everything() != before
    unmerge(row.uuid, by=rae, now=NOW)
    assert everything() == before
    ana.refresh_from_db()
    assert ana.date_of_birth is None
    assert_all_sound()


def test_what_was_done_meanwhile_stays(ana, twin, rae, visits, osei, checkup):
    row = merged(ana, twin, rae, phone="+34600555100", patient_lastname="Lima")
    _, coming, _ = visits
    coming.refresh_from_db()
    moved = move(Seen.of(coming), doctor=osei, start=madrid("2026-03-05 12:00"), by=rae, now=NOW)
    new = booked(osei, Patient.objects.get(pk=ana.pk), checkup, "2026-03-05 13:00")
    patients.change(Seen.of(Patient.objects.get(pk=ana.pk)), {"phone": "+34600555999"}, by=None, now=NOW)
    unmerge(row.uuid, by=rae, now=NOW)
    ana.refresh_from_db()
    moved.refresh_from_db()
    new.refresh_from_db()
    assert (moved.patient, moved.doctor, moved.appointment_datetime) == (
        twin,
        osei,
        madrid("2026-03-05 12:00"),
    )
    assert new.patient == ana
    assert (str(ana.phone), ana.patient_lastname) == ("+34600555999", "Souza Prieto")  # changed since; not
    assert_all_sound()


def test_a_cancelled_visit_that_is_revived_claims_for_the_one_who_is_kept(ana, twin, max_, rae, visits):
    merged(ana, twin, rae)
    off = Appointment.objects.get(pk=visits[2].pk)

    undo(Seen.of(off), by=max_, now=NOW)
    assert set(Claim.objects.values_list("patient", flat=True)) == {ana.pk}
    assert_all_sound()


def test_visits_of_both_at_one_time_refuse_the_merge_and_are_named(ana, twin, rae, osei, lind, checkup):
    ours = booked(osei, ana, checkup, "2026-03-03 10:00")
    theirs = booked(lind, twin, checkup, "2026-03-03 10:15")
    before = everything()
    with pytest.raises(Collision) as caught:
        merged(ana, twin, rae)
    assert caught.value.visits == [(ours, theirs)]
    assert everything() == before
    assert not PatientMerge.objects.exists()
    set_status(Seen.of(theirs), Status.ENTERED_IN_ERROR, by=rae, now=NOW)
    merged(ana, twin, rae)
    assert_all_sound()


def test_the_old_name_and_phone_still_find_the_patient(ana, twin, rae):
    assert [hit.uuid for hit in search("lima", now=NOW).hits] == [twin.uuid]
    row = merged(ana, twin, rae)
    for text in ("lima", "555100", "ana lima", "ana@post"):
        assert [hit.uuid for hit in search(text, now=NOW).hits] == [ana.uuid]
    unmerge(row.uuid, by=rae, now=NOW)
    assert [hit.uuid for hit in search("lima", now=NOW).hits] == [twin.uuid]


def test_asked_twice_it_is_one_merge_and_one_undoing(ana, twin, rae, visits):
    row = merged(ana, twin, rae)
    after = everything()
    assert merged(ana, twin, rae) == row
    assert everything() == after
    unmerge(row.uuid, by=rae, now=NOW)
    after = everything()
    unmerge(row.uuid, by=rae, now=NOW)
    assert everything() == after


def test_a_record_that_was_changed_meanwhile_refuses_the_merge(ana, twin, rae):
    for stale in (ana, twin):
        seen = [Seen.of(Patient.objects.get(pk=each.pk)) for each in (ana, twin)]
        patients.change(
            Seen.of(Patient.objects.get(pk=stale.pk)), {"note": f"of {stale.pk}"}, by=None, now=NOW
        )
        with pytest.raises(StalePatient) as caught:
            merge(*seen, {}, by=rae, now=NOW)
        assert caught.value.current == stale


def test_what_cannot_be_merged(ana, twin, ben, rae):
    with pytest.raises(Unmergeable):
        merged(ana, ana, rae)
    merged(ana, twin, rae)
    twin.refresh_from_db()
    with pytest.raises(Unmergeable):
        merged(ben, twin, rae)
    with pytest.raises(Unmergeable):
        merged(twin, ben, rae)


def test_a_chain_is_taken_back_from_its_end(ana, twin, ben, rae, visits):
    before = everything()
    first = merged(ana, twin, rae)
    ana.refresh_from_db()
    second = merged(ben, ana, rae)
    assert patients.standing(twin) == ben
    assert [hit.uuid for hit in search("lima", now=NOW).hits] == [ben.uuid]
    assert_all_sound()
    with pytest.raises(Unmergeable):
        unmerge(first.uuid, by=rae, now=NOW)
    unmerge(second.uuid, by=rae, now=NOW)
    unmerge(first.uuid, by=rae, now=NOW)
    assert everything() == before
    assert_all_sound()


def test_a_visit_asked_for_by_who_went_meanwhile_is_for_the_one_who_is_kept(ana, twin, rae, osei, checkup):
    proposal = wish(osei, twin, checkup, "2026-03-05 12:00")  # the form was filled in before
    merged(ana, twin, rae)

    visit = book(proposal, by=rae, now=NOW)
    assert visit.patient == ana
    assert book(proposal, by=rae, now=NOW) == visit
    assert_all_sound()


def test_a_visit_left_behind_is_found_and_handed_over(ana, twin, rae, visits):
    merged(ana, twin, rae)
    Appointment.objects.filter(pk=visits[1].pk).update(patient=twin)
    Claim.objects.filter(appointment=visits[1]).update(patient=twin)
    assert merging.left_behind() == [visits[1].uuid]
    assert merging.fetch_left_behind(now=NOW) == [visits[1].uuid]
    assert_all_sound()
