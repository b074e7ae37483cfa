"""The page of a doctor's hours: its address, its form, and what is stored."""

from datetime import date

from scheduling.models import Appointment, WorkingHours
from scheduling.times import weeks
from tests.views.desk import pages
from tests.weeks import week_of

MONDAY = date(2026, 3, 9)


def typed_in(response):
    return pages.typed_in(response, form="week")


def page_of(doctor, what=""):
    return f"/desk/hours/{doctor.uuid}/{what}"


def asked(doctor, *, first="2026-03-09", last="", **days):
    """The form as it is sent; `mon="9-14 16-18"`, and the other days as they are: 9 to 14 on workdays."""
    names = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    data = {"first": first, "last": last, "seen": weeks.token(week_of(doctor))}
    for weekday, name in enumerate(names):
        spans = days.get(name, "9-14" if weekday < 5 else "").split()
        data[f"from-{weekday}"] = [span.partition("-")[0] for span in spans]
        data[f"to-{weekday}"] = [span.partition("-")[2] for span in spans]
    return data


def week_on(doctor, day):
    return [(one.weekday, one.starts, one.ends) for one in weeks.on_day(week_of(doctor), day).week]


def kept():
    return sorted(WorkingHours.objects.values_list()), list(Appointment.objects.values_list())
