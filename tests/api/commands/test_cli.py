"""Each command on the good way: what it prints, what it writes, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from models.formats.intake.remarks import remarks
from models.formats.read import read_instance
from models.formats.write import write_csv_folder, write_json, write_workbook
from tests.api.commands.command import files_of, zhiban
from tests.factories import tiny_instance

RESULTS = ["map.html", "public.xlsx", "report.json", "roster.json", "roster.xlsx"]


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def published(document: str) -> dict[str, Any]:
    said = zhiban("schema", document)
    assert said.code == 0
    found: dict[str, Any] = json.loads(said.out)
    jsonschema.Draft202012Validator.check_schema(found)
    return found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundled town, planned once; tests only read it."""
    folder = tmp_path_factory.mktemp("town")
    said = zhiban("demo", "--scenario", "township", "--out", folder)
    assert said.code == 0
    assert "独立核对 verified from the files: 硬性违规 hard breaches 0" in said.out
    return folder


def test_demo_writes_input_and_every_result(town: Path) -> None:
    assert sorted(path.name for path in town.iterdir()) == sorted(
        [*RESULTS, "calendars", "input.xlsx"]
    )
    report = load(town / "report.json")
    assert (report["status"], report["unmet"]) == ("optimal", [])
    assert report["kpis"]["adviser_coverage_percent"] == 100


def test_written_documents_fit_the_published_schemas(town: Path, tmp_path: Path) -> None:
    write_json(read_instance(town / "input.xlsx"), tmp_path / "instance.json")
    jsonschema.validate(load(tmp_path / "instance.json"), published("instance"))
    jsonschema.validate(load(town / "roster.json"), published("roster"))
    jsonschema.validate(load(town / "report.json"), published("report"))


def test_template_is_written_once_and_never_over_a_file(tmp_path: Path) -> None:
    path = tmp_path / "新 模板.xlsx"
    assert zhiban("template", path).code == 0
    before = path.read_bytes()
    said = zhiban("template", path)
    assert (said.code, "[file_exists]" in said.err, "已经存在" in said.err) == (2, True, True)
    assert path.read_bytes() == before
    other = zhiban("template", tmp_path / "模板.pdf")
    assert (other.code, "[file_name]" in other.err) == (2, True)
    assert list(tmp_path.iterdir()) == [path]


def test_check_input_counts_rows_in_both_languages(tmp_path: Path) -> None:
    write_workbook(tiny_instance(), tmp_path / "a.xlsx")
    said = zhiban("check-input", tmp_path / "a.xlsx")
    remark = remarks(tiny_instance())[0]
    assert remark.code == "ledger_month_missing"
    assert said == (
        0,
        "没有问题 ok\n提示 1 条，不影响排班 remarks, none of which stops planning: 1\n"
        f"  {remark.lines()}\n  区划 areas: 3\n  村居 villages: 4\n  站点 sites: 3\n"
        "  岗位 posts: 3\n  机构 firms: 2\n  人员 people: 5\n",
        "",
    )
    said = zhiban("check-input", tmp_path / "a.xlsx", "--json")
    assert json.loads(said.out) == {
        "ok": True,
        "counts": {"areas": 3, "villages": 4, "sites": 3, "posts": 3, "firms": 2, "people": 5},
        "input_hash": tiny_instance().content_hash,
        "remarks": [remark.model_dump()],
    }


def test_check_input_marks_what_it_tells(tmp_path: Path) -> None:
    path, marked = tmp_path / "a.xlsx", tmp_path / "issues.xlsx"
    write_workbook(tiny_instance(), path)
    said = zhiban("check-input", path, "--issues", marked)
    assert (said.code, f"已标出全部问题 issues marked: {marked}" in said.out) == (0, True)
    assert openpyxl.load_workbook(marked)["问题清单"]["B4"].value == "提示"
    book = openpyxl.load_workbook(marked)
    book["人员"]["D2"] = "无此所"
    book.save(path)
    said = zhiban("check-input", path, "--issues", marked)
    assert (said.code, "[dangling]" in said.err) == (2, True)
    assert "无此所" in openpyxl.load_workbook(marked)["人员"]["D2"].comment.text
    assert json.loads(zhiban("check-input", path, "--issues", marked, "--json").out)["ok"] is False
    for wrong, code in ((path, "file_exists"), (tmp_path / "a.csv", "file_name")):
        assert f"[{code}]" in zhiban("check-input", path, "--issues", wrong).err


def test_check_input_tells_pins_that_cannot_be_kept_at_their_cells(tmp_path: Path) -> None:
    pin = {"kind": "duty", "target": "Z000-咨询", "part": "am", "person": "L001"}
    pins = [pin | {"date": "2026-12-01"}, pin | {"date": "2026-12-05"}]
    pins.append({"kind": "adviser", "target": "410105001001", "person": "L001"})
    conflicts = [{"person": "L001", "village": "410105001001"}]
    write_workbook(tiny_instance(pins=pins, conflicts=conflicts), tmp_path / "a.xlsx")
    said = zhiban("check-input", tmp_path / "a.xlsx", "--json")
    told = [(i["code"], i["table"], i["cell"]) for i in json.loads(said.out)["issues"]]
    assert (said.code, told) == (
        2,
        [("pin_no_slot", "固定安排", "C3"), ("pin_breaks_rule", "固定安排", "C4")],
    )


