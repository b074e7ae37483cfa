"""Requests that nobody should send: paths, queries, headers, bodies, encodings and cookies at random."""

import random
import re
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.urls import URLPattern, get_resolver

DAYS = ["2026-03-03", "2026-03-02", "2026-12-24", "2027-03-28"]
CLOCKS = ["10:00", "09:05", "13:55", "9", "2026-03-03T10:00"]
TIMES = ["2026-03-03T10:00:00+01:00", "2026-03-03T11:30:00Z"]
METHODS = (
    ["GET"] * 8 + ["POST"] * 10 + ["HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get", "X-" * 40]
)
TOKEN = "a" * 32
ODD = [
    "", " ", "0", "-1", "1", "2026-03-03", "2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01",
    "10:00", "24:00", "2026-03-03T10:00", "9" * 40, "1e999", "NaN", "null", "\x00", "a\x00b", "\ud800",
    "\uffff", "é" * 300, "%", "%00", "%ff", "../../etc/passwd", "<script>", "'; --", "{{ 7 }}", "[]",
    "{}", "x" * 5000, "\r\nX: y", "on", "true", "confirmed", "cancelled", "es", "٣", "²", "\u202e",
    "😀" * 50, "١٠:٠٠", "+34 600 555 482",
]  # fmt: skip
CHARSETS = [
    "utf-8", "utf8", "latin-1", "utf-16", "utf-7", "base64", "hex", "rot13", "idna", "punycode",
    "unknown", "undefined", "zlib", "", "\x00", "a" * 300, "mbcs", "unicode_escape",
    "raw_unicode_escape", "cp037", "utf-8-sig", "'", '"',
]  # fmt: skip
KINDS = [
    "application/x-www-form-urlencoded", "multipart/form-data", "application/json", "text/plain", "",
    "application", "/", "application/problem+json", "multipart/mixed", "multipart/form-data; boundary=",
    ";", "a" * 300,
]  # fmt: skip
HOSTS = ["testserver"] * 150 + [
    "evil.example",
    "",
    "testserver:99999",
    "a b",
    "[::1",
    "testserver.",
    "\xff",
    "x" * 300,
]
HEADERS = [
    "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING", "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH", "HTTP_RANGE", "HTTP_IF_MODIFIED_SINCE", "HTTP_HX_REQUEST",
    "HTTP_HX_CURRENT_URL", "HTTP_HX_TARGET", "HTTP_HX_TRIGGER_NAME", "HTTP_REFERER", "HTTP_ORIGIN",
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_CSRFTOKEN", "HTTP_EXPECT",
    "HTTP_SEC_FETCH_SITE", "HTTP_AUTHORIZATION", "HTTP_TRANSFER_ENCODING", "HTTP_CONTENT_ENCODING",
    "HTTP_USER_AGENT", "HTTP_X_REQUESTED_WITH", "HTTP_HX_BOOSTED", "REMOTE_ADDR",
    "HTTP_X_HTTP_METHOD_OVERRIDE", "HTTP_UPGRADE",
]  # fmt: skip
VALUES = [
    "*", "*/*", "en", "es", "es-ES,es;q=0.x", "q=" * 200, "gzip", "bytes=0-1", "bytes=9-1", '"1"',
    'W/"1"', '"', "true", "http://testserver/", "http://[::1", "http://testserver/desk/book/", "//",
    "null", "127.0.0.1", "1.2.3.4, x", "same-origin", "cross-site", "Bearer", "Bearer x", "Basic Og==",
    "Basic \xff", "chunked", "100-continue", "\xff\xfe", "Thu, 01 Jan 1970 00:00:00 GMT", "\x00",
    "x" * 3000, "-", "%E0%A4%A", "zz-Zz-zz", "A" * 70,
]  # fmt: skip


@dataclass(frozen=True)
class Caller:
    """`cookies` and `headers` are what they come with."""

    name: str
    cookies: str = ""
    headers: tuple = ()
    doors: tuple = ()  # how the addresses begin at which they get in


