"""Reading a page as a person or a browser would."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.values, self.texts, self.open, self.select = {}, {}, [], None
        self.textarea = None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name, value = attrs.get("name"), attrs.get("value", "")
        if tag == "input" and (attrs.get("type") not in {"radio", "checkbox"} or "checked" in attrs):
            self.values[name] = value
        if tag == "select":
            self.select = name
        if tag == "option" and "selected" in attrs:
            self.values[self.select] = value
        if tag == "textarea":
            self.textarea = name
            self.values[name] = ""
        if tag not in {"input", "br", "meta", "link", "hr", "use"}:
            self.open.append(attrs.get("id"))

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if self.textarea:
            self.values[self.textarea] += data
        for id_ in filter(None, self.open):
            self.texts[id_] = self.texts.get(id_, "") + data


def _read(response):
    reader = _Reader()
    reader.feed(response.content.decode())
    return reader


def typed_in(response):
    """What stands in the fields of the page, as the browser would send it again."""
    values = {name: value for name, value in _read(response).values.items() if name}
    # A line end right after <textarea> is no part of its text.
    return {name: value.removeprefix("\n").removeprefix("\r\n") for name, value in values.items()}


def beside(response, field):
    """What is said to be wrong beside a field."""
    return " ".join(_read(response).texts.get(f"id_{field}_error", "").split())


def text_of(response, id_):
    return " ".join(_read(response).texts.get(id_, "").split())
