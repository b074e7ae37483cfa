"""Whatever is done with a visit, in whatever order: what a patient was told last is true, and was news."""

from datetime import time, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from scheduling.booking.actions import Edit, Wish, cancel, edit, move, set_status, undo
from scheduling.booking.outbox import OFF, facts_of
from scheduling.booking.records import snapshot
from scheduling.booking.rules import Refused
from scheduling.booking.seen import Seen
from scheduling.models import Appointment, Notice, Status
from tests import factories
from tests.booking.asking import booked
from tests.conftest import madrid, works
from tests.notices.post import send

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
TIMES = [madrid(f"2026-03-05 {hour}:00") for hour in (10, 11, 12)]

DEEDS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(TIMES)),
    st.tuples(st.sampled_from(["cancel", "undo", "confirm", "in error", "correct"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 3, 10])),
    st.tuples(st.just("send")),
)


class Course:
    def __init__(self, visit, doctor, by):
        self.visit, self.doctor, self.by, self.now = visit, doctor, by, NINE
        self.told = []

    def do(self, deed, *more):
        visit = Appointment.objects.with_people().get(pk=self.visit.pk)
        seen, asked = Seen.of(visit), {"by": self.by, "now": self.now}
        try:
            match deed:
                case "move":
                    move(seen, doctor=self.doctor, start=more[0], **asked)
                case "cancel":
                    cancel(seen, reason="Ill", wish=Wish.PATIENT, **asked)
                case "undo":
                    undo(seen, **asked)
                case "confirm":
                    set_status(seen, Status.CONFIRMED, **asked)
                case "in error":
                    set_status(seen, Status.ENTERED_IN_ERROR, reason="Slip", **asked)
                case "correct":
                    edit(seen, Edit(description=f"{self.now}"), **asked)
        except Refused:
            pass
        if deed == "wait":
            self.now += timedelta(minutes=more[0])
        if deed == "send":
            self.send()

    def truth(self):
        return facts_of(snapshot(Appointment.objects.select_related("doctor").get(pk=self.visit.pk)))

    def send(self):
        before = set(Notice.objects.filter(state="sent").values_list("pk", flat=True))
        send(self.now)
        new = Notice.objects.filter(state="sent").exclude(pk__in=before).order_by("pk")
        assert len(new) <= 1, "one message at a time"
        for notice in new:
            assert notice.told == self.truth(), "an old time is never sent"
            assert notice.told != (self.told[-1] if self.told else {}), "what is known is no news"
            assert self.told or notice.told["standing"] != OFF, "nobody knew of it"
            self.told.append(notice.told)


def run(deeds, specialty, checkup, rae):
    """With a doctor and a patient of its own: hypothesis runs many in one test."""
    doctor = factories.DoctorFactory(specialty=specialty)
    works(doctor, time(9), time(14))
    patient = factories.PatientFactory(email="somebody@mail.example")
    visit = booked(doctor, patient, checkup, TIMES[0], now=NINE, by=rae, status=Status.PENDING)
    course = Course(visit, doctor, rae)
    for deed in deeds:
        course.do(*deed)
    course.do("wait", 3)
    course.send()
    truth = course.truth()
    if course.told or truth["standing"] != OFF:
        assert course.told[-1] == truth, "in the end they know what is true"
    assert not Notice.objects.filter(state__in=["due", "sending"]).exists()


COURSES = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


@COURSES
@example(
    deeds=[("send",), ("wait", 3), ("send",), ("move", TIMES[1]), ("move", TIMES[0]), ("wait", 3), ("send",)]
)
@example(deeds=[("wait", 3), ("send",), ("cancel",), ("wait", 3), ("send",), ("undo",), ("move", TIMES[2])])
@given(deeds=st.lists(DEEDS, max_size=14))
def test_whatever_is_done_they_know_what_is_true_and_hear_no_more(deeds, cardiology, checkup, rae):
    run(deeds, cardiology, checkup, rae)


def forget_what_is_newer(patch):
    patch.setattr("scheduling.notices.telling._changes", lambda notices: [])


def forget_what_was_told(patch):
    patch.setattr("scheduling.notices.telling.known", lambda notice, others, **more: notice.was)


@pytest.mark.parametrize(
    ("forget", "times"), [(forget_what_is_newer, TIMES[1:]), (forget_what_was_told, [TIMES[1], TIMES[0]])]
)
def test_the_trial_finds_an_outbox_that_forgets(forget, times, cardiology, checkup, rae, monkeypatch):
    deeds = [("wait", 3), ("send",), *(("move", at) for at in times), ("wait", 3), ("send",)]
    run(deeds, cardiology, checkup, rae)
    forget(monkeypatch)
    with pytest.raises(AssertionError):
        run(deeds, cardiology, checkup, rae)
