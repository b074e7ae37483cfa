"""Statements that are written once answer as Django's own, for whatever values they are given."""

import threading
from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, connection, models
from django.db.models import Value

from scheduling.models import AppointmentEvent, Claim, Doctor, Patient, TimeOff, VisitType, WorkingHours
from scheduling.models.statements import ByUuid, Given, Insertion, Reading
from tests.booking.asking import booked
from tests.conftest import madrid

COLUMNS = ("doctor_id", "weekday", "starts", "valid_from")


def rules(doctors, weekday):
    """The same query, with values or with what stands for them."""
    rows = WorkingHours.objects.filter(doctor_id__in=doctors, weekday=weekday)
    return rows.order_by("pk").values_list(Value("100 %"), *COLUMNS)


READING = Reading(
    lambda: rules(
        Given("doctor", models.IntegerField(), count=2), Given("weekday", models.IntegerField(), count=None)
    )
)


def test_rows_are_those_of_the_queryset_for_any_values(osei, lind, django_assert_num_queries):
    WorkingHours.objects.filter(doctor=lind).update(valid_from=date(2026, 3, 1))
    for doctors, weekday in (((osei.pk, lind.pk), 1), ((lind.pk, 0), 4), ((0, 0), 1)):
        given = {"doctor_0": doctors[0], "doctor_1": doctors[1], "weekday": weekday}
        READING.rows(given)  # what a thread reads first of all is the server's version
        with django_assert_num_queries(1):
            found = [tuple(row) for row in READING.rows(given)]
        assert found == list(rules(doctors, weekday))
    assert found == []


def test_times_come_and_go_as_the_fields_have_them(osei):
    off = TimeOff.objects.create(
        doctor=osei, starts_at=madrid("2026-03-03 10:00"), ends_at=madrid("2026-03-03 11:00")
    )
    moment = Given("moment", models.DateTimeField())
    reading = Reading(
        lambda: TimeOff.objects.filter(ends_at__gt=moment).values_list("starts_at", "doctor_id")
    )
    (row,) = reading.rows({"moment": madrid("2026-03-03 10:59")})
    assert tuple(row) == (datetime(2026, 3, 3, 9, tzinfo=UTC), off.doctor_id)
    assert list(reading.rows({"moment": off.ends_at})) == []


def test_rows_of_several_models_come_by_one_statement(osei, lind, ana, checkup, django_assert_num_queries):
    people = ByUuid(Doctor, Patient, VisitType)
    people.find(osei.uuid, ana.uuid, checkup.uuid)
    with django_assert_num_queries(1):
        found = people.find(lind.uuid, ana.uuid, checkup.uuid)
    assert found == [lind, ana, checkup]
    stored = [Doctor.objects.get(pk=lind.pk), Patient.objects.get(pk=ana.pk), VisitType.objects.get()]
    for row, other in zip(found, stored, strict=True):
        assert {**vars(row), "_state": None} == {**vars(other), "_state": None}
        assert (row._state.adding, row._state.db) == (False, "default")
    assert people.find(lind.uuid, osei.uuid, checkup.uuid) is None
    assert ByUuid(Doctor).find(osei.uuid) == [osei]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_each_thread_reads_on_its_own_connection(osei):
    given = {"doctor_0": osei.pk, "doctor_1": 0, "weekday": 1}
    here, there = list(READING.rows(given)), []

    def elsewhere():
        there.extend(READING.rows(given))
        connection.close()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert there == here
    assert [row[3] for row in here] == [time(9)]


def test_a_row_is_kept_as_saving_it_would(osei, ana, checkup, rae, now):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00")
    values = {
        "appointment_id": visit.pk,
        "at": now,
        "by_id": rae.pk,
        "actor": "person",
        "kind": AppointmentEvent.Kind.MOVED,
        "channel": "desk",
        "before": {},
        "after": {"start": "10:00", "by": "Dr “O'Sea” 100 % 🤧", "deep": [1, None]},
        "reason": "It's \\ %s %(reason)s",
    }
    saved = AppointmentEvent.objects.create(**values, version=8)
    key = Insertion(AppointmentEvent).one({**values, "version": 9})
    stored = {row.pop("version"): row for row in AppointmentEvent.objects.filter(version__gte=8).values()}
    assert stored[9].pop("id") == key
    assert stored[8].pop("id") == saved.pk
    assert stored[9] == stored[8]


def test_many_rows_are_kept_in_one_statement_or_none(osei, ana, checkup, django_assert_num_queries):
    visit = booked(osei, ana, checkup, "2026-03-03 10:00")
    held = list(Claim.objects.values("doctor_id", "grain", "lane", "patient_id", "appointment_id"))
    later = [claim | {"grain": claim["grain"] + 100, "patient_id": None} for claim in held]
    with django_assert_num_queries(1):
        Insertion(Claim).many(later)
    assert Claim.objects.filter(appointment=visit).count() == 12
    with pytest.raises(IntegrityError):
        Insertion(Claim).many(later)
