"""What the database itself refuses, whoever writes: rows go past forms and rules here."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from scheduling.models import Appointment, Claim, Doctor, Flag, Patient, Specialty, VisitType, WorkingHours
from tests import factories

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def refused(act):
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        act()
    return True


def appointment(doctor, patient, **more):
    values = {"appointment_datetime": AT, "minutes": 30, "created_at": AT, "updated_at": AT, **more}
    return Appointment.objects.create(doctor=doctor, patient=patient, **values)


def column(table, name):
    """The column's type and default, as the database tells them."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA table_info({table})")
            found = {row[1]: (row[2], row[4]) for row in cursor.fetchall()}[name]
        else:
            cursor.execute(
                "SELECT column_type, column_default FROM information_schema.columns"
                " WHERE table_schema = DATABASE() AND table_name = %s AND column_name = %s",
                [table, name],
            )
            found = cursor.fetchone()
    return found[0].lower(), found[1]


@pytest.mark.parametrize("table", ["specialties", "doctors", "patients", "appointments", "visit_types"])
def test_a_public_identity_is_36_characters_with_hyphens_in_every_database(db, table):
    assert column(table, "uuid")[0] == "char(36)"


def test_an_identity_is_stored_as_the_old_system_wrote_it(ana):
    with connection.cursor() as cursor:
        cursor.execute("SELECT uuid FROM patients")
        assert cursor.fetchone() == (str(ana.uuid),)
    assert ana.uuid.version == 4
    assert Patient.objects.get(uuid=str(ana.uuid)) == ana


def test_an_identity_belongs_to_one_row(ana):
    assert refused(lambda: factories.PatientFactory(uuid=ana.uuid))


def test_a_status_left_out_is_pending_in_the_database_itself(osei, ana):
    kind, default = column("appointments", "status")
    assert (kind, default.strip("'")) == ("varchar(50)", "pending")  # MySQL tells it without the quotes
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO appointments (uuid, doctor_id, patient_id, description, appointment_datetime,"
            " minutes, overbook_reason, source, version, created_at, updated_at)"
            " VALUES (%s, %s, %s, '', %s, 30, '', 'desk', 1, %s, %s)",
            ["6f9619ff-8b86-4011-b42d-00c04fc964ff", osei.pk, ana.pk, *["2026-03-02 09:00:00"] * 3],
        )
    assert Appointment.objects.get().status == "pending"


@pytest.mark.parametrize(("minutes", "fits"), [(4, False), (5, True), (720, True), (721, False), (0, False)])
def test_a_visit_is_between_5_and_720_minutes_long(osei, ana, minutes, fits):
    assert fits or refused(lambda: appointment(osei, ana, minutes=minutes))
    assert fits or refused(lambda: VisitType.objects.create(name="x", minutes=minutes))
    if fits:
        appointment(osei, ana, minutes=minutes)
        VisitType.objects.create(name="x", minutes=minutes)


# Nothing that differs by case alone: the column's collation on MariaDB ignores it.
@pytest.mark.parametrize("status", ["", "done", "maybe"])
def test_an_unknown_status_is_refused(osei, ana, status):
    assert refused(lambda: appointment(osei, ana, status=status))


@pytest.mark.parametrize(
    ("starts", "ends", "fits"),
    [
        (time(9), time(9), False),
        (time(23, 55), time(23, 55), False),
        (time(9), time(14), True),
        (time(22), time(2), True),  # of the next day
        (time(18), time(0), True),
        (time(0), time(0), True),  # a whole day
    ],
)
def test_hours_take_some_time(osei, starts, ends, fits):
    def create():
        WorkingHours.objects.create(doctor=osei, weekday=0, starts=starts, ends=ends)

    if fits:
        create()
    else:
        assert refused(create)


def test_hours_are_on_a_day_of_the_week_and_valid_from_before_until(osei):
    hours = {"doctor": osei, "starts": time(9), "ends": time(10)}
    assert refused(lambda: WorkingHours.objects.create(**hours, weekday=7))
    late, early = date(2026, 3, 2), date(2026, 3, 1)
    assert refused(
        lambda: WorkingHours.objects.create(**hours, weekday=0, valid_from=late, valid_until=early)
    )
    WorkingHours.objects.create(**hours, weekday=0, valid_from=late, valid_until=late)


@pytest.mark.parametrize("same", ["osei@clinic.example", "OSEI@Clinic.Example"])
def test_a_doctors_mail_belongs_to_one_doctor_whatever_its_case(osei, same):
    assert refused(lambda: factories.DoctorFactory(email=same))


def test_relatives_may_share_telephone_and_mail(db):
    for _ in range(2):
        factories.PatientFactory(email="family@example.com", phone="+34600555001")
    assert Patient.objects.count() == 2


def test_a_doubt_is_about_exactly_one_row(osei, ana, now):
    assert refused(lambda: Flag.objects.create(kind="bad_email", created_at=now))
    assert refused(lambda: Flag.objects.create(kind="bad_email", created_at=now, doctor=osei, patient=ana))


def claim(visit, doctor, patient, grain, lane=0):
    return Claim.objects.bulk_create(
        [Claim(appointment=visit, doctor=doctor, patient=patient, grain=grain, lane=lane)]
    )


def test_the_database_refuses_a_doctor_twice_in_one_grain_and_lane(osei, ana, ben):
    first, second = appointment(osei, ana), appointment(osei, ben)
    claim(first, osei, ana, 1000)
    assert refused(lambda: claim(second, osei, ben, 1000))
    claim(second, osei, ben, 1000, lane=1)
    claim(second, osei, ben, 1001)


def test_the_database_refuses_a_patient_in_two_places(osei, lind, ana):
    claim(appointment(osei, ana), osei, ana, 1000)
    assert refused(lambda: claim(appointment(lind, ana), lind, ana, 1000))


def test_overlaps_of_a_patient_that_were_knowingly_kept_do_not_collide(osei, lind, ana):
    claim(appointment(osei, ana), osei, None, 1000)
    claim(appointment(lind, ana), lind, None, 1000)
    assert Claim.objects.count() == 2


def test_rows_that_visits_refer_to_are_protected(osei, ana, checkup):
    visit = appointment(osei, ana, visit_type=checkup)
    claim(visit, osei, ana, 1000)
    for row in (osei, ana, checkup, osei.specialty, visit):
        assert refused(row.delete)
    assert Doctor.objects.filter(pk=osei.pk).exists()
    assert Specialty.objects.filter(pk=osei.specialty_id).exists()


def test_no_more_than_20_visits_are_overbooked_at_a_time(osei):
    assert refused(lambda: Doctor.objects.filter(pk=osei.pk).update(overbook_limit=21))
    Doctor.objects.filter(pk=osei.pk).update(overbook_limit=20)


@pytest.mark.parametrize("factory", [factories.DoctorFactory, factories.VisitTypeFactory])
def test_limits_of_age_are_years_in_order(db, factory):
    for youngest, oldest in ((None, None), (0, None), (None, 150), (16, 16), (0, 150)):
        factory(youngest_age=youngest, oldest_age=oldest)
    for youngest, oldest in ((17, 16), (151, None), (None, 151), (None, -1)):
        assert refused(lambda: factory(youngest_age=youngest, oldest_age=oldest))  # noqa: B023


def test_a_type_is_on_a_doctors_list_once(osei, checkup):
    listed = Doctor.visit_types.through.objects
    listed.create(doctor=osei, visittype=checkup)
    assert refused(lambda: listed.create(doctor=osei, visittype=checkup))
