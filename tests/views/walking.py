"""Going through the pages of the site by their names."""

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse


def named(resolver=None, prefix=""):
    """The names of all pages for people. What programs ask is asked in tests/api, and their hooks in
    tests/notices, on each database."""
    for entry in (resolver or get_resolver()).url_patterns:
        if not isinstance(entry, URLPattern):
            yield from named(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif entry.name and getattr(entry.callback, "access", "") not in {"api_key", "signed_hook"}:
            yield f"{prefix}{entry.name}"


class Walk:
    """A browser that notes which pages it was at."""

    def __init__(self):
        self.client, self.been = Client(), set()

    def sign_in(self, user):
        self.client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    def at(self, name, *args):
        """The address of a page that is counted as seen."""
        self.been.add(name)
        return reverse(name, args=args)

    def open(self, name, *args, status=200, **asked):
        response = self.client.get(self.at(name, *args), asked)
        assert response.status_code == status, name
        return response

    def send(self, name, *args, stays=False, **form):
        """What is sent is taken: another page follows, or where one `stays`, what was asked for."""
        response = self.client.post(self.at(name, *args), form)
        assert response.status_code == (200 if stays else 302), (name, response.content.decode())
        return response

    def ask(self, name, *args, **form):
        """What is sent is kept, and shown at an address of its own; nothing is saved by it."""
        sent = self.send(name, *args, **form)
        response = self.client.get(sent.url)
        assert response.status_code == 200, (name, sent.url)
        return response
