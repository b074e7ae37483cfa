"""A mail that came back, read: which message it was, and what became of it (RFC 3464).

Anybody may send anything to a return path: what cannot be read says nothing, and nothing here raises.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import Message
from typing import Final
from uuid import UUID

from scheduling.notices import bounces

LARGEST: Final = 1024 * 1024  # bytes; a report comes with the head of our mail, or with all of it
# Where mail servers write to whom a mail came.
RECIPIENTS: Final = ("Delivered-To", "X-Original-To", "Envelope-To", "To")
# Of a report: as we wrote to it, and where the mail was passed on to in the end (RFC 3464, 2.3).
OF_A_RECIPIENT: Final = ("Original-Recipient", "Final-Recipient")
MOST_HEADERS: Final = 50  # of each
TOKEN: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{48}(?![0-9a-f])", re.ASCII | re.IGNORECASE)
STATUS: Final = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})(?!\d)", re.ASCII)
FAILED: Final = "failed"
# Full, too large, a fault in the content, or taken for an advertisement: the address itself exists.
NOT_OF_THE_ADDRESS: Final = re.compile(r"5\.(2\.[23]|3\.4|6\.\d+|7\.\d+)", re.ASCII)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """What a mail server says of one of our mails."""

    key: UUID
    permanent: bool  # it will not arrive any more
    of_the_address: bool
    code: str  # such as "5.1.1"
    addresses: tuple[str, ...] = field(default=(), compare=False)  # that did not take it, as far as it says


def read(raw: bytes, recipients: Iterable[str] = ()) -> Report | None:
    """The report in a mail; None where it is none, or not about a mail of ours.

    `recipients`: to whom it came, by what the mail server hands on beside it.
    """
    if len(raw) > LARGEST:
        return None
    try:
        return _read(raw, recipients)
    except Exception as error:  # of the library's, such as of mails in mails without end
        logger.info("A mail that came back could not be read: %s", type(error).__name__)
        return None


def _read(raw: bytes, recipients: Iterable[str]) -> Report | None:
    mail = message_from_bytes(raw, policy=policy.compat32)  # the newer policies raise on what is malformed
    key = _key([*recipients, *_written(mail, RECIPIENTS)])
    if key is None:
        return None
    for action, code, addresses in _said(mail):
        if action == FAILED:
            is_final = code.startswith("5")  # 4: it was tried for days, and given up
            return Report(key, True, is_final and not NOT_OF_THE_ADDRESS.fullmatch(code), code, addresses)
        if code.startswith("4"):
            return Report(key, False, False, code, addresses)
    return None


def _key(recipients: Iterable[str]) -> UUID | None:
    for written in recipients:
        for token in TOKEN.findall(written):
            if (key := bounces.key_of(token.lower())) is not None:
                return key
    return None


def _written(mail: Message, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        for value in (mail.get_all(name) or [])[:MOST_HEADERS]:
            yield str(value)


def _said(mail: Message) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Action, status and addresses of each recipient of a delivery report, worst first."""
    found = []
    for part in mail.walk():
        if part.get_content_type() != "message/delivery-status":
            continue
        for block in part.walk():  # a block of headers for the mail, and one for each recipient
            status = STATUS.match(str(block.get("Status") or ""))
            if status is not None:
                action = str(block.get("Action") or "").strip().lower()
                addresses = [value.rpartition(";")[2].strip() for value in _written(block, OF_A_RECIPIENT)]
                found.append((action, ".".join(status.groups()), tuple(addresses)))
    yield from sorted(found, key=lambda said: (said[0] != FAILED, said[1][0] != "5"))
