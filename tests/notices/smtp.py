"""A real mail server that does as a test says: takes a mail, refuses it, hangs, or dies in the middle."""

import asyncio
import email
import email.policy
from contextlib import contextmanager

from aiosmtpd.controller import Controller


class Post:
    """What has arrived, and what the server answers: a code, or one of HANGS, DIES, DIES_AFTER."""

    HANGS, DIES, DIES_AFTER = "hangs", "dies", "dies after it took it"

    def __init__(self):
        self.taken = []  # (envelope's sender, recipients, message)
        self.mail_from = self.rcpt_to = self.data = "250"

    @property
    def ids(self):
        return [message["Message-ID"] for _, _, message in self.taken]

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.mail_from == "250":
            envelope.mail_from = address
        return await self._answer(server, self.mail_from)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt_to == "250":
            envelope.rcpt_tos.append(address)
        return await self._answer(server, self.rcpt_to)

    async def handle_DATA(self, server, session, envelope):
        if self.data in {"250", self.DIES_AFTER}:
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.taken.append((envelope.mail_from, list(envelope.rcpt_tos), message))
        return await self._answer(server, self.data)

    async def _answer(self, server, what):
        if what == self.HANGS:
            await asyncio.sleep(30)
        if what in {self.DIES, self.DIES_AFTER}:
            server.transport.abort()
            return "421 gone"
        return f"{what} said the server to somebody@mail.example"


class AnyPort(Controller):
    """At a port that the system chooses; the library asks the one it was given."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(settings):
    """The server, with Django's settings pointing at it."""
    post = Post()
    controller = AnyPort(post, hostname="127.0.0.1", port=0)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = controller.port
    settings.EMAIL_TIMEOUT = 0.5
    try:
        yield post
    finally:
        controller.stop()
