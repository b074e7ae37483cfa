"""Pages for patients, under /appointment/."""

from django.urls import path

from scheduling.views.patient import calendar_file, opening, status, unsubscribe

urlpatterns = [
    # Lower-case only, as written everywhere: another spelling is as unknown as any other address.
    path("<uuid:appointment>/", status.status, name="appointment-status"),
    path("<uuid:appointment>/calendar.ics", calendar_file.calendar_file, name="appointment-calendar-file"),
    path("<uuid:appointment>/open/", opening.by_birth_date, name="appointment-open"),
    path("<uuid:appointment>/open/<str:token>/", opening.by_link, name="appointment-open-link"),
    path("<uuid:appointment>/close/", opening.close, name="appointment-close"),
    path("reminders/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
