"""The only module that uses private parts of DBOS: handing a worker's jobs to others.

DBOS takes jobs back by itself when a process starts again under the same executor id. For the
jobs of a worker that lives, or that died elsewhere, it offers no public call that leaves alone
what another worker has taken up meanwhile (``resume_workflow`` does not).
"""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import version

from dbos import DBOS

WRITTEN_FOR = "3.4.0"
"""The version of DBOS whose source was read."""

JOIN_SECONDS = 5.0
"""For a thread that is just taking a job from the queue."""

_QUEUE_THREADS = "queue-worker-"
"""How the names of the threads begin that take jobs from the queues."""


def stop_taking_jobs(dbos: DBOS) -> None:
    """Begin no more jobs in this process; those under way go on."""
    for event in dbos.background_thread_stop_events:
        event.set()
    for thread in threading.enumerate():
        if thread.name.startswith(_QUEUE_THREADS):
            thread.join(JOIN_SECONDS)


def give_back(dbos: DBOS, job: str, executor: str, queue: str) -> None:
    """Put a job back into the queue, unless another worker than ``executor`` has it by now."""
    dbos._sys_db.reenqueue_for_recovery(job, [executor], queue)


def give_jobs_away(executor: str) -> None:
    """Put all jobs of a dead worker back into the queue."""
    DBOS._recover_pending_workflows([executor])


def log_as_we_do() -> None:
    """Remove the log handler of DBOS, whose lines are not JSON."""
    library = logging.getLogger("dbos")
    library.handlers, library.propagate = [], True


def differences() -> list[str]:
    """Return what the installed DBOS lacks of what is used here; then no worker may start."""
    return [
        f"DBOS {version('dbos')} has no {what}; api/jobs/dbos_adapter.py was written for {WRITTEN_FOR}"
        for what in _missing()
    ]


def _missing() -> Iterator[str]:
    try:
        queue, tables = import_module("dbos._queue"), import_module("dbos._sys_db").SystemDatabase
    except (ImportError, AttributeError) as error:
        yield f"dbos._queue, dbos._sys_db.SystemDatabase ({error})"
        return
    if not _takes(DBOS, "_recover_pending_workflows", "executor_ids"):
        yield "DBOS._recover_pending_workflows(executor_ids)"
    expected = ("workflow_id", "executor_ids", "recovery_queue_name")
    if not _takes(tables, "reenqueue_for_recovery", *expected):
        yield f"SystemDatabase.reenqueue_for_recovery({', '.join(expected)})"
    if not hasattr(DBOS, "_sys_db"):
        yield "DBOS._sys_db"
    if "background_thread_stop_events" not in DBOS.__init__.__code__.co_names:
        yield "DBOS.background_thread_stop_events"
    functions = [thing for thing in vars(queue).values() if inspect.isfunction(thing)]
    if not any(_QUEUE_THREADS in function.__code__.co_consts for function in functions):
        yield f"threads called {_QUEUE_THREADS}…"


def _takes(owner: type, name: str, *parameters: str) -> bool:
    """Say whether a class has a method that takes these parameters."""
    method = getattr(owner, name, None)
    return method is not None and {*parameters} <= {*inspect.signature(method).parameters}
