from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import F

from accounts.models import User
from scheduling.booking import integrity
from scheduling.management.demo.staff import DOCTORS
from scheduling.matching import phones
from scheduling.models import Appointment, AppointmentEvent, Doctor, Message, Notice, Patient, VisitType
from tests import factories
from tests.conftest import roles_of

MONDAY = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, 37, tzinfo=UTC)
FRIDAY_BEFORE = date(2026, 2, 27)
SATURDAY = datetime(2026, 3, 7, 12, 0, tzinfo=UTC)


@pytest.fixture
def debug(settings):
    settings.DEBUG = True


def load(now=MONDAY, **options):
    with time_machine.travel(now, tick=False):
        call_command("load_demo", **options)


def test_the_demo_is_a_clinic_at_work(transactional_db, debug, roles_made, capsys):
    load(NOON)
    assert (Doctor.objects.count(), VisitType.objects.count()) == (6, 6)
    assert Patient.objects.count() >= 40
    visits = Counter(Appointment.objects.values_list("doctor__doctor_name", flat=True))
    assert len(visits) == 6
    assert max(visits.values()) > 4 * min(visits.values())  # crowded and quiet doctors
    assert integrity.problems(now=NOON) == []
    days = {visit.appointment_datetime.date() for visit in Appointment.objects.all()}
    assert min(days) == FRIDAY_BEFORE
    assert len({day for day in days if day.weekday() < 5}) == 13
    # Through the engine: each has its event, made by the desk before the visit.
    assert AppointmentEvent.objects.filter(kind="booked").count() == sum(visits.values())
    assert all(event.by.username == "reception" for event in AppointmentEvent.objects.select_related("by"))
    anas = Patient.objects.filter(patient_name="Ana", patient_lastname="García López")
    assert len({ana.date_of_birth for ana in anas}) == 2
    numbers = Patient.objects.exclude(phone="").values_list("phone", flat=True)
    assert all(phones.read(number, "ES") == number for number in numbers)
    said = capsys.readouterr().out
    assert f"{sum(visits.values())} visits" in said
    assert len(said.splitlines()) <= 4


@pytest.mark.once
def test_the_demo_has_written_to_its_patients_and_nobody_got_a_message(
    transactional_db, debug, roles_made, capsys, settings
):
    """By the product's own code, each when it was due; and what the jobs would print next is little."""
    settings.NOTICE_CHANNELS = ["email"]
    load(NOON)
    assert len(capsys.readouterr().out.splitlines()) <= 4
    assert mail.outbox == []
    sent = Notice.objects.filter(state=Notice.State.SENT)
    assert {"received", "confirmed", "reminder"} <= set(sent.values_list("kind", flat=True))
    days = {message.sent_at.date() for message in Message.objects.all()}
    assert len(days) > 7
    assert max(days) <= NOON.date()
    assert not sent.filter(sent_at__lt=F("due_at")).exists()
    assert not sent.filter(sent_at__gte=F("appointment__appointment_datetime")).exists()
    assert Notice.objects.due().count() < 20


@pytest.mark.once
def test_the_demo_stands_in_the_middle_of_its_day(transactional_db, debug, roles_made):
    load(TUESDAY)
    status = Counter()
    for visit in Appointment.objects.order_by("appointment_datetime"):
        if visit.ends_at + timedelta(minutes=21) <= TUESDAY:
            assert visit.status in {"completed", "no_show", "cancelled"}
            status["over"] += 1
        elif visit.appointment_datetime > TUESDAY + timedelta(minutes=25):
            assert visit.status in {"pending", "confirmed", "cancelled"}
            status["to come"] += 1
        status[visit.status] += 1
    assert min(status["over"], status["to come"]) > 20
    assert {"completed", "no_show", "cancelled", "arrived", "in_progress", "confirmed", "pending"} <= set(
        status
    )


@pytest.mark.once
def test_the_demo_staff_can_sign_in_with_their_roles(transactional_db, debug, roles_made):
    load()
    found = {
        user.username: (roles_of(user), user.is_staff, user.check_password("clinic-demo"))
        for user in User.objects.all()
    }
    assert found == {
        "reception": ({"receptionist"}, False, True),
        "manager": ({"manager"}, True, True),
        "doctor": ({"doctor"}, False, True),
    }
    assert not User.objects.filter(is_superuser=True).exists()
    assert Doctor.objects.get(user__username="doctor").doctor_name == DOCTORS[0].name


@pytest.mark.once
def test_the_same_day_makes_the_same_demo_and_a_weekend_begins_on_the_next_open_day(
    transactional_db, debug, roles_made
):
    load(SATURDAY)
    days = sorted(Appointment.objects.values_list("appointment_datetime", flat=True))
    assert days[0].date() == datetime(2026, 3, 6, tzinfo=UTC).date()  # one day that is over
    first = next(at for at in days if at > SATURDAY)
    assert first.date() in {SATURDAY.date(), datetime(2026, 3, 9, tzinfo=UTC).date()}
    assert not Appointment.objects.filter(
        appointment_datetime__date=datetime(2026, 3, 8, tzinfo=UTC)
    ).exists()


def test_the_demo_is_never_made_with_debug_off(db):
    with pytest.raises(CommandError, match="DEBUG"):
        load()
    with pytest.raises(CommandError, match="DEBUG"):
        load(if_empty=True)
    assert not User.objects.exists()


@pytest.mark.parametrize("there", ["patient", "specialty", "user"])
def test_the_demo_never_mixes_with_real_data(db, debug, capsys, there):
    if there == "user":
        factories.UserFactory(username="manager")
    else:
        {"patient": factories.PatientFactory, "specialty": factories.SpecialtyFactory}[there]()
    with pytest.raises(CommandError, match="needs an empty one"):
        load()
    load(if_empty=True)
    assert capsys.readouterr().out == "The database is in use; no demo clinic was added.\n"
    assert not Doctor.objects.exists()


@pytest.mark.once
def test_whoever_finds_the_demo_there_is_told_its_accounts(transactional_db, debug, roles_made, capsys):
    load()
    capsys.readouterr()
    load(if_empty=True)
    assert "Sign in as reception, manager, doctor; password clinic-demo." in capsys.readouterr().out
    user = User.objects.get(username="manager")
    user.set_password("something else")
    user.save()
    load(if_empty=True)
    assert "clinic-demo" not in capsys.readouterr().out
