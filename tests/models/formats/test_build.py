"""Cross-checks: every fault of an instance is found, and told with its place."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.formats.intake.issue_text import render
from models.formats.read import read_instance
from models.issues import InputError, Issue
from tests.factories import tiny_content, tiny_instance

Content = dict[str, Any]


def issues_of(content: Any, tmp_path: Path) -> tuple[Issue, ...]:
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_instance(path)
    return caught.value.issues


def found(change: Callable[[Content], Any], tmp_path: Path) -> list[tuple[str, str]]:
    content = tiny_content()
    change(content)
    return [(issue.code, issue.cell) for issue in issues_of(content, tmp_path)]


def put(table: str, index: int, **values: Any) -> Callable[[Content], None]:
    return lambda content: content[table][index].update(values)


def add(table: str, *rows: Content) -> Callable[[Content], None]:
    return lambda content: content.setdefault(table, []).extend(rows)


def pin(kind: str, target: str, **values: Any) -> Content:
    return {"kind": kind, "target": target, "person": "L001"} | values


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put("areas", 0, parent="410105001"), [("area_cycle", "$.areas[0].parent")]),
        (put("areas", 0, parent="410105"), [("area_cycle", "$.areas[0].parent")]),
        (
            lambda c: c["areas"].append({"id": "a b", "name": "示例", "level": "city"}),
            [("id_pattern", "$.areas[3].id")],
        ),
        (put("villages", 1, id="410105001001"), [("duplicate_id", "$.villages[1].id")]),
        (
            add("sites", {"id": "410105001001", "name": "站", "kind": "station", "area": "410105"}),
            [("duplicate_id", "$.sites[3].id")],
        ),
        (put("villages", 0, area="410105009"), [("dangling", "$.villages[0].area")]),
        (put("villages", 0, adviser="L009"), [("dangling", "$.villages[0].adviser")]),
        (put("sites", 0, villages=["410105001001", "x"]), [("dangling", "$.sites[0].villages")]),
        (put("posts", 0, site="Z009"), [("dangling", "$.posts[0].site")]),
        (put("people", 0, firm="F09"), [("dangling", "$.people[0].firm")]),
        (put("villages", 0, lon=None), [("coordinate_half", "$.villages[0].lon")]),
        (put("villages", 0, lon=34.7, lat=113.6), [("coordinates_swapped", "$.villages[0].lon")]),
        (put("villages", 0, population=-5), [("too_small", "$.villages[0].population")]),
        (put("villages", 0, priority=9), [("too_large", "$.villages[0].priority")]),
        (put("villages", 0, population="3000"), [("wrong_type", "$.villages[0].population")]),
        (put("villages", 0, name=""), [("text_too_short", "$.villages[0].name")]),
        (put("villages", 0, name="村" * 81), [("text_too_long", "$.villages[0].name")]),
        (put("villages", 0, name="一\n村"), [("control_characters", "$.villages[0].name")]),
        (put("villages", 0, name="一\x00村"), [("control_characters", "$.villages[0].name")]),
        (put("villages", 0, demand={"cooking": 1}), [("word_unknown", "$.villages[0].demand")]),
        (put("villages", 0, colour="红"), [("unknown_field", "$.villages[0].colour")]),
        (put("people", 0, kind="teacher"), [("word_unknown", "$.people[0].kind")]),
        (put("people", 0, is_duty="yes"), [("wrong_type", "$.people[0].is_duty")]),
        (
            put("people", 0, active_from="2026-02-30"),
            [("date_impossible", "$.people[0].active_from")],
        ),
        (put("people", 0, active_from="soon"), [("date_unreadable", "$.people[0].active_from")]),
        (put("people", 0, specialities="family"), [("wrong_type", "$.people[0].specialities")]),
        (put("posts", 0, id="a b"), [("id_pattern", "$.posts[0].id")]),
        (put("posts", 0, start="25:00"), [("clock_unreadable", "$.posts[0].start")]),
        (put("posts", 0, start="09:00", end="09:00"), [("post_times_equal", "$.posts[0].end")]),
        (put("posts", 0, parts=[]), [("post_no_part", "$.posts[0].parts")]),
        (put("posts", 0, mix={"lawyer": 1, "notary": 1}), [("mix_too_large", "$.posts[0].mix")]),
        (put("posts", 0, recurrence="有空就来"), [("recurrence_unknown", "$.posts[0].recurrence")]),
        (
            put("posts", 0, valid_from="2026-12-02", valid_to="2026-12-01"),
            [("first_after_last", "$.posts[0].valid_to")],
        ),
        (
            put("sites", 0, mediators_min=3, mediators_max=1),
            [("mediators_order", "$.sites[0].mediators_min")],
        ),
        (
            add("pins", pin("visit", "410105001001")),
            [("pin_incomplete", f"$.pins[0].{f}") for f in ("date", "part")],
        ),
        (add("pins", pin("adviser", "Z001")), [("dangling", "$.pins[0].target")]),
        (
            add("pins", {"kind": "adviser", "target": "410105001001"}),
            [("pin_incomplete", "$.pins[0].person")],
        ),
        (add("pins", {"kind": "visit"}), [("pin_incomplete", "$.pins[0].date")]),
        (
            add("pins", pin("duty", None, date="2026-12-01", part="am")),
            [("pin_incomplete", "$.pins[0].target")],
        ),
        (add("conflicts", {"person": "L001"}), [("conflict_no_place", "$.conflicts[0].village")]),
        (
            add("held_around", {"person": "L001", "date": "2026-11-30", "place": "Z009"}),
            [
                ("dangling", "$.held_around[0].place"),
                ("held_around_no_time", "$.held_around[0].part"),
            ],
        ),
        (
            add("held_around", {"person": "L001", "date": "2026-11-30", "start": "20:00"}),
            [("hours_half", "$.held_around[0].end")],
        ),
        (
            add(
                "held_around",
                {"person": "L001", "date": "2026-11-30", "part": "am", "kind": "adviser"},
            ),
            [("held_around_kind", "$.held_around[0].kind")],
        ),
        (
            add(
                "leave",
                {"person": "L001", "first": "2026-12-01", "last": "2026-12-01"}
                | {"start": "09:00", "end": "09:00"},
            ),
            [("post_times_equal", "$.leave[0].end")],
        ),
        (
            add("wishes", {"person": "L001", "attitude": "avoid"}),
            [("wish_empty", "$.wishes[0].date")],
        ),
        (
            add("successions", {"part": "night"}),
            [("succession_empty", "$.successions[0].next_part")],
        ),
        (
            lambda c: c["posts"][0].update(optional=True, standby=1),
            [("optional_post_asks", "$.posts[0].standby")],
        ),
        (add("limits", {"person": "L001"}), [("limit_empty", "$.limits[0].most")]),
        (
            add("limits", {"person": "L001", "least": 2, "most": 1}),
            [("limit_order", "$.limits[0].most")],
        ),
        (
            add(
                "limits",
                {"kind": "weekends", "least": 1, "part": "am"},
                {"kind": "hours", "most": 9},
            ),
            [
                ("limit_not_counted", "$.limits[0].part"),
                ("limit_not_counted", "$.limits[0].least"),
                ("limit_not_counted", "$.limits[1].most"),
            ],
        ),
        (
            add("leave", {"person": "L001", "first": "2026-12-03", "last": "2026-12-01"}),
            [("first_after_last", "$.leave[0].last")],
        ),
        (
            add("ledger", {"person": "L001", "month": "2026-13", "kind": "hotline", "turns": 1}),
            [("month_unreadable", "$.ledger[0].month")],
        ),
        (
            add("pairs", *[{"person": "L001", "place": "Z001", "minutes": m} for m in (5, 6)]),
            [("duplicate_row", "$.pairs[1].person")],
        ),
        (lambda c: c["settings"].update(am_end="08:00"), [("window_order", "$.settings.am_end")]),
        (lambda c: c["settings"].update(area="x"), [("dangling", "$.settings.area")]),
        (lambda c: c.update(vilages=[]), [("unknown_table", "$.vilages")]),
        (lambda c: c.update(leave={}), [("json_shape", "$.leave")]),
        (lambda c: c.update(leave=[3]), [("json_shape", "$.leave[0]")]),
    ],
)
def test_fault_is_found_with_its_place(
    change: Callable[[Content], Any], expected: list[tuple[str, str]], tmp_path: Path
) -> None:
    assert found(change, tmp_path) == expected


def test_missing_value_is_told_once(tmp_path: Path) -> None:
    places = found(lambda content: content["villages"][2].pop("name"), tmp_path)
    assert places == [("missing_value", "$.villages[2].name")]


def test_place_without_any_point_is_told(tmp_path: Path) -> None:
    content = tiny_content()
    for row in [*content["areas"], content["villages"][3]]:
        row.pop("lon"), row.pop("lat")
    made = issues_of(content, tmp_path)
    assert [(i.code, i.cell) for i in made] == [
        ("no_point_area", "$.areas[2].lon"),
    ]
    assert "示例西乡" in made[0].zh
    assert "2 个" in made[0].zh


def test_one_place_without_a_point_is_told_at_its_cell(tmp_path: Path) -> None:
    content = tiny_content()
    for row in content["areas"]:
        row.pop("lon"), row.pop("lat")
    content["people"].pop()
    content["villages"][0].pop("lon"), content["villages"][0].pop("lat")
    assert [(i.code, i.cell) for i in issues_of(content, tmp_path)] == [
        ("no_point", "$.villages[0].lon")
    ]


def test_file_without_any_point_is_one_issue(tmp_path: Path) -> None:
    content = tiny_content()
    for row in [row for rows in content.values() if isinstance(rows, list) for row in rows]:
        row.pop("lon", None), row.pop("lat", None)
    assert [i.code for i in issues_of(content, tmp_path)] == ["no_points"]


def test_point_of_an_ancestor_is_enough(tmp_path: Path) -> None:
    content = tiny_content()
    for row in [*content["areas"][1:], *content["villages"]]:
        row.pop("lon"), row.pop("lat")
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert len(read_instance(path).villages) == 4


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    content = tiny_content()
    content["villages"][0]["lon"] = "x"
    content["villages"][1]["area"] = "41010500l"
    content["people"][1]["id"] = "L001"
    content["posts"][0]["site"] = "Z000 "
    codes = [issue.code for issue in issues_of(content, tmp_path)]
    assert codes == ["wrong_type", "dangling", "duplicate_id"]


def test_row_with_a_fault_can_still_be_referred_to(tmp_path: Path) -> None:
    places = found(put("firms", 0, kind="shop"), tmp_path)
    assert places == [("word_unknown", "$.firms[0].kind")]


def test_dangling_reference_suggests_the_closest_id(tmp_path: Path) -> None:
    content = tiny_content()
    content["posts"][1]["site"] = "Z0O1"
    (made,) = issues_of(content, tmp_path)
    assert made.value == "Z0O1"
    assert made.zh == "“站点”里没有“Z0O1”"
    assert made.mend_zh.startswith("是不是“Z001”？")
    assert made.mend_en.startswith("Maybe Z001.")


def test_duplicate_id_names_both_places(tmp_path: Path) -> None:
    content = tiny_content()
    content["people"][3]["id"] = "L001"
    (made,) = issues_of(content, tmp_path)
    assert (made.cell, "$.people[0].id" in made.zh) == ("$.people[3].id", True)


def test_swapped_coordinates_are_called_swapped(tmp_path: Path) -> None:
    content = tiny_content()
    content["villages"][0] |= {"lon": 34.7, "lat": 113.6}
    (made,) = issues_of(content, tmp_path)
    assert made.zh == "经度和纬度看来填反了：经度 34.7，纬度 113.6"
    assert made.mend_en == "Swap them: longitude 113.6, latitude 34.7."


def test_limits_and_words_are_shown_in_both_languages(tmp_path: Path) -> None:
    content = tiny_content()
    content["villages"][0]["priority"] = 9
    content["people"][0]["gender"] = "x"
    high, word = issues_of(content, tmp_path)
    assert (high.zh, high.en) == (
        "「优先级」太大，应不大于 3",
        "priority is too large: it must be at most 3",
    )
    assert (word.mend_zh, word.mend_en) == ("可填：女、男。", "Allowed: 女、男.")


@pytest.mark.parametrize("gone", ["areas", "people"])
def test_required_table_is_missed(gone: str, tmp_path: Path) -> None:
    content = {"areas": tiny_content()["areas"], "people": tiny_content()["people"]}
    content["villages"] = tiny_content()["villages"]
    content["firms"] = tiny_content()["firms"]
    content.pop(gone)
    assert ("missing_sheet", "") in [(i.code, i.cell) for i in issues_of(content, tmp_path)]


def test_villages_or_posts_are_enough(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    for gone in ("villages", "posts"):
        content = {k: v for k, v in tiny_content().items() if k != gone}
        path.write_text(json.dumps(content), encoding="utf-8")
        assert read_instance(path).content_hash == tiny_instance(**{gone: []}).content_hash
    content.pop("villages")
    assert [issue.code for issue in issues_of(content, tmp_path)] == ["nothing_to_plan"]


def test_render_groups_equal_issues_and_counts(tmp_path: Path) -> None:
    leave = [{"person": "L001", "first": "2026-02-30", "last": "2026-12-01"}] * 50
    made = issues_of(tiny_content() | {"leave": leave, "vilages": []}, tmp_path)
    text = render(made)
    assert len(made) == 51
    assert text.count("date_impossible]") == 21
    assert "还有 30 处\n    and 30 more [date_impossible]" in text
    assert text.splitlines()[-3:] == [
        "共 51 处问题，2 种 / 51 issue(s) of 2 kind(s)",
        "  date_impossible × 50",
        "  unknown_table × 1",
    ]
