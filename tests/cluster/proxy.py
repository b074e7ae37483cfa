"""HAProxy before the nodes: one of them takes everything, the others stand by."""

import subprocess
import time
from pathlib import Path

from tests.cluster.nodes import free_port, program

# Whether a node takes part, and not only whether it listens: a node without its cluster listens too.
CHECK = """#!/bin/sh
[ "$({client} --no-defaults --host=127.0.0.1 --port="$HAPROXY_SERVER_PORT" --user=root --connect-timeout=1 \\
  --skip-column-names --batch --execute "SHOW STATUS LIKE 'wsrep_ready'" | cut -f2)" = ON ]
"""
SETTINGS = """
global
    external-check
    insecure-fork-wanted
defaults
    mode tcp
    timeout connect 2s
    timeout client 1h
    timeout server 1h
    timeout check 2s
    retries 10
    option redispatch 1
listen clinic
    bind 127.0.0.1:{port}
    option external-check
    external-check path "/usr/bin:/bin"
    external-check command {check}
    # Whoever became the writer stays it when the former one comes back: two writers at once are two
    # desks that run into each other more often.
    stick-table type integer size 1 nopurge
    stick on int(1)
    default-server inter 300ms fastinter 200ms fall 1 rise 1 on-marked-down shutdown-sessions
{servers}
"""


class Proxy:
    """`with Proxy(folder, nodes) as proxy:` its `url` leads to the writer of the moment."""

    def __init__(self, folder, nodes):
        self.folder, self.nodes, self.port = Path(folder), nodes, free_port()
        self.process = None

    @property
    def url(self):
        return f"mysql://root:@127.0.0.1:{self.port}/clinic"

    def __enter__(self):
        check = self.folder / "check.sh"
        check.write_text(CHECK.format(client=program("mariadb")))
        check.chmod(0o755)
        servers = "\n".join(
            f"    server {node.name} 127.0.0.1:{node.port} check{' backup' if number else ''}"
            for number, node in enumerate(self.nodes)
        )
        settings = self.folder / "haproxy.cfg"
        settings.write_text(SETTINGS.format(port=self.port, check=check, servers=servers))
        log = (self.folder / "haproxy.log").open("wb")
        self.process = subprocess.Popen(
            [program("haproxy"), "-db", "-f", str(settings)], stdout=log, stderr=log
        )
        time.sleep(1)
        if self.process.poll() is not None:
            raise RuntimeError((self.folder / "haproxy.log").read_text())
        return self

    def __exit__(self, *_exc):
        self.process.terminate()
        self.process.wait()
