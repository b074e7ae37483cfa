"""An action stopped at any one of its steps: each statement, the COMMIT, and the moment after it."""

import multiprocessing
import os
import signal
import traceback
from contextlib import closing, contextmanager
from unittest import mock

from django.db import connection, connections

COMMIT, COMMITTED = "before COMMIT", "after COMMIT"


@contextmanager
def at_step(number, act):
    """Call `act()` when the connection reaches its step of that number, from 1 on; yields their names."""
    steps = []
    commit = connection._commit

    def reach(name):
        steps.append(name)
        if len(steps) == number:
            act()

    def statement(execute, sql, params, many, context):
        reach(sql)
        return execute(sql, params, many, context)

    def commit_in_steps():
        reach(COMMIT)
        commit()
        reach(COMMITTED)

    with connection.execute_wrapper(statement), mock.patch.object(connection, "_commit", commit_in_steps):
        yield steps


def in_a_process_killed_at(number, action):
    """Run the action in a process that kills itself at that step. True if it came that far, False if the
    action was done before."""
    connections.close_all()  # a forked copy must not talk on its parent's connection
    child = multiprocessing.get_context("fork").Process(target=_run_until, args=(number, action))
    child.start()
    child.join(60)
    if child.exitcode is None:
        child.kill()
    assert child.exitcode in (0, -signal.SIGKILL), f"step {number}: exit code {child.exitcode}"
    return child.exitcode != 0


def _run_until(number, action):
    try:
        with at_step(number, lambda: os.kill(os.getpid(), signal.SIGKILL)):
            action()
        connections.close_all()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)  # not the parent's atexit handlers: they would remove its files


def kill_own_connection():
    """End the server's side of our connection, from another one."""
    number = connection.connection.thread_id()
    with closing(another_connection()) as other, other.cursor() as cursor:
        cursor.execute(f"KILL {number}")


def another_connection():
    import MySQLdb  # only where the tests run on it

    return MySQLdb.connect(**connection.get_connection_params())
