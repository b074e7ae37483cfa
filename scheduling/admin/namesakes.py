"""Rows that people tell apart by their name alone."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.forms.untouched import UntouchedForm
from scheduling.matching.names import fold


class WarnsOfNamesakes(PublicIdentityAdmin):
    """Whoever saves a name that another row has, in capitals or not, is told so. It is saved all the same:
    there may be a reason, and one of the two can be switched off."""

    form = UntouchedForm
    name_field: str

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        name = getattr(obj, self.name_field)
        others = self.model._default_manager.exclude(pk=obj.pk).values_list(self.name_field, flat=True)
        alike = next((other for other in others if _compared(other) == _compared(name)), None)
        if alike is not None:
            text = _("There is another one called “%(name)s”. At the desk nobody could tell the two apart.")
            messages.warning(request, text % {"name": alike})


def _compared(name: str) -> str:
    return fold(name) or name  # of one without letters, such as ★, nothing is left
