"""The front door."""

from django.urls import path

from scheduling.views import home

urlpatterns = [
    path("", home.home, name="home"),
]
