"""Of what needs attention: patients whom a message did not reach, and what patients wrote back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.who import account_of
from scheduling.access import desk
from scheduling.booking.rights import RESOLVE_ATTENTION, SEND_NOTICES, VIEW_ATTENTION
from scheduling.forms.attention import VisitsForm
from scheduling.models import Appointment, Notice, Patient, Reply
from scheduling.notices import answers, senders, settling
from scheduling.queries import untold as queries
from scheduling.views.desk.attention.shared import back


@dataclass(frozen=True)
class Untold:
    """A patient whom a message did not reach."""

    notice: Notice

    @property
    def visit(self) -> Appointment:
        return self.notice.appointment

    @property
    def patient(self) -> Patient:
        return self.notice.former_patient or self.visit.patient

    @property
    def was_at(self) -> datetime | None:
        """When the visit is as the patient knows it, where that is another time."""
        was = self.notice.was.get("start")
        at = datetime.fromisoformat(was) if was else None
        return at if at != self.visit.appointment_datetime else None

    @property
    def answer(self) -> str:
        return answers.in_words(self.notice.answer)

    @property
    def may_be_tried_again(self) -> bool:
        return settling.may_be_tried_again(self.notice)


@dataclass(frozen=True)
class Written:
    """A reply, and who it may be from."""

    reply: Reply
    number: str  # to call; "" where what sent it is none
    patients: Sequence[Patient] = field(default_factory=tuple)

    @property
    def visit(self) -> Appointment | None:
        return None if self.reply.notice is None else self.reply.notice.appointment

    @property
    def written_to(self) -> Patient | None:
        """Whom the message told that this answers; None where it is not known which one that was."""
        if self.reply.notice is None:
            return None
        return self.reply.notice.former_patient or self.reply.notice.appointment.patient


def untold(rows: Iterable[Notice]) -> list[Untold]:
    return [Untold(notice) for notice in rows]


def written(rows: Iterable[Reply]) -> list[Written]:
    """With the patients whose number it is: at most 2 queries for all."""
    found = [(reply, senders.number_of(reply.sender)) for reply in rows]
    known = queries.with_numbers({number for _reply, number in found})
    return [_written(reply, number, known.get(number, ())) for reply, number in found]


def _written(reply: Reply, number: str, patients: Sequence[Patient]) -> Written:
    """Where nothing is said of who sent it, it is from whom the message told that it answers."""
    found = Written(reply, number, patients)
    if reply.sender or found.written_to is None:
        return found
    return replace(found, patients=[found.written_to])


@desk(VIEW_ATTENTION, RESOLVE_ATTENTION)
@require_POST
def told(request: HttpRequest) -> HttpResponse:
    """Somebody called: the patient knows how the visit is."""
    now, form = timezone.now(), VisitsForm(request.POST)
    form.is_valid()
    by = account_of(request)
    seen = form.cleaned_data["visit"]  # the button of one row: a notice, and the version of its visit
    done = [settling.told(_notice(uuid), version=version, by=by, now=now) for uuid, version in seen]
    if not any(done):
        messages.warning(request, _("A visit was changed meanwhile. Look at it again before you tell it."))
    return back(request, now if any(done) else None, group="untold")


@desk(VIEW_ATTENTION, SEND_NOTICES)
@require_POST
def again(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The message is sent once more, at once or when messages are sent again."""
    notice = _notice(uuid)
    name = (notice.former_patient or notice.appointment.patient).full_name
    if settling.may_be_tried_again(notice) and settling.try_again(Q(pk=notice.pk), now=timezone.now()):
        messages.success(request, _("The message to %(patient)s goes out again.") % {"patient": name})
    else:
        messages.warning(request, _("Somebody has taken care of this message already."))
    return back(request, None, group="untold")


@desk(VIEW_ATTENTION, RESOLVE_ATTENTION)
@require_POST
def dealt_with(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Somebody read the reply and did what there was to do."""
    now, reply = timezone.now(), Reply.objects.filter(uuid=uuid).first()
    if reply is None:
        raise Http404
    done = settling.dealt_with(reply, by=account_of(request), now=now)
    return back(request, now if done else None, group="replies")


def _notice(uuid: UUID) -> Notice:
    people = ("appointment__doctor", "appointment__patient", "former_patient")
    notice = Notice.objects.select_related(*people).filter(uuid=uuid).first()
    if notice is None:
        raise Http404
    return notice
