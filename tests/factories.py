"""Rows for tests. Appointments are made by `booking.actions.book`: their claims come with them."""

import factory
from factory.django import DjangoModelFactory

from accounts.models import User
from scheduling.booking import patients
from scheduling.models import Doctor, Patient, Specialty, VisitType


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    password = factory.django.Password("clinic-demo")


class SpecialtyFactory(DjangoModelFactory):
    class Meta:
        model = Specialty

    specialty_name = factory.Sequence(lambda n: f"Specialty {n}")


class DoctorFactory(DjangoModelFactory):
    class Meta:
        model = Doctor

    doctor_name = factory.Sequence(lambda n: f"Dr Number {n}")
    email = factory.Sequence(lambda n: f"doctor{n}@clinic.example")
    specialty = factory.SubFactory(SpecialtyFactory)


class PatientFactory(DjangoModelFactory):
    class Meta:
        model = Patient

    patient_name = factory.Sequence(lambda n: f"Patient{n}")
    patient_lastname = "Moreno"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return patients.save(model_class(*args, **kwargs))


class VisitTypeFactory(DjangoModelFactory):
    class Meta:
        model = VisitType

    name = factory.Sequence(lambda n: f"Visit type {n}")
    minutes = 30
