"""The program as gunicorn serves it, with a note on each answer: which process gave it, from when to when.

Two headers break it for one request, for the controls of tests:
X-Rules-Look-Away: every time passes for free, as it does when another one commits between a look and a write.
X-Counts-Apart: each process counts the requests of a key for itself.
"""

import os
import threading
import time
from collections import Counter
from dataclasses import replace

from django.conf import settings
from django.urls import get_resolver

from appointments_site.wsgi import application as program

# isort: split
# After the program, which makes Django ready.
from accounts import api_keys
from scheduling.booking import rules

get_resolver().url_patterns  # noqa: B018  (read once, before the workers are forked)
look, admit = rules.problems_with, api_keys.admit
this, asked = threading.local(), Counter()


def looks_away(*args, **kwargs):
    return [] if "HTTP_X_RULES_LOOK_AWAY" in this.request else look(*args, **kwargs)


def counts_apart(secret, *, now, counts=True):
    if "HTTP_X_COUNTS_APART" not in this.request:
        return admit(secret, now=now, counts=counts)
    asked[secret] += 1
    admission = admit(secret, now=now, counts=False)
    return replace(admission, is_over=asked[secret] > settings.API_LIMITS["read"])


rules.problems_with, api_keys.admit = looks_away, counts_apart


def application(environ, start_response):
    this.request, began = environ, time.monotonic()  # one clock for all processes of a machine

    def start(status, headers, *rest):
        note = f"{os.getpid()} {began} {time.monotonic()}"
        return start_response(status, [*headers, ("X-Witness", note)], *rest)

    return program(environ, start)
