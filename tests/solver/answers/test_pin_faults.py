"""Fixed pins that cannot be kept: each is told by itself, at its row, in words."""

from __future__ import annotations

from typing import Any

import pytest

from models.instance import Instance
from models.messages import Spot
from models.people import Pin
from solver.answers.pin_faults import pin_faults
from solver.answers.precheck import with_implied_pins
from solver.modelling.facts import Facts
from solver.profiles import load_rules
from tests.factories import tiny_content, tiny_instance

VILLAGE = "410105001001"
RULES = load_rules("default")


def pin(kind: str, target: str, person: str, date: str = "", part: str = "am") -> dict[str, Any]:
    dated = {"date": f"2026-12-{date}", "part": part} if date else {}
    return {"kind": kind, "target": target, "person": person, **dated}


DUTY = pin("duty", "Z000-咨询", "L001", "01")


def faults(*pins: dict[str, Any], **changes: Any) -> list[tuple[str, str, str]]:
    """Return code, row and sentence of each fault; rows are counted from 1."""
    instance: Instance = with_implied_pins(tiny_instance(pins=list(pins), **changes))
    rows = {id(row): f"A{number}" for number, row in enumerate(instance.pins[: len(pins)], 1)}

    def where(row: Pin) -> Spot:
        return Spot("固定安排", rows.get(id(row), ""))

    found = pin_faults(Facts(instance, "2026-12"), RULES, where)
    return [(told.code, told.cell, told.zh) for told in found]


@pytest.mark.parametrize(
    ("pins", "code", "cell", "word"),
    [
        ([pin("mediator", "Z001", "L001")], "pin_breaks_rule", "A1", "不是专职人民调解员"),
        ([pin("duty", "Z000-咨询", "M001", "01")], "pin_breaks_rule", "A1", "不接受专职人民调解员"),
        ([pin("visit", VILLAGE, "L001", "05")], "pin_breaks_rule", "A1", "不是工作日"),
        ([pin("visit", VILLAGE, "L001", "02"), pin("adviser", VILLAGE, "L002")],
         "pin_breaks_rule", "A1", "由本村顾问走访"),
        ([DUTY, pin("duty", "Z000-咨询", "L001", "05")], "pin_no_slot", "A2", "星期六没有这个班次"),
        ([pin("duty", "Z000-咨询", "L001", "01", "night")], "pin_no_slot", "A1", "上午、下午"),
        ([pin("standby", "Z000-咨询", "L002", "01"), DUTY], "pin_no_slot", "A1", "每班备班 0 人"),
        ([pin("visit", VILLAGE, "L001", "02"), DUTY, pin("visit", VILLAGE, "L001", "01")],
         "pin_breaks_rule", "A3", "时间重叠（另见 A2）"),
    ],
)  # fmt: skip
def test_pin_that_cannot_be_kept_is_told_at_its_row(
    pins: list[dict[str, Any]], code: str, cell: str, word: str
) -> None:
    found = faults(*pins)
    assert [(told[0], told[1]) for told in found] == [(code, cell)]
    assert word in found[0][2]


def test_mediator_at_a_site_without_mediators_is_told() -> None:
    sites = tiny_content()["sites"]
    sites[1]["kind"] = "mobile_point"
    found = faults(pin("mediator", "Z001", "M001"), sites=sites)
    assert [told[:2] for told in found] == [("pin_not_possible", "A1")]


def test_pin_against_leave_or_conflict_names_people_and_places() -> None:
    leave = [{"person": "L001", "first": "2026-12-01", "last": "2026-12-01"}]
    assert faults(DUTY, leave=leave)[0][1] == "A1"
    conflict = [{"person": "L001", "village": VILLAGE}]
    ((_, cell, zh),) = faults(pin("adviser", VILLAGE, "L001"), conflicts=conflict)
    assert cell == "A1"
    assert "例甲与示例一社区有利益冲突" in zh


@pytest.mark.parametrize(
    "pins",
    [
        [],
        [DUTY],
        [DUTY | {"person": "M001", "strength": "keep"}],
        [DUTY | {"date": "2026-11-02", "person": "M001"}],
        [DUTY, pin("duty", "Z000-咨询", "L002", "01")],
    ],
)
def test_pin_that_can_be_kept_is_not_told(pins: list[dict[str, Any]]) -> None:
    assert faults(*pins) == []
