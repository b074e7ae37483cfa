"""The desk's pages, under /desk/: a list for each object, included below its prefix."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from scheduling.urls.converters import IsoDayConverter, IsoWeekConverter, MonthConverter, WeekdayConverter
from scheduling.views.desk import keys
from scheduling.views.desk.absence import views as absence
from scheduling.views.desk.attention import messages
from scheduling.views.desk.attention import views as attention
from scheduling.views.desk.board import day, month, order, sheet, week
from scheduling.views.desk.booking import booked, drafts, parts
from scheduling.views.desk.booking import views as booking
from scheduling.views.desk.find import views as find
from scheduling.views.desk.hours import blocks, time_off
from scheduling.views.desk.hours import week as hours
from scheduling.views.desk.patients import merging, record, register
from scheduling.views.desk.series import views as series
from scheduling.views.desk.visit import card, edit, move, move_after, slip, steps
from scheduling.views.desk.visit import messages as visit_messages
from scheduling.views.desk.visit import views as visit
from scheduling.views.desk.waiting import views as waiting

register_converter(IsoDayConverter, "day")
register_converter(IsoWeekConverter, "week")
register_converter(MonthConverter, "month")
register_converter(WeekdayConverter, "weekday")

day_urls: list[URLPattern] = [
    path("", day.day, name="day"),
    path("sheet/", sheet.day_sheet, name="day-sheet"),
    path("changes/", day.changes_of, name="day-changes"),
    path("choose/", day.choose, name="day-choose"),
    path("choose/all/", day.choose_all, name="day-choose-all"),
]

week_urls: list[URLPattern] = [
    path("", week.go, name="week-go"),
    path("<uuid:uuid>/<week:monday>/", week.week, name="week"),
    path("<uuid:uuid>/<week:monday>/changes/", week.changes_of, name="week-changes"),
]

booking_urls: list[URLPattern] = [
    path("", booking.book, name="book"),
    path("patients/", parts.find_patients, name="book-patients"),
    path("fill/", parts.fill, name="book-fill"),
    path("summary/", parts.summary, name="book-summary"),
    path("overbook/", booking.overbook, name="overbook"),
    path("draft/", drafts.save, name="book-draft"),
    path("draft/<uuid:uuid>/drop/", drafts.drop, name="book-draft-drop"),
]

visit_urls: list[URLPattern] = [
    path("", visit.appointment, name="appointment"),
    path("card/", card.card, name="appointment-card"),
    path("booked/", booked.booked, name="booked"),
    path("status/", steps.status, name="status"),
    path("undo/", steps.undo, name="undo"),
    path("cancel/", steps.cancel, name="cancel"),
    path("edit/", edit.edit, name="edit"),
    path("edit/fill/", edit.fill, name="edit-fill"),
    path("undo-edit/", edit.undo_edit, name="undo-edit"),
    path("move/", move.move, name="move"),
    path("move/choose/", move.choose, name="move-choose"),
    path("move/after/", move_after.preview, name="move-after"),
    path("move/after/apply/", move_after.apply, name="move-after-apply"),
    path("slip/", slip.slip, name="slip"),
    path("messages/again/", visit_messages.send_again, name="notice-again"),
    path("messages/<uuid:message>/", visit_messages.message, name="message"),
    path("reminders/<int:days>/hold/", visit_messages.hold_reminder, name="reminder-hold"),
]

notice_urls: list[URLPattern] = [
    path("<uuid:uuid>/hold/", visit_messages.hold, name="notice-hold"),
    path("<uuid:uuid>/release/", visit_messages.release, name="notice-release"),
    path("<uuid:uuid>/now/", visit_messages.send_now, name="notice-now"),
]

waiting_urls: list[URLPattern] = [
    path("", waiting.waiting, name="waiting"),
    path("changes/", waiting.changes_of, name="waiting-changes"),
]

hours_urls: list[URLPattern] = [
    path("", hours.hours_of_all, name="hours-of-all"),
    path("closure/", time_off.closure, name="closure"),
    path("time-off/<uuid:uuid>/remove/", time_off.remove_time_off, name="time-off-remove"),
    path("extra/<uuid:uuid>/remove/", time_off.remove_extra_hours, name="extra-hours-remove"),
    path("<uuid:uuid>/", hours.hours, name="hours"),
    path("<uuid:uuid>/fill/", hours.fill, name="hours-fill"),
    path("<uuid:uuid>/days/<weekday:weekday>/add/", hours.add_session, name="hours-add-session"),
    path(
        "<uuid:uuid>/days/<weekday:weekday>/<int:index>/drop/", hours.drop_session, name="hours-drop-session"
    ),
    path("<uuid:uuid>/check/", hours.check, name="hours-check"),
    path("<uuid:uuid>/save/", hours.save, name="hours-save"),
    path("<uuid:uuid>/time-off/", time_off.time_off, name="time-off"),
    path("<uuid:uuid>/extra/", time_off.extra_hours, name="extra-hours"),
]

block_urls: list[URLPattern] = [
    path("add/", blocks.add, name="block-add"),
    path("<uuid:uuid>/", blocks.block, name="block"),
    path("<uuid:uuid>/remove/", blocks.remove, name="block-remove"),
]

patients_urls: list[URLPattern] = [
    path("", register.patients, name="patients"),
    path("new/", register.new, name="patient-new"),
    path("new/fill/", register.fill_new, name="patient-new-fill"),
    path("hits/", register.hits, name="patients-hits"),
    path("duplicates/", register.duplicates, name="patient-duplicates"),
    path("merges/<uuid:uuid>/undo/", merging.unmerge, name="patient-unmerge"),
    path("<uuid:uuid>/", record.patient, name="patient"),
    path("<uuid:uuid>/edit/", record.edit, name="patient-edit"),
    path("<uuid:uuid>/edit/fill/", record.fill_edit, name="patient-edit-fill"),
    path("<uuid:uuid>/confirm/", record.confirm, name="patient-confirm"),
    path("<uuid:uuid>/merge/<uuid:other>/", merging.merge, name="patient-merge"),
    path("<uuid:uuid>/merge/<uuid:other>/preview/", merging.preview, name="patient-merge-preview"),
    path("<uuid:uuid>/apart/<uuid:other>/", merging.apart, name="patient-apart"),
]

attention_urls: list[URLPattern] = [
    path("", attention.attention, name="attention"),
    path("resolve/", attention.resolve, name="attention-resolve"),
    path("keep/", attention.keep, name="attention-keep"),
    path("take-back/", attention.take_back, name="attention-take-back"),
    path("told/", messages.told, name="attention-told"),
    path("messages/<uuid:uuid>/again/", messages.again, name="attention-again"),
    path("replies/<uuid:uuid>/dealt-with/", messages.dealt_with, name="attention-dealt-with"),
    path("doctors/<uuid:uuid>/switch-on/", attention.switch_doctor_on, name="attention-switch-doctor-on"),
    path("patients/<uuid:uuid>/switch-on/", attention.switch_patient_on, name="attention-switch-patient-on"),
]

absence_urls: list[URLPattern] = [
    path("", absence.absence, name="absence"),
    path("preview/", absence.preview, name="absence-preview"),
    path("apply/", absence.apply, name="absence-apply"),
    path("told/", absence.told, name="absence-told"),
]

series_urls: list[URLPattern] = [
    path("", series.plan, name="series-plan"),
    path("book/", series.book, name="series-book"),
    path("<uuid:uuid>/", series.series, name="series"),
    path("<uuid:uuid>/undo/", series.undo, name="series-undo"),
]

app_name = "desk"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", day.today, name="today"),
    path("day/<day:day>/", include(day_urls)),
    path("week/", include(week_urls)),
    path("month/", month.go, name="month-go"),
    path("month/<month:first>/", month.month, name="month"),
    path("columns/", order.order, name="columns"),
    path("columns/usual/", order.usual_order, name="columns-usual"),
    path("find/", find.find, name="find"),
    path("book/", include(booking_urls)),
    path("appointments/<uuid:uuid>/", include(visit_urls)),
    path("notices/", include(notice_urls)),
    path("waiting/", include(waiting_urls)),
    path("hours/", include(hours_urls)),
    path("blocks/", include(block_urls)),
    path("patients/", include(patients_urls)),
    path("attention/", include(attention_urls)),
    path("absence/", include(absence_urls)),
    path("series/", include(series_urls)),
    path("keys/", keys.keys, name="keys"),
]
