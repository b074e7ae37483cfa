"""Correcting a visit at the desk: what is typed beside what it comes to, ways out of a refusal, undoing."""

import pytest

from scheduling.booking.actions import Edit, Wish, cancel, edit, set_status
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Status
from tests import factories
from tests.booking.asking import last_event, stored
from tests.conftest import NOW, in_role, madrid
from tests.views.desk.pages import text_of, typed_in


@pytest.fixture
def visit(book, osei, ana):
    return book(osei, ana, "2026-03-03 10:00")


@pytest.fixture
def long(db):
    return factories.VisitTypeFactory(name="First visit", minutes=45, buffer_minutes=10)


def address(visit, page="edit/"):
    return f"/desk/appointments/{visit.uuid}/{page}"


def form_of(desk, visit, **more):
    """What a press of the button sends, with other things typed."""
    return {**desk.get(address(visit)).context["form"].initial, **more}


def sent(desk, visit, **typed):
    return desk.post(address(visit), form_of(desk, visit, **typed))


def fresh(visit):
    return Appointment.objects.select_related("patient", "visit_type").get(uuid=visit.uuid)


def test_the_form_begins_with_the_visit_as_it_is(desk, visit, checkup, ana):
    page = desk.get(address(visit))
    typed = typed_in(page)
    assert typed["visit_type"] == str(checkup.uuid)
    assert (typed["minutes"], typed["minutes_shown"], typed["version"]) == ("30", "30", "1")
    assert typed["patient"] == str(ana.uuid)
    assert "Nothing is changed yet." in text_of(page, "main")
    assert page.content.count(b"autofocus") == 1


def test_the_visits_page_leads_there(desk, visit):
    page = desk.get(address(visit, ""))
    assert f'href="{address(visit)}"' in page.content.decode()
    assert 'aria-keyshortcuts="e"' in page.content.decode()


def test_a_press_corrects_it_and_the_history_says_from_what_to_what(desk, visit, long, ben, rae):
    answer = sent(
        desk, visit, visit_type=long.uuid, minutes="50", description="Deaf <write>", patient=ben.uuid
    )
    assert (answer.status_code, answer.url) == (302, address(visit, ""))
    now = fresh(visit)
    assert (now.visit_type, now.minutes, now.buffer_minutes) == (long, 50, 10)
    assert (now.patient, now.description, last_event(visit).by) == (ben, "Deaf <write>", rae)
    page = desk.get(answer.url)
    assert "Ben Okafor, tomorrow, 10:00: corrected. Undo U Dismiss" in text_of(page, "toasts")
    assert (
        "You corrected it: the type from Check-up to First visit, the length from 30 to 50 minutes, "
        "the patient from Ana Souza Prieto to Ben Okafor, the reason, which was open, to “Deaf <write>”."
    ) in text_of(page, "main")


def test_another_type_brings_its_length_where_the_length_was_not_touched(desk, visit, long):
    sent(desk, visit, visit_type=long.uuid)
    assert fresh(visit).minutes == 45


def test_back_to_where_one_came_from(desk, visit):
    assert sent(desk, visit, minutes="15", next="/desk/day/2026-03-03/").url == "/desk/day/2026-03-03/"


def test_nothing_to_correct_writes_nothing_and_says_so(desk, visit):
    before = stored()
    answer = sent(desk, visit)
    assert stored() == before
    assert "Nothing to correct: Ana Souza Prieto, tomorrow, 10:00 stays as it was." in text_of(
        desk.get(answer.url), "toasts"
    )


