"""Whatever is done with a visit, in whatever order: what a patient was told last is true, and was news."""

from contextlib import suppress
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
from scheduling.notices.channels.base import NotNow
from scheduling.notices.channels.email import Email
from tests import factories
from tests.booking.asking import booked
from tests.conftest import madrid, works
from tests.notices.post import send

pytestmark = pytest.mark.django_db

NINE = madrid("2026-03-02 09:00")
TIMES = [madrid(f"2026-03-05 {hour}:00") for hour in (10, 11, 12)]

# The server takes it and the line breaks; the line breaks before; it answers "later".
LINES = ("taken", "lost", "refused")
DEEDS = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(TIMES)),
    st.tuples(st.sampled_from(["cancel", "undo", "confirm", "in error", "correct"])),
    st.tuples(st.just("wait"), st.sampled_from([1, 2, 3, 10])),
    st.tuples(st.just("send")),
    st.tuples(st.sampled_from(LINES)),
)


class Course:
    def __init__(self, visit, doctor, by):
        self.visit, self.doctor, self.by, self.now = visit, doctor, by, NINE
        self.told, self.has = [], None  # what was stamped as told; what arrived last, or nothing ever did

    def do(self, deed, *more):
        if deed == "wait":
            self.now += timedelta(minutes=more[0])
        elif deed == "send":
            self.send()
        elif deed in LINES:
            self.send_over(deed)
        else:
            with suppress(Refused):
                self.change(deed, *more)

    def change(self, deed, *more):
        visit = Appointment.objects.with_people().get(pk=self.visit.pk)
        seen, asked = Seen.of(visit), {"by": self.by, "now": self.now}
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

    def send_over(self, line):
        """A run in which no message comes to be stamped, whether it arrived or not."""

        def fails(channel, message):
            if line == "taken":
                self.has = self.truth()
            raise NotNow("451" if line == "refused" else "timeout", is_certain=line == "refused")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Email, "send", fails)
            send(self.now)

    @property
    def unsure(self):
        """Whether a message may have arrived of which nobody knows."""
        return Notice.objects.filter(appointment=self.visit).exclude(may_know={}).exists()

    def truth(self):
        return facts_of(snapshot(Appointment.objects.select_related("doctor").get(pk=self.visit.pk)))

    def send(self):
        before = set(Notice.objects.filter(state="sent").values_list("pk", flat=True))
        unsure = self.unsure
        send(self.now)
        new = Notice.objects.filter(state="sent").exclude(pk__in=before).order_by("pk")
        assert len(new) <= 1, "one message at a time"
        for notice in new:
            assert notice.told == self.truth(), "an old time is never sent"
            if not unsure:
                assert notice.told != (self.told[-1] if self.told else {}), "what is known is no news"
                assert self.told or notice.told["standing"] != OFF, "nobody knew of it"
            self.told.append(notice.told)
            self.has = notice.told


def run(deeds, specialty, checkup, rae):
    """With a doctor and a patient of its own: hypothesis runs many in one test."""
    doctor = factories.DoctorFactory(specialty=specialty)
    works(doctor, time(9), time(14))
    patient = factories.PatientFactory(email="somebody@mail.example")
    visit = booked(doctor, patient, checkup, TIMES[0], now=NINE, by=rae, status=Status.PENDING)
    course = Course(visit, doctor, rae)
    for deed in deeds:
        course.do(*deed)
    for minutes in (3, 5, 25, 120, 240):  # what was put off comes again
        course.do("wait", minutes)
        course.send()
    truth = course.truth()
    if course.has or truth["standing"] != OFF:
        assert course.has == truth, "in the end they know what is true"
    assert not Notice.objects.filter(state__in=["due", "sending"]).exists()


COURSES = settings(
    max_examples=100,
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


def forget_what_may_have_arrived(patch):
    patch.setattr("scheduling.notices.telling.may_know", lambda notice, others: {})


TOLD = [("wait", 3), ("send",)]
THERE, BACK, ON = (("move", at) for at in (TIMES[1], TIMES[0], TIMES[2]))


@pytest.mark.parametrize(
    ("forget", "deeds"),
    [
        (forget_what_is_newer, [*TOLD, THERE, ON, *TOLD]),
        (forget_what_was_told, [*TOLD, THERE, BACK, *TOLD]),
        (forget_what_may_have_arrived, [("wait", 3), ("taken",), ("cancel",), *TOLD]),
    ],
)
def test_the_trial_finds_an_outbox_that_forgets(forget, deeds, cardiology, checkup, rae, monkeypatch):
    run(deeds, cardiology, checkup, rae)
    forget(monkeypatch)
    with pytest.raises(AssertionError):
        run(deeds, cardiology, checkup, rae)
