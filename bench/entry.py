"""Where clients come in: nginx as deploy/ configures it, where it is installed; else gunicorn itself."""

from __future__ import annotations

import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from bench import processor
from bench.site import HOST, OF_A_PROXY, Site, site
from tools import deployment
from tools.server import free_port
from tools.starting import last_line, wait_until_it_answers

NEEDED: Final = ("nginx", "openssl")  # the second makes the certificate


@dataclass(frozen=True)
class Proxy:
    port: int
    trust: ssl.SSLContext
    server: subprocess.Popen[bytes]

    def connect(self) -> socket.socket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        # A header and its body leave in two pieces: the second must not wait until the first has arrived.
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return self.trust.wrap_socket(plain, server_hostname=HOST)


@dataclass(frozen=True)
class Entry:
    site: Site
    proxy: Proxy | None

    @property
    def name(self) -> str:
        return "behind nginx" if self.proxy else f"without nginx ({' or '.join(NEEDED)} is not installed)"

    @property
    def headers(self) -> dict[str, str]:
        """What clients say beside their own: without a proxy, what it would say, a connection for each."""
        return {"Host": HOST} if self.proxy else {**OF_A_PROXY, "Connection": "close"}

    def connect(self) -> socket.socket:
        return self.proxy.connect() if self.proxy else self.site.connect()

    def processes(self) -> list[int]:
        """Of gunicorn, of the database and of the proxy."""
        return [*self.site.processes(), *(processor.family(self.proxy.server.pid) if self.proxy else [])]


@contextmanager
def entry() -> Iterator[Entry]:
    with site({}) as started:
        if all(map(_is_installed, NEEDED)):
            with _nginx(started) as proxy:
                yield Entry(started, proxy)
        else:
            entered = Entry(started, None)
            print(f"  {entered.name}", file=sys.stderr, flush=True)
            yield entered


def _is_installed(name: str) -> bool:
    return shutil.which(deployment.program(name)) is not None


@contextmanager
def _nginx(started: Site) -> Iterator[Proxy]:
    """A private one, in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="clinic-nginx-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o711)  # its workers have an account of their own
        text = (deployment.DEPLOY / "nginx.conf").read_text()
        text = re.sub(r"\n *listen \[::\].*", "", text)  # not every machine has IPv6
        file = deployment.written_for(
            folder, text, plain=free_port(), encrypted=port, server=f"unix:{started.path}"
        )
        command = [deployment.program("nginx"), "-c", str(file), "-p", name, "-g", "daemon off;"]
        # It writes there before it has read where else.
        server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            proxy = Proxy(port, ssl.create_default_context(cafile=folder / "certificate.pem"), server)
            said = folder / "error.log"
            wait_until_it_answers(server, partial(_answers, proxy), lambda: last_line(said.read_text()))
            yield proxy
        finally:
            server.terminate()
            server.wait()


def _answers(proxy: Proxy) -> bool:
    try:
        proxy.connect().close()
    except OSError:
        return False
    return True