class Generator:
    """`known`: values that the clinic has on record, by which requests get further; `fields` of its forms."""

    def __init__(self, seed, known, fields):
        self.random = random.Random(seed)
        self.known, self.fields = known, fields
        self.uuids = [value for value in known if len(value) == 36]
        self.plausible = [
            *((part, self.uuids) for part in ("uuid", "patient", "doctor", "visit_type", "specialty", "use")),
            *((part, TIMES) for part in ("datetime", "since")),
            *((part, DAYS) for part in ("day", "date", "first", "last", "from", "keep")),
            *((part, CLOCKS) for part in ("time", "start", "end")),
            *((part, ["1", "2", "30", "50"]) for part in ("version", "minutes", "days", "limit", "p")),
            ("status", ["confirmed", "cancelled", "arrived", "no_show"]),
        ]
        self.addresses = sorted(set(_addresses(get_resolver(), "")))

    def request(self, caller):
        """An environ as a WSGI server makes it."""
        chance = self.random
        method, path = chance.choice(METHODS), self.path(caller)
        body, kind = self.body()
        environ = {
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "PATH_INFO": path.encode("utf-8", "surrogatepass").decode("latin-1"),
            "QUERY_STRING": self.query(),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": chance.choice(HOSTS),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
            "CONTENT_LENGTH": str(len(body))
            if chance.random() < 0.97
            else chance.choice(["", "-1", "x", "5", "9" * 9]),
            "CONTENT_TYPE": kind,
        }
        for _ in range(chance.choice([0, 0, 1, 1, 2, 4])):
            environ[chance.choice(HEADERS)] = chance.choice(VALUES)
        cookies = [caller.cookies, *self.cookies()]
        environ["HTTP_COOKIE"] = "; ".join(filter(None, cookies))
        if chance.random() < 0.7:
            environ["HTTP_X_CSRFTOKEN"] = TOKEN
        environ.update(caller.headers)
        return environ

    def path(self, caller):
        chance = self.random
        if chance.random() < 0.05:
            return "/" + "".join(
                chance.choice(["/", "a", "%", "é", "\x00", "..", "\udcff", "?"]) for _ in range(9)
            )
        path = "/" + re.sub(
            r"<[^>]*>", lambda found: self.part(found[0]), chance.choice(self._addresses_of(caller))
        )
        if chance.random() < 0.05:
            at = chance.randrange(len(path))
            path = path[:at] + chance.choice(ODD)[:40] + path[at + 1 :]
        return path

    def _addresses_of(self, caller):
        """Where this caller gets in, mostly."""
        if self.random.random() < 0.2 or not caller.doors:
            return self.addresses
        return [address for address in self.addresses if address.startswith(caller.doors)]

    def part(self, converter):
        """Of an address: mostly something that stands at such a place."""
        chance = self.random
        if chance.random() < 0.1:
            return chance.choice([*ODD, str(uuid4())]).replace("/", "")
        if "uuid" in converter:
            return chance.choice(self.uuids)
        return chance.choice(DAYS) if "da" in converter else chance.choice(self.known)

    def value(self, name=""):
        """For a field: something that is nonsense, on record, or of the right kind."""
        chance = self.random
        kind = chance.random()
        if kind < 0.25:
            return chance.choice(ODD)
        if kind < 0.4:
            return chance.choice(self.known)
        return chance.choice(next((some for part, some in self.plausible if part in name), self.known))

    def pairs(self):
        chance = self.random
        names = [chance.choice(self.fields) for _ in range(chance.choice([0, 1, 3, 8, 20]))]
        return [(name if chance.random() < 0.97 else chance.choice(ODD), self.value(name)) for name in names]

    def query(self):
        chance = self.random
        if chance.random() < 0.5:
            return ""
        if chance.random() < 0.1:
            return chance.choice(["&&&", "=%ff", "a=%00", "%", "a" * 3000, "\xff=\xfe", ";", "a=1&a=2"])
        return urlencode(self.pairs(), errors="replace", encoding="utf-8")

    def cookies(self):
        chance = self.random
        if chance.random() < 0.9:
            yield f"csrftoken={TOKEN}"
        if chance.random() < 0.1:
            yield chance.choice(
                [
                    "sessionid=x",
                    "csrftoken=",
                    "lastused=1:2:3",
                    "messages=x",
                    "\xff=\xfe",
                    "=",
                    ";;",
                    "a" * 3000,
                ]
            )

    def body(self):
        """(bytes, content type)"""
        chance = self.random
        form = [*self.pairs(), ("csrfmiddlewaretoken", TOKEN)]
        kind = chance.random()
        if kind < 0.45:
            said = urlencode(form, errors="replace", encoding="utf-8").encode()
            return said, self._with_charset("application/x-www-form-urlencoded", 0.15)
        if kind < 0.6:
            parts = "".join(
                f'--BoUnD\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in form
            )
            boundary = chance.choice(
                ["BoUnD"] * 5 + ["other", "", "\xff", "x" * 300, '"', "BoUnD; charset=base64"]
            )
            end = chance.choice(["--BoUnD--\r\n", "", "--BoUnD", "\r\n"])
            return f"{parts}{end}".encode("utf-8", "replace"), f"multipart/form-data; boundary={boundary}"
        if kind < 0.85:
            return self._json(dict(form)), self._with_charset("application/json", 0.1)
        noise = chance.randbytes(chance.choice([0, 1, 50, 3000]))
        return noise, self._with_charset(chance.choice(KINDS), 0.5)

    def _json(self, form):
        import json

        chance = self.random
        said = {
            name: chance.choice([value, None, 1, -1, 1.5, True, [], [value], {}, {"a": value}])
            if chance.random() < 0.3
            else value
            for name, value in form.items()
        }
        text = json.dumps(said if chance.random() < 0.9 else chance.choice([[], 1, None, [said], "x", {}]))
        if chance.random() < 0.1:
            at = chance.randrange(len(text))
            text = (
                text[:at] + chance.choice(['"', "}", "\\ud800", "NaN", "[" * 2000, "\x00"]) + text[at + 1 :]
            )
        return text.encode("utf-8", "replace")

    def _with_charset(self, kind, likely):
        chance = self.random
        return f"{kind}; charset={chance.choice(CHARSETS)}" if chance.random() < likely else kind


def describe(environ):
    """In a line, so that somebody can send it again."""
    told = {
        name: value for name, value in environ.items() if not name.startswith(("wsgi", "SERVER", "SCRIPT"))
    }
    return f"{told} body={quote(environ['wsgi.input'].getvalue()[:300])}"


def _addresses(resolver, prefix):
    for entry in resolver.url_patterns:
        route = getattr(entry.pattern, "_route", None)
        if route is None:
            route = re.sub(r"\(\?P<\w+>[^)]*\)", "<x>", entry.pattern._regex).strip("^$\\Z").replace("\\", "")
        if isinstance(entry, URLPattern):
            yield prefix + route
        else:
            yield from _addresses(entry, prefix + route)
