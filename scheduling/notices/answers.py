"""What a server answered, or how a connection to it ended, in words for staff: the one table of them.

`Notice.answer` has a code of SMTP ("550"), of a report of returned mail ("5.1.1"), of HTTP ("422"), or the
name of an error ("ConnectionRefusedError").
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = str | Promise

NOT_REACHED: Final[Words] = gettext_lazy("the server could not be reached")
NOT_FOUND: Final[Words] = gettext_lazy("the server could not be found")
NOT_IN_TIME: Final[Words] = gettext_lazy("the server did not answer in time")
BROKEN: Final[Words] = gettext_lazy("the connection to the server broke")
NOT_SAFE: Final[Words] = gettext_lazy("no safe connection to the server was possible")
ADDRESS: Final[Words] = gettext_lazy("the mail server refused the address")
MAILBOX: Final[Words] = gettext_lazy("the mailbox takes no more")
MAIL_LATER: Final[Words] = gettext_lazy("the mail server asks to try later")
MAIL_SIGN_IN: Final[Words] = gettext_lazy("the mail server does not know this clinic")
MAIL_REFUSED: Final[Words] = gettext_lazy("the mail server refused the message")
NUMBER: Final[Words] = gettext_lazy("the gateway for text messages refused the number")
TEXT_LATER: Final[Words] = gettext_lazy("the gateway for text messages asks to try later")
TEXT_SIGN_IN: Final[Words] = gettext_lazy("the gateway for text messages does not know this clinic")
NOT_TAKEN: Final[Words] = gettext_lazy("the server did not take it")

ERRORS: Final[Mapping[str, Words]] = {
    "ConnectionRefusedError": NOT_REACHED,
    "OSError": NOT_REACHED,
    "SMTPConnectError": NOT_REACHED,
    "gaierror": NOT_FOUND,
    "UnicodeError": NOT_FOUND,
    "timeout": NOT_IN_TIME,
    "TimeoutError": NOT_IN_TIME,
    "BrokenPipeError": BROKEN,
    "ConnectionAbortedError": BROKEN,
    "ConnectionResetError": BROKEN,
    "RemoteDisconnected": BROKEN,
    "SMTPServerDisconnected": BROKEN,
    "SSLCertVerificationError": NOT_SAFE,
    "SSLError": NOT_SAFE,
    "SMTPNotSupportedError": NOT_SAFE,
}
# By their beginning, the longest first that fits.
CODES: Final[Mapping[str, Words]] = {
    **dict.fromkeys(("550", "551", "553", "5.1."), ADDRESS),
    **dict.fromkeys(("552", "4.2.2", "5.2.2"), MAILBOX),
    **dict.fromkeys(("421", "450", "451", "452", "4."), MAIL_LATER),
    **dict.fromkeys(("530", "534", "535", "538"), MAIL_SIGN_IN),
    **dict.fromkeys(("554", "5."), MAIL_REFUSED),
    "422": NUMBER,
    "429": TEXT_LATER,
    **dict.fromkeys(("401", "403", "407"), TEXT_SIGN_IN),
}


def in_words(answer: str) -> str:
    """The mail server refused the address (550), without a capital; "" where nothing is known."""
    if not answer:
        return ""
    if not answer[0].isdigit():  # an error of the program: its name is for the log
        return str(ERRORS.get(answer, NOT_TAKEN))
    known = (code for code in sorted(CODES, key=len, reverse=True) if answer.startswith(code))
    said = CODES.get(next(known, ""), NOT_TAKEN)
    return f"{said} ({answer})"
