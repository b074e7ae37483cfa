"""How often somebody tried in vain to open a patient's page."""

from django.db import models


class OpeningTries(models.Model):
    """Wrong birth dates at one visit, or from one address; none of either can be read out of it. Written by
    `booking.proving` alone."""

    place = models.CharField(max_length=64, unique=True)  # a keyed digest, in hexadecimal
    tries = models.PositiveSmallIntegerField(default=0)
    ends_at = models.DateTimeField()  # from then on it counts anew

    class Meta:
        db_table = "opening_tries"
        default_permissions = ()
        indexes = [models.Index(fields=["ends_at"], name="opening_tries_end")]

    def __str__(self) -> str:
        return str(self.tries)
