"""Mail by SMTP, or by whatever EMAIL_URL names."""

from contextlib import suppress
from email.utils import formataddr, parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException, SMTPSenderRefused
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from scheduling.models.people import ContactBy
from scheduling.notices import bounces
from scheduling.notices.channels.base import Never, NotNow, NotSent
from scheduling.notices.outgoing import Outgoing

PERMANENT: Final = 500  # and above: for good; below: try again (RFC 5321, 4.2.1)


class Email:
    name: str = "email"
    label: str | Promise = _("E-mail")
    reaches: ContactBy = ContactBy.EMAIL

    def __init__(self) -> None:
        self._connection: Any = None

    def open(self) -> None:
        connection = get_connection()
        try:
            connection.open()
        except SMTPResponseException as error:  # a wrong password is for the clinic to mend, not for good
            raise NotNow(str(error.smtp_code)) from error
        except (SMTPException, OSError) as error:
            raise NotNow(type(error).__name__) from error
        self._connection = connection

    def send(self, message: Outgoing) -> None:
        mail, begun = mail_of(message), self._watched()
        try:
            self._connection.send_messages([mail])
        except (SMTPException, OSError) as error:
            raise _not_sent(error, has_begun=bool(begun)) from error

    def _watched(self) -> list[bool]:
        """Not empty once the text of a mail is on its way: until then a lost connection has lost nothing."""
        begun: list[bool] = []
        smtp = getattr(self._connection, "connection", None)
        if smtp is not None:
            data = type(smtp).data

            def watched(text: Any) -> Any:
                begun.append(True)
                return data(smtp, text)

            smtp.data = watched
        return begun

    def close(self) -> None:
        if self._connection is not None:
            with suppress(SMTPException, OSError):  # it was lost, and all that it took is stamped
                self._connection.close()


def mail_of(message: Outgoing) -> EmailMultiAlternatives:
    """The mail: text, page and calendar as alternatives, the calendar's files attached as well."""
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.text,
        from_email=bounces.return_path(message.key),  # the envelope's
        to=[message.to],
        headers=_headers(message),
    )
    mail.attach_alternative(message.html, "text/html")
    if len(message.calendars) == 1:
        only = message.calendars[0]
        mail.attach_alternative(only.content.decode(), f"text/calendar; method={only.method}")
    for file in message.calendars:
        mail.attach(file.name, file.content.decode(), f"text/calendar; method={file.method}")
    return mail


def sender() -> str:
    """The address that mails come from, without a name: the calendar's organizer too."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _headers(message: Outgoing) -> dict[str, str]:
    own = sender()
    headers = {
        "From": formataddr((settings.CLINIC_NAME, own)),
        "Message-ID": f"<{message.key}@{own.partition('@')[2]}>",
        "Auto-Submitted": "auto-generated",  # RFC 3834: nobody's holiday notice answers it
        "Content-Language": message.language,
    }
    if message.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{message.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def _not_sent(error: Exception, *, has_begun: bool) -> NotSent:
    """What an error in the middle of a mail means: an answer is certain, a connection that breaks after the
    text was begun is not."""
    if isinstance(error, SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()))[0]
        return Never(str(code), of_the_address=True) if code >= PERMANENT else NotNow(str(code))
    if isinstance(error, SMTPResponseException):
        is_ours = isinstance(error, SMTPSenderRefused)  # the return path: wrong for all, until it is mended
        code = error.smtp_code
        return Never(str(code)) if code >= PERMANENT and not is_ours else NotNow(str(code))
    return NotNow(type(error).__name__, is_certain=not has_begun)
