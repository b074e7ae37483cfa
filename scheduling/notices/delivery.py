"""Sending what is due: decide, claim, hand over, stamp.

A claim is a conditional UPDATE on the notice, the version of its visit and of its patient: what was decided
still holds then. Between the moment in which a server takes a message and the stamp, a process can be lost.
Reminders and requests for an answer are stamped first, and then come once or not at all; all others are
stamped after, and may come twice, under the same Message-ID, UID and SEQUENCE (docs/messages.md).
"""

import logging
import secrets
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.conf import settings as site
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from scheduling import metrics
from scheduling.clock import clinic_zone
from scheduling.models import Appointment, Message, MessageSettings, Notice, Patient
from scheduling.models.notices import AT_MOST_ONCE
from scheduling.notices import bounces, codes, loading, words
from scheduling.notices.channels import Channel
from scheduling.notices.channels.base import Never, NotNow
from scheduling.notices.compose import compose
from scheduling.notices.hours import SendingHours
from scheduling.notices.loading import Batch
from scheduling.notices.outgoing import Outgoing, Telling
from scheduling.notices.telling import Told, decide

State: TypeAlias = Notice.State
Why: TypeAlias = Notice.Why
BATCH: Final = 50  # notices that are read at once
MOST: Final = 2000  # messages of one run: then other jobs have their turn
LEASE: Final = timedelta(minutes=5)
RETRIES: Final = tuple(timedelta(minutes=n) for n in (1, 5, 25, 120, 480))

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """How many notices a run took care of."""

    sent: int = 0
    skipped: int = 0
    put_off: int = 0
    failed: int = 0
    seen: set[int] = field(default_factory=set)  # keys: none is tried twice in one run


class Sender:
    """One process that sends, with a name of its own among all that do."""

    def __init__(self, *, clock: Callable[[], datetime] = timezone.now) -> None:
        self.clock = clock
        self.holder = secrets.token_hex(16)
        self.outcome = Outcome()
        self._open: dict[str, Channel] = {}
        self._away: set[str] = set()  # channels that did not answer in this run

    def run(self) -> Outcome:
        """Send all that is due, in the clinic's hours for sending."""
        settings = MessageSettings.current()
        hours = SendingHours.of(settings)
        try:
            while self.outcome.sent < MOST and hours.has(now := self.clock()):
                batch = loading.load(now, most=BATCH, passed_over=sorted(self.outcome.seen))
                if not batch.notices:
                    break
                self._send_batch(batch, settings, now)
        finally:
            for channel in self._open.values():
                channel.close()
        return self.outcome

    def _send_batch(self, batch: Batch, settings: MessageSettings, now: datetime) -> None:
        told: list[Told] = []
        skipped: dict[Why, list[int]] = defaultdict(list)
        for notice in batch.notices:
            self.outcome.seen.add(notice.pk)
            found = decide(
                notice,
                batch.visits[notice.appointment_id],
                batch.of_visit[notice.appointment_id],
                settings=settings,
                unreachable=batch.unreachable,
                now=now,
            )
            if isinstance(found, Told):
                told.append(found)
            else:
                skipped[found].append(notice.pk)
        for why, keys in skipped.items():
            due = Notice.objects.filter(loading.claimable(now), pk__in=keys)
            self.outcome.skipped += due.update(state=State.SKIPPED, why=why, lease_ends_at=None, holder="")
        own = words.current(settings)
        for group in _groups(told):
            self._send(group, batch, own)

    def _send(self, group: Sequence[Told], batch: Batch, own: words.ClinicsWords) -> None:
        """One message for these notices, all of one patient, kind and channel."""
        channel = self._opened(group)
        if channel is None:
            return
        now = self.clock()
        if not (group := self._claimed(group, now)):
            return
        telling = _telling(group, batch, now)
        message = compose(telling, group[0].to, now=now, own=own)
        is_once = telling.kind in AT_MOST_ONCE
        if is_once:
            self._stamp(group, telling, message, channel, now)
        try:
            channel.send(message)
        except NotNow as error:
            self._lost(channel)
            if is_once and not error.is_certain:
                self._end(group, State.FAILED, Why.UNCERTAIN, str(error))
            else:
                self._put_off(group, str(error), now)
            return
        except Never as error:
            self._end(group, State.FAILED, Why.REFUSED, str(error))
            if error.of_the_address:
                bounces.mark_unreachable(group[0].patient, group[0].to, answer=str(error), now=now)
            return
        if not is_once:
            self._stamp(group, telling, message, channel, now)
        self.outcome.sent += 1
        metrics.message_sent(channel.name, telling.kind)

    def _opened(self, group: Sequence[Told]) -> Channel | None:
        """The channel of a message, ready to take it; None where it is away: then what it should have sent
        waits for its next try."""
        channel = group[0].channel
        if channel.name in self._away:
            return None
        if channel.name not in self._open:
            try:
                channel.open()
            except NotNow as error:
                self._away.add(channel.name)
                logger.warning("Messages wait: %s is away (%s)", channel.name, error)
                if claimed := self._claimed(group, now := self.clock()):
                    self._put_off(claimed, str(error), now)
                return None
            self._open[channel.name] = channel
        return self._open[channel.name]

    def _lost(self, channel: Channel) -> None:
        """After an error the connection is not used again."""
        self._open.pop(channel.name, channel).close()

    def _claimed(self, group: Sequence[Told], now: datetime) -> list[Told]:
        """Those that are this process's from now on: nobody has them, and what was decided still holds."""
        keys = [one.news.notice.pk for one in group]
        rows = Notice.objects.filter(loading.claimable(now), _as_seen(group), pk__in=keys)
        values: dict[str, Any] = {"state": State.SENDING, "holder": self.holder}
        taken = rows.update(**values, lease_ends_at=now + LEASE, tries=F("tries") + 1)
        if taken == len(keys):
            return list(group)
        ours = (
            set(Notice.objects.filter(pk__in=keys, **values).values_list("pk", flat=True)) if taken else set()
        )
        return [one for one in group if one.news.notice.pk in ours]

    def _ours(self, group: Sequence[Told]) -> Any:
        keys = [one.news.notice.pk for one in group]
        return Notice.objects.filter(pk__in=keys, holder=self.holder)

    def _stamp(
        self, group: Sequence[Told], telling: Telling, message: Outgoing, channel: Channel, now: datetime
    ) -> None:
        """Sent: by which channel, what the patient knows now, and the message as it looked."""
        with transaction.atomic():
            row = Message.objects.create(
                patient=telling.patient,
                channel=channel.name,
                language=message.language,
                sent_at=now,
                address=message.to,
                subject=message.subject,
                text=message.text if channel.reaches == "email" else message.short,
                html=message.html if channel.reaches == "email" else "",
            )
            for one in group:
                self._ours([one]).update(
                    state=State.SENT,
                    kind=telling.kind,
                    channel=channel.name,
                    told=dict(one.facts),
                    code=telling.code,
                    message=row,
                    sent_at=now,
                    why="",
                    answer="",
                    lease_ends_at=None,
                )

    def _put_off(self, group: Sequence[Told], answer: str, now: datetime) -> None:
        """Until its next try; after the last one it has failed."""
        for one in group:
            tries = one.news.notice.tries
            if tries >= len(RETRIES):
                self._end([one], State.FAILED, Why.NOT_ACCEPTED, answer)
                continue
            self.outcome.put_off += self._ours([one]).update(
                state=State.DUE,
                due_at=now + RETRIES[tries],
                answer=answer[:40],
                lease_ends_at=None,
                holder="",
                **NOT_TOLD,
            )

    def _end(self, group: Sequence[Told], state: State, why: Why, answer: str) -> None:
        self.outcome.failed += self._ours(group).update(
            state=state, why=why, answer=answer[:40], lease_ends_at=None, **NOT_TOLD
        )