def test_check_input_tells_remarks(tmp_path: Path) -> None:
    odd = tiny_instance(settings={"pm_end": "18:00", "night_start": "17:00"})
    write_workbook(odd, tmp_path / "a.xlsx")
    said = zhiban("check-input", tmp_path / "a.xlsx")
    assert said.code == 0
    assert "  设置 下午（14:00–18:00）与夜间（17:00–08:00）时间重叠" in said.out
    told = json.loads(zhiban("check-input", tmp_path / "a.xlsx", "--json").out)["remarks"]
    assert [remark["code"] for remark in told] == ["parts_overlap", "ledger_month_missing"]


def test_three_forms_of_one_input_give_one_roster(tmp_path: Path) -> None:
    write_workbook(tiny_instance(), tmp_path / "a.xlsx")
    write_json(tiny_instance(), tmp_path / "b.json")
    write_csv_folder(tiny_instance(), tmp_path / "c")
    (tmp_path / "windows").mkdir()
    for file in (tmp_path / "c").iterdir():
        text = file.read_text(encoding="utf-8-sig")
        (tmp_path / "windows" / file.name).write_text(text, encoding="gb18030", newline="\r\n")
    found = set()
    for name in ("a.xlsx", "b.json", "c", "windows"):
        out = tmp_path / f"out {name}"
        assert zhiban("solve", tmp_path / name, "--out", out).code == 0
        found.add(((out / "roster.json").read_bytes(), load(out / "report.json")["input_hash"]))
    assert len(found) == 1


