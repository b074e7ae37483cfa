"""A gateway for text messages: a server that keeps what it gets, and answers as it is told."""

import json
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Gateway:
    """`status`, or `behaves`: a function of the handler, which answers or does not."""

    def __init__(self):
        self.got, self.status, self.behaves, self.ended = [], 202, None, threading.Event()
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                gateway.got.append((self.path, dict(self.headers.items()), body))
                (gateway.behaves or Handler.plainly)(self)

            def do_GET(self):
                gateway.got.append((self.path, {}, b""))
                self.plainly()

            def plainly(self):
                self.send_response(gateway.status)
                self.send_header("Location", "/elsewhere")
                self.end_headers()
                self.wfile.write(b"ana@patients.example is unknown")

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/messages?from=clinic"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    @property
    def bodies(self):
        return [json.loads(body) for _path, _headers, body in self.got]

    def close(self):
        self.ended.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def hangs_up(handler):
    """In the middle: the message was taken, or not."""
    handler.connection.shutdown(socket.SHUT_RDWR)


def stops_in_its_head(handler):
    handler.wfile.write(b"HTTP/1.1 20")
    hangs_up(handler)


def speaks_something_else(handler):
    handler.wfile.write(b"220 smtp.example ESMTP\r\n")
    hangs_up(handler)
