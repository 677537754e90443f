"""The data of an area over HTTP: read where one may, changed whole or not at all, rules and settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from solver.profiles import profile_names
from solver.rules import rule_types
from tests.api.service.office import COUNTY, EAST, MOBILE, OTHER, WEST, Office, county
from tests.told import code_told


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    found = Office(tmp_path_factory.mktemp("office") / "data")
    found.use(county())
    yield found
    found.close()


def test_the_tree_counts_what_lies_in_an_area_and_below(office: Office) -> None:
    nodes = office.get("boss", f"areas/{COUNTY}/tree").json()
    shown = [(n["id"], n["depth"], n["counts"]["villages"], n["counts"]["people"]) for n in nodes]
    assert shown == [(COUNTY, 0, 4, 5), (EAST, 1, 2, 2), (WEST, 1, 2, 3)]
    assert [n["id"] for n in office.get("east", f"areas/{EAST}/tree").json()] == [EAST]
    assert office.get("east", f"areas/{COUNTY}/tree").status_code == 404


def test_a_township_reads_its_own_rows_alone(office: Office) -> None:
    people = office.all("east", f"areas/{EAST}/data/people", limit=1)
    assert [person["id"] for person in people] == ["L001", "L002"]
    posts = office.all("east", f"areas/{EAST}/data/posts")
    assert [post["id"] for post in posts] == ["Z001-咨询"]
    assert len(office.all("boss", f"areas/{COUNTY}/data/people")) == 5
    assert len(office.all("boss", f"areas/{WEST}/data/villages")) == 2


def test_one_row_is_read_by_its_id(office: Office) -> None:
    answer = office.get("east", f"areas/{EAST}/data/people/L001")
    assert (answer.json()["name"], answer.headers["ETag"]) == ("例甲", '"1"')
    elsewhere = office.get("east", f"areas/{EAST}/data/people/L003")
    nobody = office.get("east", f"areas/{EAST}/data/people/L999")
    assert (elsewhere.status_code, elsewhere.content) == (404, nobody.content)
    assert MOBILE not in elsewhere.text
    assert office.get("boss", f"areas/{COUNTY}/data/posts/Z002-咨询").status_code == 404
    assert office.get("boss", f"areas/{COUNTY}/data/posts/Z002-调解").json()["site"] == "Z002"
    assert office.get("boss", f"areas/{COUNTY}/data/leave/L001").status_code == 422


def test_the_whole_document_is_for_who_may_read_all_of_it(office: Office) -> None:
    assert office.get("boss", f"areas/{COUNTY}/data/file", form="json").status_code == 200
    refused = office.get("east", f"areas/{EAST}/data/file", form="json")
    assert (refused.status_code, MOBILE in refused.text) == (404, False)


def test_a_township_does_not_solve_its_county(office: Office) -> None:
    assert office.ask("east", "POST", f"areas/{EAST}/solves", json={}).status_code == 404


def test_rules_are_told_with_numbers_sources_and_changes(office: Office) -> None:
    key = office.use(county(rules=[{"rule": "spacing", "field": "weight", "value": "0"}]), OTHER)
    assert key
    rules = {r["code"]: r for r in office.get("stranger", f"areas/{OTHER}/rules").json()}
    assert list(rules) == list(rule_types())
    assert (rules["spacing"]["is_on"], rules["spacing"]["changed"]) == (False, {"weight": "0"})
    cap = rules["villages_per_adviser"]
    assert (cap["zh"], cap["level"], cap["numbers"]["most"]) == ("每人村居上限", "waivable", 5)
    assert "Source: S1" in cap["text"]
    assert all(rule["zh"] and rule["en"] and rule["text"] for rule in rules.values())
    profiles = office.get("east", f"areas/{EAST}/profiles").json()
    assert [profile["name"] for profile in profiles] == list(profile_names())
    assert [profile["name"] for profile in profiles if profile["is_used"]] == ["default"]
    assert all(table["source"] for p in profiles for table in p["rules"].values())


def test_rules_change_as_the_data_do(office: Office, tmp_path: Path) -> None:
    where = f"areas/{COUNTY}/rules"
    read = office.get("boss", where)
    here = {"If-Match": read.headers["ETag"]}
    four = {"rule": "villages_per_adviser", "field": "most", "value": "4"}
    wrong = {"set": [four | {"value": "many"}, four | {"field": "least"}]}
    refused = office.ask("boss", "PATCH", where, json=wrong, headers=here)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/input")
    unseen = office.ask("boss", "PATCH", where, json={"set": [four]})
    assert (unseen.status_code, code_told(unseen.json())) == (428, "if_match_missing")
    odd = office.ask("boss", "PATCH", where, json={"set": [four]}, headers={"If-Match": "x"})
    assert (odd.status_code, code_told(odd.json())) == (412, "version_unknown")
    done = office.ask(
        "boss", "PATCH", where, json={"set": [four], "profile": "henan_jinshui"}, headers=here
    )
    assert done.status_code == 200, done.text
    again = office.ask("boss", "PATCH", where, json={"set": [four]}, headers=here)
    assert again.status_code == 412
    rules = {r["code"]: r for r in office.get("boss", where).json()}
    assert rules["villages_per_adviser"]["numbers"]["most"] == 4
    assert office.get("boss", f"areas/{COUNTY}/settings").json()["profile"] == "henan_jinshui"
    back = {"unset": [{"rule": "villages_per_adviser", "field": "most"}], "profile": "default"}
    here = {"If-Match": done.headers["ETag"]}
    undone = office.ask("boss", "PATCH", where, json=back, headers=here)
    assert undone.json()["instance"] == county().content_hash
    unknown = {"profile": "nowhere"}
    here = {"If-Match": undone.headers["ETag"]}
    assert office.ask("boss", "PATCH", where, json=unknown, headers=here).status_code == 422


def test_settings_change_and_a_township_leaves_them_alone(office: Office) -> None:
    where = f"areas/{COUNTY}/settings"
    here = {"If-Match": office.get("boss", where).headers["ETag"]}
    wrong = {"settings": {"month": "2026-13", "town_kmh": 0, "colour": "red"}}
    refused = office.ask("boss", "PATCH", where, json=wrong, headers=here)
    assert (refused.status_code, len(refused.json()["issues"])) == (422, 3)
    change = {"settings": {"month": "2027-01", "town_kmh": 30}}
    for path in (where, f"areas/{EAST}/settings"):
        assert office.ask("east", "PATCH", path, json=change, headers=here).status_code == 404
    done = office.ask("boss", "PATCH", where, json=change, headers=here)
    assert done.status_code == 200
    told = office.get("east", f"areas/{EAST}/settings").json()
    assert (told["month"], told["town_kmh"]) == ("2027-01", 30)


def test_rule_rows_of_the_data_are_the_bureaus_too(office: Office) -> None:
    row = {"after": {"rule": "spacing", "field": "weight", "value": "0"}}
    refused = office.ask("east", "PATCH", f"areas/{EAST}/data/rules", json=row)
    assert refused.status_code == 404
    answer = office.get("boss", f"areas/{COUNTY}/data")
    here = {"If-Match": answer.headers["ETag"]}
    bad = {"after": {"rule": "no_such_rule", "field": "weight", "value": "0"}}
    issues = office.ask("boss", "PATCH", f"areas/{COUNTY}/data/rules", json=bad, headers=here)
    assert [issue["code"] for issue in issues.json()["issues"]] == ["unknown_rule"]


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office on its first day."""
    found = Office(tmp_path_factory.mktemp("blank") / "data")
    yield found
    found.close()


