"""Reading a page as a person or a browser would."""

from html.parser import HTMLParser

EMPTY = {"input", "br", "meta", "link", "hr", "use"}


class _Reader(HTMLParser):
    def __init__(self, form=None):
        super().__init__()
        self.form, self.form_here, self.in_template = form, None, False
        self.values, self.texts, self.open, self.select = {}, {}, [], None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "template":
            self.in_template = True
        if tag == "form":
            self.form_here = attrs.get("id")
        name, value = attrs.get("name"), attrs.get("value", "")
        if attrs.get("id") == "top-q":
            return  # the search of the header is no part of any page's form
        if self.in_template or (self.form and self.form != self.form_here):
            name = None
        if tag == "input" and (attrs.get("type") not in {"radio", "checkbox"} or "checked" in attrs):
            self.values[name] = value
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in attrs:
            self.values[self.select] = value
        if tag == "textarea":
            self.textarea = name
            self.values[name] = ""
        if tag not in EMPTY:
            self.open.append(attrs.get("id"))

    def handle_endtag(self, tag):
        if tag == "template":
            self.in_template = False
        if tag == "textarea":
            self.textarea = None
        if self.open and tag not in EMPTY:
            self.open.pop()

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data
        for id_ in filter(None, self.open):
            self.texts[id_] = self.texts.get(id_, "") + data


def _read(response, form=None):
    reader = _Reader(form)
    reader.feed(response.content.decode())
    return reader


def typed_in(response, form=None):
    """What stands in the fields of the page (or of the form with this id), as the browser would send it."""
    values = {name: value for name, value in _read(response, form).values.items() if name}
    # A line end right after <textarea> is no part of its text.
    return {name: value.removeprefix("\n").removeprefix("\r\n") for name, value in values.items()}


def beside(response, field):
    """What is said to be wrong beside a field."""
    return " ".join(_read(response).texts.get(f"id_{field}_error", "").split())


def text_of(response, id_):
    return " ".join(_read(response).texts.get(id_, "").split())
