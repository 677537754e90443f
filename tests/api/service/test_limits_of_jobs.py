"""Limits that an operator sets are told by their number, and what is beyond leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

from tests.api.service.office import COUNTY, Office, county


def test_data_of_too_many_rows_are_not_solved(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", rows=5)
    office.use(county())
    refused = office.ask("boss", "POST", f"areas/{COUNTY}/solves", json={})
    (issue,) = refused.json()["issues"]
    rows = sum(county().counts().values())
    assert (refused.status_code, issue["code"], issue["value"]) == (422, "job_rows", str(rows))
    assert "上限 5 行" in issue["zh"]
    assert office.all("boss", f"areas/{COUNTY}/jobs") == []
    office.close()


def test_a_file_beyond_the_size_of_a_request_is_refused_before_it_is_read(tmp_path: Path) -> None:
    office = Office(tmp_path / "data", body_mb=0.01)
    file = {"file": ("a.zip", b"PK" + bytes(20_000))}
    for path in ("imports", "rosters"):
        refused = office.ask("boss", "POST", f"areas/{COUNTY}/{path}", files=file)
        assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
        assert "0.01 MB" in refused.json()["detail"]
    office.close()
