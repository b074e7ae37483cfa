"""What a refusal says, and the ways out: overbooking and going past the hours, each only on purpose."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission

from scheduling.models import Appointment, AppointmentEvent, Claim, TimeOff, WorkingHours
from tests import factories
from tests.conftest import NOW, madrid
from tests.markup import in_one_line
from tests.views.desk.conftest import TUESDAY, written
from tests.views.desk.pages import beside, text_of, typed_in

OVERBOOK = "/desk/book/overbook/"
TEN = f"{TUESDAY} 10:00"


@pytest.fixture
def manager(at_eight, client, max_):
    client.force_login(max_, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def taken(book, osei, ben):
    return book(osei, ben, TEN)


def without(right):
    """Nobody at the desk has it."""
    for group in Group.objects.all():
        group.permissions.remove(Permission.objects.get(codename=right))


def lanes(visit):
    return set(Claim.objects.filter(appointment=visit).values_list("lane", flat=True))


class TestTaken:
    def test_just_now_tells_by_whom_and_when(self, desk, filled_in, taken):
        said = text_of(desk.post("/desk/book/", filled_in()), "main")
        assert "10:00 with Dr Ama Osei was just taken You booked it at 08:00." in said

    def test_by_a_colleague_tells_the_name(self, desk, filled_in, taken, max_):
        Appointment.objects.update(created_by=max_)
        said = text_of(desk.post("/desk/book/", filled_in()), "main")
        assert "was just taken Max Thorn booked it at 08:00." in said

    def test_long_ago_is_not_just_now(self, desk, filled_in, taken):
        Appointment.objects.update(created_at=NOW - timedelta(hours=1))
        said = text_of(desk.post("/desk/book/", filled_in()), "main")
        assert "10:00 with Dr Ama Osei is taken Nothing was booked for Ana Souza Prieto." in said

    def test_by_a_program_tells_its_name_and_that_it_is_one(self, desk, filled_in, taken, website_account):
        Appointment.objects.update(created_by=website_account)
        said = text_of(desk.post("/desk/book/", filled_in()), "main")
        assert "just taken Website (program) booked it at 08:00." in said

    def test_by_nobody_names_nobody(self, desk, filled_in, taken):
        Appointment.objects.update(created_by=None)
        assert "It was booked at 08:00." in text_of(desk.post("/desk/book/", filled_in()), "main")

    def test_time_after_a_visit_is_told_as_such(self, desk, filled_in, book, osei, ben):
        kind = factories.VisitTypeFactory(name="Echo", minutes=30, buffer_minutes=15)
        book(osei, ben, f"{TUESDAY} 09:30", visit_type=kind)
        response = desk.post("/desk/book/", filled_in())
        assert (
            response.context["refusal"].heading == "Dr Ama Osei needs the time at 10:00 after another visit"
        )
        assert response.context["refusal"].beside.free == 1

    def test_time_off_that_was_entered_meanwhile_is_told_and_other_times_are_offered(
        self, desk, filled_in, osei, lind, max_
    ):
        form, before = filled_in(), written()
        TimeOff.objects.create(
            doctor=osei, starts_at=madrid(f"{TUESDAY} 09:00"), ends_at=madrid(f"{TUESDAY} 12:00")
        )
        response = desk.post("/desk/book/", form)
        assert response.context["refusal"].heading == "Dr Ama Osei has time off at 10:00"
        offers = {offer.title: offer.slots for offer in response.context["times"].offers}
        assert offers["Dr Ama Osei"][0].start == madrid(f"{TUESDAY} 12:00")
        assert offers["Dr Per Lind"][0].note in {"same time", "30 min earlier"}
        kept = typed_in(response)
        assert {name: kept[name] for name in form} == form
        assert written() == before

    def test_hours_that_were_changed_meanwhile_are_told(self, desk, filled_in, osei):
        form = filled_in()
        WorkingHours.objects.filter(doctor=osei).update(starts="11:00")
        response = desk.post("/desk/book/", form)
        assert response.context["refusal"].heading == "10:00 is outside the hours of Dr Ama Osei"
        assert response.context["times"].offers[0].slots[0].start == madrid(f"{TUESDAY} 11:00")


class TestOverbooking:
    def test_is_offered_closed_with_the_places_that_are_free(self, desk, filled_in, taken):
        page = desk.post("/desk/book/", filled_in()).content.decode()
        assert "Overbook 10:00 with Dr Ama Osei" in page
        assert "1 of 1 place beside it is free" in page
        assert '<details class="panel overbook">' in in_one_line(page)
        assert f'formaction="{OVERBOOK}"' in page

    def test_is_not_offered_before_the_time_is_taken(self, desk, filled_in, osei):
        assert OVERBOOK not in desk.get("/desk/book/").content.decode()
        assert OVERBOOK not in desk.post("/desk/book/", filled_in(time="08:00")).content.decode()

    def test_books_beside_the_other_visit_and_the_confirmation_says_so(self, desk, filled_in, taken, ana):
        form = typed_in(desk.post("/desk/book/", filled_in())) | {"overbook_reason": " Strong pain "}
        response = desk.post(OVERBOOK, form, follow=True)
        visit = Appointment.objects.get(patient=ana)
        assert response.redirect_chain == [(f"/desk/appointments/{visit.uuid}/booked/", 302)]
        assert (lanes(visit), visit.overbook_reason) == ({1}, "Strong pain")
        said = text_of(response, "main")
        assert "Overbooked for Ana Souza Prieto" in said
        assert "Dr Ama Osei has another visit at the same time. Strong pain" in said

    def test_sent_twice_is_one_visit(self, desk, filled_in, taken):
        form = filled_in(overbook_reason="Pain")
        first, before = desk.post(OVERBOOK, form), written()
        assert desk.post(OVERBOOK, form)["Location"] == first["Location"]
        assert written() == before

    def test_needs_a_reason_and_keeps_everything(self, desk, filled_in, taken):
        before, form = written(), filled_in()
        response = desk.post(OVERBOOK, form)
        assert response.status_code == 422
        assert "Say why: it goes into the history." in beside(response, "overbook_reason")
        assert '<details class="panel overbook" open>' in response.content.decode()
        kept = typed_in(response)
        assert {name: kept[name] for name in form} == form
        assert written() == before

    def test_a_reason_too_long_is_told(self, desk, filled_in, taken):
        response = desk.post(OVERBOOK, filled_in(overbook_reason="x" * 256))
        assert "Say it in at most 255 characters." in beside(response, "overbook_reason")
        assert typed_in(response)["overbook_reason"] == "x" * 256

    def test_its_reason_is_kept_beside_another_refusal(self, desk, filled_in, taken):
        response = desk.post(OVERBOOK, filled_in(overbook_reason="Pain", status=""))
        assert typed_in(response)["overbook_reason"] == "Pain"

    def test_stops_at_the_doctors_limit(self, desk, filled_in, taken):
        other = factories.PatientFactory()
        desk.post(OVERBOOK, filled_in(patient=str(other.uuid), overbook_reason="Pain"))
        before = written()
        response = desk.post(OVERBOOK, filled_in(overbook_reason="Pain too"))
        assert response.status_code == 422
        assert response.context["refusal"].heading == "No second visit fits in at 10:00 with Dr Ama Osei"
        assert "0 of 1 place beside it is free" in response.content.decode()
        assert f'formaction="{OVERBOOK}"' not in response.content.decode()
        assert written() == before

    def test_a_doctor_who_takes_none_is_told(self, desk, filled_in, taken, osei):
        osei.overbook_limit = 0
        osei.save()
        page = desk.post("/desk/book/", filled_in()).content.decode()
        assert "Dr Ama Osei takes no second visit at the same time." in page
        assert f'formaction="{OVERBOOK}"' not in page

    def test_without_the_right_it_is_neither_offered_nor_done(self, desk, filled_in, taken):
        without("overbook_appointment")
        page = desk.post("/desk/book/", filled_in()).content.decode()
        assert OVERBOOK not in page
        assert "A manager can book it all the same." in page
        before = written()
        response = desk.post(OVERBOOK, filled_in(overbook_reason="Pain"))
        assert response.status_code == 422
        assert "Your account may not do this." in response.content.decode()
        assert written() == before

    def test_never_puts_a_patient_in_two_places(self, desk, filled_in, taken, ben):
        before = written()
        response = desk.post(OVERBOOK, filled_in(patient=str(ben.uuid), overbook_reason="Pain"))
        assert "Ben Okafor has another visit at 10:00 with Dr" in response.content.decode()
        assert written() == before

    def test_a_suspected_twin_is_shown_before_this_too(self, desk, filled_in, taken, ana):
        form = filled_in(patient="new", patient_name="Ana", patient_lastname="Souza Prieto")
        response = desk.post(OVERBOOK, form | {"overbook_reason": "Pain"})
        assert "This person may already be on record" in response.content.decode()

    def test_is_a_post(self, desk):
        assert desk.get(OVERBOOK).status_code == 405


class TestGoingPastTheHours:
    @pytest.fixture
    def box(self, manager, filled_in):
        """The form as it comes back, with the box that names what is gone past."""
        response = manager.post("/desk/book/", filled_in(time="08:30"))
        (box,) = response.context["overrides"]
        return typed_in(response), box

    def test_the_box_names_the_doctor_and_is_not_ticked(self, box):
        typed, override = box
        assert override.label == "Book 08:30 outside the hours of Dr Ama Osei"
        assert not override.is_ticked
        assert override.name not in typed

    def test_ticked_it_books_and_the_confirmation_and_the_history_say_so(self, manager, box, osei):
        typed, override = box
        response = manager.post("/desk/book/", typed | {override.name: override.value}, follow=True)
        assert "Outside the hours of Dr Ama Osei, on purpose." in text_of(response, "main")
        assert AppointmentEvent.objects.get().after["accepted"] == ["outside_hours"]

    def test_a_tick_holds_for_that_doctor_and_that_start_alone(self, manager, box, lind):
        typed, override = box
        ticked, before = typed | {override.name: override.value}, written()
        assert manager.post("/desk/book/", ticked | {"time": "08:00"}).status_code == 422
        assert manager.post("/desk/book/", ticked | {"doctor": str(lind.uuid)}).status_code == 422
        assert written() == before

    def test_a_tick_is_kept_beside_another_refusal(self, manager, box):
        typed, override = box
        ticked = typed | {override.name: override.value, "status": ""}
        (again,) = manager.post("/desk/book/", ticked).context["overrides"]
        assert (again.name, again.is_ticked) == (override.name, True)

    def test_time_off_and_missing_hours_are_named_as_what_they_are(self, manager, filled_in, osei):
        TimeOff.objects.create(
            doctor=osei, starts_at=madrid(f"{TUESDAY} 09:00"), ends_at=madrid(f"{TUESDAY} 12:00")
        )
        off = manager.post("/desk/book/", filled_in()).context["overrides"]
        assert [box.label for box in off] == ["Book 10:00 in the time off of Dr Ama Osei"]
        WorkingHours.objects.all().delete()
        both = manager.post("/desk/book/", filled_in()).context["overrides"]
        assert [box.label for box in both] == [
            "Book 10:00 although Dr Ama Osei has no working hours",
            "Book 10:00 in the time off of Dr Ama Osei",
        ]
        typed = filled_in() | {box.name: box.value for box in both}
        response = manager.post("/desk/book/", typed, follow=True)
        assert "In the time off of Dr Ama Osei, on purpose." in text_of(response, "main")

    def test_outside_the_hours_and_taken_needs_both(self, manager, box, filled_in, ben, osei):
        typed, override = box
        ticked = typed | {override.name: override.value}
        first = filled_in(patient=str(ben.uuid), time="08:30") | {override.name: override.value}
        assert manager.post("/desk/book/", first).status_code == 302
        refused = manager.post("/desk/book/", ticked)
        assert refused.context["refusal"].beside.free == 1
        again = typed_in(refused) | {"overbook_reason": "Pain"}
        assert override.name in again
        assert manager.post(OVERBOOK, again).status_code == 302

    def test_without_the_right_no_box_is_shown_and_a_forged_one_does_nothing(self, desk, filled_in, osei):
        start = madrid(f"{TUESDAY} 08:30").isoformat()
        form, before = filled_in(time="08:30", accept_outside_hours=f"{osei.uuid}|{start}"), written()
        response = desk.post("/desk/book/", form)
        assert response.status_code == 422
        assert "A manager can book it all the same." in response.content.decode()
        assert response.context["refusal"].may_go_past == ()
        assert written() == before
