"""What patients are told about their visits: the outbox, what went out, and what came back."""

from typing import Any, Final

from django.conf import settings
from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from scheduling.models.appointments import Appointment
from scheduling.models.fields import InstantField, PublicUUIDField
from scheduling.models.people import Patient

KEPT_DAYS: Final = 30  # of a message's text; then only that it was sent


class Message(models.Model):
    """What went out to one patient by one channel, for one notice or for several at once, as it looked."""

    uuid = PublicUUIDField(_("public identity"))
    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="messages", verbose_name=_("patient")
    )
    channel = models.CharField(_("channel"), max_length=20)
    language = models.CharField(_("language"), max_length=10)
    sent_at = models.DateTimeField(_("sent at"))
    # Emptied after `KEPT_DAYS`.
    address = models.CharField(_("to"), max_length=255, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    text = models.TextField(_("text"), blank=True)
    html = models.TextField(_("as a page"), blank=True)

    class Meta:
        db_table = "messages"
        ordering = ["-sent_at", "-id"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        indexes = [
            models.Index(fields=["sent_at"], name="message_sent"),
            models.Index(fields=["patient", "sent_at"], name="message_patient_sent"),
        ]

    def __str__(self) -> str:
        return f"{localtime(self.sent_at):%Y-%m-%d %H:%M}"  # without a name


class NoticeQuerySet(models.QuerySet["Notice"]):
    def due(self) -> "NoticeQuerySet":
        return self.filter(state=Notice.State.DUE)


class Notice(models.Model):
    """One thing to tell about one visit: a row of the outbox, in the commit of the change that it tells.

    What is sent is rendered from the visit as it is then. A row says that something is to be told, by which
    version, and what became of it.
    """

    class Kind(models.TextChoices):
        RECEIVED = "received", _("Request received")
        CONFIRMED = "confirmed", _("Confirmed")
        MOVED = "moved", _("Moved")
        CANCELLED = "cancelled", _("Cancelled")
        REMINDER = "reminder", _("Reminder")
        ANSWER = "answer", _("Request for an answer")

    class State(models.TextChoices):
        DUE = "due", _("Due")
        SENDING = "sending", _("Being sent")
        SENT = "sent", _("Sent")
        SKIPPED = "skipped", _("Not sent")
        FAILED = "failed", _("Failed")

    class Why(models.TextChoices):
        """Why it was not sent, or not yet."""

        OVERTAKEN = "overtaken", _("a later change is told instead")
        NOTHING_NEW = "nothing_new", _("it is as the patient knows it")
        CALLED_OFF = "called_off", _("the visit does not take place")
        ALREADY = "already", _("it was sent already")
        NO_CONSENT = "no_consent", _("the patient does not want messages")
        NOT_ASKED = "not_asked", _("nobody has asked yet whether the patient wants messages")
        NO_REMINDERS = "no_reminders", _("the patient does not want reminders")
        NO_ADDRESS = "no_address", _("no address to send it to")
        UNREACHABLE = "unreachable", _("the address does not work")
        TOO_LATE = "too_late", _("it was too late to be of use")
        HELD_BACK = "held_back", _("held back at the desk")
        REFUSED = "refused", _("the receiving server refused it")
        NOT_ACCEPTED = "not_accepted", _("the receiving server did not take it, again and again")
        UNCERTAIN = "uncertain", _("the connection broke: it may have arrived")
        BOUNCED = "bounced", _("it came back")
        NO_CHANNEL = "no_channel", _("its channel is not set up")

    uuid = PublicUUIDField(_("public identity"))
    appointment = models.ForeignKey(
        Appointment, on_delete=models.PROTECT, related_name="notices", verbose_name=_("appointment")
    )
    # The version of the visit that asked for it, and when the visit began in that version.
    version = models.PositiveIntegerField(_("version"))
    starts_at = InstantField(_("start of the visit"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    # Of a reminder: so many days before the visit.
    days_before = models.PositiveSmallIntegerField(_("days before"), default=0)
    # Sent again on somebody's wish: for the first, second... time.
    copy = models.PositiveSmallIntegerField(_("sent again"), default=0)
    # Whom it tells, where the visit was somebody else's by mistake.
    former_patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("former patient")
    )
    channel = models.CharField(_("channel"), max_length=20, blank=True, default="")  # once it is sent
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DUE)
    due_at = models.DateTimeField(_("due at"))
    holder = models.CharField(_("process"), max_length=32, blank=True, default="")
    lease_ends_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    why = models.CharField(_("why"), max_length=20, choices=Why.choices, blank=True, default="")
    answer = models.CharField(_("the server's answer"), max_length=40, blank=True, default="")  # a code
    # {"start": ..., "doctor": ..., "standing": ...} before the change ({}: the patient knew of nothing), and
    # what the patient knows since it was sent or somebody said it: `booking.outbox`.
    was = models.JSONField(default=dict)
    told = models.JSONField(default=dict)
    # What the patient may know beside that: it was being handed over when a connection or a process was lost,
    # and nobody knows whether it arrived.
    may_know = models.JSONField(default=dict)
    code = models.CharField(_("code for the answer"), max_length=8, blank=True, default="")
    message = models.ForeignKey(
        Message, on_delete=models.PROTECT, null=True, related_name="notices", verbose_name=_("message")
    )
    sent_at = models.DateTimeField(_("sent at"), null=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True)
    created_at = models.DateTimeField(_("asked for at"))
    # Who told a patient that could not be reached, and when.
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        db_table = "notices"
        ordering = ["appointment", "version", "id"]
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        permissions = [("send_notice", _("Can hold back, send and send again what patients are told"))]
        indexes = [
            models.Index(fields=["state", "due_at"], name="notice_state_due"),
            models.Index(fields=["state", "starts_at"], name="notice_state_start"),
            models.Index(fields=["code"], name="notice_code"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "version", "kind", "days_before", "copy"], name="notice_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {localtime(self.due_at):%Y-%m-%d %H:%M}"


# They come once or not at all; the others rather twice than not at all (docs/messages.md).
AT_MOST_ONCE: Final = frozenset({Notice.Kind.REMINDER, Notice.Kind.ANSWER})
# Columns of one of which nothing has left.
NEVER_SENT: Final[dict[str, Any]] = {
    "told": {},
    "message": None,
    "sent_at": None,
    "delivered_at": None,
    "code": "",
}


class UnreachableAddress(models.Model):
    """An address of a patient at which nothing arrives, until the record has another one."""

    patient = models.ForeignKey(
        Patient, on_delete=models.PROTECT, related_name="unreachable", verbose_name=_("patient")
    )
    address = models.CharField(_("address"), max_length=255)  # an e-mail or a phone number
    at = models.DateTimeField(_("at"))
    answer = models.CharField(_("the server's answer"), max_length=40, blank=True)

    class Meta:
        db_table = "unreachable_addresses"
        verbose_name = _("unreachable address")
        verbose_name_plural = _("unreachable addresses")
        constraints = [
            models.UniqueConstraint(fields=["patient", "address"], name="unreachable_once"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"


class Reply(models.Model):
    """What a patient wrote back to a message, what it meant, and what was done with it."""

    class Meaning(models.TextChoices):
        YES = "yes", _("Will come")
        NO = "no", _("Cannot come")
        CANCEL = "cancel", _("Cancel it")
        STOP = "stop", _("No more messages")
        UNCLEAR = "unclear", _("Unclear")

    class Outcome(models.TextChoices):
        NOTED = "noted", _("Noted")
        CONFIRMED = "confirmed", _("Confirmed")
        CANCELLED = "cancelled", _("Cancelled")
        STOPPED = "stopped", _("Messages stopped")
        TO_DESK = "to_desk", _("For the desk")

    class Why(models.TextChoices):
        """Why it is for the desk."""

        NO_CODE = "no_code", _("it carries no code")
        UNKNOWN_CODE = "unknown_code", _("nothing was sent with its code")
        OLD = "old", _("it answers a message that is no longer true")
        UNCLEAR = "unclear", _("it is not clear what is meant")
        OTHER_SENDER = "other_sender", _("it comes from another address than the patient's")
        CANNOT_COME = "cannot_come", _("the patient cannot come")
        TOO_LATE = "too_late", _("it is too late to cancel by message")
        NOT_POSSIBLE = "not_possible", _("it can no longer be done")

    uuid = PublicUUIDField(_("public identity"))
    # The sender's name of it: the same one again is the same reply.
    webhook_id = models.CharField(max_length=255, unique=True)
    at = models.DateTimeField(_("at"))
    sender = models.CharField(_("from"), max_length=255, blank=True)
    text = models.CharField(_("text"), max_length=1000, blank=True)
    meaning = models.CharField(_("meaning"), max_length=10, choices=Meaning.choices)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome.choices)
    why = models.CharField(_("why"), max_length=20, choices=Why.choices, blank=True, default="")
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, related_name="replies", verbose_name=_("notice")
    )
    settled_at = models.DateTimeField(_("settled at"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("settled by"),
    )

    class Meta:
        db_table = "replies"
        ordering = ["-at", "-id"]
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        indexes = [models.Index(fields=["outcome", "settled_at"], name="reply_open")]

    def __str__(self) -> str:
        return f"{self.get_meaning_display()} {self.at:%Y-%m-%d %H:%M}"
