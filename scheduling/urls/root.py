"""The front door."""

from django.urls import path

from scheduling.views import home, printed

urlpatterns = [
    path("", home.home, name="home"),
    path("messages/", printed.messages, name="messages"),
]
