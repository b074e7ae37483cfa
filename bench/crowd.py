"""Several processes at once, each as fast as it can for some seconds."""

from __future__ import annotations

import logging
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection, connections

Attempt = Callable[[], bool]  # whether it was done; False: refused


@dataclass
class Tally:
    done: int = 0
    refused: int = 0
    failed: int = 0  # out of attempts: the database stayed locked
    retries: int = 0
    slowest: float = 0.0  # seconds of one attempt
    seconds: float = 0.0  # of all workers together, by the clock

    def __add__(self, other: Tally) -> Tally:
        """What both did; the longer of times, since workers run beside each other."""
        return Tally(
            self.done + other.done,
            self.refused + other.refused,
            self.failed + other.failed,
            self.retries + other.retries,
            max(self.slowest, other.slowest),
            max(self.seconds, other.seconds),
        )


def rush(workers: int, seconds: float, prepare: Callable[[int], Attempt]) -> Tally:
    """Let so many workers begin at once; each calls `prepare(worker)`, then its attempt again and again."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(workers), context.SimpleQueue()
    connections.close_all()  # a forked copy must not talk on its parent's connection
    children = [
        context.Process(target=_work, args=(worker, seconds, prepare, barrier, answers), daemon=True)
        for worker in range(workers)
    ]
    for child in children:
        child.start()
    told = [answers.get() for _ in children]
    for child in children:
        child.join()
    total = Tally()
    for tally in told:
        if isinstance(tally, str):
            raise RuntimeError(f"a worker failed: {tally}")
        total += tally
    return total


class _Retries(logging.Handler):
    """Counts the transactions that ran again: each says so in one line."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += "runs again" in record.msg


def _work(worker: int, seconds: float, prepare: Callable[[int], Attempt], barrier: Any, answers: Any) -> None:
    try:
        random.seed(f"{worker} {time.time_ns()}")
        answers.put(_loop(seconds, prepare(worker), barrier))
    except BaseException as error:
        barrier.abort()
        answers.put(repr(error))
    finally:
        connections.close_all()
        os._exit(0)  # not the parent's exit handlers: they would remove its files


def _loop(seconds: float, attempt: Attempt, barrier: Any) -> Tally:
    tally, retries = Tally(), _Retries()
    logger = logging.getLogger("scheduling.booking.transactions")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.addHandler(retries)
    connection.ensure_connection()  # not a part of the first attempt
    barrier.wait(60)
    began = before = time.perf_counter()
    while before - began < seconds:
        try:
            if attempt():
                tally.done += 1
            else:
                tally.refused += 1
        except OperationalError:
            tally.failed += 1
        after = time.perf_counter()
        tally.slowest = max(tally.slowest, after - before)
        before = after
    tally.seconds, tally.retries = before - began, retries.count
    return tally
