"""Addresses of a doctor's calendar: made, shown once, revoked; on pages of their own beside the doctor's."""

from typing import Any, Final, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from scheduling.admin.instants import spoken
from scheduling.admin.public_identity import PublicIdentityAdmin
from scheduling.booking import feeds
from scheduling.booking.rights import SHARE_CALENDARS, VIEW_PATIENTS, rights_of
from scheduling.models import CalendarFeed, Doctor

FORM_IS_GOOD_FOR: Final = 8 * 60 * 60  # seconds


def may_share(request: HttpRequest) -> bool:
    return SHARE_CALENDARS in rights_of(cast(User, request.user))


class FeedForm(forms.Form):
    """The secret travels with the form, signed: who presses twice, or loads the answer again, makes one."""

    sealed = forms.CharField(widget=forms.HiddenInput)
    shows_names = forms.BooleanField(
        label=_("With patients’ full names"),
        required=False,
        help_text=_(
            "Otherwise their initials. Whoever has the address, and the calendar’s provider, reads them."
        ),
    )

    def __init__(self, doctor: Doctor, user: User, data: Any = None) -> None:
        super().__init__(data)
        self.wrong: list[str] = []  # with the form before this one
        self.salt = f"calendar of {doctor.uuid}"
        self.initial["sealed"] = signing.dumps(feeds.new_secret(), salt=self.salt)
        if VIEW_PATIENTS not in rights_of(user):
            del self.fields["shows_names"]

    def clean_sealed(self) -> str:
        """The secret in it."""
        try:
            secret = signing.loads(self.cleaned_data["sealed"], salt=self.salt, max_age=FORM_IS_GOOD_FOR)
        except signing.BadSignature:
            raise forms.ValidationError(
                _("This page was open for too long. Press the button again.")
            ) from None
        return str(secret)


class SharesCalendars(PublicIdentityAdmin):
    """For the doctors' admin, whose form shows `calendars`."""

    @admin.display(description=_("calendar"))
    def calendars(self, doctor: Doctor) -> str:
        address = reverse("admin:scheduling_doctor_calendars", args=[doctor.uuid])
        return format_html('<a href="{}">{}</a>', address, gettext("Addresses for calendar programs"))

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        sets = super().get_fieldsets(request, obj)
        if obj is not None and may_share(request):
            return sets
        return [
            (title, {**shown, "fields": [name for name in shown["fields"] if name != "calendars"]})
            for title, shown in sets
        ]

    def get_urls(self) -> list[URLPattern]:
        guarded = self.admin_site.admin_view
        here = "<path:object_id>/calendars/"
        own = [
            path(here, guarded(self.calendars_page), name="scheduling_doctor_calendars"),
            path(
                f"{here}<uuid:feed>/revoke/",
                guarded(self.revoke_calendar_page),
                name="scheduling_doctor_revoke_calendar",
            ),
        ]
        return [*map(self._public, own), *super().get_urls()]

    def calendars_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The addresses in use and a form for another; after it was sent, the new one, this once."""
        doctor, user = self._shared(request, object_id), cast(User, request.user)
        made = None
        form = FeedForm(doctor, user, request.POST or None)
        if request.method == "POST" and form.is_valid():
            made = self._make(request, doctor, form)
        if request.method == "POST":
            form = self._anew(form, doctor, user)
        in_use = CalendarFeed.objects.in_use().filter(doctor=doctor).select_related("created_by")
        shown = {
            "made": made,
            "form": form,
            "feeds": [(feed, spoken(feed.created_at)) for feed in in_use],
        }
        return self._page(request, doctor, "calendars", gettext("Addresses for calendar programs"), shown)

    def revoke_calendar_page(self, request: HttpRequest, object_id: str, feed: UUID) -> HttpResponse:
        doctor = self._shared(request, object_id)
        found = get_object_or_404(CalendarFeed.objects.select_related("doctor"), uuid=feed, doctor=doctor)
        if request.method == "POST":
            if feeds.revoke(found, by=cast(User, request.user), now=timezone.now()):
                self._log(request, doctor, "deleted", found)
            self.message_user(request, gettext("The address is revoked."), messages.SUCCESS)
            return redirect("admin:scheduling_doctor_calendars", doctor.uuid)
        shown = {"feed": found, "made_at": spoken(found.created_at)}
        return self._page(request, doctor, "revoke_calendar", gettext("Revoke this address?"), shown)

    def _shared(self, request: HttpRequest, object_id: str) -> Doctor:
        doctor: Doctor | None = self.get_object(request, object_id)
        if doctor is None or not may_share(request) or not self.has_view_permission(request, doctor):
            raise Http404
        return doctor

    def _make(self, request: HttpRequest, doctor: Doctor, form: FeedForm) -> str | None:
        """The whole address; None where it was revoked since this form was sent first."""
        secret, now, by = form.cleaned_data["sealed"], timezone.now(), cast(User, request.user)
        shows_names = form.cleaned_data.get("shows_names", False)
        feed = feeds.make(doctor, secret, shows_names=shows_names, by=by, now=now)
        if feed.revoked_at is not None:
            return None
        if feed.created_at == now:
            self._log(request, doctor, "added", feed)
        return request.build_absolute_uri(reverse("calendar-feed", args=[secret]))

    def _anew(self, form: FeedForm, doctor: Doctor, user: User) -> FeedForm:
        """For another address; what was wrong with the last one stays said."""
        fresh = FeedForm(doctor, user)
        fresh.wrong = [str(message) for message in form.errors.get("sealed", [])]
        return fresh

    def _log(self, request: HttpRequest, doctor: Doctor, what: str, feed: CalendarFeed) -> None:
        """For the page of what was done with the doctor; the clinic's own history is written by `booking`."""
        name = str(CalendarFeed._meta.verbose_name)
        self.log_change(request, doctor, [{what: {"name": name, "object": str(feed)}}])

    def _page(
        self, request: HttpRequest, doctor: Doctor, template: str, title: str, shown: dict[str, Any]
    ) -> HttpResponse:
        about = {"title": title, "opts": self.opts, "doctor": doctor}
        context = self.admin_site.each_context(request) | about | shown
        return TemplateResponse(request, f"admin/scheduling/doctor/{template}.html", context)
