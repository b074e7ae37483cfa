"""Empty Debians: made once by debootstrap and kept, copied for each trial; and how they reach a network."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

RELEASE = "bookworm"
KEPT = Path("/var/tmp")  # `rm -r /var/tmp/clinic-bookworm-*` makes them anew
USUAL_MIRROR = "http://deb.debian.org/debian"
CERTIFICATES = "etc/authorities-of-the-trial.pem"
# What a server has, and a container has not.
OF_A_SERVER = ["systemd-sysv", "dbus"]
SOURCES = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
PROXIES = ("http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY")


def empty(kind):
    """The folder of a Debian without anything: a "container", or a "server", which has systemd."""
    whole = KEPT / f"clinic-{RELEASE}-{kind}"
    if whole.exists():
        return whole
    print(f"Making an empty Debian for a {kind}; it is kept in {whole}", flush=True)
    new = whole.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    more = [f"--include={','.join(OF_A_SERVER)}"] if kind == "server" else []
    command = ["debootstrap", "--variant=minbase", *more, RELEASE, str(new), _mirror()]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        sys.exit(f"debootstrap: {done.stdout[-2000:]}")
    new.rename(whole)
    return whole


def copy(kind, folder):
    subprocess.run(["cp", "-a", "--reflink=auto", str(empty(kind)), str(folder)], check=True)
    _reach_packages(folder)
    return folder


def proxies():
    return {name: os.environ[name] for name in PROXIES if name in os.environ}


def _mirror():
    text = "\n".join(file.read_text() for file in SOURCES if file.is_file())
    found = re.search(r"\bhttps?://\S+/debian(?=/?\s)", text)
    return found.group() if found else USUAL_MIRROR


def _reach_packages(root):
    """As this machine does: its names, its sources of Debian's packages, whom its pip trusts and asks."""
    servers = re.sub(
        r"^nameserver 127\..*", "nameserver 10.0.2.3", Path("/etc/resolv.conf").read_text(), flags=re.M
    )
    (root / "etc/resolv.conf").unlink(missing_ok=True)
    (root / "etc/resolv.conf").write_text(servers)
    (root / "etc/hosts").write_text("127.0.0.1 localhost clinic.example\n")
    mirror = _mirror()
    updates = f"deb {mirror} {RELEASE}-updates main\ndeb {mirror}-security {RELEASE}-security main\n"
    (root / "etc/apt/sources.list").write_text(f"deb {mirror} {RELEASE} main\n{updates}")
    told = subprocess.run(
        ["apt-config", "dump", "Acquire"], capture_output=True, text=True, check=False
    ).stdout
    wanted = re.findall(r"^Acquire::(?:Check-\S+|\w+::Proxy\S*) .*;$", told, flags=re.M)
    (root / "etc/apt/apt.conf.d/90trial").write_text("\n".join([*wanted, 'Acquire::Languages "none";', ""]))
    (root / "etc/pip.conf").write_text("[global]\n" + "".join(f"{line}\n" for line in _pip(root)))


def _pip(root):
    for name in ("cert", "index-url"):
        asked = [sys.executable, "-m", "pip", "config", "get", f"global.{name}"]
        value = os.environ.get(f"PIP_{name.upper().replace('-', '_')}")
        value = value or subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
        if value and name == "cert":
            shutil.copy(value, root / CERTIFICATES)
            value = f"/{CERTIFICATES}"
        if value:
            yield f"{name} = {value}"
