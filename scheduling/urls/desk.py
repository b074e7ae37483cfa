"""The desk's pages, under /desk/."""

from django.urls import URLPattern, path, register_converter

from scheduling.urls.converters import IsoDayConverter, IsoWeekConverter
from scheduling.views.desk import (
    appointments,
    attention,
    booked,
    booking,
    booking_parts,
    day,
    find,
    hours,
    keys,
    merging,
    move,
    patient,
    patients,
    steps,
    time_off,
    waiting,
    week,
)

register_converter(IsoDayConverter, "day")
register_converter(IsoWeekConverter, "week")

app_name = "desk"
urlpatterns: list[URLPattern] = [
    path("", day.today, name="today"),
    path("day/<day:day>/", day.day, name="day"),
    path("day/<day:day>/changes/", day.changes_of, name="day-changes"),
    path("day/<day:day>/choose/", day.choose, name="day-choose"),
    path("week/", week.go, name="week-go"),
    path("week/<uuid:uuid>/<week:monday>/", week.week, name="week"),
    path("week/<uuid:uuid>/<week:monday>/changes/", week.changes_of, name="week-changes"),
    path("find/", find.find, name="find"),
    path("book/", booking.book, name="book"),
    path("book/patients/", booking_parts.find_patients, name="book-patients"),
    path("book/fill/", booking_parts.fill, name="book-fill"),
    path("book/summary/", booking_parts.summary, name="book-summary"),
    path("book/overbook/", booking.overbook, name="overbook"),
    path("appointments/<uuid:uuid>/", appointments.appointment, name="appointment"),
    path("appointments/<uuid:uuid>/booked/", booked.booked, name="booked"),
    path("appointments/<uuid:uuid>/status/", steps.status, name="status"),
    path("appointments/<uuid:uuid>/undo/", steps.undo, name="undo"),
    path("appointments/<uuid:uuid>/cancel/", steps.cancel, name="cancel"),
    path("appointments/<uuid:uuid>/move/", move.move, name="move"),
    path("waiting/", waiting.waiting, name="waiting"),
    path("waiting/changes/", waiting.changes_of, name="waiting-changes"),
    path("hours/", hours.hours_of_all, name="hours-of-all"),
    path("hours/closure/", time_off.closure, name="closure"),
    path("hours/time-off/<uuid:uuid>/remove/", time_off.remove_time_off, name="time-off-remove"),
    path("hours/extra/<uuid:uuid>/remove/", time_off.remove_extra_hours, name="extra-hours-remove"),
    path("hours/<uuid:uuid>/", hours.hours, name="hours"),
    path("hours/<uuid:uuid>/rows/", hours.rows, name="hours-rows"),
    path("hours/<uuid:uuid>/check/", hours.check, name="hours-check"),
    path("hours/<uuid:uuid>/save/", hours.save, name="hours-save"),
    path("hours/<uuid:uuid>/time-off/", time_off.time_off, name="time-off"),
    path("hours/<uuid:uuid>/extra/", time_off.extra_hours, name="extra-hours"),
    path("patients/", patients.patients, name="patients"),
    path("patients/new/", patients.new, name="patient-new"),
    path("patients/duplicates/", patients.duplicates, name="patient-duplicates"),
    path("patients/<uuid:uuid>/", patient.patient, name="patient"),
    path("patients/<uuid:uuid>/edit/", patient.edit, name="patient-edit"),
    path("patients/<uuid:uuid>/confirm/", patient.confirm, name="patient-confirm"),
    path("patients/<uuid:uuid>/merge/<uuid:other>/", merging.merge, name="patient-merge"),
    path("patients/<uuid:uuid>/merge/<uuid:other>/preview/", merging.preview, name="patient-merge-preview"),
    path("patients/<uuid:uuid>/apart/<uuid:other>/", merging.apart, name="patient-apart"),
    path("patients/merges/<uuid:uuid>/undo/", merging.unmerge, name="patient-unmerge"),
    path("attention/", attention.attention, name="attention"),
    path("keys/", keys.keys, name="keys"),
]
