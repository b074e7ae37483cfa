"""Calendars that programs fetch, under /calendar/."""

from django.urls import path

from scheduling.views import calendar_feed

urlpatterns = [
    path("<slug:token>.ics", calendar_feed.feed, name="calendar-feed"),
]
