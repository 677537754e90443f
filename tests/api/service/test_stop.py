"""A stop that is asked for: whoever watches is let go, and the job under way goes on after the start."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from models.store.database.store import Store
from models.store.plans.instances import put_instance, set_current
from tests.api.jobs.office import township, wait_until
from tests.api.service.running import bureau, serving

pytestmark = pytest.mark.slow

AREA = township().settings.area


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, township(), area=AREA, by="test")
        set_current(session, AREA, key, revision=0, by="test")
    return folder


def watch(client: httpx.Client, job: str) -> list[str]:
    """Follow a job until the service hangs up; return the kinds of what was told."""
    kinds: list[str] = []
    with (
        suppress(httpx.RemoteProtocolError),  # cut off: a browser then connects again
        client.stream("GET", f"/api/v1/jobs/{job}/events") as told,
    ):
        kinds.extend(line[7:] for line in told.iter_lines() if line.startswith("event: "))
    client.close()
    return kinds


def test_stop_lets_watchers_go_and_the_solve_goes_on_after_the_start(data: Path) -> None:
    headers = bureau(data, "boss", AREA)
    asked = {"headers": headers, "trust_env": False, "timeout": 60}
    with ThreadPoolExecutor() as pool:
        # the grace for requests is 30 s: who is not let go would hold the stop up so long
        with serving(data, patience=20) as address, httpx.Client(base_url=address, **asked) as boss:
            job = boss.post(f"/api/v1/areas/{AREA}/solves", json={"seconds": 30}).json()["id"]
            where = f"/api/v1/jobs/{job}"
            watching = pool.submit(watch, httpx.Client(base_url=address, **asked), job)
            wait_until(lambda: boss.get(where).json()["state"] == "running")
        told = watching.result()
    assert "end" not in told
    with serving(data) as address, httpx.Client(base_url=address, **asked) as boss:
        wait_until(lambda: boss.get(where).json()["state"] == "done")
        rosters = boss.get(f"/api/v1/areas/{AREA}/rosters").json()["items"]
        assert [row["id"] for row in rosters] == [boss.get(where).json()["roster"]]
