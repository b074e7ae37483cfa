"""The messages about a visit as pages list them: lines with what can be done with each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from scheduling.models import Appointment, Notice
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices import answers
from scheduling.notices.coming import Coming, Outlook
from scheduling.templatetags.clinic import moment, spoken_language
from scheduling.views.desk.shared import told

State = Notice.State
Why = Notice.Why
SENT_SHOWN: Final = 10  # of a patient's messages


@dataclass(frozen=True)
class Press:
    """A button of a message: where it is sent, with which fields, and its words."""

    address: str
    label: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    is_quiet: bool = False


@dataclass(frozen=True)
class Line:
    """One message in the list of a visit; `said` are the parts of a sentence beside it."""

    heading: str
    said: Sequence[str]
    icon: str = "mail"
    is_next: bool = False
    is_bad: bool = False
    seen_at: str = ""  # the address of the message as it was
    replies: Sequence[str] = ()
    presses: Sequence[Press] = ()


@dataclass(frozen=True)
class Panel:
    """All that a page says of the messages about a visit."""

    reached: str  # to ana@mail.example, in Spanish; "" where there is no way
    no_way: str  # that there is none, and why
    may_mend: bool  # whether an address in the record would help
    lines: Sequence[Line]
    left_out: Sequence[str]
    again: Press | None  # the button where no line has it
    is_again: bool  # whether there is such a button at all


def panel(outlook: Outlook | None, *, may_send: bool, now: datetime) -> Panel | None:
    """Of the visit's page; None where this clinic writes to nobody."""
    if outlook is None:
        return None
    elsewhere, beside = _again_elsewhere(outlook) if may_send else None, _again_at(outlook)
    return Panel(
        reached=told.reached(outlook.way),
        no_way=told.no_way(outlook.way),
        may_mend=outlook.way.why in {Why.NO_ADDRESS, Why.UNREACHABLE},
        lines=_lines(outlook, may_send=may_send, now=now),
        left_out=_left_out(outlook),
        again=elsewhere,
        is_again=elsewhere is not None or (may_send and outlook.again is None and beside is not None),
    )


def after_booking(outlook: Outlook | None, *, may_send: bool, now: datetime) -> Panel | None:
    """Of the page that confirms a booking: what is to come, in whole sentences, and what was held back."""
    found = panel(outlook, may_send=may_send, now=now)
    if outlook is None or found is None:
        return None
    said = []
    for one, line in zip(_shown(outlook), found.lines, strict=False):
        if one.why is not None or one.is_being_sent:
            said.append(line)
        elif one.told is None:  # a reminder
            said.append(replace(line, heading=f"{line.heading}: {moment(one.at, now)}", said=()))
        else:
            heading = told.goes_out(one, outlook.way, now)
            said.append(replace(line, heading=heading, said=[_how(one, outlook, now)]))
    held = (_past(row, outlook, now, is_again=False) for row in outlook.past if row.why == Why.HELD_BACK)
    said += held if may_send else map(_only_read, held)
    return replace(found, lines=said, again=None, is_again=False)


def _hold_back(one: Coming, visit: Appointment) -> Press:
    """The button that holds a message back, whether it has a row already or not."""
    if one.notice is None:
        address = reverse("desk:reminder-hold", args=[visit.uuid, one.days_before])
        return Press(address, _("Don’t send"))
    label = _("Don’t send") if one.is_reminder else _("Hold back")
    fields = {"version": visit.version}
    return Press(reverse("desk:notice-hold", args=[one.notice.uuid]), label, fields)


def _shown(outlook: Outlook) -> Iterator[Coming]:
    """Those to come; where there is no way to the patient at all, that is said once (`no_way`)."""
    return (one for one in outlook.coming if one.why is None or one.why != outlook.way.why)


def _lines(outlook: Outlook, *, may_send: bool, now: datetime) -> list[Line]:
    """The next one on top, then what is to come, then what was, the newest first."""
    again = _again_at(outlook)
    found = [_coming(one, outlook, now) for one in _shown(outlook)]
    found += [_past(row, outlook, now, is_again=row is again) for row in outlook.past]
    return found if may_send else [_only_read(line) for line in found]


def _coming(one: Coming, outlook: Outlook, now: datetime) -> Line:
    start = one.told.news.named_at if one.told else outlook.visit.appointment_datetime
    said = told.heading(one.kind, one.days_before, start)
    if one.notice is not None and one.notice.former_patient is not None:
        said = told.heading_of(one.notice)
    if one.why is not None:
        return Line(said, [_("is not sent: %(why)s") % {"why": one.why.label}], icon="clock")
    if one.is_being_sent:
        return Line(said, [_("is being sent now")], icon="clock", is_next=True)
    parts = [_goes_out(one, now)]
    if one.told:
        parts.append(told.by_which(one.told))
    elif outlook.way.channel:
        parts.append(str(outlook.way.channel.label))
    if one.notice is not None and one.notice.tries:
        parts.append(_tried(one.notice))
    presses = [_hold_back(one, outlook.visit)]
    if one.notice is not None and outlook.sends_now and one.at > now:
        address = reverse("desk:notice-now", args=[one.notice.uuid])
        presses.append(Press(address, _("Send now"), is_quiet=True))
    return Line(said, parts, icon="clock", is_next=one is outlook.next, presses=presses)


