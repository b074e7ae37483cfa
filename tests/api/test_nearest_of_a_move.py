"""What is offered instead of a refused move: its own time is free for it, but where it stands is no move."""

from tests.api.conftest import codes
from tests.booking.asking import booked

WHEN = "appointment_datetime"


def offered_to(answer, doctor):
    """Times of day; that and nothing else stands in the way."""
    assert (answer.status_code, codes(answer)) == (409, ["doctor_taken"])
    nearest = [each for each in answer.json()["nearest"] if each["doctor_uuid"] == str(doctor.uuid)]
    return [each[WHEN][11:16] for each in nearest]


def test_the_time_that_a_visit_would_give_up_is_offered_for_it(clinic, change, lind, ben):
    booked(lind, ben, clinic.checkup, "2026-03-03 11:10")
    answer = change("move", {WHEN: "2026-03-03T11:20:00+01:00", "doctor_uuid": lind.uuid})
    assert offered_to(answer, lind) == ["10:00", "10:30", "11:40", "12:10"]
    assert change("move", {WHEN: "2026-03-03T12:10:00+01:00", "doctor_uuid": lind.uuid}).status_code == 200


def test_where_a_visit_stands_already_is_not_offered_for_it(clinic, change, ben):
    booked(clinic.osei, ben, clinic.checkup, "2026-03-03 12:30")
    answer = change("move", {WHEN: "2026-03-03T12:40:00+01:00"})
    assert offered_to(answer, clinic.osei) == ["11:00", "11:30", "13:00", "13:30"]
