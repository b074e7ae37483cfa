"""The desk's pages, under /desk/."""

from django.urls import URLPattern

app_name = "desk"
urlpatterns: list[URLPattern] = []