ROSTER = {"files": {"file": ("roster.json", b"{}")}}
QUESTION = {"files": {"file": ("q.toml", b'name = "q"\n')}}


@pytest.mark.parametrize(
    ("method", "path", "more"),
    [
        ("POST", "solves", {"json": {}}),
        ("POST", "questions", QUESTION),
        ("POST", "rosters", ROSTER),
        ("GET", "data", {}),
        ("GET", "data/people", {}),
        ("GET", "tree", {}),
        ("GET", "rules", {}),
    ],
)
def test_before_the_first_upload_all_say_so(
    blank: Office, office: Office, method: str, path: str, more: dict[str, Any]
) -> None:
    for user, area in (("boss", COUNTY), ("east", EAST)):
        answer = blank.ask(user, method, f"areas/{area}/{path}", **more)
        if answer.status_code == 403:
            continue  # not for a township, with data or without
        assert answer.status_code == 404
        assert "请先上传数据" in answer.json()["detail"]
        assert "Upload data first" in answer.json()["detail_en"]
    # of other places nothing is told, and of one that the data do not know neither
    for user, area in (("stranger", COUNTY), ("", COUNTY)):
        assert "上传" not in blank.ask(user, method, f"areas/{area}/{path}", **more).text
    unknown = office.ask("boss", method, f"areas/{COUNTY}999/{path}", **more)
    assert (unknown.status_code, "上传" in unknown.text) == (404, False)
