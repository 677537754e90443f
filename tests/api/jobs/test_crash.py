"""kill -9: of a worker, of its child, of both; the job ends well, or in a clear failure."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
import sqlalchemy as sa

from api.jobs.child import NICENESS
from api.jobs.contract.folder import ANSWER, INSTANCE, ORDER, PLAN, put
from api.jobs.contract.kind import TakenJob
from api.jobs.contract.plan import Plan
from api.jobs.contract.results import Results
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.kinds.solve import SolveOrder
from api.jobs.process import Child
from api.jobs.work import Work
from models.store.database.errors import UnavailableError
from scenarios.generator.generate import generate
from tests.api.jobs.office import Office, children_at_work, county, township, wait_until
from tests.api.service.small_disk import small_disk

pytestmark = pytest.mark.slow


@pytest.fixture
def lone(empty: Office) -> Iterator[subprocess.Popen[bytes]]:
    """A worker whom nobody starts again."""
    command = [sys.executable, "-m", "api.jobs.worker", "lone"]
    process = subprocess.Popen(command, env=os.environ | empty.settings.environment())
    yield process
    process.kill()
    process.wait()


async def until_progress(office: Office, job: str) -> None:
    async for event in office.service.events(job):
        if event["kind"] == "progress":
            return


def test_worker_killed_in_the_middle_finishes_after_its_restart(empty: Office) -> None:
    empty.submit(empty.order(generate("410105", "S", 1)), "hard")
    with empty.workers() as crew:
        asyncio.run(until_progress(empty, "hard"))
        killed, children = crew.pids["worker-1"], children_at_work(crew.pids["worker-1"])
        os.kill(killed, signal.SIGKILL)
        assert empty.results.read_plan("hard") is None
        assert len(children) == 1
        assert psutil.wait_procs(children, timeout=20)[1] == []  # the orphan ended by itself
        assert empty.results.read_plan("hard") is None
        job = empty.finished("hard")
        assert crew.pids["worker-1"] != killed
    assert (job.state, job.has_plan) == (State.DONE, True)
    assert len(empty.drafts("hard")) == 1
    kinds = [event["kind"] for event in asyncio.run(empty.events("hard"))]
    assert kinds.count("started") == 2


PARENT = """
import sys, time
from pathlib import Path
from api.jobs.process import Child
print(Child(Path(sys.argv[1])).pid, flush=True)
time.sleep(600)
"""


def test_child_ends_with_its_parent_and_answers_nothing(empty: Office, tmp_path: Path) -> None:
    put(tmp_path / ORDER, empty.order(county()))
    put(tmp_path / INSTANCE, county())
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        wait_until(lambda: child.num_threads() > 1 and "ortools" in mapped(child))
        parent.kill()
    assert psutil.wait_procs([child], timeout=20)[1] == []
    assert not {ANSWER, PLAN} & {path.name for path in tmp_path.iterdir()}


def test_solve_gives_way_to_the_web_server(empty: Office, tmp_path: Path) -> None:
    put(tmp_path / ORDER, empty.order(county()))
    put(tmp_path / INSTANCE, county())
    with Child(tmp_path) as child:
        process, group = psutil.Process(child.pid), Path(f"/proc/{child.pid}/autogroup")
        wait_until(lambda: "ortools" in mapped(process))
        assert process.nice() == min(19, psutil.Process().nice() + NICENESS)
        # where sessions are weighed against each other, its own weighs as little
        assert not group.exists() or group.read_text().endswith(f"nice {NICENESS}\n")


def mapped(process: psutil.Process) -> str:
    """Return the libraries that a process has loaded."""
    return " ".join(area.path for area in process.memory_maps())


def test_jobs_of_a_dead_worker_go_to_the_living(
    empty: Office, lone: subprocess.Popen[bytes]
) -> None:
    empty.submit(empty.order(township()), "orphaned")
    wait_until(lambda: bool(children_at_work(lone.pid)))
    [child] = children_at_work(lone.pid)
    child.suspend()
    lone.kill()
    lone.wait()
    child.resume()
    assert psutil.wait_procs([child], timeout=20)[1] == []
    with empty.workers(name="other"):
        job = empty.finished("orphaned")
    assert (job.state, len(empty.drafts("orphaned"))) == (State.DONE, 1)


def test_worker_that_only_slept_does_no_harm(empty: Office, lone: subprocess.Popen[bytes]) -> None:
    empty.submit(empty.order(township()), "asleep")
    wait_until(lambda: bool(children_at_work(lone.pid)))
    sleeper = psutil.Process(lone.pid)
    sleeper.suspend()
    with empty.workers(name="other"):
        job, plan = empty.finished("asleep"), empty.results.read_plan("asleep")
        kinds = [event["kind"] for event in asyncio.run(empty.events("asleep"))]
        sleeper.resume()
        wait_until(lambda: not children_at_work(lone.pid))
        empty.submit(empty.order(township(2)), "next")
        empty.finished("next")
    assert job.state is State.DONE
    assert (empty.job("asleep"), empty.results.read_plan("asleep")) == (job, plan)
    assert [event["kind"] for event in asyncio.run(empty.events("asleep"))] == kinds


def test_job_that_kills_its_workers_fails_in_the_end(tmp_path: Path) -> None:
    office = Office(tmp_path, recoveries=0)
    office.submit(office.order(township()), "poison")
    with office.workers() as crew:
        wait_until(lambda: bool(children_at_work(crew.pids["worker-1"])))
        os.kill(crew.pids["worker-1"], signal.SIGKILL)
        job = office.finished("poison")
    assert (job.state, [issue.code for issue in job.issues]) == (State.FAILED, ["job_died"])
    assert len(office.drafts("poison")) == 0
    office.close()


def test_stop_that_was_asked_for_is_no_death_of_the_job(tmp_path: Path) -> None:
    office = Office(tmp_path, recoveries=0)
    office.submit(office.order(township()), "stopped")
    for _ in range(2):
        with office.workers() as crew:
            wait_until(lambda: bool(children_at_work(crew.pids["worker-1"])))
        assert office.job("stopped").state in (State.QUEUED, State.DONE)
    with office.workers():
        job = office.finished("stopped")
    assert (job.state, len(office.drafts("stopped"))) == (State.DONE, 1)
    office.close()


def test_end_that_finds_no_room_is_written_when_there_is_some(tmp_path: Path) -> None:
    with small_disk(tmp_path) as disk:
        office = Office(tmp_path, f"sqlite:///{disk.folder / 'jobs.sqlite'}")
        with office.workers() as crew:
            office.submit(office.order(township()), "full")
            wait_until(lambda: bool(children_at_work(crew.pids["worker-1"])))
            before = crew.pids
            disk.fill()
            wait_until(lambda: office.results.read_plan("full") is not None)
            assert office.job("full").state is State.RUNNING
            disk.free()
            job = office.finished("full")
            assert crew.pids == before
        assert (job.state, len(office.drafts("full"))) == (State.DONE, 1)
        office.close()


REFUSE_RESULTS = """
CREATE TRIGGER refuse_results BEFORE INSERT ON operation_outputs WHEN NEW.function_name = 'work'
BEGIN SELECT RAISE(ABORT, 'refused'); END
"""


def times_begun(database: sa.Engine) -> int:
    with database.connect() as connection:
        rows = connection.execute(sa.text("SELECT recovery_attempts FROM workflow_status"))
        return int(rows.scalar_one())


def test_result_that_was_not_taken_does_not_fail_the_job(tmp_path: Path) -> None:
    office = Office(tmp_path)
    database = sa.create_engine(office.settings.database)
    with office.workers() as crew:
        office.submit(office.order(township()), "refused")
        wait_until(lambda: bool(children_at_work(crew.pids["worker-1"])))
        with database.begin() as connection:
            connection.execute(sa.text(REFUSE_RESULTS))
        wait_until(lambda: office.job("refused").state.is_final or times_begun(database) > 1)
        with database.begin() as connection:
            connection.execute(sa.text("DROP TRIGGER refuse_results"))
        job = office.finished("refused")
    assert (job.state, len(office.drafts("refused"))) == (State.DONE, 1)
    database.dispose()
    office.close()


class Bench:
    """A job done in this process, watched from another thread."""

    def __init__(self, office: Office, order: SolveOrder, folder: Path | None = None) -> None:
        self.told: list[tuple[str, Any]] = []
        self.cancelled = False
        self.folder = (folder or office.folder) / "bench"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        office.announcing("bench", order.kind)()
        self.work = Work(
            TakenJob("bench", order, office.settings, office.results),
            lambda: self.cancelled,
            lambda kind, data: self.told.append((kind, data)),
            self.folder,
        )

    def run(self, meddle: Callable[[psutil.Process], None], times: int = 1) -> JobEnd:
        """Do the job; ``meddle`` with so many children as soon as each is there."""
        ended = threading.Event()
        thread = threading.Thread(target=self._meddle, args=(meddle, times, ended))
        thread.start()
        try:
            return self.work.run()
        finally:
            ended.set()
            thread.join()
            assert list(self.folder.iterdir()) == []

    @property
    def kinds(self) -> list[str]:
        return [kind for kind, _ in self.told if kind != "progress"]

    def _meddle(
        self, meddle: Callable[[psutil.Process], None], times: int, ended: threading.Event
    ) -> None:
        met: set[int] = set()
        while len(met) < times and not ended.wait(0.02):
            for child in children_at_work(os.getpid()):
                if child.pid not in met:
                    met.add(child.pid)
                    meddle(child)


def test_child_that_dies_once_is_tried_again(empty: Office) -> None:
    bench = Bench(empty, empty.order(township()))
    verdict = bench.run(psutil.Process.kill)
    assert (verdict.state, verdict.has_plan) == (State.DONE, True)
    assert bench.kinds == ["started", "started"]


def test_child_that_dies_twice_fails_the_job(empty: Office) -> None:
    bench = Bench(empty, empty.order(township()))
    verdict = bench.run(psutil.Process.kill, times=2)
    assert verdict.state is State.FAILED
    assert [issue.code for issue in verdict.issues] == ["job_died"]
    assert len(empty.drafts("bench")) == 0


def test_child_deaf_to_the_interrupt_is_killed_after_the_grace(tmp_path: Path) -> None:
    office = Office(tmp_path, grace=0.5, overtime=0.1)
    bench = Bench(office, office.order(township(), seconds=0.1))
    verdict = bench.run(psutil.Process.suspend)
    assert [issue.code for issue in verdict.issues] == ["job_overtime"]
    assert bench.kinds == ["started", "overtime"]


class Tried(Results):
    """Tells how often a plan could not be kept."""

    failures = 0

    def keep_plan(self, job: str, plan: Plan) -> None:
        try:
            super().keep_plan(job, plan)
        except UnavailableError:
            self.failures += 1
            raise


@pytest.mark.parametrize("patience", [60, 0])
def test_plan_that_finds_no_room_waits_for_some(tmp_path: Path, patience: float) -> None:
    with small_disk(tmp_path) as disk:
        office = Office(disk.folder, patience=patience)
        office.results = tried = Tried(office.store)
        bench = Bench(office, office.order(township()), tmp_path)
        office.store.close()  # its log of writes begins anew and holds no room in reserve
        with ThreadPoolExecutor() as pool:
            done = pool.submit(bench.run, lambda _: disk.fill())
            wait_until(lambda: tried.failures > 0 or done.done())
            disk.free()
            verdict = done.result()
        codes = [issue.code for issue in verdict.issues]
        assert tried.failures > 0
        if patience:
            assert (verdict.state, verdict.has_plan, codes) == (State.DONE, True, [])
        else:
            assert (verdict.state, verdict.has_plan, codes) == (State.FAILED, False, ["disk_full"])
        office.close()


def test_cancel_before_there_is_a_plan_leaves_none(empty: Office) -> None:
    bench = Bench(empty, empty.order(township()))
    verdict = bench.run(lambda _: setattr(bench, "cancelled", True))
    assert verdict == JobEnd(state=State.CANCELLED)
    assert bench.kinds == ["started", "cancelling"]
