"""The pages of regular visits, as a part of the walk over all of them."""

from uuid import uuid4

from scheduling.models import Appointment
from tests.conftest import madrid


def series(walk, osei, ben, checkup):
    """Ben on three Thursdays, of which the last two move to Friday."""
    form = {
        "uuid": uuid4(),
        "patient": ben.uuid,
        "visit_type": checkup.uuid,
        "doctor": osei.uuid,
        "day": "2026-03-05",
        "time": "13:00",
        "status": "confirmed",
        "description": "Rehabilitación",
        "count": "3",
        "rhythm": "1",
    }
    page = walk.ask("desk:series-plan", **form)
    agreed = [row.value for row in page.context["dates"].agreed]
    assert len(agreed) == 3
    walk.send("desk:series-book", **form, visit=agreed, shown=page.context["plan"].shown)
    walk.open("desk:series", form["uuid"])
    rows = Appointment.objects.filter(series__uuid=form["uuid"])
    visits = list(rows)
    assert [visit.claims.count() for visit in visits] == [6, 6, 6]
    gone = {
        "version": 1,
        "wish": "patient",
        "reason": "Viaja",
        "which": "after",
        "after": f"{visits[2].uuid}.1",
    }
    walk.send("desk:cancel", visits[1].uuid, **gone)
    walk.send("desk:series-undo", form["uuid"], after=[f"{visit.uuid}.2" for visit in visits[1:]])
    assert [visit.claims.count() for visit in visits] == [6, 6, 6]
    here = visits[1].uuid
    to = {"doctor": osei.uuid, "start": "2026-03-13T12:00+01:00", "reason": "Viaja"}
    page = walk.ask("desk:move-after", here, **to)
    agreed = [row.value for row in page.context["dates"].agreed]
    walk.send("desk:move-after-apply", here, **to, visit=agreed, after=page.context["marks"])
    assert list(rows.values_list("appointment_datetime", flat=True))[1:] == [
        madrid("2026-03-13 12:00"),
        madrid("2026-03-20 12:00"),
    ]
