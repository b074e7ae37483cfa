"""A Dockerfile, read: its stages, and of each the steps in order."""

import json
import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path

CONTINUED = re.compile(r"\\\n(?:[ \t]*#.*\n)*")


@dataclass
class Stage:
    base: str
    name: str
    steps: list = field(default_factory=list)  # (instruction, text)

    def of(self, instruction):
        return [text for word, text in self.steps if word == instruction]

    def env(self):
        """What its ENV lines leave in the environment of a program."""
        env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}
        for text in self.of("ENV"):
            for word in shlex.split(text):
                name, _equals, value = word.partition("=")
                env[name] = value.replace("$PATH", env["PATH"])
        return env


def read(path):
    text = CONTINUED.sub(" ", path.read_text())
    stages = []
    for line in text.splitlines():
        word, _space, rest = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        if word == "FROM":
            base, _as, name = rest.partition(" AS ")
            stages.append(Stage(base, name))
        else:
            stages[-1].steps.append((word, " ".join(rest.split()) if word != "RUN" else rest))
    return stages


def in_exec_form(text):
    """The words of a CMD, also of the one in a HEALTHCHECK."""
    return json.loads(text[text.index("[") :])


def allowed(root):
    """What `COPY . .` copies: .dockerignore shuts everything out and names what may come."""
    lines = [line for line in (root / ".dockerignore").read_text().splitlines() if line and line[0] != "#"]
    if lines[0] != "*" or not all(line.startswith("!") or line == "**/__pycache__" for line in lines[1:]):
        raise ValueError(".dockerignore: first *, then only lines with !")
    return [Path(line[1:]) for line in lines if line.startswith("!")]
