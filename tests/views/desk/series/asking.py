"""Filling in the pages of a series as a browser does, which sends every field of a name."""

from html.parser import HTMLParser

from tests.conftest import MADRID

PLAN, BOOK = "/desk/series/", "/desk/series/book/"


class _Fields(HTMLParser):
    def __init__(self, form):
        super().__init__()
        self.form, self.here, self.select = form, None, None
        self.found, self.focus = {}, []

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.here = attrs.get("action")
        if "autofocus" in attrs:
            self.focus.append(attrs.get("value" if tag == "button" else "name") or attrs.get("id"))
        if self.here != self.form:
            return
        is_set = attrs.get("type") not in {"radio", "checkbox"} or "checked" in attrs
        if tag == "input" and attrs.get("name") and is_set:
            self.found.setdefault(attrs["name"], []).append(attrs.get("value", ""))
        if tag == "select":
            self.select = attrs["name"]
        if tag == "option" and "selected" in attrs:
            self.found[self.select] = [attrs["value"]]
        if tag == "textarea":
            self.found.setdefault(attrs["name"], [""])

    def handle_endtag(self, tag):
        if tag == "form":
            self.here = None


def fields(response, form=PLAN):
    """Every field of the form with this action, as {name: [text, ...]}."""
    reader = _Fields(form)
    reader.feed(response.content.decode())
    return reader.found


def focus(response):
    """Where the page puts the focus: the value of a button, the name of a field, or an id."""
    reader = _Fields("")
    reader.feed(response.content.decode())
    return reader.focus


def rows(response):
    return list(response.context["dates"].rows)


def said(response):
    """Of each date its day and time, and what is in its way."""
    return [
        (row.day.isoformat(), f"{row.start.astimezone(MADRID):%H:%M}", list(row.whys))
        for row in rows(response)
    ]
