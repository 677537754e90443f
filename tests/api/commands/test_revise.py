"""An edited workbook and a swap: what is told, and that every result follows."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.formats.write import write_json
from tests.api.commands.command import zhiban
from tests.factories import tiny_content, tiny_instance


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A tiny input and the folder of its plan; tests only read them."""
    folder = tmp_path_factory.mktemp("planned")
    file = folder / "tiny.json"
    write_json(tiny_instance(posts=tiny_content()["posts"][1:]), file)
    assert zhiban("solve", file, "--out", folder / "out").code == 0
    return file, folder / "out"


def _edit(out: Path, folder: Path) -> tuple[Path, str, str, str]:
    """Give the first duty to somebody else by name; return the file, the slot, giver and taker."""
    book = openpyxl.load_workbook(out / "roster.xlsx")
    page = book["值班安排"]
    heads = [cell.value for cell in page[1]]
    row = {head: page.cell(2, n + 1) for n, head in enumerate(heads)}
    giver = str(row["值班人员"].value)
    taker = next(p for p in tiny_instance().people if p.name != giver and p.id.startswith("L"))
    row["值班人员"].value = taker.name
    slot = f"{row['岗位编号'].value}@{row['日期'].value:%Y%m%d}"
    path = folder / "改过.xlsx"
    book.save(path)
    return path, slot, giver, taker.name


def _revisions(folder: Path) -> dict[str, set[tuple[str, str]]]:
    """Return STATUS and SEQUENCE of the events of each person's calendar."""
    found = {}
    for path in (folder / "calendars").glob("person-*.ics"):
        text = path.read_text(encoding="utf-8")
        events = re.findall(r"BEGIN:VEVENT.*?END:VEVENT", text, re.DOTALL)
        found[path.name] = {
            (re.findall(r"STATUS:(\w+)", e)[0], re.findall(r"SEQUENCE:(\d+)", e)[0]) for e in events
        }
    return found


def test_update_says_who_gives_what_to_whom_and_calendars_carry_on(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    file, out = planned
    edited, _, giver, taker = _edit(out, tmp_path)
    said = zhiban("update", file, edited, "--out", tmp_path / "a", "--before", out / "roster.json")
    assert f"{giver}把" in said.out
    assert f"交给{taker}" in said.out
    book = openpyxl.load_workbook(tmp_path / "a" / "roster.xlsx")
    lines = [str(row[-1]) for row in book["与原方案差异"].iter_rows(min_row=4, values_only=True)]
    assert [line.startswith(giver) for line in lines] == [True]
    names = {path.name for path in (out / "calendars").iterdir()}
    assert names <= {path.name for path in (tmp_path / "a" / "calendars").iterdir()}
    of_giver = next(v for k, v in _revisions(tmp_path / "a").items() if giver in k)
    assert ("CANCELLED", "1") in of_giver


def test_an_update_of_an_update_raises_the_sequence_again(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    file, out = planned
    edited, _, giver, _ = _edit(out, tmp_path)
    words = ("--before", out / "roster.json", "--out", tmp_path / "a")
    zhiban("update", file, edited, *words)
    back = ("--before", tmp_path / "a" / "roster.json", "--out", tmp_path / "b")
    (tmp_path / "a" / "back.json").write_bytes((out / "roster.json").read_bytes())
    zhiban("update", file, tmp_path / "a" / "back.json", *back)
    of_giver = next(v for k, v in _revisions(tmp_path / "b").items() if giver in k)
    assert ("CONFIRMED", "2") in of_giver
    assert not {state for state, _ in of_giver} - {"CONFIRMED"}


def test_update_notices_an_edit_on_a_sheet_that_is_only_printed(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    file, out = planned
    for name in ("roster.xlsx", "public.xlsx"):
        (tmp_path / name).write_bytes((out / name).read_bytes())
    book = openpyxl.load_workbook(tmp_path / "public.xlsx")
    page = book["公示表"]
    cell = next(c for row in page.iter_rows(min_row=6) for c in row[2:] if c.value)
    cell.value = "改在这里"
    book.save(tmp_path / "public.xlsx")
    said = zhiban("update", file, tmp_path / "roster.xlsx", "--out", tmp_path / "a", "--json")
    answer = json.loads(said.out)
    assert [(r["code"], r["cell"]) for r in answer["remarks"]] == [
        ("printed_edit", cell.coordinate)
    ]
    assert answer["changes"] == []


def test_update_without_the_plan_before_says_so_and_writes(
    planned: tuple[Path, Path], tmp_path: Path
) -> None:
    file, out = planned
    book = openpyxl.load_workbook(out / "roster.xlsx")
    del book["原安排"]
    page = book["内部值班表"]
    place = [cell.value for cell in page[3]].index("值班人员") + 1
    row = next(n for n in range(4, page.max_row) if page.cell(n, place).value)
    page.cell(row, place).value = "改在这里"
    book.save(tmp_path / "r.xlsx")
    said = zhiban("update", file, tmp_path / "r.xlsx", "--out", tmp_path / "a", "--json")
    told = [(r["code"], r["value"]) for r in json.loads(said.out)["remarks"]]
    assert [code for code, _ in told] == ["plan_before_unknown", "printed_differs"]
    assert told[1][1] == "改在这里"
    assert (tmp_path / "a" / "public.xlsx").is_file()


def test_swap_hands_over_and_takes_in_return(planned: tuple[Path, Path], tmp_path: Path) -> None:
    file, out = planned
    people = {p.id: p.name for p in tiny_instance().people}
    duties = [d for d in load(out / "roster.json")["duties"] if not d["standby"]]
    mine = duties[0]
    other = next(d for d in duties if d["person"] != mine["person"] and d["date"] != mine["date"])
    code = "{post}@{date}{part}"
    slots = [code.format(**d | {"date": d["date"].replace("-", "")}) for d in (mine, other)]
    names = [people[d["person"]] for d in (mine, other)]
    words = (
        names[0],
        slots[0],
        names[1],
        "--in-return",
        slots[1],
        "--out",
        tmp_path / "a",
        "--json",
    )
    answer = json.loads(zhiban("swap", file, out / "roster.json", *words).out)
    assert {(c["before"], c["after"]) for c in answer["changes"]} == {
        (mine["person"], other["person"]),
        (other["person"], mine["person"]),
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("没有的人", "12月1日上午", "L001"), "unknown_person"),
        (("L001", "12月31日 夜间", "L002"), "slot_words"),
        (("L001", "咨询", "L002"), "slot_words_many"),
        (("M001", "Z001-咨询@20261201am", "L002"), "not_on_slot"),
    ],
)
def test_swap_says_what_it_does_not_know(
    planned: tuple[Path, Path], tmp_path: Path, words: tuple[str, ...], code: str
) -> None:
    file, out = planned
    said = zhiban("swap", file, out / "roster.json", *words, "--out", tmp_path / "a", "--json")
    assert (said.code, json.loads(said.out)["issues"][0]["code"]) == (2, code)
    assert not (tmp_path / "a").exists()
