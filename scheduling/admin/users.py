"""Staff and their roles. Nobody hands out, or takes over, more than they may do themselves."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.forms import CheckboxSelectMultiple
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import lockout, roles
from accounts.models import User
from scheduling.admin.choices import SeveralByIdentity
from scheduling.admin.people import SwitchedOffInstead
from scheduling.forms.contact import EmailField
from scheduling.forms.untouched import UntouchedForm

OUR_APPS = ("accounts", "auth", "scheduling")


def permissions_of(user: Any) -> QuerySet[Permission]:
    """What the user may do, and so may let others do; of the rights that mean something here."""
    ours = Permission.objects.filter(content_type__app_label__in=OUR_APPS)
    if user.is_superuser:
        return ours
    return ours.filter(Q(group__user=user) | Q(user=user)).distinct()


def groups_within(user: Any) -> QuerySet[Group]:
    """Groups that hold no right which the user lacks."""
    if user.is_superuser:
        return Group.objects.all()
    beyond = Permission.objects.exclude(pk__in=permissions_of(user).values("pk"))
    return Group.objects.exclude(permissions__in=beyond)


def is_within(other: Any, user: Any) -> bool:
    """Whether `other` may do nothing that `user` may not: else, by a new password, one could become them."""
    if user.is_superuser:
        return True
    if other.is_superuser:
        return False
    # Asked of the rows: an account that is switched off has the rights that it would wake up with.
    return not rights_held_by(other).exclude(pk__in=rights_held_by(user).values("pk")).exists()


def rights_held_by(user: Any) -> QuerySet[Permission]:
    """Every right that the account has by itself or through its groups, active or not."""
    return Permission.objects.filter(Q(group__user=user) | Q(user=user)).order_by()


class OneRole(admin.SimpleListFilter):
    title, parameter_name = _("group"), "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(name, name) for name in Group.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(groups__name=self.value()) if self.value() else queryset


class StaffForm(UntouchedForm, UserChangeForm):
    """Django's form, with e-mails by the one rule of all doors instead of Django's own."""

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"email"}


class NewPasswordForm(AdminPasswordChangeForm):
    """Django's form; who was given a new password may try it at once."""

    def save(self, commit: bool = True) -> User:
        user: User = super().save(commit)
        lockout.unlock(user.get_username(), now=timezone.now())
        return user


@admin.register(User)
class StaffAdmin(SwitchedOffInstead, UserAdmin):
    list_display = ["username", "spoken_name", "email", "in_groups", "is_staff", "is_active", "waits"]
    list_filter = [OneRole, "is_active", "is_staff"]
    readonly_fields = ["last_login", "date_joined"]
    filter_horizontal = []
    form = StaffForm
    change_password_form = NewPasswordForm
    actions = ["unlock_chosen"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["first_name", "last_name", "email"]}),
        (_("What they may do"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        # Programs have no pages here, so nobody gives them a group or a password: admin/api_keys.py.
        staff = super().get_queryset(request).filter(is_program=False).prefetch_related("groups")
        return lockout.with_waiting(staff, now=timezone.now())

    @admin.display(description=_("name"), ordering="last_name")
    def spoken_name(self, user: User) -> str:
        return user.get_full_name()

    @admin.display(description=_("groups"))
    def in_groups(self, user: User) -> str:
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description=_("sign-in"))
    def waits(self, user: Any) -> str:
        return gettext("Waits: too many tries") if user.is_waiting else ""

    @admin.action(description=_("Unlock sign-in"), permissions=["change"])
    def unlock_chosen(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        now = timezone.now()
        # Of who may do more than they, nobody lets passwords be guessed on.
        chosen = [user for user in queryset if self.has_change_permission(request, user)]
        for user in chosen:
            lockout.unlock(user.get_username(), now=now)
            self.log_change(request, user, gettext("Unlocked sign-in."))
        said = ngettext(
            "%(count)s person can try to sign in again.",
            "%(count)s people can try to sign in again.",
            len(chosen),
        )
        if chosen:
            self.message_user(request, said % {"count": len(chosen)}, messages.SUCCESS)
        else:
            self.message_user(request, gettext("Nobody that you may change was chosen."), messages.WARNING)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or is_within(obj, request.user))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        fixed = [str(name) for name in super().get_readonly_fields(request, obj)]
        if getattr(request.user, "is_superuser", False):
            return fixed
        # Their own rights are for somebody else to change.
        return [*fixed, "is_superuser", *(["groups", "is_staff", "is_active"] if obj == request.user else [])]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "email":
            kwargs["form_class"] = EmailField
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        if db_field.name == "groups":
            kwargs |= {"queryset": groups_within(request.user), "widget": CheckboxSelectMultiple}
        return super().formfield_for_manytomany(db_field, request, **kwargs)


admin.site.unregister(Group)


class PermissionsField(SeveralByIdentity):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


@admin.register(Group)
class RoleAdmin(SwitchedOffInstead, GroupAdmin):
    list_display = ["name"]
    fields = ["name", "permissions"]
    filter_horizontal = ["permissions"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        # The program knows its three roles by name.
        return ["name"] if obj is not None and obj.name in roles.ALL else []

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or groups_within(request.user).filter(pk=obj.pk).exists())

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        kwargs["queryset"] = permissions_of(request.user)
        return super().formfield_for_manytomany(
            db_field, request, **{"form_class": PermissionsField, **kwargs}
        )
