"""gunicorn's worker with threads, and some more that wait for nobody: they answer /healthz, /readyz and
/metrics."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from selectors import EVENT_READ
from socket import MSG_DONTWAIT, MSG_PEEK, socket
from typing import Any, Final

from gunicorn.workers.gthread import TConn, ThreadWorker

from appointments_site import spreading

PEEKED: Final = 2048  # bytes: enough for the whole of what a probe asks
METHODS: Final = (b"GET", b"HEAD")
API: Final = b"/api/"
RESERVED: Final = (b"/healthz", b"/readyz", b"/metrics")
QUEUED_AT: Final = "clinic.queued_at"  # seconds of `time.monotonic`, in a request's META
GIVES_WAY: Final = 0.05  # seconds, for a free thread
SPREADS: Final = 0.02  # seconds, for one with fewer connections: it is awake, and takes one at once


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Looks at the first bytes of a request to see who answers it."""

    place = spreading.PLACES  # none; `places.pre_fork` gives it one, where gunicorn.conf.py is read

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.reserved: dict[bytes, ThreadPoolExecutor] = {}
        self.served = threading.local()
        self.busy = 0  # requests that threads have, or that wait for one
        self.gave_way, self.gives_way_until = False, 0.0

    def load_wsgi(self) -> None:
        """The program learns since when a request waits: its deadline counts from then."""
        super().load_wsgi()
        program: Any = self.wsgi

        def told(environ: dict[str, Any], start_response: Any) -> Any:
            environ[QUEUED_AT] = self.served.queued_at
            return program(environ, start_response)

        self.wsgi: Any = told

    def init_process(self) -> None:
        self.reserved = {path: ThreadPoolExecutor(max_workers=1) for path in RESERVED}
        super().init_process()

    # -- Who takes a connection ----------------------------------------------------

    def accept(self, listener: socket) -> None:
        """With all threads busy the other workers come first, for a moment: nobody waits here for a thread
        while one is free there. So do those who hold fewer connections. Then it is taken all the same: it may
        be a probe."""
        is_busy = self.busy + len(self.pending_conns) >= self.cfg.threads
        now = time.monotonic()
        others_first = is_busy or spreading.held.is_fewer_elsewhere(self.place, self.nr_conns, now)
        self.gave_way = others_first and not self.gave_way
        if self.gave_way:
            self.gives_way_until = now + (GIVES_WAY if is_busy else SPREADS)
            self.set_accept_enabled(False)
        else:
            super().accept(listener)
            spreading.held.tell(self.place, self.nr_conns, now)

    def set_accept_enabled(self, enabled: bool) -> None:
        if not enabled or time.monotonic() >= self.gives_way_until:
            super().set_accept_enabled(enabled)

    def wait_for_and_dispatch_events(self, timeout: float) -> None:
        now = time.monotonic()
        spreading.held.tell(self.place, self.nr_conns, now)
        left = self.gives_way_until - now
        super().wait_for_and_dispatch_events(min(timeout, left) if left > 0 else timeout)

    # -- Who answers it ------------------------------------------------------------

    def enqueue_req(self, conn: TConn) -> None:
        """A connection that says nothing yet waits without a thread."""
        try:
            first = conn.sock.recv(PEEKED, MSG_PEEK | MSG_DONTWAIT)
        except BlockingIOError:
            self._wait_for_data(conn)
            return
        except (OSError, ValueError):  # closed, or encrypted by gunicorn itself: who handles it will see
            first = b""
        conn.first, conn.is_closed, conn.queued_at = first, False, time.monotonic()
        pool = self.reserved.get(_path(first))
        conn.is_counted = pool is None
        self.busy += conn.is_counted
        done = (pool or self.tpool).submit(self.handle, conn)
        done.add_done_callback(lambda future: self.method_queue.defer(self.finish_request, conn, future))

    def _wait_for_data(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        self.served.first, self.served.queued_at = conn.first, conn.queued_at
        goes_on = super().handle(conn)
        if not goes_on:
            # Here, because it waits for the client's end: the thread that accepts would keep others waiting.
            conn.close(graceful=conn.is_counted)
            conn.is_closed = True
        return goes_on

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """What gunicorn itself refuses: a program gets a problem in JSON, as it does for everything else."""
        path = self.served.first.partition(b" ")[2]
        if not path.startswith(API):
            super().handle_error(req, client, addr, exc)
            return
        said = Said()
        super().handle_error(req, said, addr, exc)
        with suppress(OSError):  # whoever asked may be gone
            client.sendall(_problem(bytes(said)) or bytes(said))

    def finish_request(self, conn: TConn, future: "Future[Any]") -> None:
        self.busy -= conn.is_counted
        self.gives_way_until = min(self.gives_way_until, time.monotonic())
        if conn.is_closed:
            self.nr_conns -= 1
        else:
            super().finish_request(conn, future)


class Said(bytearray):
    """Stands in for a connection, and keeps what is sent to it."""

    def gettimeout(self) -> float:
        return 0.0

    def sendall(self, sent: bytes) -> None:
        self.extend(sent)


def _problem(answer: bytes) -> bytes:
    """The same status as a problem; nothing where it can't be read."""
    from scheduling.api import problems  # read with the program, before the workers are forked

    status_line = answer.partition(b"\r\n")[0]
    status = status_line.split(b" ")[1:2]
    if not status or not status[0].isdigit():
        return b""
    body = problems.response(int(status[0])).content
    headers = f"Connection: close\r\nContent-Type: {problems.MEDIA_TYPE}\r\nCache-Control: no-store\r\n"
    length = f"Content-Length: {len(body)}\r\n\r\n"
    return status_line + b"\r\n" + (headers + length).encode() + body


def _path(first: bytes) -> bytes:
    """Of the request that these bytes are, as long as it has no query; nothing where some of it is to come:
    the threads for probes wait for nobody."""
    if not first.endswith(b"\r\n\r\n"):
        return b""
    method, _space, rest = first.partition(b" ")
    path, space, _rest = rest.partition(b" ")
    return path if space and method in METHODS else b""
