"""A folder that may not be written: what is there is read, what cannot be kept is refused in words."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from models.formats.document import instance_json
from models.store.database.store import Store
from models.store.plans.instances import put_instance, set_current
from models.vocabulary import Part
from tests.api.jobs.office import wait_until
from tests.api.service.running import bureau, environment, serving
from tests.models.store.samples import EAST, draft, duty, office

pytestmark = pytest.mark.slow

AREA = f"/api/v1/areas/{EAST}"
DUTIES = [duty(EAST, day, Part.AM, "L001") for day in (1, 2)]
REFUSED = ("数据不可写入。请检查数据文件夹的权限和所有者。", "The data cannot be written.")
# root may write anywhere; without this right it is bound by permissions as all are
BOUND = ("setpriv", "--bounding-set", "-dac_override") if os.geteuid() == 0 else ()


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "data"
    folder.mkdir()
    yield folder
    permit(folder)


def permit(folder: Path, *, is_given: bool = True) -> None:
    """Let the folder and its files be written, or not."""
    for path in folder.iterdir():
        path.chmod(0o600 if is_given else 0o400)
    folder.chmod(0o700 if is_given else 0o500)


def test_read_only_folder_is_read_and_goes_on_when_it_may_be_written(data: Path) -> None:
    headers = bureau(data, "boss", EAST)
    with serving(data, workers=0):
        pass  # makes the queue
    with Store.open(data) as store:
        with store.begin() as session:
            key = put_instance(session, office(EAST), area=EAST, by="test")
            set_current(session, EAST, key, revision=0, by="test")
            roster = draft(session, EAST, *DUTIES)
        permit(data, is_given=False)
        with (
            serving(data, before=BOUND, ready="/healthz") as address,
            httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as boss,
        ):
            where = f"/api/v1/rosters/{roster}"
            gone = {"before": {"duty": DUTIES[0].model_dump(mode="json")}}
            files = {"file": ("month.json", instance_json(office(EAST)).encode())}

            def acts() -> list[httpx.Response]:
                keys = [{"Idempotency-Key": key} for key in "iuep"]
                seen = {"If-Match": '"1"'}
                return [
                    boss.post(f"{AREA}/imports", files=files, headers=keys[0]),
                    boss.post(f"{AREA}/solves", json={}, headers=keys[1]),
                    boss.patch(f"{where}/rows", json=gone, headers=keys[2] | seen),
                    boss.post(f"{where}/publish", json={}, headers=keys[3]),
                ]

            told = [(act.status_code, act.json()) for act in acts()]
            assert [status for status, _ in told] == [503] * len(told)
            assert {body["detail"] for _, body in told} == {REFUSED[0]}
            assert all(body["detail_en"].startswith(REFUSED[1]) for _, body in told)
            ready = boss.get("/readyz")
            assert (ready.status_code, ready.json()["failing"]) == (503, ["folder"])
            assert len(boss.get(f"{where}/rows").json()["duties"]) == len(DUTIES)
            permit(data)
            assert boss.get("/readyz").status_code == 200
            acts()  # the queue has not noticed yet that it may be written
            done = acts()
            assert [act.status_code for act in done] == [202, 202, 200, 200]
            job = f"/api/v1/jobs/{done[0].json()['id']}"
            wait_until(lambda: boss.get(job).json()["state"] == "done")


def test_service_that_cannot_open_its_folder_says_so(data: Path) -> None:
    bureau(data, "boss", EAST)
    permit(data, is_given=False)
    words = ("serve", "--data", str(data), "--port", "0", "--workers", "0")
    said = subprocess.run(
        [*BOUND, sys.executable, "-m", "api.commands.cli", *words],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert said.returncode == 2
    assert "请检查数据文件夹" in said.stderr
    assert "Traceback" not in said.stderr
