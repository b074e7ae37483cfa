"""gunicorn's worker with threads, and two of them that wait for nobody: they answer /healthz and /readyz."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from selectors import EVENT_READ
from socket import MSG_DONTWAIT, MSG_PEEK
from typing import Any, Final

from gunicorn import util
from gunicorn.http.errors import LimitRequestLine
from gunicorn.workers.gthread import TConn, ThreadWorker

PEEKED: Final = 64  # bytes: enough for a method and where an address begins
METHODS: Final = (b"GET", b"HEAD")
RESERVED: Final = (b"/healthz", b"/readyz")
API: Final = b"/api/"


class Worker(ThreadWorker):
    """Looks at the first bytes of a request to see who answers it."""

    def init_process(self) -> None:
        self.reserved = {path: ThreadPoolExecutor(max_workers=1) for path in RESERVED}
        self.served = threading.local()
        super().init_process()

    def enqueue_req(self, conn: TConn) -> None:
        """A connection that says nothing yet waits without a thread."""
        try:
            first = conn.sock.recv(PEEKED, MSG_PEEK | MSG_DONTWAIT)
        except BlockingIOError:
            self._wait_for_data(conn)
            return
        except (OSError, ValueError):  # closed, or encrypted by gunicorn itself: who handles it will see
            first = b""
        conn.first = first
        pool = self.reserved.get(_path(first), self.tpool)
        future = pool.submit(self.handle, conn)
        future.add_done_callback(lambda done: self.method_queue.defer(self.finish_request, conn, done))

    def _wait_for_data(self, conn: TConn) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + self.cfg.keepalive
        self.pending_conns.append(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(self.on_pending_socket_readable, conn))

    def handle(self, conn: TConn) -> Any:
        self.served.first = conn.first
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """What gunicorn itself refuses: a program gets a problem in JSON, as for all other refusals."""
        super().handle_error(req, client, addr, exc)


def _path(first: bytes) -> bytes:
    """Of the request whose first bytes these are, where nothing follows it."""
    method, _space, rest = first.partition(b" ")
    path, space, _rest = rest.partition(b" ")
    return path if space and method in METHODS else b""


_ = (util, LimitRequestLine, API)