def _goes_out(one: Coming, now: datetime) -> str:
    words = {"when": moment(one.at, now), "soon": told.soon(one.at, now)}
    if not words["soon"]:
        return _("goes out %(when)s") % words
    if one.is_reminder:
        return _("goes out %(when)s, %(soon)s") % words
    return _("goes out %(when)s, %(soon)s, unless the visit changes again") % words


def _how(one: Coming, outlook: Outlook, now: datetime) -> str:
    words = {
        "when": capfirst(moment(one.at, now)),
        "language": spoken_language(outlook.way.language),
        "channel": told.by_which(one.told) if one.told else "",
    }
    if one.at <= now:
        return _("In %(language)s. %(channel)s.") % words
    return _("%(when)s, in %(language)s. %(channel)s. If you cancel it before, nothing is sent.") % words


def _past(row: Notice, outlook: Outlook, now: datetime, *, is_again: bool) -> Line:
    presses = [_again(outlook, _("Send again"))] if is_again and outlook.again is None else []
    if row.state == State.SENT:
        parts = [_("sent %(when)s") % {"when": moment(row.sent_at, now)}, told.channel_name(row.channel)]
        if row.delivered_at:
            parts.append(_("delivered"))
        message = row.message
        seen_at = reverse("desk:message", args=[outlook.visit.uuid, message.uuid]) if message else ""
        return Line(
            told.heading_of(row),
            [part for part in parts if part],
            seen_at=seen_at,
            replies=[*_replies(row, now)],
            presses=presses,
        )
    if row.why == Why.HELD_BACK:
        if row.pk in outlook.useful:
            address = reverse("desk:notice-release", args=[row.uuid])
            presses.insert(0, Press(address, _("Send it after all")))
        return Line(
            _("Held back: %(what)s") % {"what": told.in_a_sentence(row)},
            [_held(row, now)],
            "stop",
            presses=presses,
        )
    failed = row.state == State.FAILED
    said = _("Not delivered: %(what)s") if failed else _("Not sent: %(what)s")
    parts = [moment(row.due_at, now), row.get_why_display()]
    if failed:
        parts.append(_tried(row))
    if row.settled_at and row.settled_by:
        words = {"who": row.settled_by.spoken_name, "when": moment(row.settled_at, now)}
        parts.append(_("told by %(who)s, %(when)s") % words)
    is_bad = row.settled_at is None
    return Line(said % {"what": told.in_a_sentence(row)}, parts, "stop", is_bad=is_bad, presses=presses)


def _held(row: Notice, now: datetime) -> str:
    at = moment(row.settled_at, now)
    if row.settled_by is None:
        return at
    return _("at the desk by %(who)s, %(when)s") % {"who": row.settled_by.spoken_name, "when": at}


def _tried(row: Notice) -> str:
    said = ngettext("tried once", "tried %(n)s times", row.tries) % {"n": row.tries}
    return f"{said}: {answers.in_words(row.answer)}" if row.answer else said


def _replies(row: Notice, now: datetime) -> Iterator[str]:
    for reply in row.replies.all():
        words = {
            "text": reply.text,
            "when": moment(reply.at, now),
            "outcome": reply.get_outcome_display(),
        }
        if reply.text:
            yield _("Answered “%(text)s”, %(when)s: %(outcome)s") % words
        else:
            yield _("Answered %(when)s: %(outcome)s") % words


def _again_at(outlook: Outlook) -> Notice | None:
    """The message beside which the button for another one stands: the newest that was no reminder."""
    told = (row for row in outlook.past if row.kind not in AT_MOST_ONCE and row.former_patient_id is None)
    return next((row for row in told if row.why != Why.HELD_BACK), None)


def _again(outlook: Outlook, label: str) -> Press:
    address = reverse("desk:notice-again", args=[outlook.visit.uuid])
    return Press(address, label, {"copies": outlook.copies}, is_quiet=True)


def _again_elsewhere(outlook: Outlook) -> Press | None:
    """The button for what is true now, where no line is there to have it."""
    held = (row for row in outlook.past if row.pk in outlook.useful and row.kind not in AT_MOST_ONCE)
    if outlook.again is not None or _again_at(outlook) is not None or any(held):
        return None
    return _again(outlook, _("Send a message now"))


def _left_out(outlook: Outlook) -> list[str]:
    """Why some reminders do not come."""
    said = [
        ngettext(
            "The reminder %(n)s day before is left out: the visit is sooner.",
            "The reminder %(n)s days before is left out: the visit is sooner.",
            days,
        )
        % {"n": days}
        for days in outlook.left_out
    ]
    return said if outlook.way.why is None else []


def _only_read(line: Line) -> Line:
    return replace(line, presses=())
