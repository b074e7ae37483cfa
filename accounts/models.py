"""Who may sign in."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import roles


class User(AbstractUser):
    """A member of staff. What they may do hangs on their groups (`accounts.roles`)."""

    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True, db_default=True)

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of this user's groups, read once per request; a superuser counts as every role."""
        if self.is_superuser:
            return frozenset(roles.ALL)
        return frozenset(self.groups.values_list("name", flat=True))

    @property
    def works_at_desk(self) -> bool:
        return not self.roles.isdisjoint(roles.DESK)

    @property
    def spoken_name(self) -> str:
        """The name shown to colleagues and written into history."""
        return self.get_full_name() or self.username
