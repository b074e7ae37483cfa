"""Whom a notice is for, and which notices of a visit were for them: a visit may have been somebody else's by
mistake, and two records may have become one since.

Asks the database nothing where `former_patient__merged_into` came along, but for merges of merges.
"""

from collections.abc import Iterable

from django.conf import settings

from scheduling.models import Appointment, Notice, Patient

FORMER = "former_patient__merged_into"  # for select_related


def reader_of(notice: Notice, visit: Appointment) -> Patient:
    """Who is written to: the patient of the visit, or who it was by mistake, as the record that stands."""
    reader = notice.former_patient or visit.patient
    while reader.merged_into is not None:
        reader = reader.merged_into
    return reader


def language_of(patient: Patient) -> str:
    """In which they are written to, a code of settings.LANGUAGES: their own, or else the clinic's."""
    known = {code for code, _name in settings.LANGUAGES}
    return patient.language if patient.language in known else settings.LANGUAGE_CODE


def theirs(notices: Iterable[Notice], visit: Appointment, reader: Patient) -> list[Notice]:
    """Those that were for this reader: of the versions in which the visit was theirs, and that it is not."""
    notices = list(notices)
    given_away = sorted(
        (one.version, reader_of(one, visit).pk) for one in notices if one.former_patient_id is not None
    )

    def had_by(version: int) -> int:
        return next((key for until, key in given_away if until > version), visit.patient_id)

    return [
        one
        for one in notices
        if (reader_of(one, visit).pk if one.former_patient_id is not None else had_by(one.version))
        == reader.pk
    ]
