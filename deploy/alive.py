"""The Dockerfile's HEALTHCHECK: whether this container's server answers; else code 1 and one line."""

import os
import sys
from urllib.request import Request, urlopen

port = os.environ.get("BIND", "").rpartition(":")[2] or os.environ.get("PORT", "8000")
# By a name that the site answers to.
host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".")
try:
    with urlopen(Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host}), timeout=4) as answer:
        answer.read()
except OSError as error:
    sys.exit(f"/healthz: {error}")
