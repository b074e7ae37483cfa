"""Runs commands of Python's, each in a fork of one process that has read the libraries already.

Reading them takes most of the time of a start that is refused. Nothing of ours is read before the fork, nor
is the environment looked at: what is started finds everything as a process of its own does.
"""

import atexit
import gc
import json
import os
import runpy
import select
import subprocess
import sys
import tempfile
from pathlib import Path

LIBRARIES = ["django.core.management.commands.check", "django.test", "django.contrib.admin", "environ"]
LIBRARIES += ["csp.constants", "gunicorn.app.wsgiapp", "phonenumbers", "pydantic", "email_validator"]


class Forked:
    """Started with the first command, ends with the process that asks."""

    process = None

    def run(self, command, *, cwd, env, timeout=300):
        """`command`: a script, or `-m` and a module, with arguments; or `-c` and a text."""
        if self.process is None:
            self._start(cwd)
        with tempfile.TemporaryDirectory(prefix="clinic-forked-") as folder:
            asked = {"command": command, "cwd": str(cwd), "env": env, "folder": folder}
            self.process.stdin.write(json.dumps(asked) + "\n")
            self.process.stdin.flush()
            answered, _, _ = select.select([self.process.stdout], [], [], timeout)
            assert answered, f"{command} has not ended in {timeout} s"
            code = int(self.process.stdout.readline())
            out, err = (Path(folder, name).read_text() for name in ("out", "err"))
        return subprocess.CompletedProcess(command, code, out, err)

    def _start(self, cwd):
        itself = [sys.executable, "-m", "tests.forked"]
        self.process = subprocess.Popen(
            itself, cwd=cwd, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        atexit.register(self._end, os.getpid())

    def _end(self, owner):
        if os.getpid() == owner:  # not of a fork of it
            self.process.communicate()


def main():
    for library in LIBRARIES:
        __import__(library)
    gc.freeze()  # what was read is not looked through again in every fork
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            become(**asked)
            return  # as a process of its own ends: whatever is to be done at exit is done
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def become(command, cwd, env, folder):
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, "out"), (2, "err")):
        with Path(folder, name).open("wb") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.path[:0] = list(filter(None, env.get("PYTHONPATH", "").split(os.pathsep)))
    if command[0] == "-m":
        sys.argv = command[1:]
        runpy.run_module(command[1], run_name="__main__", alter_sys=True)
    elif command[0] == "-c":
        exec(command[1], {"__name__": "__main__"})
    else:
        sys.argv = command
        runpy.run_path(command[0], run_name="__main__")


if __name__ == "__main__":
    main()
