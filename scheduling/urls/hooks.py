"""What other programs tell us, under /hooks/."""

from django.urls import path

from scheduling.views import hooks

urlpatterns = [
    path("replies/", hooks.replies, name="hook-replies"),
]
