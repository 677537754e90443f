"""What offices write in a cell, and its value: the table is ``spellings.toml``."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import models.spellings
import models.vocabulary
from models.formats.intake.cell_problem import CellError
from models.formats.intake.cells import encode, parse
from models.formats.intake.moments import Around
from models.formats.intake.tables import instance_tables
from models.rows import Row
from models.spellings import folded, spellings

AROUND = Around("2027-01")
TABLES = {table.name: table for table in instance_tables()}


def cases() -> Iterator[tuple[str, str, str]]:
    text = Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8")
    for path, words in tomllib.loads(text).items():
        for word, value in words.items():
            yield path.partition("#")[0], word, value


def shown(path: str, word: str) -> str:
    """The value as a workbook that is written back shows it."""
    table, field = path.split(".")
    column = TABLES[table].by_field[field]
    value = parse(column, word, AROUND)
    if value is not None:
        value = getattr(checked(TABLES[table].row, field, value), field)
    written = encode(column, value) if value is not None else ""
    return f"{written:g}" if isinstance(written, float) else str(written)


def checked(row: type[Row], field: str, value: object) -> Row:
    """The row type's own reading of one field, as if the others were there."""
    made = row.__pydantic_validator__.validate_assignment(row.model_construct(), field, value)
    return made[0] if isinstance(made, tuple) else made


def test_every_spelling_has_its_value() -> None:
    found = list(cases())
    wrong = {(p, w): (shown(p, w), value) for p, w, value in found if shown(p, w) != value}
    assert wrong == {}
    assert len(found) > 400


@pytest.mark.parametrize(
    ("path", "word", "code"),
    [
        ("villages.population", "约三千", "not_number"),
        ("villages.priority", "高", "not_number"),
        ("leave.kind", "随便", "word_unknown"),
        ("people.is_duty", "大概", "not_bool"),
        ("leave.first", "7月1日", "date_no_year"),
        ("leave.first", "5-8日", "date_unreadable"),
        ("leave.first", "下周二", "date_unreadable"),
        ("people.active_from", "即日起", "date_unreadable"),
        ("pairs.minutes", "3天", "not_number"),
        ("villages.service_hours", "半天", "not_number"),
        ("posts.head_count", "无", "not_number"),
        ("posts.head_count", "2小时", "not_number"),
        ("people.is_duty", "○", "not_bool"),
        ("days.is_workday", "调休", "not_bool"),
        ("ledger.month", "13月", "month_unreadable"),
    ],
)
def test_what_may_mean_several_things_is_refused(path: str, word: str, code: str) -> None:
    with pytest.raises(CellError) as caught:
        shown(path, word)
    assert caught.value.code == code


def test_no_spelling_means_two_members() -> None:
    text = Path(models.spellings.__file__).with_name("spellings.toml").read_text("utf-8")
    for kind, members in tomllib.loads(text).items():
        counts = Counter(folded(word) for words in members.values() for word in set(words))
        assert [word for word, count in counts.items() if count > 1] == [], kind
        term = getattr(models.vocabulary, kind, ())
        labels = {folded(member.label): member.name for member in term}
        assert {w: n for w, n in spellings(kind).items() if labels.get(w, n) != n} == {}


def test_program_takes_the_same_words() -> None:
    assert models.vocabulary.PersonKind("执业律师") is models.vocabulary.PersonKind.LAWYER
    assert models.vocabulary.LeaveKind("年假") is models.vocabulary.LeaveKind.LEAVE
