"""The sign-in form."""

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm, UsernameField
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class SignInForm(AuthenticationForm):
    """Django's form in our words, which also says how many tries are left."""

    username = UsernameField(label=_("User name"), widget=forms.TextInput(attrs={"autofocus": True}))
    # The same for a name that does not exist, a wrong password and an account that is switched off.
    error_messages: dict[str, Any] = {
        "invalid_login": _("That name and password do not match."),
        "inactive": _("That name and password do not match."),
    }

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
