"""Many workers released at the same moment: processes, each with threads, each with its own connection."""

import multiprocessing
import os
import threading
import traceback

from django.db import connections

PROCESSES, THREADS = 4, 5
WORKERS = PROCESSES * THREADS


def run_together(work, rounds=1):
    """Call `work(worker, round)` in every worker, all of a round at once; return [(worker, round, result)].

    An exception in a worker fails the caller, with that worker's traceback.
    """
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(WORKERS), context.SimpleQueue()
    connections.close_all()  # a forked copy must not talk on its parent's connection
    children = [
        context.Process(target=_process, args=(number, work, rounds, barrier, answers), daemon=True)
        for number in range(PROCESSES)
    ]
    for child in children:
        child.start()
    told = [answers.get() for _ in range(WORKERS)]
    for child in children:
        child.join()
    failures = [failure for failure, _ in told if failure]
    assert not failures, "\n".join(failures)
    return [answer for _, results in told for answer in results]


def _process(number, work, rounds, barrier, answers):
    def loop(worker):
        try:
            results = []
            for round_ in range(rounds):
                barrier.wait(60)
                results.append((worker, round_, work(worker, round_)))
            answers.put(("", results))
        except BaseException:
            barrier.abort()
            answers.put((traceback.format_exc(), []))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=loop, args=(number * THREADS + n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os._exit(0)  # not the parent's atexit handlers: they would remove its files
