"""Signing in and out. Marks of access are put on in the site's urls: this app knows no other."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.forms import AccountForm, PasswordForm, SignInForm
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


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What a member of staff settles for themselves."""
    form = AccountForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        user = form.save()
        # Said in the language that was just chosen.
        with translation.override(user.language or translation.get_language_from_request(request)):
            messages.success(request, _("Saved. This holds for you alone."))
        return redirect("account")
    return render(request, "accounts/account.html", {"form": form})


class ChangePassword(PasswordChangeView):
    template_name = "accounts/password.html"
    form_class = PasswordForm
    success_url = reverse_lazy("account")

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, _("Your password is changed. Other browsers are signed out."))
        return super().form_valid(form)


change_password = ChangePassword.as_view()
