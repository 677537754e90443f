"""Tables and cells: what a clerk may write and what it means."""

from __future__ import annotations

import datetime as dt

import pytest

from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import CSV_GUARDED, encode, parse, split_items
from models.formats.intake.tables import CellKind, Table, instance_tables, roster_tables
from models.vocabulary import Part, PersonKind, Speciality


def table(name: str) -> Table:
    return next(t for t in (*instance_tables(), *roster_tables()) if t.name == name)


def read(path: str, raw: object) -> object:
    name, field = path.split(".")
    return parse(table(name).by_field[field], raw)


def fault(path: str, raw: object) -> str:
    with pytest.raises(CellError) as caught:
        read(path, raw)
    return caught.value.code


def test_tables_follow_the_instance() -> None:
    titles = [t.title for t in instance_tables()]
    assert titles[:4] == ["设置", "区划", "村居", "站点"]
    assert len(titles) == 19
    assert [t.title for t in roster_tables()] == [
        "顾问安排",
        "调解员安排",
        "值班安排",
        "走访安排",
        "站点安排",
    ]


@pytest.mark.parametrize("tables", [instance_tables(), roster_tables()])
def test_titles_are_unique(tables: tuple[Table, ...]) -> None:
    assert len({t.title for t in tables}) == len(tables)
    for each in tables:
        assert len({c.title for c in each.columns}) == len(each.columns)


def test_columns_know_kind_words_and_need() -> None:
    people = table("people").by_field
    kinds = {f: people[f].kind for f in ("id", "name", "kind", "lon", "is_duty", "active_from")}
    assert kinds == {
        "id": CellKind.ID,
        "name": CellKind.TEXT,
        "kind": CellKind.TERM,
        "lon": CellKind.FLOAT,
        "is_duty": CellKind.BOOL,
        "active_from": CellKind.DATE,
    }
    assert (people["kind"].required, people["firm"].required) == (True, False)
    assert people["is_duty"].words == ("是", "否")
    assert (people["specialities"].kind, people["specialities"].item) == (
        CellKind.LIST,
        CellKind.TERM,
    )
    assert table("posts").by_field["mix"].term is PersonKind


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (410105001003.0, "410105001003"),
        (410105001003, "410105001003"),
        ("410105001003", "410105001003"),
        ("410105001003.0", "410105001003"),
        ("'410105001003.0", "410105001003.0"),
        ("  Z001　", "Z001"),
    ],
)
def test_code_is_read_however_it_is_stored(raw: object, expected: str) -> None:
    assert read("villages.id", raw) == expected


@pytest.mark.parametrize("raw", ["4.10105E+11", "4E11", 1e18])
def test_code_that_lost_digits_is_refused(raw: object) -> None:
    assert fault("villages.id", raw) == "digits_lost"


@pytest.mark.parametrize(
    "raw",
    [
        "2026-12-01",
        "2026/12/1",
        "2026.12.1",
        "2026年12月1日",
        "2026 年 12 月 1 日",
        "２０２６－１２－０１",
        "20261201",
        20261201.0,
        46357.0,
        "46357",
        dt.date(2026, 12, 1),
        dt.datetime(2026, 12, 1),
        "2026-12-01 00:00:00",
        "2026-12-01（周二）",
    ],
)
def test_date_is_read_in_every_usual_spelling(raw: object) -> None:
    assert read("leave.first", raw) == dt.date(2026, 12, 1)


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("2026-02-30", "date_impossible"),
        ("2026年13月1日", "date_impossible"),
        ("12月1日", "date_no_year"),
        ("下周二", "date_unreadable"),
        (3.0, "date_unreadable"),
        (True, "date_unreadable"),
        (dt.datetime(2026, 12, 1, 9, 30), "date_has_time"),
        ("2026-12-01 9:30", "date_has_time"),
    ],
)
def test_bad_date_says_how_it_is_bad(raw: object, code: str) -> None:
    assert fault("leave.first", raw) == code


@pytest.mark.parametrize(
    "raw", ["2026-12", "2026/12", "2026年12月", "202612", 202612.0, dt.date(2026, 12, 9), 46357.0]
)
def test_month_is_read(raw: object) -> None:
    assert read("ledger.month", raw) == "2026-12"


@pytest.mark.parametrize("raw", ["2026-13", "十二月", "2026-02-30", 13.0])
def test_bad_month_is_refused(raw: object) -> None:
    assert fault("ledger.month", raw) == "month_unreadable"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("9:00", "09:00"),
        ("９：３０", "09:30"),
        ("9点", "09:00"),
        ("9点半", "09:30"),
        ("14时5分", "14:05"),
        (0.375, "09:00"),
        (dt.time(9, 30), "09:30"),
        (dt.timedelta(hours=20), "20:00"),
        ("17:00:00", "17:00"),
    ],
)
def test_clock_is_read(raw: object, expected: str) -> None:
    assert read("posts.start", raw) == expected


