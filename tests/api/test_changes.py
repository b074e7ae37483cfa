"""Moving, cancelling and taking the status on: on the version that was seen, once, and never half."""

import pytest

from scheduling.booking import actions, integrity
from scheduling.models import Appointment, AppointmentEvent, Source
from tests.api.conftest import UNKNOWN, codes
from tests.api.good import TWELVE, at
from tests.booking.asking import booked, last_event, stored
from tests.conftest import NOW, works

MOVE = ("move", {"appointment_datetime": at(13), "reason": "asked for later"})
CANCEL = ("cancel", {"reason": "ill", "wish": "patient"})
MISTAKE = ("status", {"status": "entered_in_error", "reason": "twins"})
WHEN = "appointment_datetime"
CORRECT = ("correct", {"minutes": 45, "description": "Palpitations"})
EACH = {"move": MOVE, "cancel": CANCEL, "status": MISTAKE, "correct": CORRECT}
CHANGES = pytest.mark.parametrize(("action", "body"), EACH.values(), ids=EACH)


@CHANGES
def test_a_change_on_the_version_that_was_seen(clinic, website, change, action, body):
    seen = website.get(f"appointments/{clinic.visit.uuid}")
    assert seen["ETag"] == '"1"'
    answer = change(action, body, seen["ETag"])
    assert (answer.status_code, answer["ETag"], answer.json()["version"]) == (200, '"2"', 2)
    again = website.get(f"appointments/{clinic.visit.uuid}")
    assert (again.json(), again["ETag"]) == (answer.json(), '"2"')
    assert list(integrity.problems(now=NOW)) == []


@CHANGES
def test_the_history_says_which_program_did_it_and_why(clinic, website, change, action, body):
    change(action, body)
    event = last_event(clinic.visit)
    assert (event.channel, event.by, event.reason) == (
        Source.API,
        website.key.user,
        body.get("reason", ""),
    )
    assert event.by.spoken_name == "Website (program)"


@CHANGES
def test_a_change_on_an_older_version_says_how_it_stands_now(clinic, website, change, action, body):
    actions.move(
        actions.Seen.of(clinic.visit), doctor=clinic.osei, start=NOW.replace(day=4, hour=9), by=None, now=NOW
    )
    before = stored()
    answer = change(action, body)
    assert (answer.status_code, codes(answer), answer["ETag"]) == (412, ["stale"], '"2"')
    assert answer.json()["current"] == website.get(f"appointments/{clinic.visit.uuid}").json()
    assert answer.json()["current"]["appointment_datetime"] == "2026-03-04T10:00:00+01:00"
    assert stored() == before


@CHANGES
def test_a_change_without_a_version_is_told_what_to_send(clinic, website, change, action, body):
    before = stored()
    answer = change(action, body, if_match="")
    assert (answer.status_code, codes(answer), answer["ETag"]) == (428, ["if_match_missing"], '"1"')
    assert answer.json()["current"] == website.get(f"appointments/{clinic.visit.uuid}").json()
    assert stored() == before


@CHANGES
@pytest.mark.parametrize(
    "if_match", ["*", ' "1" ', '"1", "2"', '"9","1"', '"abc", "1"', 'W/"2", "1"', '"1"\t,"7"']
)
def test_what_matches(change, action, body, if_match):
    assert change(action, body, if_match).status_code == 200


@CHANGES
@pytest.mark.parametrize("if_match", ['"2"', '"2", "3"', '"999999999"', 'W/"1", "2"'])
def test_other_versions_do_not_match(change, action, body, if_match):
    before = stored()
    answer = change(action, body, if_match)
    assert (answer.status_code, codes(answer)) == (412, ["stale"])
    assert stored() == before


NO_VERSIONS = [
    'W/"1"',
    "1", '"01"', '"0"', '"-1"', '"1.0"', '"abc"', '"', '""', "W/1", '"1', "'1'", '"१"', "**", '"1\\"',
    ",",
    '"' + "1" * 5_000 + '"',
]  # fmt: skip


@CHANGES
@pytest.mark.parametrize("if_match", NO_VERSIONS)
def test_what_is_no_version_is_told_as_that(change, action, body, if_match):
    """A weak one too: it would say that another version is as good."""
    before = stored()
    answer = change(action, body, if_match)
    assert (answer.status_code, codes(answer), answer["ETag"]) == (412, ["if_match_unreadable"], '"1"')
    assert answer.json()["current"]["version"] == 1
    assert stored() == before


