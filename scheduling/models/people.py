"""Specialties, doctors and patients."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from scheduling.matching.names import fold
from scheduling.matching.search_words import LONGEST_WORD
from scheduling.models.fields import FoldedField, PublicUUIDField, WordField


class Specialty(models.Model):
    uuid = PublicUUIDField(_("public identity"))
    specialty_name = models.CharField(_("name"), max_length=255)
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        db_table = "specialties"
        ordering = ["specialty_name", "id"]
        verbose_name = _("specialty")
        verbose_name_plural = _("specialties")

    def __str__(self) -> str:
        return self.specialty_name


class DoctorQuerySet(models.QuerySet["Doctor"]):
    def active(self) -> Self:
        return self.filter(is_active=True)


class Doctor(models.Model):
    uuid = PublicUUIDField(_("public identity"))
    doctor_name = models.CharField(_("name"), max_length=255)
    email = models.EmailField(
        _("e-mail"),
        max_length=255,
        unique=True,
        error_messages={"unique": _("Another doctor has this e-mail already.")},
    )
    specialty = models.ForeignKey(
        Specialty, on_delete=models.PROTECT, related_name="doctors", verbose_name=_("specialty")
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="doctor",
        verbose_name=_("user"),
        help_text=_("The account that this doctor signs in with, if any."),
    )
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("A doctor who is switched off keeps past and future visits, but gets no new ones."),
    )
    overbook_limit = models.PositiveSmallIntegerField(
        _("overbooking limit"),
        default=1,
        help_text=_("How many extra visits may knowingly stand at the same time. 0 forbids it."),
    )

    objects = DoctorQuerySet.as_manager()

    class Meta:
        db_table = "doctors"
        ordering = ["doctor_name", "id"]
        verbose_name = _("doctor")
        verbose_name_plural = _("doctors")
        permissions = [
            ("switch_on_again", _("Can switch a doctor or patient with visits to come on again")),
        ]
        constraints = [
            # On MariaDB, which has no expression indexes, the unique column's collation ignores case.
            models.UniqueConstraint(
                Lower("email"),
                name="doctor_email_ignoring_case",
                violation_error_message=_("Another doctor has this e-mail already."),
            ),
        ]

    def __str__(self) -> str:
        return self.doctor_name


class PatientQuerySet(models.QuerySet["Patient"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def standing(self) -> Self:
        """Records of their own: not those that were merged into another."""
        return self.filter(merged_into=None)

    def named(self, text: str) -> Self:
        """Patients whose names have every word of the text, in any order, without case and accents."""
        found = self
        for word in fold(text).split():
            found = found.filter(search_key__contains=word)
        return found


class Patient(models.Model):
    """A person who is treated. Relatives may share phone and e-mail: neither is identity."""

    uuid = PublicUUIDField(_("public identity"))
    patient_name = models.CharField(_("name"), max_length=255)
    patient_lastname = models.CharField(_("last name"), max_length=255)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    email = models.EmailField(_("e-mail"), max_length=255, blank=True)
    phone = PhoneNumberField(_("phone"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Such as en or es."))
    may_contact = models.BooleanField(
        _("may be contacted"), default=True, help_text=_("Agreed to messages about appointments.")
    )
    note = models.CharField(_("note"), max_length=1000, blank=True, help_text=_("Staff only."))
    is_active = models.BooleanField(_("active"), default=True)
    needs_review = models.BooleanField(
        _("needs review"), default=False, help_text=_("Taken over from old data and not yet looked at.")
    )
    # The record of the same person that this one was made a part of.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="merged"
    )
    version = models.PositiveIntegerField(default=1, db_default=1, editable=False)
    search_key = FoldedField(max_length=511, sources=["patient_name", "patient_lastname"], db_index=True)
    # In the order of a register, whatever the database thinks of accents.
    sort_key = FoldedField(max_length=511, sources=["patient_lastname", "patient_name"], db_default="")
    created_at = models.DateTimeField(_("recorded at"), default=timezone.now, editable=False)

    objects = PatientQuerySet.as_manager()

    class Meta:
        db_table = "patients"
        ordering = ["patient_lastname", "patient_name", "id"]
        verbose_name = _("patient")
        verbose_name_plural = _("patients")
        permissions = [
            ("merge_patient", _("Can make two records of a patient one, separate them or tell them apart")),
        ]
        indexes = [
            # The register: those who stand, in order, counted and paged without reading a record.
            models.Index(fields=["merged_into", "sort_key"], name="patient_register"),
            models.Index(fields=["is_active"], name="patient_active"),  # few are switched off
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """Name and last name; a row of old data may have neither."""
        return f"{self.patient_name} {self.patient_lastname}".strip() or str(_("(no name)"))


class SearchWord(models.Model):
    """One word under which a patient is found (`matching.search_words`). Written by `booking.patients` alone.

    The key is the index of a search: a range of words, and beside it all that tells whom to show first, so
    that thousands of Marías are ranked without reading their records.
    """

    pk = models.CompositePrimaryKey("word", "is_active", "place", "patient_id")
    word = WordField(max_length=LONGEST_WORD)
    is_active = models.BooleanField()  # the patient's
    place = models.PositiveSmallIntegerField()
    patient = models.ForeignKey(Patient, on_delete=models.CASCADE, related_name="words", db_index=False)

    class Meta:
        db_table = "patient_words"
        indexes = [models.Index(fields=["patient", "word"], name="patient_word")]

    def __str__(self) -> str:
        return f"{self.place}"  # no word: it is a person's name or number
