"""What operations have in common: which key they want, what they may answer, how rows are found and paged."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, wraps
from typing import Any, Final, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja.responses import Status
from pydantic import BaseModel

from scheduling.api import keys
from scheduling.api.openapi import SCOPE
from scheduling.api.paging import cursor_of, not_of_this_list, row_of
from scheduling.api.problems import Invalid
from scheduling.api.schemas.base import Paged
from scheduling.api.schemas.people import PatientParts
from scheduling.api.schemas.problems import Problem
from scheduling.booking import patients
from scheduling.booking.proposal import NewPatient
from scheduling.clock import clinic_today
from scheduling.models import Appointment, Patient
from scheduling.models.statements import ByUuid
from scheduling.queries import appointments, paging

Row = TypeVar("Row", bound=Model)
LONGEST_PARAMETER: Final = 40  # of a name that is told back
ALWAYS: Final = (401, 403, 422, 429, 500, 503)
OF_A_BODY: Final = (400, 411, 413, 415)


def reads(answer: Any, *others: int) -> dict[str, Any]:
    """For an operation that changes nothing: `answer` with 200; the other statuses are problems."""
    return _takes(keys.READ, {200: answer, **_problems(others)})


def makes(answer: Any, conflict: Any = Problem, auth: keys.Bearer = keys.BOOK) -> dict[str, Any]:
    """For one that makes something: 201, or 200 where the same request made it before."""
    return _takes(auth, {201: answer, 200: answer, 409: conflict, **_problems(OF_A_BODY)})


def changes_a_visit(answer: Any, conflict: Any, stale: Any) -> dict[str, Any]:
    """For one that changes an appointment: 412 and 428 say how it stands now."""
    answers = {200: answer, 409: conflict, 412: stale, 428: stale, **_problems((404, *OF_A_BODY))}
    return _takes(keys.BOOK, answers)


def _takes(auth: keys.Bearer, answers: dict[int, Any]) -> dict[str, Any]:
    return {"auth": auth, "response": answers, "openapi_extra": {SCOPE: auth.scope.value}}


def _problems(statuses: tuple[int, ...]) -> dict[int, Any]:
    return dict.fromkeys((*statuses, *ALWAYS), Problem)


def new_patient(parts: PatientParts, field: str, now: datetime) -> NewPatient:
    """Who is to be put on record; `field` (such as "patient.") is where the parts stand in the body. Raises
    `Invalid` for a date of birth after the clinic's today of `now` (aware)."""
    if parts.date_of_birth is not None and parts.date_of_birth > clinic_today(now):
        raise Invalid("future", f"{field}date_of_birth", _("A date of birth cannot be in the future."))
    return parts.new_patient()


def known_parameters(operation: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a parameter of the address that the operation does not know: a mistyped filter would be none."""

    @wraps(operation)
    def run(request: HttpRequest, *args: Any, **values: Any) -> Any:
        models = [type(value) for value in values.values() if isinstance(value, BaseModel)]
        known = {field.alias or name for model in models for name, field in model.model_fields.items()}
        for name, given in request.GET.lists():
            if name not in known or request.method != "GET":
                message = _("The address has a parameter that is not known here: check it.")
                raise Invalid("extra_forbidden", name[:LONGEST_PARAMETER], message)
            if len(given) > 1:
                raise Invalid("given_twice", name, _("Give this once: only one of the values would count."))
        return operation(request, *args, **values)

    return run


def found(rows: QuerySet[Row], uuid: UUID) -> Row:
    """The row of an address; 404 without one."""
    row = rows.filter(uuid=uuid).first()
    if row is None:
        raise Http404
    return row


def visit(uuid: UUID) -> Appointment:
    """The appointment of an address, with its people; 404 without one."""
    appointment = appointments.find(uuid)
    if appointment is None:
        raise Http404
    return appointment


def all_named(*wanted: tuple[type[Model], UUID | None, str]) -> list[Any]:
    """The rows that fields of a request name, (model, uuid, field); None for a field that is left out. 422
    beside the first that names nothing. 1 query."""
    given = [(model, uuid, field) for model, uuid, field in wanted if uuid is not None]
    rows = _by_uuid(*(model for model, _, _ in given)).find(*(uuid for _, uuid, _ in given)) if given else []
    if rows is None:
        rows = [named(*each) for each in given]
    each_row = iter(rows)
    return [None if uuid is None else next(each_row) for _, uuid, _ in wanted]


def named(model: type[Row], uuid: UUID, field: str) -> Row:
    """The same for one field."""
    rows = _by_uuid(model).find(uuid)
    if rows is None:
        raise Invalid("unknown", field, _("Nothing is on record under this uuid."))
    row: Row = rows[0]
    return row


@cache
def _by_uuid(*models: type[Model]) -> ByUuid:
    return ByUuid(*models)


def patient_named(uuid: UUID, field: str) -> Patient:
    """The same for a patient, as it stands."""
    return standing(named(Patient, uuid, field))


def standing(patient: Patient) -> Patient:
    """Where the record was made a part of another, that one."""
    return patient if patient.merged_into_id is None else patients.standing(patient)


def recorded(rows: QuerySet[Any], paged: Paged) -> dict[str, Any]:
    """A page of rows in the order in which they were recorded: 1 query, 2 where none follows the cursor."""
    of = rows.model._meta.db_table
    after = row_of(of, paged.cursor)
    page = paging.as_recorded(rows, after, paged.limit)
    if after is not None and not page.rows and not rows.model._default_manager.filter(uuid=after).exists():
        raise not_of_this_list()  # that row was deleted since: an empty page would look like the end
    return {"items": page.rows, "next": cursor_of(of, page.rows[-1].uuid) if page.more else None}


def made(response: HttpResponse, answer: Any, address: str, *, is_new: bool) -> Status[Any]:
    """201 with where it is; 200 for a request that was answered before."""
    response["Location"] = address
    return Status(201 if is_new else 200, answer)
