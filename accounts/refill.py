"""A page's form filled in with what was typed: any form of the product, without its view knowing."""

from collections.abc import Mapping, Sequence
from html import escape
from html.parser import HTMLParser
from typing import Final

TICKED: Final = frozenset({"checkbox", "radio"})
LEFT_ALONE: Final = frozenset({"submit", "button", "image", "reset", "file", "password"})

Attributes = list[tuple[str, str | None]]


class _Filler(HTMLParser):
    """Copies the page, and the first form that posts to `action` with its fields filled in."""

    def __init__(self, action: str, fields: Mapping[str, Sequence[str]], here: str) -> None:
        super().__init__(convert_charrefs=False)
        self.action, self.here = action, here
        self.fields = {name: list(values) for name, values in fields.items()}
        self.out: list[str] = []
        self.is_inside = self.is_done = False
        self.select = self.textarea = ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        given = dict(attrs)
        if tag == "form":
            posts = (given.get("method") or "").lower() == "post"
            self.is_inside = posts and not self.is_done and (given.get("action") or self.here) == self.action
            self.is_done = self.is_done or self.is_inside
            if self.is_inside and not given.get("action"):
                # It is shown at the address of signing in: without a script, it would be sent there.
                self.out.append(_tag(tag, given | {"action": self.action}))
                return
        elif self.is_inside and tag in {"input", "select", "option", "textarea"}:
            self.out.append(self._field(tag, given))
            return
        self.out.append(self.get_starttag_text() or "")

    handle_startendtag = handle_starttag

    def _field(self, tag: str, given: dict[str, str | None]) -> str:
        name = given.get("name") or ""
        if tag == "select":
            self.select = name
        elif tag == "option" and self.select in self.fields:
            return _tag(tag, _switched(given, "selected", given.get("value") in self.fields[self.select]))
        elif tag == "textarea" and name in self.fields:
            self.textarea = name
            return (self.get_starttag_text() or "") + "\n" + escape(self._next(name))
        elif tag == "input" and (name in self.fields or given.get("type") == "checkbox"):
            kind = given.get("type") or "text"
            if kind in TICKED:
                value = given.get("value") or "on"
                return _tag(tag, _switched(given, "checked", value in self.fields.get(name, [])))
            if kind not in LEFT_ALONE:
                return _tag(tag, given | {"value": self._next(name)})
        return self.get_starttag_text() or ""

    def _next(self, name: str) -> str:
        """Fields of one name are filled in turn."""
        values = self.fields[name]
        return values.pop(0) if len(values) > 1 else values[0] if values else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.textarea = ""
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self.textarea:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _switched(given: dict[str, str | None], word: str, is_on: bool) -> dict[str, str | None]:
    rest = {name: value for name, value in given.items() if name != word}
    return rest | {word: None} if is_on else rest


def _tag(tag: str, given: Mapping[str, str | None]) -> str:
    parts = [name if value is None else f'{name}="{escape(value)}"' for name, value in given.items()]
    return f"<{' '.join([tag, *parts])}>"


def filled(page: str, action: str, fields: Mapping[str, Sequence[str]], *, here: str) -> str:
    """The page with the form that posts to `action` as it was when it was sent."""
    filler = _Filler(action, fields, here.partition("?")[0])
    filler.feed(page)
    filler.close()
    return "".join(filler.out)
