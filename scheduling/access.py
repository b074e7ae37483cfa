"""Who may open a page. Every view carries one of these marks; one without is refused, and a test finds it.

Unknown and forbidden look alike: a signed-in person without the right gets the same 404 as for a page that
does not exist. A person who is not signed in is sent to sign in.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from typing import Any, Final, Literal, TypeAlias, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver, get_resolver

from accounts import kept
from accounts.models import User
from accounts.views import sign_in_again
from accounts.who import account_or_none
from scheduling.booking.rights import USE_DESK, rights_of

View: TypeAlias = Callable[..., HttpResponseBase]
AnyView = TypeVar("AnyView", bound=View)
Mark: TypeAlias = Literal[
    "public", "patient_link", "calendar_token", "api_key", "signed_hook", "signed_in", "staff"
]

# Django's admin guards each of its pages itself, and sends others to sign in.
GUARDED_BY_THEMSELVES: Final = frozenset({"admin"})


def _marked(view: AnyView, mark: Mark) -> AnyView:
    view.access = mark  # type: ignore[attr-defined]
    return view


def public(view: AnyView) -> AnyView:
    """Anyone may open it."""
    return _marked(login_not_required(view), "public")


def patient_link(view: AnyView) -> AnyView:
    """Whoever holds an appointment's uuid, or a signed link of a message, may open it, and it shows no more
    than that is worth."""
    return _marked(login_not_required(view), "patient_link")


def calendar_token(view: AnyView) -> AnyView:
    """Whoever holds the address of a doctor's calendar: the view itself looks for the secret in it."""
    return _marked(login_not_required(view), "calendar_token")


def api_key(view: AnyView) -> AnyView:
    """Programs with a key: the operation itself asks for it, and for its scope (`scheduling.api.keys`)."""
    return _marked(login_not_required(view), "api_key")


def signed_hook(view: AnyView) -> AnyView:
    """Programs that sign what they send: the view itself checks it (`notices.signing`)."""
    return _marked(login_not_required(view), "signed_hook")


def signed_in(view: AnyView) -> AnyView:
    """Any member of staff, whatever their rights."""
    return _marked(view, "signed_in")


def staff(permission: str, *others: str) -> Callable[[View], View]:
    """Members of staff with all of these rights (`scheduling.booking.rights`); 404 for the others."""
    needed = frozenset({permission, *others})

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not needed <= rights_of(account_or_none(request)):
                raise Http404
            return view(request, *args, **kwargs)

        guarded.permissions = needed  # type: ignore[attr-defined]
        return _marked(guarded, "staff")

    return decorate


def desk(*permissions: str) -> Callable[[View], View]:
    """Those who are let in at the desk, with the rights that name what this page shows or does."""
    return staff(USE_DESK, *permissions)


def may_open(account: User | None, name: str) -> bool:
    """Whether an account may open the page of this URL name, such as "desk:book": what the view's own mark
    says, so that a link or a button is offered to exactly those for whom it works.

    Raises `KeyError` for a name that no page for staff has.
    """
    return opens(rights_of(account), name)


def opens(rights: frozenset[str], name: str) -> bool:
    """The same of rights, whoever has them."""
    return _needed(get_resolver())[name] <= rights


@cache
def _needed(resolver: URLResolver) -> Mapping[str, frozenset[str]]:
    """The rights that each page for staff needs, by the name of its URL."""
    return dict(_marks(resolver, ""))


def _marks(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, frozenset[str]]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            if entry.name and hasattr(entry.callback, "permissions"):
                yield f"{prefix}{entry.name}", entry.callback.permissions
        else:
            yield from _marks(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)


def filled_again_by(name: str) -> Callable[[AnyView], AnyView]:
    """Names the page that shows this form again from what is posted, and saves nothing (`accounts.kept`)."""

    def decorate(view: AnyView) -> AnyView:
        view.filled_again_by = name  # type: ignore[attr-defined]
        return view

    return decorate


def polled(view: AnyView) -> AnyView:
    """A page asks this by itself: it does not keep anybody signed in (`accounts.idle`)."""
    view.is_polled = True  # type: ignore[attr-defined]
    return view


class AccessMiddleware(LoginRequiredMiddleware):
    """Django's sign-in requirement for every page, and no page at all without a mark."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and GUARDED_BY_THEMSELVES.intersection(match.app_names):
            return None
        if not hasattr(view_func, "access"):
            raise Http404
        is_part = bool(request.headers.get("HX-Request")) and view_func.access == "staff"
        if is_part and not request.user.is_authenticated:
            # The sign-in page must not be put into a part of another page. The form keeps what was typed.
            return HttpResponse(status=401)
        if request.method == "POST" and view_func.access in kept.PAGES and not request.user.is_authenticated:
            return sign_in_again(request)
        return super().process_view(request, view_func, view_args, view_kwargs)
