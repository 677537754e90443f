"""Every rule's hand-made cases: ``rules/<code>.toml``, each with the clause it comes from.

A case starts from ``rules/base.toml``: ``change`` alters rows by id or adds them, ``add`` fills tables
without ids, ``drop`` removes rows, ``rule`` sets the rule's numbers. Rosters are written as
"village person", "site person", "post day part person [standby]" and "village day part person
[lecture] [start]", "village host"; breaches as "subject amount". Each case is asked of the check and of the model.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.vocabulary import Part
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.rules import rule_types
from tests.solver.agreement import at_level, disagreement

FOLDER = Path(__file__).parent / "rules"
KEYS = {"name", "clause", "month", "settings", "rule", "change", "add", "drop", "breaches"}
KEYS |= {"seats", "mediators", "duties", "visits", "stations", "check_only"}

Case = dict[str, Any]


def read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def cases() -> list[Any]:
    files = sorted(path.stem for path in FOLDER.glob("*.toml") if path.stem != "base")
    return [pytest.param(f, c, id=f"{f}: {c['name']}") for f in files for c in read(f)["case"]]


@cache
def base() -> dict[str, Any]:
    return read("base")


def facts_of(case: Case) -> Facts:
    tables = dict(base())
    month = case.get("month", tables["settings"]["month"])
    tables["settings"] = tables["settings"] | {"month": month} | case.get("settings", {})
    for name, rows in case.get("change", {}).items():
        known = {row["id"]: row for row in tables[name]}
        changed = {code: known.get(code, {"id": code}) | new for code, new in rows.items()}
        tables[name] = list((known | changed).values())
    for name, ids in case.get("drop", {}).items():
        tables[name] = [row for row in tables[name] if row["id"] not in ids]
    return Facts(Instance.model_validate(tables | case.get("add", {})), month)


def roster_of(case: Case, month: str) -> Roster:
    def rows(name: str) -> list[list[str]]:
        return [text.split() for text in case.get(name, [])]

    def when(day: str, part: str) -> dict[str, Any]:
        return {"date": dt.date.fromisoformat(f"{month}-{int(day):02d}"), "part": Part(part)}

    def more_of(words: list[str]) -> dict[str, Any]:
        start = next((word for word in words if ":" in word), None)
        return {"lecture": "lecture" in words, "start": start}

    return Roster(
        month=month,
        advisers=tuple(AdviserSeat(village=v, person=p) for v, p in rows("seats")),
        mediators=tuple(MediatorSeat(site=s, person=p) for s, p in rows("mediators")),
        duties=tuple(
            Duty(post=post, person=p, standby=more == ["standby"], **when(day, part))
            for post, day, part, p, *more in rows("duties")
        ),
        visits=tuple(
            Visit(village=v, person=p, **when(day, part), **more_of(more))
            for v, day, part, p, *more in rows("visits")
        ),
        stations=tuple(VillageStation(village=v, host=w) for v, w in rows("stations")),
    )


@pytest.mark.parametrize(("code", "case"), cases())
def test_case(code, case):
    facts = facts_of(case)
    rule, roster = rule_types()[code](**case.get("rule", {})), roster_of(case, facts.month)
    breaches = list(rule.check(facts, Reading(facts, roster)))
    assert sorted(f"{b.subject} {b.amount}" for b in breaches) == sorted(case["breaches"])
    assert {(b.rule, b.level) for b in breaches} <= {(code, rule.level)}
    if "check_only" not in case:
        for level in (Level.HARD, Level.SOFT):
            assert disagreement(facts, at_level(rule, level), roster) == ""


def test_every_rule_has_a_case_file():
    assert {path.stem for path in FOLDER.glob("*.toml")} - {"base"} == set(rule_types())


@pytest.mark.parametrize("code", rule_types())
def test_cases_of_a_rule_show_it_kept_and_broken(code):
    found = read(code)["case"]
    assert any(case["breaches"] for case in found)
    assert any(len(case["breaches"]) < _rows(case) for case in found)


def _rows(case: Case) -> int:
    held = sum(
        len(case.get(name, [])) for name in ("seats", "mediators", "duties", "visits", "stations")
    )
    return held or len(base()["villages"])


@pytest.mark.parametrize(("code", "case"), cases())
def test_case_is_written_down_whole(code, case):
    assert set(case) <= KEYS
    assert case["name"]
    assert case["clause"]
