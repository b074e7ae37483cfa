"""`python -m tests.deployment.visitor CERTIFICATE NAME PASSWORD`: the first booking, of 127.0.0.1:443.

Prints a line for each thing that it saw: what, a tab, and what of it.
"""

import re
import socket
import ssl
import sys
from datetime import date, timedelta
from http.client import HTTPResponse
from urllib.parse import urlencode
from uuid import uuid4

HOST = "clinic.example"
IDENTITY = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class Visitor:
    def __init__(self, certificate):
        self.tls = ssl.create_default_context(cafile=certificate)
        self.cookies = {}

    def ask(self, path, form=None, *, status=200):
        """(headers, text) of an answer with this status."""
        body = "" if form is None else urlencode({"csrfmiddlewaretoken": self.cookies["csrftoken"]} | form)
        headers = {
            "Host": HOST,
            "Connection": "close",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Origin": f"https://{HOST}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Content-Length": str(len(body)),
        }
        lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        plain = socket.create_connection(("127.0.0.1", 443), 30)
        with self.tls.wrap_socket(plain, server_hostname=HOST) as connection:
            connection.sendall("\r\n".join([*lines, "", body]).encode())
            answer = HTTPResponse(connection)
            answer.begin()
            text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, rest = cookie.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        if answer.status != status:
            raise SystemExit(f"{lines[0]}: {answer.status} instead of {status}\n{_words(text)}")
        return answer.headers, text

    def add(self, model, **fields):
        """A row by the back office; its identity."""
        self.ask(f"/admin/scheduling/{model}/add/")
        self.ask(f"/admin/scheduling/{model}/add/", fields, status=302)
        _headers, text = self.ask(f"/admin/scheduling/{model}/")
        return re.search(rf"/admin/scheduling/{model}/([^/\"]+)/change/", text).group(1)


def _words(text):
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:1500]


def main():
    certificate, name, password = sys.argv[1:]
    visitor = Visitor(certificate)
    _headers, page = visitor.ask("/sign-in/")
    tell("first page", re.search(r"<title>([^<]*)", page).group(1).strip())
    style = re.search(r'href="(/static/[^"]+\.css)"', page).group(1)
    tell("its style sheet", visitor.ask(style)[0]["Cache-Control"])
    visitor.ask("/sign-in/", {"username": name, "password": password, "next": ""}, status=302)
    specialty = visitor.add("specialty", specialty_name="Cardiology", is_active="on")
    on = {"is_active": "on"}
    person = {"doctor_name": "Dr Osei", "email": "osei@clinic.example", "specialty": specialty}
    doctor = visitor.add("doctor", overbook_limit="0", **person, **on)
    kind = visitor.add("visittype", name="Check-up", minutes="30", buffer_minutes="0", **on)
    day = (date.today() + timedelta(days=7)).isoformat()
    hours = {"uuid": str(uuid4()), "first": day, "last": "", "starts": "09:00", "ends": "13:00"}
    visitor.ask(f"/desk/hours/{doctor}/extra/")
    visitor.ask(f"/desk/hours/{doctor}/extra/", hours, status=302)
    book(visitor, doctor, kind, day)


def book(visitor, doctor, kind, day):
    booking = {
        "uuid": str(uuid4()),
        "patient": "new",
        "patient_name": "Ana",
        "patient_lastname": "Souza",
        "visit_type": kind,
        "doctor": doctor,
        "day": day,
        "time": "10:00",
        "status": "pending",
        "description": "",
    }
    visitor.ask("/desk/book/")
    headers, _text = visitor.ask("/desk/book/", booking, status=302)
    tell("first booking", re.sub(IDENTITY, "…", headers["Location"]))
    _headers, text = visitor.ask(f"/desk/day/{day}/")
    if "Souza" not in text:
        raise SystemExit("The day does not show the booking")
    _headers, text = visitor.ask(f"/appointment/{booking['uuid']}/")
    if "10:00" not in text:
        raise SystemExit("The patient's page does not show the time")
    tell("the patient's page", "shows 10:00")


def tell(what, seen):
    print(f"{what}\t{seen}", flush=True)


if __name__ == "__main__":
    main()
