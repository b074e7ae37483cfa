"""Every door of the site."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from accounts import urls as account
from accounts import views as accounts
from scheduling.access import polled, public, signed_in
from scheduling.views import health, metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("scheduling.urls.root")),
    path("desk/", include("scheduling.urls.desk")),
    path("appointment/", include("scheduling.urls.patient")),
    path("calendar/", include("scheduling.urls.calendars")),
    path("hooks/", include("scheduling.urls.hooks")),
    path("api/v1/", include("scheduling.urls.api")),
    path("sign-in/", public(accounts.sign_in), name="sign-in"),
    # Public, so that a session that ended meanwhile doesn't have to sign in to sign out.
    path("sign-out/", public(accounts.sign_out), name="sign-out"),
    # Public: a page asks them after its session has ended, too.
    path("account/session/", polled(public(accounts.session)), name="session"),
    path("account/session/stay/", public(accounts.stay), name="stay"),
    path("account/", include(account.paths(signed_in))),
    # Before the admin's own page, and in place of it.
    path("admin/login/", public(accounts.admin_sign_in)),
    path("admin/", admin.site.urls),
    path("healthz", health.alive, name="alive"),
    path("readyz", health.ready, name="ready"),
    path("metrics", metrics.page, name="metrics"),
]

handler400 = "appointments_site.refusals.bad_request"
handler403 = "appointments_site.refusals.forbidden"
handler404 = "scheduling.views.errors.not_found"
handler500 = "appointments_site.refusals.server_error"