def test_the_version_stays_strong_where_answers_are_compressed(clinic, website, change):
    """Else a program that sends back what it was given would never be right."""
    compressed = {"Accept-Encoding": "gzip, deflate, br"}
    other = website.client.get("/api/v1/openings?minutes=30", headers=website.headers | compressed)
    seen = website.get(f"appointments/{clinic.visit.uuid}", headers=compressed)
    assert len(seen.content) > 200  # of that size, others are compressed
    assert seen["ETag"] == '"1"'
    assert other["Content-Encoding"] == "gzip"
    assert change(*CANCEL, if_match=seen["ETag"]).status_code == 200


@CHANGES
def test_who_lost_the_answer_asks_again_and_gets_it(change, action, body):
    first, again = change(action, body), change(action, body)
    assert (again.status_code, again.json(), again["ETag"]) == (200, first.json(), first["ETag"])
    assert AppointmentEvent.objects.count() == 2  # booked, and this


@CHANGES
def test_an_unknown_visit(change, action, body):
    for if_match in ("", "*", '"1"'):
        answer = change(action, body, if_match, uuid=UNKNOWN)
        assert (answer.status_code, codes(answer)) == (404, ["not_found"])


@CHANGES
@pytest.mark.parametrize("reason", ["x" * 1001, 7, None, ["x"]])
def test_a_reason_that_is_none(change, action, body, reason):
    before = stored()
    answer = change(action, body | {"reason": reason})
    assert answer.status_code == 422
    assert {each["field"] for each in answer.json()["problems"]} == {"reason"}
    assert stored() == before


@CHANGES
def test_what_is_not_known_is_refused(change, action, body):
    answer = change(action, body | {"reson": "x"})
    assert (answer.status_code, codes(answer)) == (422, ["extra_forbidden"])


# Moving


def test_a_move_to_another_doctor(clinic, change, lind):
    answer = change("move", {"appointment_datetime": TWELVE, "doctor_uuid": lind.uuid})
    assert (answer.status_code, answer.json()["doctor_name"]) == (200, "Dr Per Lind")
    assert answer.json()["appointment_datetime"] == TWELVE
    assert last_event(clinic.visit).kind == AppointmentEvent.Kind.MOVED


def test_a_move_to_a_taken_time_comes_with_the_nearest_and_keeps_the_old(clinic, change, ben):
    other = booked(clinic.osei, ben, clinic.checkup, "2026-03-03 13:00")
    before = stored()
    answer = change(*MOVE)
    assert (answer.status_code, codes(answer)) == (409, ["doctor_taken"])
    nearest = answer.json()["nearest"]
    assert nearest
    assert at(13) not in {each["appointment_datetime"] for each in nearest}
    assert stored() == before
    offered = nearest[0]
    assert change("move", {"appointment_datetime": offered["appointment_datetime"]}).status_code == 200
    assert Appointment.objects.get(pk=other.pk).version == 1


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({"appointment_datetime": at(20)}, 409, "outside_hours", WHEN),
        ({"appointment_datetime": at(11)}, 409, "patient_taken", WHEN),
        ({"appointment_datetime": "2026-02-27T10:00:00Z"}, 422, "in_the_past", WHEN),
        ({"appointment_datetime": "2028-03-03T10:00:00Z"}, 422, "too_far_ahead", WHEN),
        ({"appointment_datetime": "2026-03-04T10:02:00Z"}, 422, "off_the_grid", WHEN),
        ({"appointment_datetime": "2026-03-03T10:00:00"}, 422, "naive_datetime", WHEN),
        ({"appointment_datetime": None}, 422, "text_expected", WHEN),
        ({}, 422, "missing", WHEN),
        ({"appointment_datetime": at(13), "doctor_uuid": UNKNOWN}, 422, "unknown", "doctor_uuid"),
        ({"appointment_datetime": at(13), "doctor_uuid": "Dr Osei"}, 422, "uuid", "doctor_uuid"),
    ],
)
def test_a_move_that_cannot_be(clinic, change, lind, body, status, code, field):
    booked(lind, clinic.ana, clinic.checkup, "2026-03-03 11:00")
    before = stored()
    answer = change("move", body)
    said = [(each["code"], each["field"]) for each in answer.json()["problems"]]
    assert (answer.status_code, said) == (status, [(code, field)])
    assert bool(answer.json().get("nearest")) == (status == 409)
    assert stored() == before


