"""What a clinic knows of a patient beside the name: whether they want messages, and what to look out for."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from scheduling import alerts
from scheduling.alerts import Alert, Kind
from scheduling.forms.fields import PLAIN_TEXT, TextField

EXAMPLES: Final = {
    Kind.HEARING: _("deaf, write"),
    Kind.INTERPRETER: _("Arabic"),
    Kind.MOBILITY: _("wheelchair"),
    Kind.ALLERGY: _("latex"),
}


class ConsentField(forms.TypedChoiceField):
    """Yes, no, or nobody has asked: True, False or None. Never yes beforehand."""

    YES: Final = "yes"
    NO: Final = "no"

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", _("not asked yet")), (self.YES, _("agreed")), (self.NO, _("does not want any"))]
        super().__init__(
            choices=choices,
            coerce=lambda text: text == self.YES,
            empty_value=None,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return self.YES if value else self.NO
        return "" if value is None else value


class RemindersField(forms.TypedChoiceField):
    """Yes or no: True or False. Yes where nothing is said."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [(ConsentField.YES, _("wanted")), (ConsentField.NO, _("not wanted"))]
        super().__init__(
            choices=choices,
            coerce=lambda text: text == ConsentField.YES,
            empty_value=True,  # type: ignore[arg-type]  # the stubs know texts alone
            initial=ConsentField.YES,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, bool):
            return ConsentField.YES if value else ConsentField.NO
        return value


class AlertRow(NamedTuple):
    """A kind in the form: ticked or not, with its words."""

    kind: Kind
    words: str
    is_ticked: bool
    box: str  # the names of its two inputs
    text: str

    @property
    def example(self) -> Any:
        return EXAMPLES.get(self.kind, "")


class AlertsInput(forms.Widget):
    """A tick and words for each kind. Words without a tick count as ticked: nobody types them for nothing."""

    use_fieldset = True

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        if name in data:  # a record's own text
            return str(data[name])
        found = []
        for kind in Kind:
            words = " ".join(str(data.get(f"{name}_{kind}_words", "")).split())
            if words or data.get(f"{name}_{kind}"):
                found.append(Alert(kind, words))
        return alerts.as_text(found)

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False  # no tick is sent where nothing is ticked


class AlertsField(TextField):
    """A record's alerts, as the text that `scheduling.alerts` reads."""

    widget = AlertsInput
    default_error_messages = PLAIN_TEXT | {
        "long": _("“%(kind)s”: up to %(most)d characters fit, this has %(count)d."),
    }

    def to_python(self, value: Any) -> str:
        found = []
        for alert in alerts.read(str(value or "")):
            words = super().to_python(alert.words)
            if len(words) > alerts.LONGEST:
                said = {"kind": alert.kind.label, "most": alerts.LONGEST, "count": len(words)}
                raise ValidationError(self.error_messages["long"], code="long", params=said)
            found.append(alert._replace(words=words))
        return alerts.as_text(found)

    @staticmethod
    def rows(bound: forms.BoundField) -> list[AlertRow]:
        """What is ticked and typed, for each kind."""
        typed = {alert.kind: alert.words for alert in alerts.read(str(bound.value() or ""))}
        name = bound.html_name
        return [
            AlertRow(kind, typed.get(kind, ""), kind in typed, f"{name}_{kind}", f"{name}_{kind}_words")
            for kind in Kind
        ]
