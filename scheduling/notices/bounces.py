"""Messages that come back, by whichever door: refused in the dialogue, by mail, by the hook.

The return path of each mail names its message, signed, so that nobody else can.
"""

import logging
import re
from collections.abc import Collection
from datetime import datetime
from hmac import compare_digest
from typing import Final
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

from scheduling.booking import patients
from scheduling.booking.transactions import in_one_transaction
from scheduling.models import Message, Notice, Patient, UnreachableAddress

SALT: Final = "return path of a message"
SIGNED: Final = 16  # hexadecimal digits: with them the part before the @ stays under 64 characters (RFC 5321)
ANSWER: Final = re.compile(r"[0-9A-Za-z._-]{1,40}", re.ASCII)  # no sentence: it may have an address

logger = logging.getLogger(__name__)


class UnknownMessage(Exception):
    """Nothing was sent under that name."""


class NotYet(Exception):
    """It is being sent at this moment: ask again."""


def return_path(key: UUID) -> str:
    """The envelope's sender of a message: where it goes back to if it cannot be delivered."""
    template: str = settings.MAIL_RETURN_PATH or settings.DEFAULT_FROM_EMAIL
    return template.replace("{token}", token_of(key))


def token_of(key: UUID) -> str:
    """32 digits of the message's name, and 16 that only this site can make."""
    return f"{key.hex}{_signature(key.hex, settings.SECRET_KEY)}"


def key_of(token: str) -> UUID | None:
    """The message that a return path names; None where the token was not made here."""
    name, signature = token[:32], token[32:]
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    if not any(compare_digest(signature.encode(), _signature(name, key).encode()) for key in keys):
        return None
    return UUID(name)


def returned(
    key: UUID,
    *,
    permanent: bool,
    answer: str,
    now: datetime,
    of_the_address: bool = True,
    addresses: Collection[str] = (),
) -> None:
    """A message (its `Outgoing.key`) came back: for good, or it is still being tried.

    For good: what it was to tell is not told, and where that is `of_the_address`, nothing more is sent
    there. `answer`: a code such as "5.1.1"; anything else is left out. `addresses`: those that did not take
    it, where that is said. May be said again; of an address that the record had before, it changes nothing.
    Raises `UnknownMessage`, `NotYet`.
    """
    code = answer if ANSWER.fullmatch(answer) else ""
    logger.info("A message came back %s, with %s", "for good" if permanent else "for now", code or "no code")
    if permanent:
        _not_told(key, code, addresses, now=now, of_the_address=of_the_address)
    else:
        _sent(key)


@in_one_transaction
def delivered(key: UUID, *, at: datetime) -> None:
    """A message arrived. Said again, or after it came back, it changes nothing. Raises as `returned` does."""
    rows = Notice.objects.filter(pk__in=[notice.pk for notice in _sent(key)], delivered_at=None)
    rows.filter(state=Notice.State.SENT).update(delivered_at=at)
    # Of a connection that broke nobody knew whether it had been taken.
    lost = rows.filter(state=Notice.State.FAILED, why=Notice.Why.UNCERTAIN)
    lost.update(state=Notice.State.SENT, why="", answer="", sent_at=at, delivered_at=at)


def mark_unreachable(patient: Patient, address: str, *, answer: str, now: datetime) -> None:
    """Nothing arrives at this address of a patient: nothing more is sent there."""
    UnreachableAddress.objects.get_or_create(
        patient=patients.standing(patient), address=address, defaults={"at": now, "answer": answer}
    )


@in_one_transaction
def _not_told(
    key: UUID, code: str, addresses: Collection[str], *, now: datetime, of_the_address: bool
) -> None:
    notices = _sent(key)
    if _went_elsewhere_since(notices[0].message, addresses):
        return
    Notice.objects.filter(pk__in=[notice.pk for notice in notices], state=Notice.State.SENT).update(
        state=Notice.State.FAILED, why=Notice.Why.BOUNCED, answer=code, told={}
    )
    message = notices[0].message
    # Of an old message the address is forgotten: whether the record still has that one, nobody knows.
    if of_the_address and message is not None and message.address:
        mark_unreachable(message.patient, message.address, answer=code, now=now)


def _went_elsewhere_since(message: Message | None, addresses: Collection[str]) -> bool:
    """Whether a report is about an earlier message to this patient, at another address. One that we never
    wrote to says nothing: mail is passed on."""
    if message is None or message.address.casefold() in {address.casefold() for address in addresses}:
        return False
    earlier = Message.objects.filter(patient=message.patient_id, sent_at__lt=message.sent_at)
    return bool(addresses) and earlier.filter(address__in=addresses).exists()


def _sent(key: UUID) -> list[Notice]:
    """What one message told, its lead (whose name the message has) first."""
    lead = Notice.objects.select_related("message__patient").filter(uuid=key).first()
    if lead is None:
        raise UnknownMessage
    if lead.state == Notice.State.SENDING:
        raise NotYet
    if lead.message is None:
        return [lead]
    return [lead, *lead.message.notices.exclude(pk=lead.pk)]


def _signature(name: str, secret: str) -> str:
    return salted_hmac(SALT, name, secret=secret, algorithm="sha256").hexdigest()[:SIGNED]
