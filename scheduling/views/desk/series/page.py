"""The page on which a booking becomes a series: how often, each date, and what is booked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final
from uuid import uuid4

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from scheduling.booking import series
from scheduling.booking.proposal import Proposal
from scheduling.booking.series import Place
from scheduling.clock import clinic_today, clinic_zone
from scheduling.forms import series as forms
from scheduling.forms.series import Choices, SeriesForm
from scheduling.models import Patient
from scheduling.queries import usual as usual_visits
from scheduling.times import recurring
from scheduling.times_in_words import rhythm_in_words
from scheduling.views.desk.shared.series import Dates, dates_of

SHOWN: Final = "shown"  # the field that says by which rule the dates of the page were found
# What this page's own fields and buttons are called; the others are those of the booking form.
OWN: Final = frozenset({*forms.NAMES, SHOWN, "at", "left", "visit", "choose", "leave", "take", "next"})
NOT_TYPED: Final = frozenset({"csrfmiddlewaretoken", "choice", "use"})


def at_a_place(first: Proposal, place: Place) -> Proposal:
    """One visit more of the same kind; what was gone past knowingly for the first counts for none."""
    return replace(first, uuid=uuid4(), doctor=place[0], start=place[1], accepted=frozenset())


@dataclass(frozen=True)
class Plan:
    """A series as it is asked for."""

    first: Proposal
    form: SeriesForm
    choices: Choices

    @classmethod
    def of(cls, first: Proposal, typed: QueryDict, now: datetime) -> "Plan":
        day = first.start.astimezone(clinic_zone()).date()
        return cls(first, SeriesForm(typed.dict(), first=day, today=clinic_today(now)), Choices.of(typed))

    @property
    def shown(self) -> str:
        """How often and until when, as the page carries it along. Only where the form can be read."""
        values = self.form.cleaned_data
        return f"{values['rhythm']} {values['until'] or values['count']}"

    def dates(self, now: datetime) -> Dates:
        """A constant number of queries; none where the form can't be read."""
        if not self.form.is_valid():
            return Dates([])
        days = recurring.dates(self.form.first, self.form.rule)
        doctors = self.choices.doctors
        chosen = {
            date.fromisoformat(key): (doctors[place[0]], place[1])
            for key, place in self.choices.at.items()
            if place[0] in doctors and key in {day.isoformat() for day in days}
        }
        first = replace(self.first, accepted=frozenset())
        wished = series.plan(first, days, chosen=chosen, now=now)
        return dates_of([day.isoformat() for day in days], wished, self.choices)


def show(
    request: HttpRequest, plan: Plan, typed: QueryDict, now: datetime, *, status: int = 200
) -> HttpResponse:
    dates = plan.dates(now)
    form = plan.form
    # A row whose button was pressed has the focus by itself.
    focus = next(iter(form.errors), "rhythm" if "rhythm" not in typed else "dates")
    if focus in form.fields:
        form.fields[focus].widget.attrs["autofocus"] = True
    patient, doctor = plan.first.patient, plan.first.doctor
    usual = usual_visits.other_than(doctor.specialty_id, patient.pk) if isinstance(patient, Patient) else ""
    context: Mapping[str, Any] = {
        "plan": plan,
        "usual_specialty": usual,
        "first": plan.first,
        "form": form,
        "dates": dates,
        "focus": "" if plan.choices.pressed else focus,
        "rhythm": rhythm_in_words(form.rule, form.first.weekday()) if form.is_valid() else "",
        "booking": [
            (name, text) for name, texts in typed.lists() if name not in OWN | NOT_TYPED for text in texts
        ],
        "now": now,
    }
    return render(request, "desk/series/plan.html", context, status=status)
