"""The program as gunicorn serves it, with a note on each answer: which process gave it, from when to when.

COUNTS_APART: each process counts the requests of a key for itself.
RULES_LOOK_AWAY: every time passes for free, as it does when another one commits between a look and a write.
"""

import os
import time
from collections import Counter

from django.conf import settings

from appointments_site.wsgi import application as program
from scheduling.booking import rules

if os.environ.get("RULES_LOOK_AWAY"):
    rules.problems_with = lambda *args, **kwargs: []

if os.environ.get("COUNTS_APART"):
    from accounts import api_keys  # after the program, which makes Django ready

    asked = Counter()

    def counted(digest, minute, now):
        asked[digest] += 1
        return asked[digest] <= settings.API_LIMITS["read"]

    api_keys._counted = counted


def application(environ, start_response):
    began = time.monotonic()  # one clock for all processes of a machine

    def start(status, headers, *rest):
        note = f"{os.getpid()} {began} {time.monotonic()}"
        return start_response(status, [*headers, ("X-Witness", note)], *rest)

    return program(environ, start)
