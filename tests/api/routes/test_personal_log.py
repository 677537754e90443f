"""The log about personal data: who signed in, who read or took what, what a row was and became."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from models.people import Leave
from tests.api.routes.test_accounts import put, tag_of
from tests.api.service.office import COUNTY, EAST, MOBILE, Office, county
from tests.api.service.running import PASSWORD

HERE = f"areas/{COUNTY}"


def entries(office: Office, action: str) -> list[dict[str, Any]]:
    return [one for one in office.all("boss", f"{HERE}/log") if one["action"] == action]


def test_a_sign_in_is_in_the_log(office: Office) -> None:
    office.use(county())
    assert put(office, "east", tag_of(office, "east"), EAST, password=PASSWORD).status_code == 200
    word = {"name": "east", "password": PASSWORD}
    assert office.ask("", "POST", "session", json=word).status_code == 200
    assert office.ask("", "POST", "session", json=word | {"password": "x"}).status_code == 401
    assert [(one["by"], one["target"]) for one in entries(office, "sign_in")] == [
        ("east", "user:east")
    ]


def test_whoever_reads_people_or_takes_the_data_away_is_in_the_log(office: Office) -> None:
    office.use(county())
    for path in ("data/people", "data/people/L001", "data/posts", "data/leave", "data/file"):
        assert office.get("boss", f"{HERE}/{path}").status_code == 200
    assert office.get("boss", f"{HERE}/data/people", before=2).status_code == 200  # the next page
    read = [one["after"]["what"] for one in entries(office, "read_personal")]
    assert read == ["file.xlsx", "leave", "people/L001", "people"]


def test_a_changed_row_is_kept_as_it_was_and_is_without_private_values(office: Office) -> None:
    office.use(county())
    answer = office.get("boss", f"{HERE}/data/people/L001")
    before, tag = answer.json(), answer.headers["ETag"]
    after = before | {"name": "例新", "mobile": "13800000000"}
    change = {"before": before, "after": after}
    answer = office.ask(
        "boss", "PATCH", f"{HERE}/data/people", json=change, headers={"If-Match": tag}
    )
    assert answer.status_code == 200, answer.text
    (entry,) = entries(office, "change_row")
    hidden = "（不记录）"
    assert entry["before"] == {"table": "people", "id": "L001", "name": "例甲", "mobile": hidden}
    assert entry["after"] == {"table": "people", "id": "L001", "name": "例新", "mobile": hidden}
    assert MOBILE not in str(office.all("boss", f"{HERE}/log"))


def test_an_added_row_is_kept_whole(office: Office) -> None:
    office.use(county())
    tag = office.get("boss", f"{HERE}/data").headers["ETag"]
    row = Leave.model_validate({"person": "L003", "first": "2026-12-03", "last": "2026-12-04"})
    wanted = {"after": row.model_dump(mode="json", exclude_defaults=True)}
    answer = office.ask(
        "boss", "PATCH", f"{HERE}/data/leave", json=wanted, headers={"If-Match": tag}
    )
    assert answer.status_code == 200, answer.text
    (entry,) = entries(office, "change_row")
    assert (entry["before"], entry["after"]["person"]) == (None, "L003")
    assert entry["after"]["first"] == "2026-12-03"


def test_the_log_is_taken_as_a_workbook_that_computes_nothing(office: Office) -> None:
    office.use(county())
    row = {"person": "L003", "first": "2026-12-03", "last": "2026-12-04"}
    tag = office.get("boss", f"{HERE}/data").headers["ETag"]
    change = {"after": row, "why": "=1+1"}
    office.ask("boss", "PATCH", f"{HERE}/data/leave", json=change, headers={"If-Match": tag})
    assert office.get("east", f"{HERE}/log/file").status_code == 404
    answer = office.get("boss", f"{HERE}/log/file", by="boss")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.iter_rows())
    assert [cell.value for cell in rows[0]][:4] == ["序号", "时间", "用户", "操作"]
    why = next(r[5] for r in rows if r[3].value == "change_row")
    assert (why.value, why.data_type) == ("=1+1", "s")
    assert {r[2].value for r in rows[1:]} == {"boss"}
    assert entries(office, "read_personal")[0]["after"] == {"what": "log.xlsx"}