NOT_TOLD: Final[dict[str, Any]] = {"told": {}, "message": None, "sent_at": None, "code": ""}


def _as_seen(group: Sequence[Told]) -> Q:
    """That the visits and their patients are as they were when it was decided."""
    found = Q()
    for one in group:
        visit, patient = one.news.visit, one.patient
        as_seen = Appointment.objects.filter(pk=OuterRef("appointment"), version=visit.version)
        is_wanted = Patient.objects.filter(pk=patient.pk, version=patient.version)
        found |= Q(Exists(as_seen), Exists(is_wanted), appointment=visit.pk)
    return found


def _groups(told: Sequence[Told]) -> list[list[Told]]:
    """What goes to one patient in one message: news of the same kind; reminders of visits on the same day."""
    zone = clinic_zone()
    groups: dict[tuple[Any, ...], list[Told]] = defaultdict(list)
    for one in told:
        day = one.news.visit.appointment_datetime.astimezone(zone).date()
        apart = day if one.kind in AT_MOST_ONCE else None
        groups[one.patient.pk, one.channel.name, one.to, one.kind, apart].append(one)
    return [sorted(group, key=lambda one: one.news.visit.appointment_datetime) for group in groups.values()]


def _telling(group: Sequence[Told], batch: Batch, now: datetime) -> Telling:
    patient = group[0].patient
    known = {code for code, _name in site.LANGUAGES}
    said = {batch.words.get(one.news.notice.pk, "") for one in group}
    return Telling(
        kind=group[0].kind,
        patient=patient,
        news=[one.news for one in group],
        language=patient.language if patient.language in known else site.LANGUAGE_CODE,
        code=codes.new_code(now) if group[0].kind in AT_MOST_ONCE else "",
        words=said.pop()
        if len(said) == 1 and group[0].kind in {Notice.Kind.MOVED, Notice.Kind.CANCELLED}
        else "",
    )
