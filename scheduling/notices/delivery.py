"""Sending what is due: decide, claim, hand over, stamp.

A claim is a conditional UPDATE on the notice, the version of its visit and of its patient: what was decided
still holds then. Between the moment in which a server takes a message and the stamp, a process can be lost.
Reminders and requests for an answer are stamped first, and then come once or not at all; all others are
stamped after, and may come twice, under the same Message-ID, UID and SEQUENCE (docs/messages.md).
"""

import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from django.conf import settings as site
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from scheduling import metrics
from scheduling.models import Message, MessageSettings, Notice
from scheduling.models.notices import AT_MOST_ONCE, NEVER_SENT
from scheduling.notices import bounces, grouping, loading, words
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
STALE: Final = timedelta(minutes=1)  # what was read longer ago is read anew before more of it is sent
MOST_TRIES: Final = 12  # of a message at which processes are lost
BREAKS: Final = 3  # of a channel's connection in one run: then it is away
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
        self._broken: Counter[str] = Counter()  # how often each channel did not answer in this run

    def run(self) -> Outcome:
        """Send all that is due, in the clinic's hours for sending."""
        settings = MessageSettings.current()
        hours = SendingHours.of(settings)
        try:
            while self.outcome.sent < MOST and not self._all_away() and hours.has(now := self.clock()):
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
            if grouping.is_being_told(batch.of_visit[notice.appointment_id], notice, now):
                continue  # in another process: what it tells decides what is news
            found = (
                Why.NOT_ACCEPTED
                if notice.tries >= MOST_TRIES
                else decide(
                    notice,
                    batch.visits[notice.appointment_id],
                    batch.of_visit[notice.appointment_id],
                    settings=settings,
                    unreachable=batch.unreachable,
                    now=now,
                )
            )
            if isinstance(found, Told):
                told.append(found)
            else:
                skipped[found].append(notice.pk)
        self._skip(skipped, now)
        own = words.current(settings)
        for group in grouping.groups(told):
            if self.clock() - now > STALE:
                self.outcome.seen -= {one.news.notice.pk for one in group}
            else:
                self._send(group, batch, own)

    def _skip(self, skipped: Mapping[Why, Sequence[int]], now: datetime) -> None:
        for why, keys in skipped.items():
            state = State.FAILED if why == Why.NOT_ACCEPTED else State.SKIPPED
            due = Notice.objects.filter(loading.claimable(now), pk__in=keys)
            self.outcome.skipped += due.update(state=state, why=why, lease_ends_at=None, holder="")

    def _send(self, group: Sequence[Told], batch: Batch, own: words.ClinicsWords) -> None:
        """One message for these notices, all of one patient, kind and channel."""
        channel = self._opened(group)
        if channel is None:
            return
        now = self.clock()
        if not (group := self._claimed(group, now)):
            return
        is_once = group[0].kind in AT_MOST_ONCE
        try:
            telling = grouping.telling(group, batch, now)
            message = compose(telling, group[0].to, now=now, own=own)
            if is_once:
                self._stamp(group, telling, message, channel, now)
            channel.send(message)
        except Never as error:
            self._end(group, Why.REFUSED, str(error))
            if error.of_the_address:
                bounces.mark_unreachable(group[0].patient, group[0].to, answer=str(error), now=now)
        except DatabaseError:
            raise
        except Exception as error:
            self._not_now(group, channel, _as_not_now(error), now)
        else:
            if not is_once:
                self._stamp(group, telling, message, channel, now)
            self.outcome.sent += 1
            metrics.message_sent(channel.name, telling.kind)

    def _not_now(self, group: Sequence[Told], channel: Channel, error: NotNow, now: datetime) -> None:
        if str(error) not in OF_ONE_MESSAGE:
            self._broken[channel.name] += 1
        self._open.pop(channel.name, channel).close()  # after an error the connection is not used again
        if error.is_certain:
            self._put_off(group, str(error), now)
        elif group[0].kind in AT_MOST_ONCE:
            self._end(group, Why.UNCERTAIN, str(error))
        else:
            self._put_off(group, str(error), now, is_certain=False)

    def _opened(self, group: Sequence[Told]) -> Channel | None:
        """The channel of a message, ready to take it; None where it is away: then what it should have sent
        waits for its next try."""
        channel = group[0].channel
        if self._broken[channel.name] >= BREAKS:
            return None
        if channel.name not in self._open:
            try:
                channel.open()
            except NotNow as error:
                self._broken[channel.name] = BREAKS
                logger.warning("Messages wait: %s is away (%s)", channel.name, error)
                if claimed := self._claimed(group, now := self.clock()):
                    self._put_off(claimed, str(error), now)
                return None
            self._open[channel.name] = channel
        return self._open[channel.name]

    def _all_away(self) -> bool:
        return all(self._broken[name] >= BREAKS for name in site.NOTICE_CHANNELS)

    def _claimed(self, group: Sequence[Told], now: datetime) -> list[Told]:
        """Those that are this process's from now on: nobody has them, and what was decided still holds."""
        keys = [one.news.notice.pk for one in group]
        rows = Notice.objects.filter(loading.claimable(now), grouping.as_seen(group), pk__in=keys)
        values: dict[str, Any] = {"state": State.SENDING, "holder": self.holder}
        alike = grouping.by_facts(group)
        said = {"may_know": alike[0][0]} if len(alike) == 1 else {}
        taken = rows.update(**values, **said, lease_ends_at=now + LEASE, tries=F("tries") + 1)
        if taken < len(keys):
            ours = (
                set(Notice.objects.filter(pk__in=keys, **values).values_list("pk", flat=True))
                if taken
                else ()
            )
            group = [one for one in group if one.news.notice.pk in ours]
        for facts, these in alike if len(alike) > 1 else []:
            self._ours(these).update(may_know=facts)
        return list(group)

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
                    may_know={},
                    code=telling.code,
                    message=row,
                    sent_at=now,
                    why="",
                    answer="",
                    lease_ends_at=None,
                )

    def _put_off(self, group: Sequence[Told], answer: str, now: datetime, *, is_certain: bool = True) -> None:
        """Until its next try; after the last one it has failed."""
        for one in group:
            tries = one.news.notice.tries
            if tries >= len(RETRIES):
                self._end([one], Why.NOT_ACCEPTED, answer, is_certain=is_certain)
                continue
            due: dict[str, Any] = {"state": State.DUE, "due_at": now + RETRIES[tries], "holder": ""}
            self.outcome.put_off += self._untold([one], answer, is_certain=is_certain, **due)

    def _end(self, group: Sequence[Told], why: Why, answer: str, *, is_certain: bool = True) -> None:
        if why == Why.UNCERTAIN:  # the message stands, as it may have arrived
            failed = {"state": State.FAILED, "why": why, "answer": answer[:40], "lease_ends_at": None}
            self.outcome.failed += self._ours(group).update(told={}, sent_at=None, **failed)
            return
        failed = {"state": State.FAILED, "why": why}
        self.outcome.failed += self._untold(group, answer, is_certain=is_certain, **failed)

    def _untold(self, group: Sequence[Told], answer: str, *, is_certain: bool, **values: Any) -> int:
        """Nothing was sent; or perhaps, where that is not certain: then what it said may be known."""
        ours = self._ours(group)
        stamped = set(ours.exclude(message=None).values_list("message", flat=True))
        known: dict[str, Any] = {"may_know": {}} if is_certain else {}
        count: int = ours.update(**NEVER_SENT, **known, **values, answer=answer[:40], lease_ends_at=None)
        if stamped:
            Message.objects.filter(pk__in=stamped, notices=None).delete()
        return count


# Answers that concern one mailbox or message: "busy", "try again later" (RFC 5321, 4.2.3).
OF_ONE_MESSAGE: Final = frozenset({"450", "451", "452", "455", "408", "425"})


def _as_not_now(error: Exception) -> NotNow:
    """A fault of our own, in one message, does not stop the others: it is logged, and tried again later."""
    if isinstance(error, NotNow):
        return error
    logger.exception("A message could not be sent")
    return NotNow(type(error).__name__, is_certain=False)
