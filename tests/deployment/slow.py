"""400 clients that send their headers slowly, as a phone in a tunnel does, or somebody who means harm: before
gunicorn alone and before nginx, how soon does somebody else get a page?"""

import contextlib
import os
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.deployment.machine import Failed
from tests.environment import values
from tools import deployment
from tools.server import serving
from tools.starting import ROOT, last_line, wait_until_it_answers

CLIENTS = 400
ASKED = 10  # times each
PATIENCE = 10  # seconds that somebody waits for a page
HOST = "clinic.example"
PAGES = ("/sign-in/", "/healthz")
# What the Caddyfile gets on top here: ports of its own, and certificates that it makes itself.
OF_A_TRIAL = """{{
	admin off
	http_port {plain}
	https_port {encrypted}
	local_certs
	skip_install_trust
	storage file_system {folder}
"""


def trial(clients=CLIENTS, asked=ASKED):
    with tempfile.TemporaryDirectory(prefix="clinic-slow-") as folder:
        with _gunicorn(folder) as port:
            with _slow_clients(port, None, clients):
                bare = {path: _wait_for(path, port, None, asked) for path in PAGES}
            for path, waits in bare.items():
                yield f"{path} of gunicorn alone", _in_words(waits)
        for name, proxy in {"nginx": _nginx, "Caddy": _caddy}.items():
            with _gunicorn(folder) as port, proxy(Path(folder), port) as (entry, tls):
                with _slow_clients(entry, tls, clients):
                    behind = {path: _wait_for(path, entry, tls, asked) for path in PAGES}
                for path, waits in behind.items():
                    yield f"{path} behind {name}", _in_words(waits)
            if max(max(waits) for waits in behind.values()) > PATIENCE / 2:
                raise Failed(f"Behind {name} something took longer than {PATIENCE / 2:.0f} s")
    if max(bare["/sign-in/"]) < PATIENCE:
        raise Failed("gunicorn alone did not mind: this trial does not show why a proxy is needed")


def _in_words(waits):
    answered = [wait for wait in waits if wait < PATIENCE]
    longest = f", the longest wait {max(answered):.2f} s" if answered else ""
    return f"{len(answered)} of {len(waits)} answered within {PATIENCE} s{longest}"


@contextlib.contextmanager
def _gunicorn(folder):
    env = os.environ | values(folder) | {"ALLOWED_HOSTS": f"{HOST},127.0.0.1"}
    migrate = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
    subprocess.run(migrate, cwd=ROOT, env=env, check=True)
    workers = min(2 * (os.cpu_count() or 1) + 1, 9)  # gunicorn.conf.py's own number
    with serving(sys.executable, env, workers=workers) as server:
        yield int(server.address.rpartition(":")[2])


@contextlib.contextmanager
def _nginx(folder, port):
    """nginx with the repository's configuration, and what its clients trust."""
    plain, encrypted = _free_port(), _free_port()
    text = (deployment.DEPLOY / "nginx.conf").read_text()
    file = deployment.written_for(folder, text, plain=plain, encrypted=encrypted, server=f"127.0.0.1:{port}")
    command = [deployment.program("nginx"), "-c", str(file), "-p", str(folder), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as nginx:
        tls = ssl.create_default_context(cafile=folder / "certificate.pem")
        try:
            wait_until_it_answers(
                nginx,
                lambda: _wait_for("/healthz", encrypted, tls, 1)[0] < PATIENCE,
                lambda: last_line((folder / "error.log").read_text()),
            )
            yield encrypted, tls
        finally:
            nginx.terminate()


@contextlib.contextmanager
def _caddy(folder, port):
    """Caddy with the repository's configuration, and what its clients trust."""
    ports = {"plain": _free_port(), "encrypted": _free_port()}
    begin, rest = (deployment.DEPLOY / "Caddyfile").read_text().split("{\n", 1)
    text = begin + OF_A_TRIAL.format(folder=folder, **ports) + rest.replace("web:8000", f"127.0.0.1:{port}")
    file, log = folder / "Caddyfile", folder / "caddy.log"
    file.write_text(text)
    command = [Path(sys.executable).parent / "caddy", "run", "--adapter", "caddyfile", "--config", file]
    env = os.environ | {"SITE_ADDRESS": HOST}
    authority = folder / "pki" / "authorities" / "local" / "root.crt"
    with log.open("wb") as out, subprocess.Popen(command, env=env, stdout=out, stderr=out) as caddy:
        try:
            wait_until_it_answers(caddy, authority.exists, lambda: last_line(log.read_text()))
            tls = ssl.create_default_context(cafile=authority)
            wait_until_it_answers(
                caddy,
                lambda: _wait_for("/healthz", ports["encrypted"], tls, 1)[0] < PATIENCE,
                lambda: last_line(log.read_text()),
            )
            yield ports["encrypted"], tls
        finally:
            caddy.terminate()


@contextlib.contextmanager
def _slow_clients(port, tls, clients):
    """Each sends a byte of a header in a second, and comes again when it is turned away."""
    ended = threading.Event()
    thread = threading.Thread(target=_send_slowly, args=(port, tls, clients, ended))
    thread.start()
    try:
        time.sleep(5)  # until all are there
        yield
    finally:
        ended.set()
        thread.join()


def _send_slowly(port, tls, clients, ended):
    begin = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Slow: ".encode()
    connections = []
    while not ended.is_set():
        begun = time.monotonic()
        connections = [each for each in connections if _sent(each, b"a")]
        while len(connections) < clients and not ended.is_set():
            with contextlib.suppress(OSError):
                new = _connect(port, tls)
                if _sent(new, begin):
                    connections.append(new)
                    continue
            break
        ended.wait(max(0.0, begun + 1 - time.monotonic()))
    for each in connections:
        each.close()


def _connect(port, tls, timeout=2.0):
    connection = socket.create_connection(("127.0.0.1", port), timeout)
    return tls.wrap_socket(connection, server_hostname=HOST) if tls else connection


def _sent(connection, what):
    try:
        connection.sendall(what)
    except OSError:
        connection.close()
        return False
    return True


def _wait_for(path, port, tls, times):
    """Seconds until a good answer, each time; PATIENCE where there is none by then."""
    asked = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nConnection: close\r\n\r\n".encode()
    return [_one_wait(asked, port, tls) for _ in range(times)]


def _one_wait(asked, port, tls):
    begun = time.monotonic()
    with contextlib.suppress(OSError), _connect(port, tls, PATIENCE) as connection:
        connection.sendall(asked)
        if connection.recv(64).startswith(b"HTTP/1.1 200"):
            return time.monotonic() - begun
    return float(PATIENCE)


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
