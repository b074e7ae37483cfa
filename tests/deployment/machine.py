"""A machine of its own in a folder: its processes, mounts, names and network are not those of this one.

Its first process is systemd, or one that only waits. slirp4netns lets it out to where packages are, and
nothing in to it.
"""

import contextlib
import os
import pty
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests.deployment import roots

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NAMESPACES = ["--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup"]
SYSTEMD, WAITS = "/lib/systemd/systemd", "sleep infinity"
# /proc/sys is the kernel's, which is everybody's.
BOOT = """
set -e
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount --bind proc/sys proc/sys && mount -o remount,ro,bind proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
for folder in run tmp; do mount -t tmpfs tmpfs $folder; done
mount -t tmpfs -o mode=755 tmpfs dev
mkdir dev/pts dev/shm run/lock
mount -t tmpfs tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for node in null zero full random urandom tty; do cp -a /dev/$node dev/$node; done
hostname clinic
exec env -i container=trial PATH="$PATH" chroot . $2
"""
LONGEST = 900  # seconds for one command: packages come over a network


class Failed(Exception):
    """A command that should have succeeded; the message ends with what it said."""


class Machine:
    def __init__(self, root, pid):
        self.root, self.pid = root, pid

    def inside(self, command, *, user="root", env=None, folder="/"):
        """The command line of this machine that runs a command of that one."""
        namespaces = [*NAMESPACES, "--root", f"--wd={self.root / folder.lstrip('/')}"]
        own = {"PATH": PATH, "HOME": f"/home/{user}" if user == "clinic" else "/root", "TERM": "dumb"}
        own |= {"LANG": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"} | roots.proxies() | (env or {})
        become = [] if user == "root" else _become(user)
        words = [f"{name}={value}" for name, value in own.items()]
        return ["nsenter", f"--target={self.pid}", *namespaces, "env", "-i", *words, *become, *command]

    def run(self, command, **where):
        done = subprocess.run(
            self.inside(command, **where),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            timeout=LONGEST,
            check=False,
        )
        if done.returncode:
            raise Failed(f"{command} left with {done.returncode}:\n{done.stdout[-3000:]}")
        return done.stdout

    def typed(self, command, answers, **where):
        """The same at a terminal, where `answers` are typed, each when something is asked for."""
        child, terminal = pty.fork()
        if not child:
            line = self.inside(command, **where)
            os.execvp(line[0], line)
        said = b""
        with contextlib.suppress(OSError):  # how a terminal says that nobody is left
            while part := os.read(terminal, 4096):
                said += part
                if answers and said.rstrip(b" ").endswith(b":"):
                    os.write(terminal, answers.pop(0).encode() + b"\n")
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        if code:
            raise Failed(f"{command} left with {code}:\n{said.decode(errors='replace')[-3000:]}")
        return said.decode(errors="replace")


def _become(user):
    if user.partition(":")[0].isdigit():
        uid, _colon, gid = user.partition(":")
        return ["setpriv", f"--reuid={uid}", f"--regid={gid or uid}", "--clear-groups"]
    return ["runuser", "-u", user, "--"]


@contextlib.contextmanager
def machine(kind, first=WAITS):
    """A new one, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="clinic-machine-", dir=roots.KEPT) as folder:
        root = roots.copy(kind, Path(folder) / "root")
        with _group(folder) as group, (Path(folder) / "console").open("wb") as console:
            enter = f'[ -z "{group}" ] || echo $$ > "{group}/cgroup.procs"; exec "$@"'
            unshare = ["unshare", *NAMESPACES, "--fork", "--kill-child", "--propagation=private"]
            command = ["sh", "-c", enter, "sh", *unshare, "sh", "-c", BOOT, "sh", str(root), first]
            process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=console, stderr=console)
            network = None
            try:
                pid = _first_process(process, first, Path(folder) / "console")
                network = _connect(pid)
                yield Machine(root, pid)
            finally:
                for each in filter(None, (network, process)):
                    each.send_signal(signal.SIGKILL)
                    each.wait()


def _first_process(process, first, console):
    """Its number here, once it is what was asked for."""
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        for pid in children:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if words[0].decode() == first.split()[0]:
                return int(pid)
        time.sleep(0.05)
    raise Failed(f"The machine did not start: {console.read_text(errors='replace')[-2000:]}")


def _connect(pid):
    options = ["--configure", "--mtu=65520", "--disable-host-loopback"]
    network = subprocess.Popen(
        ["slirp4netns", *options, str(pid), "tap0"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 30
    route = ["nsenter", f"--target={pid}", "--net", "cat", "/proc/net/route"]
    while "tap0" not in subprocess.run(route, capture_output=True, text=True, check=False).stdout:
        if network.poll() is not None or time.monotonic() > until:
            raise Failed("slirp4netns gave the machine no network: is there a /dev/net/tun?")
        time.sleep(0.05)
    return network


@contextlib.contextmanager
def _group(folder):
    """A control group for its processes, which is removed with what systemd made in it."""
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    top = next((Path(words[1]) for words in mounts if words[2] == "cgroup2"), None)
    if top is None:
        yield ""
        return
    group = top / Path(folder).name
    group.mkdir()
    try:
        yield group
    finally:
        _remove(group)


def _remove(group):
    """As soon as its last process is gone, which the kernel ends when it comes to it."""
    until = time.monotonic() + 10
    while True:
        try:
            for path in sorted((path for path in group.rglob("*") if path.is_dir()), reverse=True):
                path.rmdir()
            return group.rmdir()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
