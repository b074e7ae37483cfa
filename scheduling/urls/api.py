"""The API for other programs, under /api/v1/."""

from scheduling.api import site

app_name = "api"
urlpatterns = site.urls()
