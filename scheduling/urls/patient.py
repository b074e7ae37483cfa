"""Pages for patients, under /appointment/."""

from django.urls import path

from scheduling.views.patient import calendar_file, status, unsubscribe

urlpatterns = [
    # Lower-case only, as written everywhere: another spelling is as unknown as any other address.
    path("<uuid:appointment>/", status.status, name="appointment-status"),
    path("<uuid:appointment>/calendar.ics", calendar_file.calendar_file, name="appointment-calendar-file"),
    path("reminders/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
