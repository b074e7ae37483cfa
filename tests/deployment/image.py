"""The Dockerfile's own steps, run in two empty Debians instead of a container engine's layers."""

import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from tests.deployment import dockerfile
from tests.deployment.machine import Failed, machine
from tools.starting import ROOT

SECRET = "for-this-trial-only-7Hq2mXfVb0xYw4sLr6nKd9cHzPaE7uGi3oTk1Xy"
RUNNING = {
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "clinic.example",
    "DATABASE_URL": "sqlite:////srv/data/appointments.sqlite3",
    "BEHIND_TLS_PROXY": "true",
    "TRUSTED_PROXIES": "1",
    "WEB_CONCURRENCY": "2",
}
ASK = """
import sys, urllib.request
for path in ("healthz", "readyz"):
    asked = urllib.request.Request(f"http://127.0.0.1:8000/{path}", headers={"Host": "clinic.example"})
    print(path, urllib.request.urlopen(asked, timeout=10).read().decode().strip())
"""
# A root that is only read, and a volume with the owner of its folder.
AS_IN_COMPOSE = "mount -t tmpfs -o uid=10001,mode=0700 tmpfs /srv/data && mount -o remount,ro,bind /"
REMEMBERED = 'echo $$ > /tmp/pid && exec "$0" "$@"'
# Each has to fail in the image, as the user that it runs as.
IMPOSSIBLE = [
    "command -v gcc",
    "touch /srv/appointments/manage.py",
    "test -e /srv/appointments/.env",
    "ls /root",
]


def trial():
    """Build and run it; (what was seen, figure) one by one."""
    first, last = dockerfile.read(ROOT / "Dockerfile")
    with ExitStack() as stack:
        builder = stack.enter_context(machine("container"))
        yield "first stage", f"{_build(first, builder, {}):.0f} s"
        built = stack.enter_context(machine("container"))
        yield "second stage", f"{_build(last, built, {first.name: builder.root}):.0f} s"
        size = subprocess.run(
            ["du", "-sm", str(built.root)], capture_output=True, text=True, check=False
        ).stdout.split()[0]
        yield "size of the image's files", f"{size} MB"
        yield from _run(last, built)


def _build(stage, into, others):
    begun, folder, user = time.monotonic(), "/", "root"
    for word, text in stage.steps:
        if word == "WORKDIR":
            folder = text
            (into.root / folder.lstrip("/")).mkdir(parents=True, exist_ok=True)
        elif word == "USER":
            user = text
        elif word == "COPY":
            _copy(text, into.root, folder, others)
        elif word == "RUN":
            into.run(["/bin/sh", "-c", text], env=stage.env(), folder=folder, user=user)
        elif word not in ("ENV", "EXPOSE", "HEALTHCHECK", "CMD"):
            raise Failed(f"The Dockerfile has a step that this trial does not know: {word}")
    return time.monotonic() - begun


def _copy(text, root, folder, others):
    *sources, target = text.split()
    source_root = ROOT
    if sources[0].startswith("--from="):
        source_root = others[sources.pop(0).partition("=")[2]]
    names = dockerfile.allowed(ROOT) if sources == ["."] else [Path(name.lstrip("/")) for name in sources]
    into = root / str(PurePosixPath(folder) / target).lstrip("/")
    for name in names:
        source = source_root / name
        if source.is_dir() and sources != ["."]:  # the folder's contents
            shutil.copytree(source, into, symlinks=True, dirs_exist_ok=True)
        elif source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(source, into / name, symlinks=True, ignore=ignored, dirs_exist_ok=True)
        else:
            shutil.copy2(source, into / source.name)


def _run(stage, built):
    where = {"folder": stage.of("WORKDIR")[-1], "user": stage.of("USER")[-1], "env": stage.env() | RUNNING}
    _has_no_more_than_it_needs(built, where)
    yield "runs as", built.run(["id", "-u"], **where).strip()
    yield (
        "driver",
        built.run(["python", "-c", "import MySQLdb; print(MySQLdb.get_client_info())"], **where).strip(),
    )
    yield "for backups", built.run(["mariadb-dump", "--version"], **where).split(",")[0].strip()
    built.run(["sh", "-c", AS_IN_COMPOSE])
    built.run(["python", "manage.py", "migrate", "--verbosity=0"], **where)
    begun = time.monotonic()
    server = subprocess.Popen(
        built.inside(["sh", "-c", REMEMBERED, *dockerfile.in_exec_form(stage.of("CMD")[0])], **where),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        _wait_until_healthy(stage, built, where, server)
        yield "healthy after", f"{time.monotonic() - begun:.1f} s"
        yield "asked", ", ".join(built.run(["python", "-c", ASK], **where).splitlines())
        begun = time.monotonic()
        built.run(["sh", "-c", "kill -TERM $(cat /tmp/pid)"])
        if server.wait(30):
            raise Failed(f"SIGTERM: it left with {server.returncode}")
        yield "ended by SIGTERM after", f"{time.monotonic() - begun:.1f} s"
        _is_not_healthy_now(stage, built, where)
    finally:
        server.kill()
        server.wait()


def _has_no_more_than_it_needs(built, where):
    for command in IMPOSSIBLE:
        try:
            built.run(["sh", "-c", command], **where)
        except Failed:
            continue
        raise Failed(f"In the image this succeeds, and should not: {command}")
    kept = subprocess.run(
        ["grep", "-rlE", "^SECRET_KEY=", str(built.root / "srv"), str(built.root / "etc")],
        capture_output=True,
        check=False,
    )
    if kept.stdout:
        raise Failed(f"The image keeps a secret: {kept.stdout.decode()}")


def _is_not_healthy_now(stage, built, where):
    try:
        built.run(dockerfile.in_exec_form(stage.of("HEALTHCHECK")[0]), **where)
    except Failed:
        return
    raise Failed("HEALTHCHECK succeeds with the server ended")


def _wait_until_healthy(stage, built, where, server):
    command, until = dockerfile.in_exec_form(stage.of("HEALTHCHECK")[0]), time.monotonic() + 60
    while True:
        try:
            return built.run(command, **where)
        except Failed as failed:
            if server.poll() is not None or time.monotonic() > until:
                raise Failed(f"It is never healthy: {failed}") from None
        time.sleep(0.5)
