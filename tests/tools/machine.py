"""A machine for the scripts of `make`: copies of them in a folder, and a Python that only takes notes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Stands for python3, and, copied, for the one of a virtual environment. $NOTES is what it was asked to do.
PYTHON = """#!/bin/sh
case "$*" in
"-c import sys"*version_info\\<*) ;;
"-c import sys; print(sys.version"*) echo "(3, ${MINOR:-12})" ;;
"-c import sys"*) [ "${MINOR:-12}" -ge 11 ] || { echo "too old" >&2; exit 1; } ;;
"-c import secrets"*) exec "$REAL" "$@" ;;
"-c import"*) ;;
"-c from appointments_site import settings"*) case "$*" in *$ASKED*) exit 0 ;; *) exit 1 ;; esac ;;
--version) echo "Python 3.${MINOR:-12}" ;;
"-m venv "*) echo "venv $3" >>"$NOTES"; mkdir -p "$3/bin"
    sed "s/MINOR:-12/OWN:-${MINOR:-12}/" "$0" >"$3/bin/python"; chmod +x "$3/bin/python" ;;
"-m pip "*) shift 6; echo "pip $*" >>"$NOTES"; [ "$PIP" = 0 ] || echo "ERROR: no such host" >&2
    [ "$PIP" != 9 ] || kill -9 $$; exit $PIP ;;
*) echo "$*" >>"$NOTES"; exit ${CODE:-0} ;;
esac
"""
SCRIPTS = ("Makefile", "tools/venv.sh", "tools/system.sh", "tools/test.sh")
# What the scripts call, less what would install something.
PROGRAMS = """
bash cat chmod cp dirname env expand find flock grep make mkdir nproc rm sed seq sh tail touch
"""


class Machine:
    def __init__(self, folder):
        self.root = folder / "a clinic's book"  # whatever people call their folders
        self.programs = folder / "bin"
        self.notes = folder / "notes"
        self.notes.touch()
        self.programs.mkdir()
        for name in PROGRAMS.split():
            (self.programs / name).symlink_to(shutil.which(name))
        self.program("python3", PYTHON)
        self.program("id", "#!/bin/sh\necho 1000\n")
        (self.root / "tools").mkdir(parents=True)
        for name in SCRIPTS:
            shutil.copy(ROOT / name, self.root / name)
        for kind in ("", "-dev", "-mysql", "-sentry", "-schemathesis"):
            (self.root / f"requirements{kind}.txt").write_text("a==1\n")
        self.env = {
            "PATH": str(self.programs),
            "HOME": str(folder),
            "NOTES": str(self.notes),
            "REAL": sys.executable,
            "PIP": "0",
            "ASKED": "DEBUG",
        }

    def program(self, name, text):
        path = self.programs / name
        path.unlink(missing_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *command, **env):
        """What it said, how it ended, and the notes that were taken meanwhile."""
        self.notes.write_text("")
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        done.notes = self.notes.read_text().splitlines()
        return done

    def make(self, *arguments, **env):
        return self.run("make", *arguments, **env)

    def age(self, name):
        """Change a file, for Make to see: its clock may be coarse."""
        path = self.root / name
        path.write_text(path.read_text() + "# changed\n")
        os.utime(path, (path.stat().st_atime, path.stat().st_mtime + 5))
