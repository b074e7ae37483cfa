"""What a correction changed, in words: from what to what."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from scheduling.models import AppointmentEvent
from scheduling.templatetags.clinic import moment


def said(event: AppointmentEvent, names: Mapping[str, str], now: datetime) -> SafeString:
    """ "the type from Consultation to First visit, the length from 20 to 30 minutes"."""
    return format_html_join(", ", "{}", ((part,) for part in _parts(event, names, now)))


def _parts(event: AppointmentEvent, names: Mapping[str, str], now: datetime) -> Iterator[str]:
    before, after = event.before, event.after

    def both(fact: str, sentence: str, **said: Any) -> Iterator[SafeString]:
        if fact in after:
            yield format_html(sentence, **said)

    def named(fact: str) -> dict[str, str]:
        return {"before": names.get(before.get(fact), ""), "after": names.get(after.get(fact), "")}

    kind = named("visit_type")
    if not kind["before"]:
        yield from both("visit_type", _("the type, which was open, to {after}"), **kind)
    elif not kind["after"]:
        yield from both("visit_type", _("the type from {before} to none"), **kind)
    else:
        yield from both("visit_type", _("the type from {before} to {after}"), **kind)
    length = {"before": before.get("minutes"), "after": after.get("minutes")}
    yield from both("minutes", _("the length from {before} to {after} minutes"), **length)
    yield from both("patient", _("the patient from {before} to {after}"), **named("patient"))
    yield from _reason(before.get("description"), after.get("description"))
    yield from both("doctor", _("the doctor from {before} to {after}"), **named("doctor"))
    if "start" in after:
        at = [moment(datetime.fromisoformat(facts["start"]), now) for facts in (before, after)]
        yield from both("start", _("the time from {before} to {after}"), before=at[0], after=at[1])
    if set(after) <= {"buffer_minutes", "undone", "accepted"}:
        buffer = {"before": before.get("buffer_minutes"), "after": after.get("buffer_minutes")}
        yield from both("buffer_minutes", _("the buffer from {before} to {after} minutes"), **buffer)


def _reason(before: str | None, after: str | None) -> Iterator[SafeString]:
    if after is None:
        return
    if not before:
        yield format_html(_("the reason, which was open, to “{after}”"), after=after)
    elif not after:
        yield format_html(_("the reason from “{before}” to none"), before=before)
    else:
        yield format_html(_("the reason from “{before}” to “{after}”"), before=before, after=after)