@pytest.mark.parametrize("raw", ["24:00", "9:75", "早上", 1.5])
def test_bad_clock_is_refused(raw: object) -> None:
    assert fault("posts.start", raw) == "clock_unreadable"


@pytest.mark.parametrize("raw", ["是", "TRUE", "true", "1", 1.0, True, "Yes", "√", "１"])
def test_yes_is_read(raw: object) -> None:
    assert read("people.is_duty", raw) is True


@pytest.mark.parametrize("raw", ["否", "FALSE", "0", 0.0, False, "no"])
def test_no_is_read(raw: object) -> None:
    assert read("people.is_duty", raw) is False


def test_other_word_is_no_truth_value() -> None:
    assert fault("people.is_duty", "大概") == "not_bool"
    assert fault("people.is_duty", 2.0) == "not_bool"


@pytest.mark.parametrize("raw", ["律师", "lawyer", "LAWYER", " 律 师 "])
def test_word_is_read_by_label_or_identifier(raw: str) -> None:
    assert read("people.kind", raw) is PersonKind.LAWYER


def test_unknown_word_lists_the_allowed_ones() -> None:
    with pytest.raises(CellError) as caught:
        read("people.kind", "老师")
    assert caught.value.code == "word_unknown"
    assert caught.value.words == {
        "word": "老师",
        "allowed": "、".join(kind.label for kind in PersonKind),
    }


@pytest.mark.parametrize(
    "raw", ["婚姻家庭;劳动", "婚姻家庭；劳动", "婚姻家庭、劳动", "family,labour;"]
)
def test_list_is_read_with_any_separator(raw: str) -> None:
    assert read("people.specialities", raw) == (Speciality.FAMILY, Speciality.LABOUR)


def test_map_is_read_and_refuses_doubles() -> None:
    expected = {Speciality.FAMILY: 3, Speciality.PROPERTY: 2}
    assert read("villages.demand", "婚姻家庭:3;物业：２") == expected
    assert fault("villages.demand", "婚姻家庭:3;婚姻家庭:2") == "word_twice"
    assert fault("villages.demand", "婚姻家庭") == "pair_expected"
    assert fault("villages.demand", "婚姻家庭:") == "not_number"


@pytest.mark.parametrize(
    ("raw", "expected"), [("3,200", 3200), ("３２００", 3200), (3200.0, 3200), ("3200.0", 3200)]
)
def test_whole_number_is_read(raw: object, expected: int) -> None:
    assert read("villages.population", raw) == expected


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        ("约三千", "not_number"),
        (1.5, "not_whole"),
        (True, "not_number"),
        ("9" * 5000, "not_number"),
    ],
)
def test_bad_number_is_refused(raw: object, code: str) -> None:
    assert fault("villages.population", raw) == code


@pytest.mark.parametrize(("raw", "day"), [("周三", 3), ("星期日", 7), ("礼拜天", 7), (2.0, 2)])
def test_weekday_is_read_as_word_or_number(raw: object, day: int) -> None:
    assert read("wishes.weekday", raw) == day


@pytest.mark.parametrize("raw", ["=A1", "＝1+1"])
def test_formula_is_refused(raw: str) -> None:
    assert fault("villages.name", raw) == "formula"


def test_error_cell_is_refused_as_such() -> None:
    assert fault("villages.name", "#REF!") == "error_cell"
    assert read("villages.name", "#1号村") == "#1号村"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@a", "'q", "#N/A", "普通"])
def test_guarded_text_comes_back(text: str) -> None:
    column = table("villages").by_field["name"]
    written = encode(column, text, CSV_GUARDED)
    assert parse(column, written) == text
    assert (written == text) == (text == "普通")


def test_empty_values_that_are_no_default_come_back() -> None:
    profile, parts = table("settings").by_field["profile"], table("posts").by_field["parts"]
    assert parse(profile, encode(profile, "")) == ""
    assert parse(parts, encode(parts, ())) == ()
    assert encode(parts, (Part.AM, Part.PM)) == "上午;下午"


def test_quotation_marks_protect_separators() -> None:
    assert split_items('"a;b";c、"say ""x"""') == ("a;b", "c", 'say "x"')
    with pytest.raises(CellError, match="quote_open"):
        split_items('"a;b')
