"""A message as it leaves: the templates of its kind in the patient's language.

A kind is a folder in templates/notices with the files of `FILES`; what they share lies beside the folders.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.template.context import Context
from django.template.loader import get_template
from django.utils import translation

from scheduling.clock import clinic_zone
from scheduling.matching.emails import deliverable
from scheduling.models import CALLED_OFF, Notice, Status
from scheduling.notices import gsm7, words
from scheduling.notices.calendar import Method, file_for
from scheduling.notices.channels.email import sender
from scheduling.notices.facts import facts_of
from scheduling.notices.outgoing import CalendarFile, News, Outgoing, Telling
from scheduling.notices.unsubscribing import public_address

FILES: Final = ("subject.txt", "text.txt", "page.html", "short.txt")
FOLDER: Final = "notices"
# What a text message may have beside the time, for as long as it fits into one.
# Which link of the first visit, and whether the phone: the fullest first.
SHORT_FORMS: Final = (("url", True), ("short_url", True), ("url", False), ("short_url", False), ("", True))


def compose(telling: Telling, to: str, *, now: datetime, own: words.ClinicsWords | None = None) -> Outgoing:
    """The message for an address, for whichever channel. `own`: the clinic's words, where they were read for
    many messages (`words.current`); else 3 queries. Nothing else is asked of the database where the visits
    came with their doctors."""
    own = own or words.current()
    with translation.override(telling.language):
        facts = facts_of(telling, own, now=now)
        subject = one_line(_rendered(telling.kind, "subject.txt", facts))
        return Outgoing(
            key=telling.lead.uuid,
            kind=telling.kind,
            language=telling.language,
            to=to,
            subject=subject,
            text=tidy(_rendered(telling.kind, "text.txt", facts)),
            html=without_gaps(_rendered(telling.kind, "page.html", {**facts, "subject": subject})),
            short=_short(telling.kind, facts),
            unsubscribe_url=facts.get("unsubscribe_url", ""),
            calendars=calendars_of(telling, to=to, now=now),
        )


def template_name(kind: str, file: str) -> str:
    return f"{FOLDER}/{kind}/{file}"


def _rendered(kind: Notice.Kind, file: str, facts: Mapping[str, Any]) -> str:
    # Escaped where it is HTML. Django's own loader would escape texts as well.
    template: Any = get_template(template_name(kind, file))
    rendered: str = template.template.render(Context(dict(facts), autoescape=file.endswith(".html")))
    return rendered


def _short(kind: Notice.Kind, facts: Mapping[str, Any]) -> str:
    """The text message: the fullest one that is paid for once, without accents that would halve its room;
    else the fullest with the shorter link."""
    texts = [gsm7.folded(one_line(_rendered(kind, "short.txt", form))) for form in _short_forms(facts)]
    return next((text for text in texts if gsm7.segments(text).count == 1), texts[min(1, len(texts) - 1)])


def _short_forms(facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The facts with and without what a text message can do without: never without both, unless it can be
    answered."""
    first, is_one = facts["first"], len(facts["visits"]) == 1  # a link shows one of several
    given = [
        {
            "url": getattr(first, link) if link and is_one else "",
            "phone": facts["clinic"]["phone"] if has_phone else "",
        }
        for link, has_phone in SHORT_FORMS
    ]
    useful = [form for form in given if any(form.values())]
    bare = [dict.fromkeys(("url", "phone"), "")] if facts["code"] or not useful else []
    for form in [*useful, *bare]:
        yield {**facts, "short": form}


def one_line(text: str) -> str:
    return " ".join(text.split())


def tidy(text: str) -> str:
    """Without what tags of templates leave behind: paragraphs apart by one empty line, lists in one piece."""
    lines = "\n".join(line.rstrip() for line in text.strip().splitlines())
    lines = re.sub(r"\n{3,}", "\n\n", lines)
    return re.sub(r"^(- .*)\n\n(?=- )", r"\1\n", lines, flags=re.MULTILINE) + "\n"


def without_gaps(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if line.strip()) + "\n"


def calendars_of(telling: Telling, *, to: str, now: datetime) -> tuple[CalendarFile, ...]:
    """A file for each visit that is agreed, or called off: it may have been agreed and put in at some time,
    and to take out what is not there does no harm. None where the message goes to a number."""
    if "@" not in to:
        return ()
    return tuple(_file(one, to, now) for one in telling.news if _is_for_calendars(one, to))


def _file(one: News, to: str, now: datetime) -> CalendarFile:
    visit = one.visit
    method = Method.CANCEL if _is_off(one) else Method.REQUEST
    link = "" if method == Method.CANCEL else public_address("appointment-status", visit.uuid)
    content = file_for(visit, method=method, now=now, sender=sender(), to=to, link=link)
    return CalendarFile(_file_name(one.named_at), method.value, content)


def _is_off(one: News) -> bool:
    return one.notice.former_patient_id is not None or one.visit.status in CALLED_OFF


def _is_for_calendars(one: News, to: str) -> bool:
    if not _is_off(one):
        return one.visit.status != Status.PENDING
    # A mother's and her child's: the visit stays in the calendar of their one mailbox.
    is_same = to.casefold() == deliverable(one.visit.patient.email).casefold()
    return bool(one.was) and not (is_same and one.visit.status not in CALLED_OFF)


def _file_name(at: datetime) -> str:
    return f"appointment-{at.astimezone(clinic_zone()):%Y-%m-%d-%H%M}.ics"
