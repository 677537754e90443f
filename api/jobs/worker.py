"""A worker: takes jobs from the queue and does them. ``python -m api.jobs.worker EXECUTOR``.

Made to be killed: whatever ends it, the next start under the same executor id, or another
worker after the lease, finishes its jobs.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import DBAPIError

from api import logs
from api.job_settings import JobSettings
from api.jobs.contract.kind import FILES, QUESTIONS, SOLVES, TakenJob
from api.jobs.contract.order import UploadOrder
from api.jobs.contract.results import Results
from api.jobs.database import prepare
from api.jobs.dbos_adapter import differences, give_jobs_away, log_as_we_do
from api.jobs.held import Held
from api.jobs.job import (
    APPLICATION,
    EVENTS,
    VERSION,
    WORKFLOW,
    is_cancel_asked,
)
from api.jobs.kinds import read_order
from api.jobs.leases import EXECUTOR_IDS, Leases
from api.jobs.tally import count_ended
from api.jobs.work import Work
from models.store.database.errors import UnavailableError
from models.store.database.failures import as_unavailable, files_as_unavailable
from models.store.database.reopening import is_barred
from models.store.database.store import Store

NAMESAKE, UNAVAILABLE = 3, os.EX_UNAVAILABLE
"""Exit codes: another worker lives under the same executor id; the database, the folder or the installed DBOS cannot be used."""

_log = logging.getLogger(__name__)


def run_worker(settings: JobSettings, executor_id: str) -> int:
    """Take and do jobs until SIGTERM or SIGINT; return the exit code.

    Two workers must not have the same id: a start under an id takes back its unfinished jobs.
    Threads of jobs under way are left running when it returns: end the process with
    ``os._exit``, as ``main`` does, and their children end too.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        The database cannot be reached.
    UnavailableError
        Its files may not be opened or written any more.
    """
    unfit = differences()
    if unfit:
        _log.error("%s", "; ".join(unfit))
        return UNAVAILABLE
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    results = Results(Store.open(settings.store))
    engine = prepare(settings.database)
    leases = Leases(engine, executor_id, settings.lease)
    if leases.is_taken(1.5 * settings.beat):
        _log.error("another worker lives under the executor id %s", executor_id)
        return NAMESAKE
    leases.beat()
    held = _launch(settings, executor_id, results, engine)
    while not stop.wait(settings.beat):
        _while_answered(lambda: _look_round(leases, held))
    _while_answered(lambda: _hand_over(leases, held))
    return 0


def _while_answered(act: Callable[[], None]) -> None:
    """Run an action, unless the database is away: DBOS waits for it, too."""
    try:
        with as_unavailable():
            act()
    except (UnavailableError, DBAPIError) as error:
        if is_barred(error):
            raise  # the next to start under this id opens the files anew
        _log.warning("the jobs' database does not answer: %s", type(error).__name__)


def _look_round(leases: Leases, held: Held) -> None:
    """Send a heartbeat; requeue the jobs of workers that send none."""
    leases.beat()
    for job in held.return_strays():
        _log.warning("job %s was left by this worker: it is put back into the queue", job)
    for dead in leases.claim_dead():
        _log.warning("worker %s fell silent: its jobs are given to others", dead)
        give_jobs_away(dead)
        leases.forget(dead)


def _hand_over(leases: Leases, held: Held) -> None:
    """Give the jobs under way to the next worker."""
    leases.beat()  # fails where the database is away; DBOS would wait for it
    held.return_all()


def _launch(settings: JobSettings, executor_id: str, results: Results, engine: sa.Engine) -> Held:
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": settings.database,
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),  # no pickle: who writes rows runs no code here
        "log_level": "WARNING",
    }
    held = Held(DBOS(config=config), executor_id)
    log_as_we_do()
    _define_workflow(settings, results, _own_folder(settings, executor_id), engine, held)
    DBOS.launch()
    DBOS.register_queue(
        SOLVES,
        worker_concurrency=1,
        global_concurrency=settings.solves_at_once,
        polling_interval_sec=settings.poll,
    )
    DBOS.register_queue(
        QUESTIONS,
        worker_concurrency=1,
        global_concurrency=settings.questions_at_once,
        polling_interval_sec=settings.poll,
    )
    DBOS.register_queue(
        FILES, worker_concurrency=settings.files_at_once, polling_interval_sec=settings.poll
    )
    return held


def _define_workflow(
    settings: JobSettings, results: Results, folder: Path, engine: sa.Engine, held: Held
) -> None:
    """Register the one workflow: do the order, count it, forget the upload it was read from.

    Each step may be done again. The file goes once the verdict is kept, so that a second run never
    finds it missing.
    """

    @DBOS.step(name="work")
    def work(job: str, order: dict[str, Any]) -> dict[str, Any]:
        def tell(kind: str, data: dict[str, Any]) -> None:
            try:
                DBOS.write_stream(EVENTS, {"kind": kind, "data": data})
            except DBAPIError as error:  # no room: progress is not worth the plan
                _log.warning("job %s: an event was not kept: %s", job, type(error).__name__)

        def is_cancelled() -> bool:
            return is_cancel_asked(DBOS.get_workflow_status(job))

        taken = TakenJob(job, read_order(order), settings, results)
        return Work(taken, is_cancelled, tell, folder).run().model_dump(mode="json")

    @DBOS.step(name="drop")
    def drop(job: str) -> None:
        results.drop_file(job)

    @DBOS.step(name="count")
    def count(kind: str, state: str) -> None:
        count_ended(engine, kind, state)

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=settings.recoveries)
    def job(order: dict[str, Any]) -> dict[str, Any]:
        assert DBOS.workflow_id is not None
        with held.doing(DBOS.workflow_id), _left_pending():
            verdict = work(DBOS.workflow_id, order)
            count(order["kind"], verdict["state"])
            if isinstance(read_order(order), UploadOrder):
                drop(DBOS.workflow_id)
            return verdict


class _NotWrittenError(BaseException):
    """The database did not take a result. DBOS writes down an Exception as the job's end; not this."""


@contextmanager
def _left_pending() -> Iterator[None]:
    """Leave a job as it is where the database took no result: ``Held`` gives it back."""
    try:
        yield
    except DBAPIError as error:
        _log.warning("the end of a job was not written: %s", type(error).__name__)
        raise _NotWrittenError from error


def _own_folder(settings: JobSettings, executor_id: str) -> Path:
    """Make an empty folder that others cannot read; what a dead predecessor left is removed."""
    folder = settings.folder / executor_id
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _end_with_supervisor() -> None:
    """End when the supervisor does: its successor starts a worker under the same id."""
    os.read(0, 1)
    os._exit(0)


def main() -> None:
    """Run the worker that the command and the environment name."""
    logs.begin(os.environ.get("ZHIBAN_LOG_LEVEL", "INFO"))
    executor_id = EXECUTOR_IDS.validate_python(sys.argv[1])
    if "--supervised" in sys.argv[2:]:
        threading.Thread(target=_end_with_supervisor, daemon=True).start()
    try:
        with files_as_unavailable():
            code = run_worker(JobSettings(), executor_id)
    except UnavailableError as error:  # the supervisor tries again later
        _log.error("the worker cannot begin: %s", error.en)
        code = UNAVAILABLE
    logging.shutdown()
    os._exit(code)  # jobs under way end with this process; waiting for them would hold a restart up


if __name__ == "__main__":
    main()
