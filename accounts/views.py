"""Signing in and out. Marks of access are put on in the site's urls: this app knows no other."""

from django.contrib.auth.views import LoginView, LogoutView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone

from accounts.forms import SignInForm
from accounts.models import User

sign_in = LoginView.as_view(
    template_name="accounts/sign_in.html",
    authentication_form=SignInForm,
    redirect_authenticated_user=True,
    extra_context={"now": timezone.now},
)
sign_out = LogoutView.as_view()


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """One door for all: the admin's own sign-in page leads to ours, which counts wrong passwords."""
    back_office = resolve_url("admin:index")
    if not isinstance(request.user, User):
        return redirect_to_login(request.GET.get("next", back_office))
    if request.user.is_staff:
        return redirect(back_office)
    raise Http404
