"""docs/installing.md, its blocks run one after the other in an empty Debian under systemd."""

import contextlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.deployment.machine import SYSTEMD, Failed, machine
from tools.starting import ROOT

PAGE = ROOT / "docs" / "installing.md"
BLOCK = re.compile(r"^```([^\n]+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WHO = ("root", "clinic", "clinic types", "clinic elsewhere", "docker")
PROGRAM = "/srv/appointments"
REPOSITORY = "/srv/repository.git"
NAME, PASSWORD = "first", "a long way to the sea 7"
ANSWERS = [NAME, "first@clinic.example", PASSWORD, PASSWORD]
BACKUPS = "srv/backups"
FIRST_BACKUP = "First backup, and restoring it elsewhere"
BEFORE_RESTORING = ("Packages, a user, the code", "Settings and secrets", "The database")
COUNT = "from scheduling.models import Appointment; print(Appointment.objects.count())"
SHOWN = ["--property=ActiveState", "--property=NRestarts"]
SERVICES = [
    "appointments-web.service",
    "appointments-jobs.service",
    "nginx.service",
]


@dataclass(frozen=True)
class Block:
    who: str
    text: str
    heading: str


def blocks():
    """Every block of commands on the page, with who runs it."""
    text = PAGE.read_text()
    for found in BLOCK.finditer(text):
        language, _space, who = found.group(1).partition(" ")
        if language != "sh" or who not in WHO:
            raise ValueError(f"docs/installing.md: a block of {found.group(1)!r}, which no test would run")
        heading = re.findall(r"^## (.*)$", text[: found.start()], re.MULTILINE)[-1]
        yield Block(who, found.group(2), heading)


def trial():
    """(what was seen, figure) one by one."""
    with tempfile.TemporaryDirectory() as carried:
        with machine("server", SYSTEMD) as clinic:
            _begin(clinic)
            for block in blocks():
                if block.who in ("docker", "clinic elsewhere"):
                    continue
                if block.heading == FIRST_BACKUP:
                    yield from _first_booking(clinic)
                if "git pull" in block.text:
                    _release(clinic)
                yield _run(clinic, block)
            yield from _at_the_end(clinic)
            shutil.copytree(clinic.root / BACKUPS, carried, dirs_exist_ok=True)
        yield from _elsewhere(Path(carried))


def _elsewhere(backups):
    """A second machine, as far as the page says, and the first one's backup."""
    with machine("server", SYSTEMD) as other:
        _begin(other)
        for block in blocks():
            if block.who == "clinic elsewhere":
                shutil.copytree(backups, other.root / BACKUPS, dirs_exist_ok=True)
                other.run(["chown", "-R", "clinic:", f"/{BACKUPS}"])
                yield _run(other, block)
                break
            if block.heading in BEFORE_RESTORING and "manage.py" not in block.text:
                yield _run(other, block)
        there = [".venv/bin/python", "manage.py", "shell", "--command", COUNT]
        count = other.run(there, user="clinic", folder=PROGRAM).split()[-1]
        if count != "1":
            raise Failed(f"Elsewhere there are {count} visits instead of 1")
        yield "visits elsewhere", count


def _begin(clinic):
    """systemd is up, and what was committed here lies on a server."""
    until = time.monotonic() + 60
    while True:
        with contextlib.suppress(Failed):
            clinic.run(["systemctl", "is-active", "multi-user.target"])
            break
        if time.monotonic() > until:
            raise Failed("systemd did not come up within a minute")
        time.sleep(0.5)
    _lay_repository(clinic.root)


def _run(clinic, block):
    """As somebody would type it: in the program's folder, once there is one; the first failure ends it."""
    begun = time.monotonic()
    command = ["bash", "-euo", "pipefail", "-c", block.text]
    user = block.who.partition(" ")[0]
    folder = PROGRAM if (clinic.root / PROGRAM.lstrip("/") / "manage.py").exists() else "/"
    where = {"user": user, "folder": folder, "env": {"REPOSITORY": REPOSITORY}}
    try:
        if block.who == "clinic types":
            clinic.typed(command, [*ANSWERS], **where)
        else:
            clinic.run(command, **where)
    except Failed as failed:
        raise Failed(f"{failed}\n{_journal(clinic, 'appointments-*')}") from None
    first_line = block.text.splitlines()[0][:60]
    return f"{block.who.partition(' ')[0]}: {first_line}", f"{time.monotonic() - begun:.0f} s"


def _journal(clinic, unit):
    with contextlib.suppress(Failed):
        return clinic.run(["journalctl", "--no-pager", "--lines=20", f"--unit={unit}"])


def _lay_repository(root):
    """What was committed here, as if it lay on a server."""
    bare = root / REPOSITORY.lstrip("/")
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(bare)], check=True)
    _git(bare, "update-ref", "refs/heads/release", _git(ROOT, "rev-parse", "HEAD"))
    _git(bare, "symbolic-ref", "HEAD", "refs/heads/release")
    (root / "etc/gitconfig").write_text("[safe]\n\tdirectory = *\n")


