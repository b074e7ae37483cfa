"""The address of every page of the desk."""

from django.urls import URLPattern, get_resolver

from scheduling.models import Appointment, Message, Notice, Reply, Series, TimeOff


def pages(osei, ana, ben):
    """The address of every page of the desk, about rows that exist, with its view."""
    visit = Appointment.objects.order_by("appointment_datetime")[0]
    series = Series.objects.get()
    rows = {"appointments": visit, "patients": ana, "week": osei, "hours": osei, "series": series}
    named = {
        "hours/time-off/": TimeOff.objects.get(is_block=False),
        "blocks/": TimeOff.objects.get(is_block=True),
        "attention/doctors/": osei,
        "attention/patients/": ana,
        "attention/messages/": Notice.objects.get(why="bounced"),
        "attention/replies/": Reply.objects.get(notice=None),
        "notices/": Notice.objects.due().get(),
        "book/draft/": visit,
    }
    message = Message.objects.filter(notices__appointment=visit).get()
    for address, view in _walk(get_resolver("scheduling.urls.desk")):
        below = (row for prefix, row in named.items() if address.startswith(prefix))
        row = next(below, rows.get(address.partition("/")[0]))
        values = {
            "<day:day>": "2026-03-02",
            "<week:monday>": "2026-W10",
            "<month:first>": "2026-03",
            "<uuid:uuid>": str(row and row.uuid),
            "<uuid:other>": str(ben.uuid),
            "<uuid:message>": str(message.uuid),
            "<int:days>": "1",
            "<weekday:weekday>": "1",
            "<int:index>": "0",
        }
        filled = f"/desk/{address}"
        for pattern, value in values.items():
            filled = filled.replace(pattern, value)
        yield filled, view


def _walk(resolver, prefix=""):
    for entry in resolver.url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield address, entry.callback
        else:
            yield from _walk(entry, address)
