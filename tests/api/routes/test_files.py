"""Files in and out of a running service: checked, uploaded, drafted, exported, downloaded."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook

from models.formats.csv_zip import zip_files, zip_folder
from models.formats.write import write_csv_folder
from models.report import Report
from models.roster import Roster
from tests.api.service.office import COUNTY, Office, county
from tests.api.service.running import serving

HERE = f"/api/v1/areas/{COUNTY}"


@pytest.fixture(scope="module")
def boss(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Serve with a worker; the county's data are in use, roster 1 is its draft."""
    data = tmp_path_factory.mktemp("files") / "data"
    office = Office(data)
    office.use(county())
    assert office.draft(county()) == 1
    token = office.tokens["boss"]
    office.close()
    headers = {"Authorization": f"Bearer {token}"}
    with (
        serving(data) as address,
        httpx.Client(base_url=address, headers=headers, trust_env=False, timeout=60) as client,
    ):
        yield client


def finished(boss: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """Wait for the job of an answer."""
    assert answer.status_code == 202, answer.text
    job: dict[str, Any] = answer.json()
    for _ in range(1200):
        if job["state"] in ("done", "failed", "cancelled"):
            return job
        time.sleep(0.1)
        job = boss.get(f"/api/v1/jobs/{job['id']}").json()
    raise AssertionError(job)


def upload(
    boss: httpx.Client, path: str, name: str, content: bytes, **params: Any
) -> dict[str, Any]:
    answer = boss.post(f"{HERE}/{path}", files={"file": (name, content)}, params=params)
    return finished(boss, answer)


def test_data_are_checked_without_keeping_them(boss: httpx.Client, tmp_path: Path) -> None:
    other = county(settings={"name": "另一份"})
    write_csv_folder(other, tmp_path / "csv")
    files = ((f"十二月/{f.name}", f.read_bytes()) for f in (tmp_path / "csv").iterdir())
    job = upload(boss, "imports", "十二月.zip", zip_files(files), keep=False)
    assert (job["state"], job["instance"], job["counts"]) == ("done", None, other.counts())
    chosen = boss.put(
        f"{HERE}/data", json={"instance": other.content_hash}, headers={"If-Match": '"1"'}
    )
    assert chosen.status_code == 404


def test_every_issue_of_a_zip_is_told_rules_among_them(boss: httpx.Client, tmp_path: Path) -> None:
    rules = [{"rule": "no_such_rule", "field": "most", "value": "1"}]
    write_csv_folder(county(rules=rules), tmp_path / "csv")
    job = upload(boss, "imports", "a.zip", zip_folder(tmp_path / "csv"))
    assert (job["state"], [i["code"] for i in job["issues"]]) == ("failed", ["unknown_rule"])
    (tmp_path / "csv/人员.csv").write_text("人员编号\nL001\n", encoding="gb18030")
    job = upload(boss, "imports", "a.zip", zip_folder(tmp_path / "csv"))
    assert {issue["table"] for issue in job["issues"]} == {"人员.csv", "规则调整.csv"} - {
        "规则调整.csv"
    }
    assert job["instance"] is None


def test_what_is_downloaded_comes_back_the_same(boss: httpx.Client) -> None:
    content = boss.get(f"{HERE}/data/file", params={"form": "csv"}).content
    job = upload(boss, "imports", "a.zip", content)
    assert (job["state"], job["instance"]) == ("done", county().content_hash)


def test_a_roster_goes_out_and_comes_back_as_a_draft(boss: httpx.Client) -> None:
    asked = [
        boss.post("/api/v1/rosters/1/exports", json={"form": form}) for form in ("xlsx", "sheet")
    ]
    jobs = [finished(boss, answer) for answer in asked]
    files = [boss.get(f"/api/v1/jobs/{job['id']}/file").content for job in jobs]
    listed = boss.get("/api/v1/rosters/1/exports").json()
    assert {one["name"]: one["bytes"] for one in listed} == {
        job["file"]: len(file) for job, file in zip(jobs, files, strict=True)
    }
    assert load_workbook(io.BytesIO(files[1])).sheetnames[0] == "公示表"
    job = upload(boss, "rosters", jobs[0]["file"], files[0], like=1)
    assert job["state"] == "done", job["issues"]
    draft = f"/api/v1/rosters/{job['roster']}"
    assert boss.get(draft).json()["stage"] == "draft"
    report, told = (
        Report.model_validate(boss.get(f"{where}/report").json())
        for where in ("/api/v1/rosters/1", draft)
    )
    assert (told.terms, told.unmet) == (report.terms, report.unmet)
    compared = boss.get(f"{draft}/comparison", params={"other": 1}).json()
    assert not any(compared["only_here"].values())


def test_every_issue_of_an_uploaded_roster_is_told(boss: httpx.Client) -> None:
    duty = {"post": "Z000-咨询", "date": "2026-12-05", "part": "am", "person": "L999"}
    content = json.dumps({"month": "2026-12", "duties": [duty]}).encode()
    job = upload(boss, "rosters", "roster.json", content)
    assert (job["state"], job["roster"]) == ("failed", None)
    assert sorted(issue["code"] for issue in job["issues"]) == ["dangling", "duty_no_slot"]
    refused = boss.post(
        f"{HERE}/rosters", files={"file": ("r.json", content)}, params={"like": 999_999}
    )
    assert refused.status_code == 404


def test_the_next_solve_keeps_what_is_frozen(boss: httpx.Client) -> None:
    frozen = {"last": "2026-12-15", "why": "已过"}
    assert boss.post("/api/v1/rosters/1/freeze", json=frozen).json()["pins"] > 0
    order = {"seconds": 20, "seed": 7}
    once = {"Idempotency-Key": "solve-7"}
    first = boss.post(f"{HERE}/solves", json=order, headers=once)
    job = finished(boss, first)
    assert job["state"] == "done", job["issues"]
    assert boss.post(f"{HERE}/solves", json=order, headers=once).json()["id"] == job["id"]
    was, now = (
        Roster.model_validate(boss.get(f"/api/v1/rosters/{n}/rows").json())
        for n in (1, job["roster"])
    )
    for table in ("duties", "visits"):
        kept, left = (
            {row for row in getattr(plan, table) if row.date.day <= 15} for plan in (was, now)
        )
        assert left == kept
