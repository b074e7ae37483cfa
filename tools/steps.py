"""Steps of a check: run side by side or one by one, timed, and told in a table at the end."""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from tools.console import ROOT, run, say

OK, FAILED, NOT_RUN = "ok", "FAILED", "NOT RUN"


@dataclass(frozen=True)
class Step:
    name: str
    command: Sequence[str | Path]
    env: Mapping[str, str]
    cwd: Path = ROOT  # only of steps that run side by side


@dataclass(frozen=True)
class Result:
    name: str
    verdict: str
    seconds: float = 0
    reason: str = ""


@dataclass
class _Running:
    step: Step
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    started: float = field(default_factory=time.monotonic)

    def result(self) -> Result:
        verdict = FAILED if self.process.returncode else OK
        return Result(self.step.name, verdict, time.monotonic() - self.started)


def side_by_side(steps: Sequence[Step], at_once: int) -> list[Result]:
    """Run short steps, a few at once; one line for each, and its whole output where it failed."""
    waiting, running, results = list(steps), list[_Running](), list[Result]()
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                running.append(_start(waiting.pop(0)))
            for ended in [one for one in running if one.process.poll() is not None]:
                running.remove(ended)
                results.append(ended.result())
                _tell(ended, results[-1])
            time.sleep(0.02)
    finally:
        for one in running:
            one.process.terminate()
            one.process.wait()
    order = [step.name for step in steps]
    return sorted(results, key=lambda result: order.index(result.name))


def aloud(step: Step) -> Result:
    """Run a long step, showing what it prints while it runs."""
    say(f"\n-- {step.name}")
    started = time.monotonic()
    code, _ = run(step.command, step.env)
    return Result(step.name, FAILED if code else OK, time.monotonic() - started)


def summary(results: Sequence[Result], seconds: float, *, strict: bool) -> int:
    """Print what became of each step, loudest what did not run; gives the exit code."""
    say()
    left_out = [result for result in results if result.verdict == NOT_RUN]
    if left_out:
        say("!" * 78)
        for result in left_out:
            say(f"!! NOT RUN: {result.name}. {result.reason}")
        say("!! This is a failure because CI=true." if strict else "!! The rest says nothing about that.")
        say("!" * 78)
        say()
    failed = any(result.verdict == FAILED for result in results) or (strict and bool(left_out))
    width = max(len(result.name) for result in results)
    say(f"{'step':{width}}  result   seconds")
    for result in results:
        duration = "-" if result.verdict == NOT_RUN else f"{result.seconds:.1f}"
        say(f"{result.name:{width}}  {result.verdict:7}  {duration:>7}")
    say(f"{'in all':{width}}  {FAILED if failed else OK:7}  {seconds:7.1f}")
    return int(failed)


def _start(step: Step) -> _Running:
    output = tempfile.TemporaryFile()  # noqa: SIM115  (closed when told)
    process = subprocess.Popen(
        step.command, cwd=step.cwd, env=step.env, stdin=subprocess.DEVNULL, stdout=output, stderr=output
    )
    return _Running(step, process, output)


def _tell(ended: _Running, result: Result) -> None:
    say(f"{result.verdict:7}{result.seconds:6.1f} s  {result.name}")
    with ended.output as output:
        if result.verdict == FAILED:
            output.seek(0)
            text = output.read().decode(errors="replace").rstrip()
            say("\n".join(f"    {line}".rstrip() for line in text.splitlines()))
