"""Galera nodes: mariadbd processes of this machine's own, each in a folder that is thrown away."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

PROVIDER = Path("/usr/lib/galera/libgalera_smm.so")
PACKAGES = "mariadb-server galera-4 haproxy rsync"
DATABASE = "clinic"
SUSPECTED = "PT2S"  # after which a silent node is taken for dead: the pause of a fail-over


class Missing(SystemExit):
    """Something that the system has to have; its text names it."""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name):
    path = shutil.which(name, path=os.environ["PATH"] + ":/usr/sbin:/sbin")
    if path is None:
        raise Missing(f"Missing {name}. On Debian: apt-get install {PACKAGES}")
    return path


@dataclass
class Node:
    """One node. `group` holds the addresses at which the nodes meet, this one's among them."""

    name: str
    folder: Path
    group: list
    port: int = field(default_factory=free_port)
    meets_at: str = ""
    process: subprocess.Popen = None

    @property
    def url(self):
        return f"mysql://root:@127.0.0.1:{self.port}/{DATABASE}"

    @property
    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def install(self):
        command = [program("mariadb-install-db"), "--no-defaults", f"--datadir={self.folder}/data"]
        command += ["--auth-root-authentication-method=normal", "--skip-test-db"]
        subprocess.run(command, check=True, capture_output=True, **self._as_who())

    def start(self, *, first=False, after_a_crash=False):
        """Start and wait until it takes part. `first`: it begins the cluster, alone."""
        command = self._server("gcomm://" if first else f"gcomm://{','.join(self.group)}")
        if after_a_crash:
            command += [f"--wsrep-start-position={self._recovered()}"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **self._as_who()
            )
        self.wait_until_ready()

    def _recovered(self):
        """Where this node's history ended, asked of its tables: after a crash nothing else knows."""
        command = [*self._server("gcomm://"), "--wsrep-recover"]
        told = subprocess.run(command, check=False, capture_output=True, text=True, **self._as_who())
        found = re.findall(r"Recovered position: *(\S+)", told.stdout + told.stderr)
        if not found:
            raise RuntimeError(f"{self.name} knows no position: {told.stderr[-1500:]}")
        return found[-1]

    def _server(self, cluster):
        """mariadbd with all that a node needs; `cluster`: whom it joins."""
        provider = f"gmcast.listen_addr=tcp://{self.meets_at};ist.recv_addr=127.0.0.1:{free_port()}"
        provider += f";evs.suspect_timeout={SUSPECTED};evs.inactive_timeout=PT4S;evs.keepalive_period=PT0.2S"
        # Looked at and told every half second and second by default: that long it would take beyond the two.
        provider += ";evs.inactive_check_period=PT0.1S;evs.join_retrans_period=PT0.2S"
        provider += ";gcache.size=64M;gcache.recover=yes"
        return [
            program("mariadbd"),
            "--no-defaults",
            f"--datadir={self.folder}/data",
            f"--socket={self.folder}/socket",
            f"--pid-file={self.folder}/pid",
            "--bind-address=127.0.0.1",
            f"--port={self.port}",
            "--binlog-format=ROW",
            "--innodb-autoinc-lock-mode=2",
            "--innodb-flush-log-at-trx-commit=2",
            "--wsrep-on=ON",
            f"--wsrep-provider={PROVIDER}",
            f"--wsrep-provider-options={provider}",
            f"--wsrep-node-name={self.name}",
            f"--wsrep-node-address={self.meets_at}",
            f"--wsrep-cluster-address={cluster}",
            f"--wsrep-sst-receive-address=127.0.0.1:{free_port()}",
            "--wsrep-sync-wait=1",  # a read waits for what was committed elsewhere before it
        ]

    def wait_until_ready(self):
        """As long as the process lives: a machine may be busy, and a node may have to copy everything."""
        while self.is_alive:
            if self.status("wsrep_ready") == "ON" and self.status("wsrep_local_state_comment") == "Synced":
                return
            time.sleep(0.2)
        errors = [line for line in self.log().splitlines() if "[ERROR]" in line][:3]
        raise RuntimeError(f"{self.name} did not start: {errors or self.log()[-500:]}")

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def kill(self):
        """As a machine whose power is gone."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def status(self, name):
        return self.query(f"SHOW STATUS LIKE '{name}'").partition("\t")[2].strip()

    def query(self, sql):
        """What a statement answers, in lines of tabs; "" where the node does not answer."""
        command = [program("mariadb"), "--no-defaults", f"--socket={self.folder}/socket", "--user=root"]
        command += ["--skip-column-names", "--batch", "--connect-timeout=3", "--execute", sql]
        answer = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
        return answer.stdout.strip()

    def _as_who(self):
        """Not as root: rsync, which brings a node up to date, would then write as nobody what nobody owns."""
        temporary = self.folder / "tmp"
        temporary.mkdir(parents=True, exist_ok=True)
        env = {"env": os.environ | {"TMPDIR": str(temporary)}}
        if os.geteuid() != 0:
            return env
        shutil.chown(self.folder, "nobody")
        shutil.chown(temporary, "nobody")
        return env | {"user": "nobody"}


class Cluster:
    """`with Cluster(folder, 3) as nodes:` three nodes that take part, with an empty database."""

    def __init__(self, folder, size):
        if not PROVIDER.exists():
            raise Missing(f"Missing {PROVIDER}. On Debian: apt-get install {PACKAGES}")
        if os.geteuid() == 0:
            folder.chmod(0o711)
        group = [f"127.0.0.1:{free_port()}" for _ in range(size)]
        self.nodes = [
            Node(f"node{number}", folder / f"node{number}", group, meets_at=address)
            for number, address in enumerate(group, start=1)
        ]

    def __enter__(self):
        try:
            for number, node in enumerate(self.nodes):
                node.folder.mkdir(parents=True)
                node.install()
                node.start(first=number == 0)
            self.nodes[0].query(
                f"CREATE DATABASE {DATABASE} CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
            )
        except BaseException:
            self.__exit__()
            raise
        return self.nodes

    def __exit__(self, *_exc):
        for node in self.nodes:
            if node.is_alive:
                node.kill()