class TestRefusals:
    def test_who_is_in_the_way_and_where_it_would_fit(self, desk, visit, osei, ben, book, ana):
        book(osei, ben, "2026-03-03 10:30")
        before = stored()
        answer = sent(desk, visit, minutes="45", description="Deaf")
        text = text_of(answer, "main")
        assert (answer.status_code, stored()) == (422, before)
        assert "45 minutes do not fit at 10:00" in text
        assert "Ben Okafor is booked with Dr Ama Osei, tomorrow, 10:30 to 11:00" in text
        assert "Nothing is saved yet, and all you typed is kept." in text
        typed = typed_in(answer)
        assert (typed["minutes"], typed["description"], typed["patient"]) == ("45", "Deaf", str(ana.uuid))
        assert answer.context["form"].errors["minutes"] == ["This time is already taken with Dr Ama Osei."]
        assert "Keep 30 minutes, save the rest" in text

    def test_a_free_time_is_one_press(self, desk, visit, osei, ben, book):
        book(osei, ben, "2026-03-03 10:30")
        refused = sent(desk, visit, minutes="45", description="Deaf")
        slot = refused.context["offers"][0].slots[0]
        desk.post(address(visit), typed_in(refused) | {"choice": slot.value})
        now = fresh(visit)
        assert (now.minutes, now.description, now.appointment_datetime) == (45, "Deaf", slot.start)

    def test_so_is_the_length_that_it_has(self, desk, visit, osei, ben, book):
        book(osei, ben, "2026-03-03 10:30")
        refused = sent(desk, visit, minutes="45", description="Deaf")
        desk.post(address(visit), typed_in(refused) | {"keep": "30"})
        assert (fresh(visit).minutes, fresh(visit).description) == (30, "Deaf")

    def test_a_free_time_that_was_taken_meanwhile_is_refused_again(self, desk, visit, osei, ben, book):
        book(osei, ben, "2026-03-03 10:30")
        refused = sent(desk, visit, minutes="45")
        slot = refused.context["offers"][0].slots[0]
        book(osei, factories.PatientFactory(), "2026-03-03 09:00")
        assert slot.start == madrid("2026-03-03 09:00")
        again = desk.post(address(visit), typed_in(refused) | {"choice": slot.value})
        assert again.status_code == 422
        assert slot.start not in [slot.start for slot in again.context["offers"][0].slots]
        assert fresh(visit).version == 1

    def test_the_other_patient_is_elsewhere(self, desk, visit, lind, ben, book):
        book(lind, ben, "2026-03-03 10:00")
        answer = sent(desk, visit, patient=ben.uuid)
        text = text_of(answer, "main")
        assert "Ben Okafor has another visit at 10:00" in text
        assert "Ben Okafor is booked with Dr Per Lind" in text
        assert answer.context["form"].errors["patient"] == ["The patient has another visit at this time."]
        assert typed_in(answer)["patient"] == str(ben.uuid)

    def test_who_may_lets_it_go_beyond_the_hours(self, desk, max_, book, osei, ana):
        last = book(osei, ana, "2026-03-03 13:30")
        assert sent(desk, last, minutes="60").context["going_past"] == ""
        desk.force_login(max_)
        refused = sent(desk, last, minutes="60")
        assert refused.context["going_past"] == "outside_hours"
        desk.post(address(last), form_of(desk, last, minutes="60", accepted="outside_hours"))
        assert fresh(last).minutes == 60
        assert "Outside the doctor’s hours, on purpose." in text_of(desk.get(address(last, "")), "main")

    @pytest.mark.parametrize(
        ("typed", "field", "message"),
        [
            ({"minutes": ""}, "minutes", "Write the length in minutes, from 5 to 720, such as 30."),
            ({"minutes": "half"}, "minutes", "Write the length in minutes, from 5 to 720, such as 30."),
            ({"minutes": "4"}, "minutes", "Write the length in minutes, from 5 to 720, such as 30."),
            ({"visit_type": ""}, "visit_type", "Choose the visit type."),
            ({"visit_type": "x"}, "visit_type", "This visit type is not on record. Choose another."),
            ({"patient": "new"}, "patient", "This patient is not on record. Find the patient again."),
            ({"patient": ""}, "patient", "Choose whose visit it is."),
            ({"description": "x" * 1001}, "description", "Up to 1000 characters fit here. This has 1001."),
        ],
    )
    def test_what_cannot_be_read_is_told_beside_its_field(self, desk, visit, typed, field, message):
        before = stored()
        answer = sent(desk, visit, **typed)
        assert (answer.status_code, stored()) == (422, before)
        assert answer.context["form"].errors[field] == [message]
        assert message in text_of(answer, "main")

    def test_a_time_that_cannot_be_read(self, desk, visit):
        answer = sent(desk, visit, minutes="45", choice="nonsense")
        assert answer.status_code == 422
        assert "That time could not be read. Pick another." in text_of(answer, "main")
        assert fresh(visit).version == 1


class TestMeanwhile:
    def test_who_was_quicker_is_named_and_what_was_typed_is_kept(self, desk, visit, max_):
        form = form_of(desk, visit, description="Deaf")
        edit(Seen.of(visit), Edit(minutes=15), by=max_, now=NOW)
        answer = desk.post(address(visit), form)
        text = text_of(answer, "main")
        assert answer.status_code == 409
        assert "Max Thorn corrected it: the length from 30 to 15 minutes." in text
        typed = typed_in(answer)
        assert (typed["version"], typed["description"]) == ("2", "Deaf")

    def test_a_visit_that_was_called_off_is_shown_as_it_is(self, desk, visit, max_):
        form = form_of(desk, visit, description="Deaf")
        called_off = cancel(Seen.of(visit), reason="Ill", wish=Wish.PATIENT, by=max_, now=NOW)
        answer = desk.post(address(visit), form)
        assert answer.status_code == 409
        assert "Max Thorn cancelled it" in text_of(answer, "main")
        assert desk.get(address(called_off)).url == address(visit, "")


