"""The desk's pages, under /desk/."""

from django.urls import URLPattern, path, register_converter

from scheduling.urls.converters import IsoDayConverter
from scheduling.views.desk import appointments, attention, booking, day

register_converter(IsoDayConverter, "day")

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", day.today, name="today"),
    path("day/<day:day>/", day.day, name="day"),
    path("book/", booking.book, name="book"),
    path("book/patients/", booking.find_patients, name="book-patients"),
    path("book/summary/", booking.summary, name="book-summary"),
    path("appointments/<uuid:uuid>/", appointments.appointment, name="appointment"),
    path("appointments/<uuid:uuid>/booked/", appointments.booked, name="booked"),
    path("attention/", attention.attention, name="attention"),
]
