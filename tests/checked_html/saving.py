"""A plugin of pytest's: whatever page a test is answered is written into the folder `PAGES`."""

import os
import re
from itertools import count
from pathlib import Path

from django.test import Client

NUMBERS = count()


def pytest_configure(config):
    folder, ask = Path(os.environ["PAGES"]), Client.request

    def request(self, **environ):
        answer = ask(self, **environ)
        is_page = answer.get("Content-Type", "").startswith("text/html") and not answer.streaming
        if is_page and answer.content.lstrip()[:9].lower() == b"<!doctype":
            name = re.sub(r"[^\w-]", "_", environ.get("PATH_INFO", "").strip("/"))[:80]
            page = folder / f"{next(NUMBERS):05}-{os.getpid()}-{answer.status_code}-{name}.html"
            page.write_bytes(answer.content)
        return answer

    Client.request = request