class TestTakingBack:
    def test_the_message_takes_it_back(self, desk, visit):
        page = desk.get(sent(desk, visit, minutes="15").url)
        assert f'action="{address(visit, "undo-edit/")}"' in page.content.decode()
        answer = desk.post(address(visit, "undo-edit/"), {"version": 2})
        assert fresh(visit).minutes == 30
        page = desk.get(answer.url)
        assert "Undone. Ana Souza Prieto, tomorrow, 10:00: the visit is as it was before." in text_of(
            page, "toasts"
        )
        assert "You undid a correction: the length from 15 to 30 minutes." in text_of(page, "main")

    def test_a_script_gets_the_message_alone(self, desk, visit):
        sent(desk, visit, minutes="15")
        answer = desk.post(address(visit, "undo-edit/"), {"version": 2}, headers={"HX-Request": "true"})
        assert (answer.status_code, answer["Visit-Version"]) == (200, "3")
        assert "Undone." in answer.content.decode()

    def test_time_that_was_given_away_stays_away(self, desk, visit, osei, ben, book):
        sent(desk, visit, minutes="15")
        book(osei, ben, "2026-03-03 10:15")
        answer = desk.post(address(visit, "undo-edit/"), {"version": 2})
        assert answer.status_code == 422
        assert fresh(visit).minutes == 15

    def test_what_was_changed_since_stays(self, desk, visit):
        sent(desk, visit, minutes="15")
        sent(desk, visit, minutes="20")
        assert desk.post(address(visit, "undo-edit/"), {"version": 2}).status_code == 409
        assert desk.post(address(visit, "undo-edit/"), {"version": "x"}).status_code == 422
        assert fresh(visit).minutes == 20


class TestParts:
    def part(self, desk, visit, target, **typed):
        headers = {"HX-Request": "true", "HX-Target": target}
        return desk.post(address(visit, "edit/fill/"), form_of(desk, visit, **typed), headers=headers)

    def test_the_patients_found(self, desk, visit, ben):
        answer = self.part(desk, visit, "hits", q="okafor").content.decode()
        assert str(ben.uuid) in answer and "<html" not in answer

    def test_what_it_comes_to_with_the_length_of_the_type(self, desk, visit, long):
        answer = self.part(desk, visit, "preview", visit_type=long.uuid).content.decode()
        assert "<ins>First visit</ins>" in answer and "<del>30 min</del>" in answer
        assert 'id="id_minutes"' in answer and 'value="45"' in answer

    def test_a_length_that_was_typed_stays(self, desk, visit, long):
        answer = self.part(desk, visit, "preview", visit_type=long.uuid, minutes="20").content.decode()
        assert "<ins>20 min</ins>" in answer
        assert "hx-swap-oob" not in answer

    def test_whatever_cannot_be_read_is_left_out(self, desk, visit):
        answer = self.part(desk, visit, "preview", visit_type="x", minutes="half", patient="y")
        assert "Nothing is changed yet." in answer.content.decode()

    def test_without_scripts_find_shows_the_page_with_all_that_was_typed(self, desk, visit, ben):
        form = form_of(desk, visit, q="okafor", description="Deaf", find="1")
        answer = desk.post(address(visit, "edit/fill/"), form, follow=True)
        typed = typed_in(answer)
        assert typed["description"] == "Deaf"
        assert str(ben.uuid) in answer.content.decode()
        assert "okafor" not in answer.request["QUERY_STRING"]


def test_of_a_visit_that_is_over_the_length_is_no_field(desk, visit, ben):
    over = set_status(Seen.of(visit), Status.ARRIVED, by=None, now=madrid("2026-03-03 10:00"))
    over = set_status(Seen.of(over), Status.COMPLETED, by=None, now=madrid("2026-03-03 10:10"))
    page = desk.get(address(over))
    assert "The visit is over: its length stays as it was, 30 min." in text_of(page, "main")
    assert sent(desk, over, patient=ben.uuid, minutes="45").status_code == 302
    assert (fresh(over).patient, fresh(over).minutes) == (ben, 30)


def test_a_type_that_was_switched_off_may_stay(desk, visit, checkup):
    checkup.is_active = False
    checkup.save()
    sent(desk, visit, description="Deaf")
    assert (fresh(visit).visit_type, fresh(visit).description) == (checkup, "Deaf")


def test_a_visit_of_the_old_book_has_no_type_and_needs_none(desk, visit):
    Appointment.objects.filter(pk=visit.pk).update(visit_type=None)
    sent(desk, visit, description="Deaf")
    assert (fresh(visit).visit_type, fresh(visit).description) == (None, "Deaf")


def test_who_may_only_look_finds_nothing_there(desk, visit, rae):
    in_role(rae)
    assert desk.get(address(visit)).status_code == 404
    assert desk.post(address(visit, "undo-edit/"), {"version": 1}).status_code == 404
