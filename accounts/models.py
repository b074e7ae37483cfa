"""Who may sign in, and which programs may ask."""

from datetime import datetime
from functools import cached_property
from typing import ClassVar, Final, Self

from django.contrib.auth.models import AbstractUser, Permission
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.form_fields import as_posted
from accounts.signed_in import AccountManager

LONGEST_ORDER: Final = 5000  # 135 of them


class User(AbstractUser):
    """A member of staff, whose groups say what they may do (`accounts.roles`); or the account of another
    program, which holds no group and never signs in: its key says what it may do."""

    language = models.CharField(_("language"), max_length=10, blank=True, default="", db_default="")
    single_keys = models.BooleanField(_("single-key shortcuts"), default=True, db_default=True)
    column_order = models.CharField(
        max_length=LONGEST_ORDER, blank=True, default="", db_default="", editable=False
    )  # of a board: public identities of doctors, parted by blanks; empty is the usual order
    is_program = models.BooleanField(_("program"), default=False, db_default=False, editable=False)

    objects: ClassVar[AccountManager] = AccountManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @cached_property
    def permission_names(self) -> frozenset[str]:
        """Permissions of this account and of its groups, as "app.codename", read once for each object; who is
        signed in has come with them (`accounts.signed_in`).

        One query, where `get_all_permissions` takes two. It knows neither superusers nor accounts that are
        switched off: `scheduling.booking.rights` does.
        """
        names = Permission.objects.order_by().values_list("content_type__app_label", "codename")
        given = names.filter(user=self).union(names.filter(group__user=self))
        return frozenset(f"{app}.{codename}" for app, codename in given)

    @property
    def spoken_name(self) -> str:
        """The name shown to colleagues and written into history; a program's is marked as one."""
        name = self.get_full_name() or self.username
        return gettext("%(name)s (program)") % {"name": name} if self.is_program else name


class Scope(models.TextChoices):
    """What a key opens. Each scope holds the ones before it."""

    READ = "read", _("Read")
    BOOK = "book", _("Read and book")
    MANAGE = "manage", _("Read, book and manage")

    def includes(self, other: "Scope") -> bool:
        order = list(Scope)
        return order.index(self) >= order.index(other)


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: datetime) -> Self:
        """Neither revoked nor expired, and their accounts are on."""
        unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
        return self.filter(unexpired, revoked_at=None, user__is_active=True)


class ApiKey(models.Model):
    """Another program's key to the interface, and the account under which its changes stand in history.

    The secret itself is nowhere: `digest` is the SHA-256 of 256 random bits, which needs no salt and no slow
    hash. `window` and `used` are the rate limit: of that minute since 1970, so many requests were taken by
    servers, which let them in (`accounts.shares`). `last_used_at` is right to the minute.
    `accounts.api_keys` alone makes, counts and revokes.
    """

    name = models.CharField(
        _("name"),
        max_length=100,
        unique=True,
        error_messages={"unique": _("Another key has this name already.")},
        help_text=_("What the program is called in the history of visits."),
    )
    scope = models.CharField(_("scope"), max_length=10, choices=Scope)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, related_name="api_key", editable=False, verbose_name=_("account")
    )
    created_at = models.DateTimeField(_("made"))
    expires_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    window = models.BigIntegerField(default=0, editable=False)
    used = models.PositiveIntegerField(default=0, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "api_keys"
        ordering = ["name"]
        verbose_name = _("key of a program")
        verbose_name_plural = _("keys of programs")
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="api_key_has_a_scope"),
        ]

    def __str__(self) -> str:
        return self.name


class TypedForm(models.Model):
    """What somebody typed into a form that is not saved yet, for their session alone (`accounts.typed`).

    It is what a search, or a page that only shows a form again, comes back to, and a booking that was left
    half filled in. It names patients: it ends with the session, and after a day.
    """

    session_key = models.CharField(max_length=40)
    token = models.UUIDField()  # in the address of the page; of a booking, the uuid that the visit will have
    page = models.CharField(max_length=60)  # the name of the URL whose form it is
    fields = models.JSONField()  # [name, [values]] in the order of the form
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "typed_forms"
        verbose_name = _("form not saved yet")
        verbose_name_plural = _("forms not saved yet")
        constraints = [
            models.UniqueConstraint(fields=["session_key", "token"], name="typed_form_once_a_session"),
        ]
        indexes = [models.Index(fields=["changed_at"], name="typed_forms_by_time")]

    def __str__(self) -> str:
        return str(self.token)

    @property
    def posted(self) -> QueryDict:
        """As it was posted."""
        return as_posted(self.fields)
