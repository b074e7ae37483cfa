"""Many workers released at the same moment: processes, each with threads, each with its own connection."""

import multiprocessing
import os
import threading
import traceback

from django.db import connections

PROCESSES, THREADS = 5, 10
WORKERS = PROCESSES * THREADS
PATIENCE = 300  # seconds for all rounds; a worker that hangs or dies fails the test instead of stopping it


def run_together(work, rounds=1):
    """Call `work(worker, round)` in every worker, all of a round at once; return [(worker, round, result)].

    An exception in a worker fails the caller, with that worker's traceback.
    """
    context = multiprocessing.get_context("fork")
    barrier = context.Barrier(WORKERS)
    connections.close_all()  # a forked copy must not talk on its parent's connection
    children = []
    for number in range(PROCESSES):
        answers, told = context.Pipe(duplex=False)
        child = context.Process(target=_process, args=(number, work, rounds, barrier, told), daemon=True)
        child.start()
        told.close()  # so that a child that dies is seen as the end of its answers
        children.append((child, answers))
    try:
        said = [_heard(answers) for _, answers in children]
    finally:
        for child, _ in children:
            child.kill()  # those that answered have nothing left to do
            child.join()
    failures = [failure for failed, _ in said for failure in failed]
    assert not failures, "\n".join(failures)
    return [answer for _, results in said for answer in results]


def _heard(answers):
    assert answers.poll(PATIENCE), "workers did not finish in time"
    try:
        return answers.recv()
    except EOFError:
        return ["a worker's process died"], []


def _process(number, work, rounds, barrier, told):
    failures, results = [], []

    def loop(worker):
        try:
            for round_ in range(rounds):
                barrier.wait(PATIENCE)
                results.append((worker, round_, work(worker, round_)))
        except BaseException:
            barrier.abort()
            failures.append(traceback.format_exc())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=loop, args=(number * THREADS + n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    told.send((failures, results))
    os._exit(0)  # not the parent's atexit handlers: they would remove its files
