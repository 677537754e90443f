"""A full disk, a real one: what cannot be kept is refused in words, and goes on when there is room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx
import psutil
import pytest

from models.formats.document import instance_json
from models.store.database.log import log_of
from models.store.database.store import Store
from scenarios.generator.generate import generate
from tests.api.jobs.office import children_at_work, wait_until
from tests.api.service.running import bureau, serving
from tests.api.service.small_disk import Disk, small_disk
from tests.models.store.samples import EAST

pytestmark = pytest.mark.slow

AREA = f"/api/v1/areas/{EAST}"
FULL = ("磁盘已满。请清理磁盘后重试。", "The disk is full. Free some space and try again.")


class Served(NamedTuple):
    """A service on a small disk, with data and a draft."""

    boss: httpx.Client
    disk: Disk
    roster: int
    duties: list[dict[str, Any]]
    content: bytes
    worker: int

    def ended(self, answer: httpx.Response) -> dict[str, Any]:
        """Wait for the end of a job."""
        assert answer.status_code == 202, answer.text
        where = f"/api/v1/jobs/{answer.json()['id']}"
        wait_until(lambda: self.boss.get(where).json()["state"] in ("done", "failed"))
        return dict(self.boss.get(where).json())

    def upload(self, content: bytes, **headers: str) -> httpx.Response:
        files = {"file": ("month.json", content)}
        return self.boss.post(f"{AREA}/imports", files=files, headers=headers)

    def solve(self, **headers: str) -> httpx.Response:
        return self.boss.post(f"{AREA}/solves", json={"seconds": 5}, headers=headers)

    def edit(self) -> httpx.Response:
        gone = {"before": {"duty": self.duties[0]}}
        where = f"/api/v1/rosters/{self.roster}/rows"
        return self.boss.patch(where, json=gone, headers={"If-Match": '"1"'})

    def publish(self, **headers: str) -> httpx.Response:
        return self.boss.post(f"/api/v1/rosters/{self.roster}/publish", json={}, headers=headers)

    def logged(self) -> Counter[str]:
        with Store.open(self.disk.folder) as store, store.read() as session:
            return Counter(entry.action for entry in log_of(session, limit=500).rows)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with small_disk(tmp_path_factory.mktemp("full")) as disk, pytest.MonkeyPatch.context() as patch:
        headers = bureau(disk.folder, "boss", EAST)
        passing = disk.folder / "passing"
        passing.mkdir()
        patch.setenv("TMPDIR", str(passing))
        with (
            serving(disk.folder) as address,
            httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as boss,
        ):
            workers = working(str(disk.folder))
            content = instance_json(generate(EAST, "T", 1)).encode()
            new = Served(boss, disk, 0, [], content, workers[0])
            chosen = {"instance": new.ended(new.upload(content))["instance"]}
            boss.put(f"{AREA}/data", json=chosen, headers={"If-Match": '"0"'})
            roster = new.ended(new.solve())["roster"]
            duties = boss.get(f"/api/v1/rosters/{roster}/rows").json()["duties"]
            yield new._replace(roster=roster, duties=duties)
            assert working(str(disk.folder)) == workers  # nothing was started anew


def working(folder: str) -> list[int]:
    """Return the workers of the service of a folder."""
    below = psutil.Process().children(recursive=True)
    servers = [process for process in below if folder in process.cmdline()]
    children = [child for server in servers for child in server.children()]
    return [child.pid for child in children if "api.jobs.worker" in child.cmdline()]


def test_full_disk_is_told_nothing_changes_and_all_goes_on_when_there_is_room(
    served: Served,
) -> None:
    before, padded = served.logged(), served.content + b" " * 2_000_000
    key = {"Idempotency-Key": "once"}
    served.disk.fill()
    refused = [
        served.upload(served.content),
        served.upload(padded),
        served.solve(**key),
        served.edit(),
        served.publish(),
        served.boss.post(f"{AREA}/feeds", json={"kind": "person", "id": "L0001"}),
        served.boss.get(f"{AREA}/data/file", params={"form": "xlsx"}),
    ]
    told = [(a.status_code, a.json()["detail"], a.json()["detail_en"]) for a in refused]
    assert told == [(503, *FULL)] * len(refused)
    ready = served.boss.get("/readyz")
    assert (ready.status_code, ready.json()["failing"]) == (503, ["folder"])
    where = f"/api/v1/rosters/{served.roster}"
    assert served.boss.get(where).json()["version"] == 1
    assert served.boss.get(f"{where}/rows").json()["duties"] == served.duties
    served.disk.free()
    assert served.boss.get("/readyz").json() == {"status": "ok", "failing": []}
    assert served.logged() == before
    assert served.ended(served.upload(padded))["state"] == "done"
    assert served.ended(served.solve(**key))["state"] == "done"
    assert served.edit().status_code == 200
    assert served.publish().json()["revision"] == 1


def test_solve_on_a_disk_that_fills_up_says_so_and_the_next_one_is_done(served: Served) -> None:
    asked = served.solve()
    wait_until(lambda: bool(children_at_work(served.worker)))
    served.disk.fill()
    job = served.ended(asked)
    served.disk.free()
    assert (job["state"], job["roster"]) == ("failed", None)
    assert [issue["code"] for issue in job["issues"]] == ["job_unwritable"]
    assert served.ended(served.solve())["state"] == "done"
