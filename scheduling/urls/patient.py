"""Pages for patients, under /appointment/."""

from django.urls import path

from scheduling.views.patient import status, unsubscribe

urlpatterns = [
    # Lower-case only, as written everywhere: another spelling is as unknown as any other address.
    path("<uuid:appointment>/", status.status, name="appointment-status"),
    path("reminders/<str:token>/", unsubscribe.unsubscribe, name="unsubscribe"),
]
