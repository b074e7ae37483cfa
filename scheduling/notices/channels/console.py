"""Development: messages are printed, and nobody gets one."""

import sys
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.models.people import ContactBy
from scheduling.notices.outgoing import Outgoing

LINE: Final = "-" * 72


class Console:
    name: str = "console"
    label: str | Promise = _("Console")
    reaches: ContactBy = ContactBy.EMAIL

    def open(self) -> None:
        return

    def send(self, message: Outgoing) -> None:
        lines = [LINE, f"To: {message.to}", f"Subject: {message.subject}", "", message.text, LINE]
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()

    def close(self) -> None:
        return