def test_a_move_to_a_doctor_who_is_switched_off(change, lind):
    lind.is_active = False
    lind.save()
    answer = change("move", {"appointment_datetime": at(13), "doctor_uuid": lind.uuid})
    assert (answer.status_code, codes(answer)) == (422, ["doctor_inactive"])


def test_a_move_within_its_own_time(change):
    """Its own claims are not in its way."""
    answer = change("move", {"appointment_datetime": "2026-03-03T12:10:00+01:00"})
    assert answer.status_code == 200


def test_a_move_to_where_it_stands_is_done_already(clinic, change):
    answer = change("move", {"appointment_datetime": "2026-03-03T11:00:00Z"})
    assert (answer.status_code, answer["ETag"]) == (200, '"1"')


# Status


@pytest.mark.parametrize("status", ["cancelled", "pending", "Confirmed", "", None, 1])
def test_no_status_for_this_door(change, status):
    answer = change("status", {"status": status})
    assert (answer.status_code, codes(answer)) == (422, ["literal_error"])


@pytest.mark.parametrize("status", ["arrived", "no_show"])
def test_what_cannot_be_true_yet(change, status):
    before = stored()
    answer = change("status", {"status": status})
    assert (answer.status_code, codes(answer)) == (409, ["too_early"])
    assert stored() == before


@pytest.mark.parametrize("status", ["completed", "in_progress"])
def test_a_status_that_does_not_follow(change, status):
    answer = change("status", {"status": status})
    assert (answer.status_code, codes(answer)) == (409, ["not_from_here"])


@pytest.mark.parametrize("over", ["cancelled", "entered_in_error"])
def test_what_is_over_stays_over(clinic, change, over):
    change(*(CANCEL if over == "cancelled" else MISTAKE))
    before = stored()
    for action, body in (MOVE, ("status", {"status": "arrived"}), ("status", {"status": "confirmed"})):
        answer = change(action, body, if_match="*")
        assert (answer.status_code, codes(answer)) == (409, ["not_from_here"])
    assert stored() == before


def test_a_visit_of_today_goes_through_its_day(clinic, website):
    works(clinic.osei, NOW.time().replace(hour=8), NOW.time().replace(hour=9), weekdays=[0])
    visit = booked(clinic.osei, clinic.ana, clinic.checkup, "2026-03-02 08:00", status="pending")
    for version, status in enumerate(["confirmed", "arrived", "in_progress", "completed"], start=1):
        answer = website.post(
            f"appointments/{visit.uuid}/status", {"status": status}, if_match=f'"{version}"'
        )
        assert (answer.status_code, answer.json()["status"]) == (200, status)


# Cancelling


def test_a_cancelled_time_is_free_again_and_the_wish_is_kept(clinic, website, change, ben):
    assert change(*CANCEL).status_code == 200
    assert last_event(clinic.visit).after == {"status": "cancelled", "wish": "patient"}
    body = clinic.body("create_appointment") | {"appointment_datetime": TWELVE}
    assert website.post("appointments", body).status_code == 201


def test_cancelling_twice_keeps_the_first_reason(clinic, change):
    first = change(*CANCEL)
    for if_match in ('"1"', "*"):
        again = change("cancel", {"reason": "other", "wish": "clinic"}, if_match)
        assert (again.status_code, again.json()) == (200, first.json())
    # Whoever saw that it is cancelled does not ask again: their reason would be lost.
    other = change("cancel", {"reason": "other", "wish": "clinic"}, '"2"')
    assert (other.status_code, codes(other)) == (409, ["not_from_here"])
    assert last_event(clinic.visit).reason == "ill"


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "\u200b", None])
def test_cancelling_takes_a_reason(change, reason):
    before = stored()
    answer = change("cancel", {"reason": reason, "wish": "patient"})
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["problems"]] == ["reason"]
    assert stored() == before


@pytest.mark.parametrize("wish", ["", "doctor", None, "Patient"])
def test_cancelling_says_whose_wish_it_was(change, wish):
    answer = change("cancel", {"reason": "ill", "wish": wish})
    assert (answer.status_code, codes(answer)) == (422, ["enum"])
    assert change("cancel", {"reason": "ill"}).status_code == 422
