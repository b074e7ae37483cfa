"""Addresses at which a calendar program follows a doctor's visits."""

import hashlib
from typing import Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import PublicUUIDField
from scheduling.models.people import Doctor


def digest_of(secret: str) -> str:
    """The SHA-256 of the secret part of an address, in hexadecimal; of any text at all."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def in_use(self) -> Self:
        return self.filter(revoked_at=None)

    def opened_by(self, secret: str) -> Self:
        """The one whose address holds this secret, unless it was revoked."""
        return self.in_use().filter(digest=digest_of(secret))


class CalendarFeed(models.Model):
    """An address that a calendar program asks by itself for one doctor's visits, with no other sign-in.

    The secret in it is nowhere: `digest` is the SHA-256 of 256 random bits, as of a program's key.
    `booking.feeds` alone makes and revokes; being asked writes nothing.
    """

    uuid = PublicUUIDField(_("public identity"))
    doctor = models.ForeignKey(
        Doctor, on_delete=models.CASCADE, related_name="calendar_feeds", verbose_name=_("doctor")
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    shows_names = models.BooleanField(_("with patients’ names"), default=False, db_default=False)
    created_at = models.DateTimeField(_("made"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        db_table = "calendar_feeds"
        ordering = ["created_at", "id"]
        default_permissions = ()
        permissions = [("share_calendar", "Can make and revoke addresses of a doctor's calendar")]
        verbose_name = _("address of a calendar")
        verbose_name_plural = _("addresses of calendars")

    def __str__(self) -> str:
        return str(self.uuid)
