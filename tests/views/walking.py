"""Going through the pages of the site by their names."""

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse


def named(resolver=None, prefix=""):
    """The names of all pages for people. The API's operations are asked in tests/api, on each database."""
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name and getattr(entry.callback, "access", "") != "api_key":
            yield f"{prefix}{entry.name}"


class Walk:
    """A browser that notes which pages it was at."""

    def __init__(self):
        self.client, self.been = Client(), set()

    def sign_in(self, user):
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def open(self, name, *args, status=200, **asked):
        self.been.add(name)
        response = self.client.get(reverse(name, args=args), asked)
        assert response.status_code == status, name
        return response

    def send(self, name, *args, stays=False, **form):
        """What is sent is taken: another page follows, or where one `stays`, what was asked for."""
        self.been.add(name)
        response = self.client.post(reverse(name, args=args), form)
        assert response.status_code == (200 if stays else 302), (name, response.content.decode())
        return response
