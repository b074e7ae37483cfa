"""What other programs asked for, so that a program which lost the answer can ask again."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from scheduling.models.fields import PublicUUIDField


class FirstRequest(models.Model):
    """The first request that made something under this uuid: the same again is answered with what it made,
    another one is refused. Written in the same transaction as what it made."""

    uuid = PublicUUIDField(_("public identity"))  # of what was made
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the request's content, in hexadecimal
    made_at = models.DateTimeField()

    class Meta:
        db_table = "first_requests"
        verbose_name = _("request of a program")
        verbose_name_plural = _("requests of programs")

    def __str__(self) -> str:
        return str(self.uuid)
