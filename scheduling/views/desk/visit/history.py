"""The history of a visit in sentences: the one place where an event becomes words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from scheduling.booking.actions import Wish
from scheduling.models import AppointmentEvent, Source, Status
from scheduling.templatetags.clinic import moment
from scheduling.views.desk.visit import corrections

Kind = AppointmentEvent.Kind

DOORS: Final[Mapping[str, str | Promise]] = {
    Source.DESK: gettext_lazy("at the desk"),
    Source.PATIENT: gettext_lazy("online"),
    Source.API: gettext_lazy("through another program"),
    Source.IMPORT: gettext_lazy("by an import"),
    Source.LEGACY: gettext_lazy("from the old book"),
}
# Who acted, where no account is named.
NAMELESS: Final[Mapping[str, str | Promise]] = {
    Source.DESK: gettext_lazy("Someone"),
    Source.PATIENT: gettext_lazy("The patient"),
    Source.API: gettext_lazy("Another program"),
    Source.IMPORT: gettext_lazy("An import"),
    Source.LEGACY: gettext_lazy("The old book"),
}
BECAME: Final[Mapping[str, str | Promise]] = {
    Status.CONFIRMED: gettext_lazy("{who} confirmed it."),
    Status.ARRIVED: gettext_lazy("{who} marked the patient as arrived."),
    Status.IN_PROGRESS: gettext_lazy("{who} started the visit."),
    Status.COMPLETED: gettext_lazy("{who} marked the visit as completed."),
    Status.NO_SHOW: gettext_lazy("{who} noted that the patient did not come."),
    Status.ENTERED_IN_ERROR: gettext_lazy("{who} marked it as entered in error."),
}
CANCELLED: Final[Mapping[str, str | Promise]] = {
    Wish.PATIENT: gettext_lazy("{who} cancelled it at the patient’s request."),
    Wish.CLINIC: gettext_lazy("{who} cancelled it for the clinic."),
    "": gettext_lazy("{who} cancelled it."),
}
BEGAN_AS: Final[Mapping[str, str | Promise]] = {
    Status.PENDING: gettext_lazy("Booked as pending."),
    Status.CONFIRMED: gettext_lazy("Booked as confirmed."),
}
OVERRIDDEN: Final[Mapping[str, str | Promise]] = {
    "outside_hours": gettext_lazy("Outside the doctor’s hours, on purpose."),
    "time_off": gettext_lazy("In the doctor’s time off, on purpose."),
    "no_hours": gettext_lazy("On purpose, though the doctor has no hours."),
    "type_not_given": gettext_lazy("On purpose, though the doctor does not give this type."),
    "type_not_for_age": gettext_lazy("On purpose, though the type is not for this age."),
    "doctor_not_for_age": gettext_lazy("On purpose, though the doctor does not see this age."),
}


@dataclass(frozen=True)
class Entry:
    """One event: `sentences` are safe HTML; `reason` is what a person typed."""

    at: datetime
    door: str
    sentences: Sequence[str]
    reason: str

    @property
    def first(self) -> str:
        """What happened, without its circumstances."""
        return self.sentences[0]


def entry_of(event: AppointmentEvent, names: Mapping[str, str], *, reader: User, now: datetime) -> Entry:
    """`names`: by uuid, as `queries.appointments.names_in` gives them. The reader is told "You"."""
    return Entry(
        at=event.at,
        door=str(DOORS.get(event.channel, "")),
        sentences=[_what(event, names, _who(event, reader), now), *_circumstances(event)],
        reason=event.reason,
    )


def dated(entry: Entry, *, now: datetime) -> SafeString:
    """ "today, 10:36: Tomás moved it from ..." """
    sentence = _("{when}: {what}")
    return format_html(sentence, when=capfirst(moment(entry.at, now)), what=entry.first)


def _what(event: AppointmentEvent, names: Mapping[str, str], who: str, now: datetime) -> SafeString:
    match event.kind:
        case Kind.BOOKED:
            return _by(who, _("{who} booked it."))
        case Kind.ADOPTED:
            return format_html("{}", _("Taken over from the old book."))
        case Kind.MOVED:
            return _moved(event, names, who, now)
        case Kind.EDITED:
            undone = _("{who} undid a correction: {changes}.")
            sentence = undone if event.after.get("undone") else _("{who} corrected it: {changes}.")
            return _by(who, sentence, changes=corrections.said(event, names, now))
        case Kind.CANCELLED:
            return _by(who, CANCELLED[event.after.get("wish", "")])
        case Kind.UNDONE:
            before, after = _word(event.before.get("status")), _word(event.after.get("status"))
            sentence = _("{who} undid “{before}”. It was “{after}” again.")
            return _by(who, sentence, before=before, after=after)
        case Kind.MERGED:
            sentence = _("{who} merged two records of the patient. This visit came from the other one.")
            return _by(who, sentence)
        case Kind.SEPARATED:
            sentence = _("{who} separated two records of the patient again, and this visit with them.")
            return _by(who, sentence)
        case Kind.CLEANED:
            return format_html("{}", _("Characters that nobody sees were taken out of its texts."))
    return _by(who, BECAME.get(event.after.get("status", ""), _("{who} changed it.")))


def _moved(event: AppointmentEvent, names: Mapping[str, str], who: str, now: datetime) -> SafeString:
    try:
        before, after = (
            {"at": moment(datetime.fromisoformat(facts["start"]), now), "doctor": facts["doctor"]}
            for facts in (event.before, event.after)
        )
    except KeyError:
        return _by(who, _("{who} moved it."))
    doctors = {
        "doctor": names.get(before["doctor"], ""),
        "other": names.get(after["doctor"], ""),
    }
    times = {"before": _bold(before["at"]), "after": _bold(after["at"])}
    if before["doctor"] == after["doctor"]:
        return _by(who, _("{who} moved it from {before} to {after}."), **times)
    if before["at"] == after["at"]:
        return _by(who, _("{who} moved it from {doctor} to {other}, at the same time."), **doctors)
    sentence = _("{who} moved it from {before} with {doctor} to {after} with {other}.")
    return _by(who, sentence, **times, **doctors)


def _circumstances(event: AppointmentEvent) -> Iterator[str]:
    if event.kind == Kind.BOOKED and (began := BEGAN_AS.get(event.after.get("status", ""))):
        yield str(began)
    if event.kind == Kind.ADOPTED and (word := event.before.get("status")):
        yield format_html(_("Its status there was “{word}”."), word=word)
    if event.after.get("series"):
        is_booked = event.kind == Kind.BOOKED
        yield _("As one of a series.") if is_booked else _("Together with those after it in its series.")
    if event.after.get("lane"):
        yield _("Overbooked on purpose.")
    for code in event.after.get("accepted", ()):
        if code in OVERRIDDEN:
            yield str(OVERRIDDEN[code])


def _who(event: AppointmentEvent, reader: User) -> str:
    if event.by_id == reader.pk:
        return pgettext("who did it", "You")
    return event.by.spoken_name if event.by else str(NAMELESS.get(event.channel, _("Someone")))


def _by(who: str, sentence: str | Promise, **words: str) -> SafeString:
    return format_html(str(sentence), who=_bold(who), **words)


def _bold(text: str) -> SafeString:
    return format_html("<b>{}</b>", text)


def _word(status: str | None) -> str:
    return str(Status(status).label) if status in Status.values else ""
