"""Limits of age, as the back office writes them."""

from typing import Any

from django.utils.translation import gettext as _

from scheduling.forms.untouched import UntouchedForm


class ForAgesForm(UntouchedForm):
    """Compared here too: of two limits, the one that was not touched is not validated."""

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        youngest, oldest = (self.cleaned_data.get(name) for name in ("youngest_age", "oldest_age"))
        if youngest is not None and oldest is not None and youngest > oldest:
            self.add_error("oldest_age", _("This is below the youngest age."))
        return values
