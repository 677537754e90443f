"""Month after month by ``zhiban next`` alone, as an office does it."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from models.formats.read import read_instance
from models.formats.write import write_workbook
from models.instance import Instance
from models.roster import Roster
from models.vocabulary import PinKind
from tests.api.commands.command import zhiban
from tests.factories import tiny_content, tiny_instance

ROOM = ("--set", "monthly_cap.turns=20", "--set", "weekly_cap.turns=7")


def office(**changes: Any) -> Instance:
    """Return the tiny office with its two small posts."""
    return tiny_instance(**({"posts": tiny_content()["posts"][1:]} | changes))


def solved(file: Path, out: Path) -> tuple[Roster, list[str]]:
    """Plan a month by command; return the roster and the codes of its remarks."""
    said = zhiban("solve", file, "--out", out, "--time-limit", 20, "--json", *ROOM)
    assert said.code == 0, said.out + said.err
    remarks = [remark["code"] for remark in json.loads(said.out)["remarks"]]
    return Roster.model_validate_json((out / "roster.json").read_text("utf-8")), remarks


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Instance], list[Roster]]:
    """Three months in a row, the last with one lawyer more: inputs and rosters."""
    folder = tmp_path_factory.mktemp("year")
    file = folder / "1.xlsx"
    write_workbook(office(), file)
    inputs, rosters, seen = [], [], []
    for number in range(1, 4):
        inputs.append(read_instance(file))
        roster, remarks = solved(file, folder / str(number))
        rosters.append(roster)
        seen.append(remarks)
        file = folder / f"{number + 1}.xlsx"
        said = zhiban("next", folder / f"{number}.xlsx", folder / str(number), "--out", file)
        assert said.code == 0, said.err
        if number == 2:
            instance = read_instance(file)
            new = instance.people[0].model_copy(update={"id": "L009", "name": "例己"})
            more = instance.model_copy(update={"people": (*instance.people, new)})
            write_workbook(more, file)
    assert seen == [["ledger_month_missing"], [], []]
    inputs.append(read_instance(file))
    return inputs, rosters


def test_the_ledger_is_what_was_held(months):
    inputs, rosters = months
    held = Counter((r.month, d.person, d.standby) for r in rosters for d in r.duties)
    ledger: Counter[tuple[str, str, bool]] = Counter()
    for row in inputs[-1].ledger:
        ledger[row.month, row.person, row.standby] += row.turns
    assert ledger == held
    assert len(held) > 6


def test_turns_even_out_over_the_months(months):
    _, rosters = months
    turns = Counter(
        d.person for r in rosters for d in r.duties if d.post == "Z001-咨询" and d.person != "L009"
    )
    assert max(turns.values()) - min(turns.values()) <= 1


def test_one_lawyer_more_changes_no_adviser(months):
    _, rosters = months
    seats = [{seat.village: seat.person for seat in roster.advisers} for roster in rosters]
    assert seats[0] == seats[1] == seats[2]
    assert "L009" in {duty.person for duty in rosters[2].duties}


def test_lectures_visits_and_terms_go_along(months):
    inputs, rosters = months
    lectures = {(v.village, v.date) for r in rosters for v in r.visits if v.lecture}
    assert {(row.village, row.date) for row in inputs[-1].lectures} == lectures
    last = {v.village: v.date for v in sorted(rosters[2].visits, key=lambda v: v.date)}
    assert {v.id: v.last_visit for v in inputs[-1].villages} == last
    assert {v.adviser_since for v in inputs[-1].villages} == {dt.date(2026, 12, 1)}
    assert [one.settings.name for one in inputs][1:3] == [
        "示例县 2027 年 1 月",
        "示例县 2027 年 2 月",
    ]


def test_the_last_days_of_the_month_are_settled(months):
    inputs, rosters = months
    late = {(d.person, d.date) for d in rosters[0].duties if d.date > dt.date(2026, 12, 17)} | {
        (v.person, v.date) for v in rosters[0].visits if v.date > dt.date(2026, 12, 17)
    }
    assert {(row.person, row.date) for row in inputs[1].held_around} == late
    assert {row.date.month for row in inputs[2].held_around} == {1}


def told(tmp_path: Path, instance: Instance, roster: Roster) -> tuple[Instance, dict[str, Any]]:
    """Make the next month of an instance and roster; return it with what was told."""
    file, plan = tmp_path / "a.xlsx", tmp_path / "roster.json"
    write_workbook(instance, file)
    plan.write_text(roster.model_dump_json(), "utf-8")
    said = zhiban("next", file, plan, "--out", tmp_path / "b.xlsx", "--json")
    assert said.code == 0, said.err
    return read_instance(tmp_path / "b.xlsx"), json.loads(said.out)


def test_what_has_passed_is_dropped_and_told(tmp_path):
    leave = [
        {"person": "L001", "first": "2026-12-07", "last": "2026-12-08", "kind": "court"},
        {"person": "L002", "first": "2026-12-30", "last": "2027-01-04"},
        {"person": "L003", "first": "2026-11-02", "last": "2026-11-20"},  # fair shares look back
        {"person": "L004", "first": "2027-01-04", "last": "2027-01-05"},
    ]
    pins = [
        {"kind": "duty", "target": "Z001-咨询", "person": "L001", "date": day, "part": "am"}
        for day in ("2026-12-01", "2027-01-05")
    ]
    wishes = [
        {"person": "L001", "attitude": "avoid", "date": day} for day in ("2026-12-25", "2027-01-08")
    ]
    made, said = told(
        tmp_path, office(leave=leave, pins=pins, wishes=wishes), Roster(month="2026-12")
    )
    assert [row.person for row in made.leave] == ["L002", "L003", "L004"]
    assert [pin.date for pin in made.pins] == [dt.date(2027, 1, 5)]
    assert [wish.date for wish in made.wishes] == [dt.date(2027, 1, 8)]
    assert [line["zh"].split("：")[0] for line in said["dropped"]] == [
        "请假开庭 1 条已过",
        "固定安排 1 条已过",
        "意愿 1 条已过",
    ]


def test_what_is_settled_for_the_next_month_becomes_a_pin(tmp_path):
    rows = [
        {"person": "L001", "date": "2027-01-05", "part": "am", "place": "Z001"},
        {"person": "L002", "date": "2027-01-06", "part": "pm", "place": "Z001"},
        {"person": "L003", "date": "2027-01-07", "part": "pm", "place": "410105001001"}
        | {"kind": "visit"},
    ]
    made, said = told(tmp_path, office(held_around=rows), Roster(month="2026-12"))
    assert [(pin.kind, pin.target, pin.person) for pin in made.pins] == [
        (PinKind.DUTY, "Z001-咨询", "L001"),
        (PinKind.VISIT, "410105001001", "L003"),
    ]
    assert [line["zh"] for line in said["dropped"]] == [
        "上月末安排中下月的 1 条看不出是哪个岗位，请填入固定安排"
    ]


def test_who_leaves_frees_the_seats(tmp_path):
    people = tiny_content()["people"]
    people[0] |= {"active_to": "2026-12-31"}
    seats = [
        {"village": "410105001001", "person": "L001"},
        {"village": "410105001002", "person": "L002"},
    ]
    roster = Roster.model_validate({"month": "2026-12", "advisers": seats})
    made, said = told(tmp_path, office(people=people), roster)
    assert [(pin.target, pin.person) for pin in made.pins] == [("410105001002", "L002")]
    assert said["dropped"][0]["zh"] == "例甲（L001）已离任，空出 1 个席位"


def test_fresh_fixes_no_seat_and_nothing_is_overwritten(tmp_path):
    file, plan = tmp_path / "a.xlsx", tmp_path / "roster.json"
    write_workbook(office(), file)
    seats = ({"village": "410105001001", "person": "L001"},)
    plan.write_text(
        Roster.model_validate({"month": "2026-12", "advisers": seats}).model_dump_json(), "utf-8"
    )
    made = tmp_path / "b.xlsx"
    assert zhiban("next", file, tmp_path, "--out", made, "--fresh").code == 0
    instance = read_instance(made)
    assert instance.pins == ()
    assert instance.village_by_id["410105001001"].adviser == "L001"
    again = zhiban("next", file, tmp_path, "--out", made)
    assert again.code == 2
    assert "file_exists" in again.err


def test_a_month_carried_twice_counts_once(tmp_path):
    duty = {"post": "Z001-咨询", "date": "2026-12-01", "part": "am", "person": "L001"}
    roster = Roster.model_validate({"month": "2026-12", "duties": [duty]})
    old = [{"person": "L002", "month": "2026-12", "kind": "consultation", "turns": 7}]
    made, _ = told(tmp_path, office(ledger=old), roster)
    assert [(row.person, row.turns) for row in made.ledger] == [("L001", 1)]
