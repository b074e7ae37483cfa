"""The sign-in form."""

from typing import Any, Final

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User


class SignInForm(AuthenticationForm):
    """Django's form in our words, which also says how many tries are left."""

    username = UsernameField(label=_("User name"), widget=forms.TextInput(attrs={"autofocus": True}))
    # The same for a name that does not exist, a wrong password and an account that is switched off.
    error_messages: dict[str, Any] = {
        "invalid_login": _("That name and password do not match."),
        "inactive": _("That name and password do not match."),
    }

    def confirm_login_allowed(self, user: Any) -> None:
        super().confirm_login_allowed(user)
        if user.is_program:  # which has no password, unless somebody gave it one from a shell
            raise self.get_invalid_login_error()
        request: Any = self.request
        credentials = {"username": user.get_username()}
        if not AxesProxyHandler.is_allowed(request, credentials):
            # Tries beside this one have filled the count meanwhile: twenty at once are not twenty tries.
            request.axes_locked_out, request.axes_credentials = True, credentials
            raise self.get_invalid_login_error()

    def get_invalid_login_error(self) -> ValidationError:
        refused = super().get_invalid_login_error()
        limit: int = settings.AXES_FAILURE_LIMIT
        name = self.cleaned_data.get("username")
        left = max(limit - AxesProxyHandler.get_failures(self.request, {"username": name}), 0)
        says = ngettext(
            "After %(limit)s tries the name waits %(minutes)s minutes. %(left)s is left.",
            "After %(limit)s tries the name waits %(minutes)s minutes. %(left)s are left.",
            left,
        )
        minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
        waits = says % {"limit": limit, "minutes": minutes, "left": left}
        return ValidationError([refused, ValidationError(waits, code="tries")])


BROWSER: Final = "browser"  # stored as an empty text


class AccountForm(forms.ModelForm):
    """What a person may settle for themselves."""

    language = forms.TypedChoiceField(
        label=_("Language"),
        choices=lambda: [(BROWSER, _("As the browser asks")), *settings.LANGUAGES],
        coerce=lambda chosen: "" if chosen == BROWSER else chosen,
        widget=forms.RadioSelect,
        help_text=_("Patients’ pages follow the patient’s own browser."),
    )

    class Meta:
        model = User
        fields = ["language", "single_keys"]
        labels = {"single_keys": _("Single keys as shortcuts")}
        help_texts = {
            "single_keys": _("Off, a letter typed outside a field does nothing. Arrows, Enter and Esc stay.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["language"] = self.instance.language or BROWSER


class PasswordForm(PasswordChangeForm):
    """Django's form in our words."""

    error_messages = {
        "password_incorrect": _("That is not your current password."),
        "password_mismatch": _("The two new passwords are not the same."),
    }
    field_order = ["old_password", "new_password1", "new_password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("Current password")
        self.fields["new_password1"].label = _("New password")
        self.fields["new_password2"].label = _("New password again")
        self.fields["new_password2"].help_text = ""
