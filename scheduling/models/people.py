"""Specialties, doctors and patients."""

from functools import reduce
from operator import or_
from typing import Any, Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from scheduling.alerts import LONGEST_TEXT, Alert
from scheduling.alerts import read as alerts_of
from scheduling.matching.phones import LONGEST_LABEL
from scheduling.matching.search_words import LONGEST_WORD, names_in
from scheduling.models.ages import ForAges, constraints_of_ages
from scheduling.models.fields import AddressField, FoldedField, PublicUUIDField, WordField
from scheduling.models.visit_types import VisitType

MOST_OVERBOOKED = 20  # visits beside the first: each lane is looked at


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


def gives(kind: Any) -> models.Q:
    """Of a doctor: the type (key) is on their list, or they have none; of None, true of everybody."""
    if kind is None:
        return models.Q()
    listed: Any = Doctor.visit_types.through.objects.filter(doctor=models.OuterRef("pk"))
    return models.Q(models.Exists(listed.filter(visittype=kind))) | ~models.Q(models.Exists(listed))


class DoctorQuerySet(models.QuerySet["Doctor"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def giving(self, kind: VisitType | None, *, or_key: int | None = None) -> Self:
        """Who gives this type of visit: those who have it on their list, and those who have none. `or_key`:
        of a doctor who is among them in any case."""
        given = gives(None if kind is None else kind.pk)
        return self.filter(given if or_key is None else given | models.Q(pk=or_key))


class Doctor(ForAges):
    uuid = PublicUUIDField(_("public identity"))
    doctor_name = models.CharField(_("name"), max_length=255)
    email = AddressField(
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
    visit_types = models.ManyToManyField(
        VisitType,
        blank=True,
        related_name="doctors",
        db_table="doctor_visit_types",
        verbose_name=_("visit types"),
        help_text=_("Those that this doctor gives. None ticked: all of them."),
    )
    overbook_limit = models.PositiveSmallIntegerField(
        _("overbooking limit"),
        default=1,
        validators=[MaxValueValidator(MOST_OVERBOOKED)],
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
            models.CheckConstraint(
                condition=models.Q(overbook_limit__lte=MOST_OVERBOOKED), name="doctor_overbook_limit_in_range"
            ),
            *constraints_of_ages("doctor"),
        ]

    def __str__(self) -> str:
        return self.doctor_name


def full_name(name: str, lastname: str) -> str:
    """Name and last name; a row of old data may have neither."""
    return f"{name} {lastname}".strip() or str(_("(no name)"))


class PatientQuerySet(models.QuerySet["Patient"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def standing(self) -> Self:
        """Records of their own: not those that were merged into another."""
        return self.filter(merged_into=None)

    def named(self, text: str) -> Self:
        """Patients whose names have every word of the text, in any order, without case and accents: anywhere
        in them, or as one of the words by which they are found."""
        found = self
        for term in names_in(text):
            words = SearchWord.objects.filter(
                reduce(or_, (models.Q(word__gte=each.first, word__lt=each.end) for each in term.ranges)),
                patient=models.OuterRef("pk"),
            )
            anywhere = models.Q(search_key__contains=term.ranges[0].first)
            found = found.filter(anywhere | models.Exists(words))
        return found


class ContactBy(models.TextChoices):
    """How a patient wants to be written to."""

    EMAIL = "email", _("E-mail")
    TEXT = "text", _("Text message")


class Patient(models.Model):
    """A person who is treated. Relatives may share phone and e-mail: neither is identity."""

    uuid = PublicUUIDField(_("public identity"))
    patient_name = models.CharField(_("name"), max_length=255)
    patient_lastname = models.CharField(_("last name"), max_length=255, blank=True)
    date_of_birth = models.DateField(_("date of birth"), null=True, blank=True)
    email = AddressField(_("e-mail"), max_length=255, blank=True)
    # E.164, with ";ext=" before an extension: `matching.phones`.
    phone = models.CharField(_("phone"), max_length=128, blank=True)
    phone_label = models.CharField(
        _("whose phone"),
        max_length=LONGEST_LABEL,
        blank=True,
        default="",
        db_default="",
        help_text=_("Such as own, mother or work."),
    )
    second_phone = models.CharField(_("second phone"), max_length=128, blank=True, default="", db_default="")
    second_phone_label = models.CharField(
        _("whose second phone"), max_length=LONGEST_LABEL, blank=True, default="", db_default=""
    )
    language = models.CharField(_("language"), max_length=10, blank=True, help_text=_("Such as en or es."))
    # None: nobody has asked yet.
    may_contact = models.BooleanField(
        _("may be contacted"),
        null=True,
        blank=True,
        default=None,
        help_text=_("Whether they agreed to messages about appointments."),
    )
    contact_by = models.CharField(
        _("messages by"),
        max_length=10,
        choices=ContactBy.choices,
        blank=True,
        default="",
        db_default="",
        help_text=_("Empty: by whichever the clinic can."),
    )
    wants_reminders = models.BooleanField(_("wants reminders"), default=True, db_default=True)
    alerts = models.CharField(
        _("alerts"), max_length=LONGEST_TEXT, blank=True, default="", db_default=""
    )  # as `alerts.read` reads them
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
        return full_name(self.patient_name, self.patient_lastname)

    @property
    def phones(self) -> list[tuple[str, str]]:
        """Each number with whose it is."""
        both = ((self.phone, self.phone_label), (self.second_phone, self.second_phone_label))
        return [(number, label) for number, label in both if number]

    @property
    def alert_list(self) -> list[Alert]:
        return alerts_of(self.alerts)


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
