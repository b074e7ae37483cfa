"""Signing in and out. Marks of access are put on in the site's urls: this app knows no other."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView, redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import idle, kept
from accounts import typed as typed_forms
from accounts.forms import AccountForm, PasswordForm, SignInForm
from accounts.who import account_of, account_or_none


class SignIn(LoginView):
    """Leads on to where one wanted to go; or back to a form that was sent after the session had ended."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    extra_context = {"now": timezone.now}

    def form_valid(self, form: Any) -> HttpResponse:
        onwards = super().form_valid(form)
        idle.begin(self.request, now=timezone.now())
        typed = kept.Kept.read(self.request.POST.get("kept", ""))
        if typed is None:
            return onwards
        # Who has no such page is not led to it either; nor anybody to one that is only ever sent to.
        return show_again(self.request, typed) or redirect("home")

    def get_form_kwargs(self) -> dict[str, Any]:
        given: dict[str, Any] = super().get_form_kwargs()
        if "username" not in self.request.POST:  # from the page of who waits, with what it carried along
            given["data"] = given["files"] = None
        return given

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        carried = self.request.POST.get("kept", "")
        return super().get_context_data(**kwargs) | {"kept": carried if kept.Kept.read(carried) else ""}


sign_in = SignIn.as_view()


def sign_in_again(request: HttpRequest) -> HttpResponse:
    """A form came without a session: the sign-in page, carrying what was typed."""
    typed = kept.Kept.of(request)
    packed = typed.packed() if typed else ""
    context = {
        "form": SignInForm(request),
        "next": typed.page if typed else resolve_url("home"),
        "kept": packed,
        "has_ended": True,
        "now": timezone.now(),
    }
    return render(request, "accounts/sign_in.html", context, status=401)


def show_again(request: HttpRequest, typed: kept.Kept) -> HttpResponse | None:
    """The form as it was sent, in the language of who is signed in now; None where they have no such page."""
    account = account_or_none(request)
    language = account.language if account else ""
    try:
        with translation.override(language or translation.get_language()):
            return kept.shown_again(request, typed)
    except Http404:
        return None


class SignOut(LogoutView):
    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        typed_forms.forget_session(request)
        response: HttpResponse = super().post(request, *args, **kwargs)
        return response


sign_out = SignOut.as_view()


@require_safe
def session(request: HttpRequest) -> JsonResponse:
    """How long it lasts if nothing more is pressed. Pages ask it themselves: it keeps nobody signed in."""
    return _session_left(request, is_pressed=False)


@require_POST
def stay(request: HttpRequest) -> JsonResponse:
    """Something was pressed on a page, though nothing was sent from it."""
    return _session_left(request, is_pressed=True)


def _session_left(request: HttpRequest, *, is_pressed: bool) -> JsonResponse:
    left = idle.left(request, now=timezone.now(), is_pressed=is_pressed)
    return JsonResponse({"left": left.seconds, "is_final": left.is_final, "token": get_token(request)})


def admin_sign_in(request: HttpRequest) -> HttpResponse:
    """One door for all: the admin's own sign-in page leads to ours, which counts wrong passwords."""
    back_office = resolve_url("admin:index")
    account = account_or_none(request)
    if account is None:
        return redirect_to_login(request.GET.get("next", back_office))
    if account.is_staff:
        return redirect(back_office)
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """What a member of staff settles for themselves."""
    form = AccountForm(request.POST or None, instance=account_of(request))
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
