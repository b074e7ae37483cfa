"""A person's own account, under /account/. Marks of access are put on in the site's urls."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from accounts import views


def paths(mark: Callable[..., Any]) -> list[URLPattern]:
    return [
        path("", mark(views.account), name="account"),
        path("password/", mark(views.change_password), name="password"),
    ]