def _release(clinic):
    """Another commit on the server, for "A new release" to fetch."""
    bare = clinic.root / REPOSITORY.lstrip("/")
    who = ["-c", "user.name=A", "-c", "user.email=a@clinic.example"]
    made = _git(bare, *who, "commit-tree", "HEAD^{tree}", "-p", "HEAD", "-m", "Release")
    _git(bare, "update-ref", "refs/heads/release", made)


def _git(folder, *words):
    done = subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, text=True)
    return done.stdout.strip()


def _first_booking(clinic):
    """By HTTP through nginx, as the first manager would in a browser."""
    with tempfile.TemporaryDirectory() as folder:
        certificate = Path(folder) / "certificate.pem"
        certificate.write_text((clinic.root / "etc/ssl/appointments/certificate.pem").read_text())
        visit = [sys.executable, "-m", "tests.deployment.visitor", str(certificate), NAME, PASSWORD]
        there = ["nsenter", f"--target={clinic.pid}", "--net"]
        done = subprocess.run([*there, *visit], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        said = _journal(clinic, "appointments-web")
        raise Failed(f"The first booking: {done.stderr[-2000:]}\n{said}")
    for line in done.stdout.splitlines():
        what, _tab, seen = line.partition("\t")
        yield what, seen
    log = (clinic.root / "var/log/nginx/appointments.log").read_text()
    identity = re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", log)
    if identity or "/appointment/*" not in log:
        raise Failed(f"nginx's log: {log[-2000:]}")
    yield "nginx's log", f"{len(log.splitlines())} lines, no visit among them"


def _seen_by_the_web(clinic):
    asked = ["systemctl", "show", "--property=MainPID", "--value", "appointments-web.service"]
    inside = ["nsenter", f"--target={clinic.run(asked).strip()}", "--mount", "--root", "--wd=/"]
    seen = clinic.run([*inside, "ls", "-A", f"{PROGRAM}/secrets"]).split()
    there = clinic.run(["ls", "-A", f"{PROGRAM}/secrets"]).split()
    if seen or not there:
        raise Failed(f"The web sees {seen} of {there} in secrets/")
    try:
        clinic.run([*inside, "touch", f"{PROGRAM}/manage.py"])
    except Failed as failed:
        if "Read-only file system" in str(failed):
            return "nothing"
    raise Failed("The web may write its own program")


def _at_the_end(clinic):
    clinic.run(["systemctl", "restart", "appointments-web.service"])
    for service in SERVICES:
        state = dict(
            line.split("=", 1) for line in clinic.run(["systemctl", "show", *SHOWN, service]).splitlines()
        )
        if state["ActiveState"] != "active" or state.get("NRestarts", "0") != "0":
            raise Failed(f"{service}: {state}\n{_journal(clinic, service)}")
    yield "the web sees of secrets/", _seen_by_the_web(clinic)
    files = clinic.run(["ls", f"/{BACKUPS}"]).split()
    if len(files) < 2:
        raise Failed(f"Two backups were asked for; there are {files}")
    yield "backups", ", ".join(files)
    begun = time.monotonic()
    clinic.run(["systemctl", "stop", "appointments-web.service"])
    yield "the web ends within", f"{time.monotonic() - begun:.1f} s"