def test_solve_json_is_the_report_and_nothing_else(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    said = zhiban("solve", tmp_path / "a.json", "--out", tmp_path / "o", "--json")
    report = json.loads(said.out)
    jsonschema.validate(report, published("report"))
    assert report == load(tmp_path / "o" / "report.json")
    assert (said.code, said.err) == (0, "")


def test_unmet_demand_ends_in_1_only_where_asked(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    words = ("solve", tmp_path / "a.json", "--out", tmp_path / "o")
    assert zhiban(*words).code == 0
    assert zhiban(*words, "--fail-on-unmet").code == 1


@pytest.mark.parametrize("stage", ["advisers", "month"])
def test_stage_plans_only_its_part(tmp_path: Path, stage: str) -> None:
    villages = [v.model_dump() | {"adviser": "L003"} for v in tiny_instance().villages]
    write_json(tiny_instance(villages=villages), tmp_path / "a.json")
    said = zhiban("solve", tmp_path / "a.json", "--out", tmp_path / "o", "--stage", stage)
    roster = load(tmp_path / "o" / "roster.json")
    seated = {seat["person"] for seat in roster["advisers"]}
    filled = {name for name in ("mediators", "duties", "visits") if roster[name]}
    assert said.code == 0
    if stage == "advisers":
        assert filled == {"mediators"}
        assert ("有效覆盖" in said.out, "值班覆盖" in said.out) == (False, False)
    else:
        assert (seated, filled) == ({"L003"}, {"duties", "visits"})


@pytest.mark.parametrize("stage", ["advisers", "month", "all"])
def test_verify_asks_only_for_the_stage_that_was_planned(tmp_path: Path, stage: str) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    zhiban("solve", tmp_path / "a.json", "--out", tmp_path / "o", "--stage", "advisers")
    words = ("verify", tmp_path / "a.json", tmp_path / "o" / "roster.json", "--json")
    said = zhiban(*words, "--stage", stage)
    unmet = {row["kind"] for row in json.loads(said.out)["unmet"]}
    assert ("duty" in unmet, "visit" in unmet) == (stage != "advisers",) * 2


def test_choices_of_the_command_count_as_input(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    words = ("solve", tmp_path / "a.json", "--out", tmp_path / "o", "--profile", "anhui")
    words = (*words, "--set", "villages_per_adviser.most=1", "--month", "２０３０年1月")
    assert zhiban(*words).code == 0
    report, roster = load(tmp_path / "o" / "report.json"), load(tmp_path / "o" / "roster.json")
    assert (report["month"], report["profile"]) == ("2030-01", "anhui")
    assert report["estimated_days"] is True
    assert report["input_hash"] != tiny_instance().content_hash
    holders = [seat["person"] for seat in roster["advisers"]]
    assert sorted(holders) == sorted(set(holders))


def test_verify_agrees_on_json_and_workbook(town: Path) -> None:
    reports = []
    for name in ("roster.json", "roster.xlsx"):
        said = zhiban("verify", town / "input.xlsx", town / name, "--json")
        reports.append(json.loads(said.out))
        assert said.code == 0
    assert reports[0] == reports[1]
    assert (reports[0]["status"], reports[0]["breaches"]) == (
        "checked",
        load(town / "report.json")["breaches"],
    )


def test_verify_names_a_double_booking_typed_into_the_workbook(town: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(town / "roster.xlsx")
    sheet = book["走访安排"]
    header = [cell.value for cell in sheet[1]]
    first = dict(zip(header, [cell.value for cell in sheet[2]], strict=True))
    place = header.index("村居代码")
    other = next(r for r in sheet.iter_rows(min_row=3) if r[place].value != first["村居代码"])
    for cell, title in zip(other, header, strict=True):
        if title in ("人员编号", "日期", "时段"):
            cell.value = first[title]
    book.save(tmp_path / "改过的.xlsx")
    said = zhiban("verify", town / "input.xlsx", tmp_path / "改过的.xlsx")
    assert said.code == 1
    line = next(line for line in said.out.splitlines() if line.endswith("[one_place_at_a_time]"))
    person = read_instance(town / "input.xlsx").person_by_id[first["人员编号"]]
    assert person.name in line


def test_verify_reads_a_workbook_of_another_month(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    out = tmp_path / "o"
    assert zhiban("solve", tmp_path / "a.json", "--out", out, "--month", "2026-11").code == 0
    assert zhiban("verify", tmp_path / "a.json", out / "roster.xlsx").code == 2
    words = ("verify", tmp_path / "a.json", out / "roster.xlsx", "--month", "2026-11")
    assert zhiban(*words).code == 0


def test_explain_answers_for_village_slot_and_person(town: Path) -> None:
    roster = load(town / "roster.json")
    seat, duty = roster["advisers"][0], roster["duties"][0]
    instance = read_instance(town / "input.xlsx")
    person = instance.person_by_id[seat["person"]]
    slot = f"{duty['post']}@{duty['date'].replace('-', '')}{duty['part']}"
    asked = {"--village": seat["village"], "--slot": slot, "--person": person.id}
    first = {}
    for option, key in asked.items():
        said = zhiban("explain", town / "input.xlsx", town / "roster.json", option, key, "--json")
        assert said.code == 0
        first[option] = json.loads(said.out)[0]
        text = zhiban("explain", town / "input.xlsx", town / "roster.json", option, key).out
        assert text.startswith(f"{first[option]['zh']}    {first[option]['en']}\n")
    village = instance.village_by_id[seat["village"]].name
    assert first["--village"]["zh"].startswith(f"{village}的顾问：{person.name}，")
    assert first["--slot"]["zh"].startswith(f"{duty['date']} 上午 ")
    assert first["--person"]["zh"].startswith(f"{person.name}（{person.kind.label}）：")


def test_generate_writes_three_forms_of_the_same_input(tmp_path: Path) -> None:
    made = {}
    for name in ("a.xlsx", "b.json", "c"):
        said = zhiban("generate", "--area", "340223105", "--size", "T", "--out", tmp_path / name)
        assert said.code == 0
        made[name] = read_instance(tmp_path / name)
    assert len({instance.content_hash for instance in made.values()}) == 1
    assert len(made["c"].villages) == 18


def test_generate_knows_every_size(tmp_path: Path) -> None:
    for size in ("T", "S", "M", "L", "XL", "stress"):
        file = tmp_path / f"{size}.json"
        said = zhiban("generate", "--area", "340223105", "--size", size, "--out", file)
        assert said.code == 0
        assert len(read_instance(file).villages) == 18


def test_rules_are_listed_with_sources(tmp_path: Path) -> None:
    listed = json.loads(zhiban("rules", "--profile", "anhui", "--json").out)
    said = zhiban("rules", "--profile", "anhui")
    assert said.code == 0
    assert said.out.splitlines()[0].endswith("当前 shown: anhui")
    assert [line.split("  ")[0] for line in said.out.splitlines()[1:]] == list(listed)
    assert listed["villages_per_adviser"]["source"]


def test_version_names_what_decides() -> None:
    said = zhiban("version")
    names = said.out.split()[::2]
    assert (said.code, names) == (
        0,
        ["python", "zhiban", "ortools", "scipy", "numpy", "pydantic"],
    )


def test_second_run_replaces_results_and_leaves_other_files(tmp_path: Path) -> None:
    write_json(tiny_instance(), tmp_path / "a.json")
    (tmp_path / "o").mkdir()
    (tmp_path / "o" / "我的笔记.txt").write_text("不要动", encoding="utf-8")
    words = ("solve", tmp_path / "a.json", "--out", tmp_path / "o", "--deterministic")
    assert zhiban(*words).code == 0
    before = files_of(tmp_path / "o")
    assert zhiban(*words).code == 0
    after = files_of(tmp_path / "o")
    measured = {"report.json", "roster.xlsx", "map.html"}
    assert list(after) == list(before)
    assert {n: b for n, b in after.items() if n not in measured} == {
        n: b for n, b in before.items() if n not in measured
    }
    assert before["我的笔记.txt"].decode() == "不要动"


def test_generate_takes_no_filled_input_away(tmp_path: Path) -> None:
    mine = tmp_path / "十二月.xlsx"
    mine.write_bytes(b"mine")
    said = zhiban("generate", "--area", "340223105", "--out", mine)
    assert (said.code, mine.read_bytes()) == (2, b"mine")
    assert "[file_exists]" in said.err
