"""Text messages: one signed POST to the clinic's gateway, or to a program before it (docs/webhooks.md).

A connection for each message: of one that was kept open nobody could say whether a message was lost with it.
"""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from threading import Timer
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.models.people import ContactBy
from scheduling.notices import signing
from scheduling.notices.channels.base import Never, NotNow
from scheduling.notices.outgoing import Outgoing

# The gateway is busy, or it is ours to mend for all messages at once: a wrong address or secret.
LATER: Final = frozenset({401, 403, 404, 405, 407, 408, 425, 429})
NO_SUCH_NUMBER: Final = 422


class Webhook:
    name: str = "webhook"
    label: str | Promise = _("Text message")
    reaches: ContactBy = ContactBy.TEXT

    def open(self) -> None:
        return

    def send(self, message: Outgoing) -> None:
        status = _post(_body(message), str(message.key))
        if 200 <= status < 300:
            return
        if status == NO_SUCH_NUMBER:
            raise Never(str(status), of_the_address=True)
        if 400 <= status < 500 and status not in LATER:
            raise Never(str(status))
        raise NotNow(str(status))  # a redirect too: what is signed for one address is sent to no other

    def close(self) -> None:
        return


def _body(message: Outgoing) -> bytes:
    said = {
        "type": "message",
        "id": str(message.key),
        "kind": str(message.kind),
        "language": message.language,
        "to": message.to,
        "text": message.short,
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _post(body: bytes, name: str) -> int:
    """The status of the answer. Raises `NotNow`: uncertain from the first byte on that may have arrived."""
    connection, path = _connection()
    try:
        try:
            connection.connect()
        except (OSError, UnicodeError) as error:  # the second: a name that no host has
            raise NotNow(_word(error)) from error
        headers = signing.sign(settings.WEBHOOK_SECRET, name, body, at=timezone.now())
        try:
            with _cut_off(connection):
                connection.request("POST", path, body, headers | {"Content-Type": "application/json"})
                return connection.getresponse().status  # the rest is not read, nor logged
        except (OSError, HTTPException) as error:
            raise NotNow(_word(error), is_certain=False) from error
    finally:
        connection.close()


def _connection() -> tuple[HTTPConnection, str]:
    """Not yet open; and what to ask for. Redirects and proxies are unknown to it."""
    parts = urlsplit(settings.WEBHOOK_URL)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host, seconds = parts.hostname or "", settings.EMAIL_TIMEOUT
    if parts.scheme == "http":
        return HTTPConnection(host, parts.port, timeout=seconds), path
    context = ssl.create_default_context()
    return HTTPSConnection(host, parts.port, timeout=seconds, context=context), path


@contextmanager
def _cut_off(connection: HTTPConnection) -> Iterator[None]:
    """End it after twice the time-out, however busily the other side goes on: the time-out itself begins
    again with each byte."""
    sock = connection.sock
    timer = Timer(2 * settings.EMAIL_TIMEOUT, _hang_up, [sock])
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _hang_up(sock: socket.socket) -> None:
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # below TLS: another thread is reading there


def _word(error: Exception) -> str:
    return "timeout" if isinstance(error, TimeoutError) else type(error).__name__
