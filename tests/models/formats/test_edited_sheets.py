"""Rosters edited by hand: names beside codes, and which of the two was changed."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from api.documents.roster_workbook import render_workbook
from api.documents.view import build_view
from models.formats.roster_table import read_edited, read_roster
from models.instance import Instance
from models.issues import InputError
from models.report import Report, Status
from models.roster import Roster
from tests.api.documents.sample_plan import changed, district_instance, naive_roster


@pytest.fixture(scope="module")
def plan() -> tuple[Instance, Roster]:
    instance = district_instance(townships=1, villages=3, people=6)
    return instance, naive_roster(instance)


def _edited(
    plan: tuple[Instance, Roster], folder: Path, sheet: str, edits: dict[str, str], drop: str = ""
) -> Path:
    """Write the plan, change the first row of a sheet as a clerk would, and save it."""
    instance, roster = plan
    report = Report(status=Status.CHECKED, month=roster.month)
    book = openpyxl.load_workbook(io.BytesIO(render_workbook(build_view(instance, roster, report))))
    page = book[sheet]
    heads = [cell.value for cell in page[1]]
    for head, word in edits.items():
        page.cell(2, heads.index(head) + 1).value = word
    if drop:
        del book[drop]
    path = folder / "roster.xlsx"
    book.save(path)
    return path


def _first(roster: Roster, table: str) -> object:
    return getattr(roster, table)[0]


@pytest.mark.parametrize(
    ("sheet", "table", "name"),
    [
        ("值班安排", "duties", "值班人员"),
        ("顾问安排", "advisers", "法律顾问"),
        ("走访安排", "visits", "法律顾问"),
    ],
)
@pytest.mark.parametrize("how", ["name", "id", "both", "name in place of the id"])
def test_whichever_of_name_and_id_was_changed_counts(
    plan: tuple[Instance, Roster], tmp_path: Path, sheet: str, table: str, name: str, how: str
) -> None:
    instance, roster = plan
    row = _first(roster, table)
    other = next(p for p in instance.people if p.id != row.person)  # type: ignore[attr-defined]
    edits = {
        "name": {name: other.name},
        "id": {"人员编号": other.id},
        "both": {name: other.name, "人员编号": other.id},
        "name in place of the id": {"人员编号": other.name},
    }[how]
    edited = read_edited(_edited(plan, tmp_path, sheet, edits), instance)
    assert _first(edited.roster, table) == row.model_copy(update={"person": other.id})  # type: ignore[attr-defined]
    assert edited.before == roster


def test_village_may_be_changed_by_its_name(plan: tuple[Instance, Roster], tmp_path: Path) -> None:
    instance, roster = plan
    taken = roster.advisers[0].village
    other = next(v for v in instance.villages if v.id != taken)
    kept = roster.model_copy(update={"advisers": roster.advisers[:1]})
    path = _edited((instance, kept), tmp_path, "顾问安排", {"村居": other.name})
    assert read_roster(path, instance).advisers[0].village == other.id


def test_weekday_and_hours_are_only_shown(plan: tuple[Instance, Roster], tmp_path: Path) -> None:
    instance, roster = plan
    path = _edited(plan, tmp_path, "值班安排", {"星期": "星期八", "起止时间": "随便"})
    assert set(read_roster(path, instance).duties) == set(roster.duties)


def test_two_of_the_same_name_are_both_named(plan: tuple[Instance, Roster], tmp_path: Path) -> None:
    instance, roster = plan
    holder = roster.duties[0].person
    people = [p for p in instance.people if p.id != holder][:2]
    ids = {p.id for p in people}
    renamed = tuple(
        p.model_copy(update={"name": "同名人"}) if p.id in ids else p for p in instance.people
    )
    twins = changed(instance, people=renamed)
    path = _edited((twins, roster), tmp_path, "值班安排", {"值班人员": "同名人"})
    with pytest.raises(InputError) as caught:
        read_roster(path, twins)
    assert "roster_namesakes" in {issue.code for issue in caught.value.issues}
    told = next(i for i in caught.value.issues if i.code == "roster_namesakes")
    assert all(key in told.zh for key in ids)


def test_name_and_id_that_disagree_are_asked_about_when_nothing_tells(
    plan: tuple[Instance, Roster], tmp_path: Path
) -> None:
    instance, roster = plan
    other = next(p for p in instance.people if p.id != roster.duties[0].person)
    path = _edited(plan, tmp_path, "值班安排", {"值班人员": other.name}, drop="原安排")
    with pytest.raises(InputError) as caught:
        read_roster(path, instance)
    (told,) = caught.value.issues
    assert (told.code, told.table) == ("name_and_id", "值班安排")
    assert other.name in told.zh
