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
from pathlib import Path
from typing import Any

from dbos import DBOS, DBOSConfig, DBOSPortableJSONSerializer
from sqlalchemy.exc import DBAPIError

from api.jobs.database import prepare
from api.jobs.job import (
    APPLICATION,
    EVENTS,
    FILES,
    SOLVES,
    VERSION,
    WORKFLOW,
    is_cancel_asked,
)
from api.jobs.leases import Leases
from api.jobs.orders import JOB_IDS, ORDERS
from api.jobs.results import Results, load_results
from api.jobs.settings import JobSettings
from api.jobs.work import Work
from api.service import logs

NAMESAKE = 3
"""Exit code when another worker lives under the same executor id."""

_log = logging.getLogger(__name__)


def run_worker(settings: JobSettings, executor_id: str) -> int:
    """Take and do jobs until SIGTERM or SIGINT; return the exit code.

    Two workers must not have the same id: a start under an id takes back its unfinished jobs.
    Threads of jobs under way are left running when it returns: end the process with
    ``os._exit``, as ``main`` does, and their children end too.

    Raises
    ------
    ImportError, AttributeError, ValueError
        The settings name no Results.
    sqlalchemy.exc.OperationalError
        The database cannot be reached.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    results = load_results(settings.results)
    leases = Leases(prepare(settings.database), executor_id, settings.lease)
    if leases.is_taken(1.5 * settings.beat):
        _log.error("another worker lives under the executor id %s", executor_id)
        return NAMESAKE
    leases.beat()
    _launch(settings, executor_id, results)
    while not stop.wait(settings.beat):
        try:
            _look_round(leases)
        except DBAPIError as error:  # DBOS too waits for a database that is away
            _log.warning("the jobs' database does not answer: %s", type(error).__name__)
    return 0


def _look_round(leases: Leases) -> None:
    """Show a sign of life; give the jobs of those who show none to whoever is free."""
    leases.beat()
    for dead in leases.claim_dead():
        _log.warning("worker %s fell silent: its jobs are given to others", dead)
        # what Conductor calls for a dead executor; resume_workflow, which is public, would
        # also take jobs away that a live worker has taken up meanwhile
        DBOS._recover_pending_workflows([dead])  # noqa: SLF001
        leases.forget(dead)


def _launch(settings: JobSettings, executor_id: str, results: Results) -> None:
    config: DBOSConfig = {
        "name": APPLICATION,
        "system_database_url": settings.database,
        "application_version": VERSION,
        "executor_id": executor_id,
        "serializer": DBOSPortableJSONSerializer(),  # no pickle: who writes rows runs no code here
        "log_level": "WARNING",
    }
    DBOS(config=config)
    library = logging.getLogger("dbos")  # it brings a handler whose lines are no JSON
    library.handlers, library.propagate = [], True
    _define_workflow(settings, results, _own_folder(settings, executor_id))
    DBOS.launch()
    DBOS.register_queue(
        SOLVES,
        worker_concurrency=1,
        global_concurrency=settings.solves_at_once,
        polling_interval_sec=settings.poll,
    )
    DBOS.register_queue(
        FILES, worker_concurrency=settings.files_at_once, polling_interval_sec=settings.poll
    )


def _define_workflow(settings: JobSettings, results: Results, folder: Path) -> None:
    """Register the one workflow: a single step, as everything in it may be done again."""

    @DBOS.step(name="work")
    def work(job: str, order: dict[str, Any]) -> dict[str, Any]:
        def tell(kind: str, data: dict[str, Any]) -> None:
            DBOS.write_stream(EVENTS, {"kind": kind, "data": data})

        def is_cancelled() -> bool:
            return is_cancel_asked(DBOS.get_workflow_status(job))

        parsed = ORDERS.validate_python(order)
        doing = Work(job, parsed, settings, results, is_cancelled, tell, folder)
        return doing.run().model_dump(mode="json")

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=settings.recoveries)
    def job(order: dict[str, Any]) -> dict[str, Any]:
        assert DBOS.workflow_id is not None
        return work(DBOS.workflow_id, order)


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
    executor_id = JOB_IDS.validate_python(sys.argv[1])
    if "--supervised" in sys.argv[2:]:
        threading.Thread(target=_end_with_supervisor, daemon=True).start()
    code = run_worker(JobSettings(), executor_id)
    logging.shutdown()
    os._exit(code)  # jobs under way end with this process; waiting for them would hold a restart up


if __name__ == "__main__":
    main()
