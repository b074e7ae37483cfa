"""A message in the patient's language."""

from datetime import datetime

from django.utils import translation

from scheduling.clock import clinic_zone
from scheduling.notices.outgoing import Outgoing, Telling


def compose(telling: Telling, to: str, *, now: datetime) -> Outgoing:
    zone = clinic_zone()
    times = ", ".join(f"{one.named_at.astimezone(zone):%Y-%m-%d %H:%M}" for one in telling.news)
    with translation.override(telling.language):
        text = f"{telling.kind}: {times}"
    return Outgoing(telling.lead.uuid, telling.kind, telling.language, to, text, text, f"<p>{text}</p>", text)
