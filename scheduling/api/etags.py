"""`If-Match`: a change says which version of the appointment it was decided on."""

import re
from typing import Final

from django.http import HttpRequest
from django.utils.translation import gettext as _

from scheduling.api.problems import Refusal
from scheduling.api.schemas.appointments import AppointmentDetail, etag
from scheduling.api.schemas.base import Reason
from scheduling.booking.actions import Seen
from scheduling.models import Appointment

ETAG: Final = re.compile(r'"(\d{1,9})"', re.ASCII)
NO_VERSION: Final = 0  # none has it: an ETag of something else is of no version


def seen(request: HttpRequest, appointment: Appointment) -> Seen:
    """The version that the asker has seen; `*` is whatever stands now. Raises `Refusal` (428) without one."""
    given = request.headers.get("If-Match", "").strip()
    if given == "*":
        return Seen.now(appointment)
    if not given:
        current = AppointmentDetail.from_orm(appointment).model_dump()
        message = _(
            "Say on which version this was decided: If-Match, with the ETag of the appointment, or *."
        )
        reason = Reason(code="if_match_missing", field="If-Match", message=message)
        raise Refusal(428, reason, headers={"ETag": etag(appointment)}, current=current)
    versions = {int(found) for found in ETAG.findall(given)}
    version = appointment.version if appointment.version in versions else max(versions, default=NO_VERSION)
    return Seen(appointment.uuid, version)
