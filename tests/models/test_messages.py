"""The catalogue of messages is whole: every code has its row, its words, its use and its test."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter

import pytest

import models.messages
from models.messages import Message, Spot, catalogue, issue, shorten

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "solver", "scenarios", "api")
FILES = sorted(Path(models.messages.__file__).parent.glob("*.toml"))
MAKERS = {"issue", "busy_issue", "swap_issue", "refusal", "refuse"}
CHINESE = re.compile("[一-鿿]")


def fields(message: Message) -> set[str]:
    """The names in braces, of all four texts together."""
    return {name for text in message for _, name, *_ in Formatter().parse(text) if name}


@cache
def trees(*folders: str) -> list[tuple[Path, ast.Module]]:
    files = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [(file, ast.parse(file.read_text(encoding="utf-8"))) for file in files]


@cache
def words_in(*folders: str) -> frozenset[str]:
    """The first word of every string that stands in the code of these folders."""
    return frozenset(
        node.value.partition(" ")[0]
        for file, tree in trees(*folders)
        if file != Path(__file__)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def name_of(function: ast.expr) -> str:
    return getattr(function, "id", "") or getattr(function, "attr", "")


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of ``issue``, or of what only passes on to it, and where it stands."""
    for file, tree in trees(*PACKAGES):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and name_of(node.func) in MAKERS:
                yield f"{file.relative_to(ROOT)}:{node.lineno}", node


def literals(node: ast.expr) -> list[str]:
    """The codes an argument may be: a literal, or one of two."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    return [node.value] if isinstance(node, ast.Constant) else []


def test_code_stands_in_one_file_only():
    found = Counter(code for file in FILES for code in tomllib.loads(file.read_text("utf-8")))
    assert [code for code, count in found.items() if count > 1] == []
    assert set(found) == set(catalogue())


@pytest.mark.parametrize("code", catalogue())
def test_row_speaks_both_languages_and_says_how_to_mend_it(code):
    message = catalogue()[code]
    assert re.fullmatch(r"[a-z][a-z0-9_]*", code)
    for text in (message.zh, message.mend_zh):
        assert CHINESE.search(text)
    for text in message:
        assert text == text.strip()
        assert not re.search(r"  |\.\.|。。|\{\}", text)
    for text in (message.zh, message.en):  # whoever shows it sets the full stop
        assert not text.endswith((".", "。", "!", "！"))
    assert message.mend_zh.endswith(("。", "}"))
    assert message.mend_en.endswith((".", "}"))
    for text in (message.en, message.mend_en):
        assert re.match(r"[A-Z'{-]", text), text


def test_every_issue_made_in_the_code_has_a_row_with_exactly_these_fields():
    faults = []
    for where, call in calls():
        given = {key.arg for key in call.keywords} - {"spot", "value"}
        for code in literals(call.args[0]):
            if code not in catalogue():
                faults.append(f"{where}: no row {code}")
                continue
            needed = fields(catalogue()[code])
            if not (given - {None} <= needed if None in given else given == needed):
                faults.append(f"{where}: {code} needs {sorted(needed)}, given {given}")
    assert faults == []


def test_every_row_is_used():
    # the reader of problems of the literature lies with its tests, and refuses as all do
    users = words_in(*PACKAGES, "tests/literature")
    assert sorted(set(catalogue()) - users) == []


def test_every_code_is_provoked_by_a_test():
    """A test names the code, alone or as a terminal shows it: ``[code]``."""
    named = {word.strip("[]") for word in words_in("tests")}
    assert sorted(set(catalogue()) - named) == []


def test_nothing_but_the_catalogue_spells_out_an_issue():
    spelled = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for file, tree in trees(*PACKAGES)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "Issue"
    ]
    assert [place for place in spelled if not place.startswith("models/messages/")] == []


def test_missing_word_and_unknown_code_are_errors_of_the_programmer():
    with pytest.raises(KeyError):
        issue("duplicate_id")
    with pytest.raises(KeyError):
        issue("no_such_code")


def test_words_are_filled_in_once_and_cut():
    made = issue("json_duplicate_key", Spot("a.json", "$.x"), {"a": 1}, word="{line}" + "x" * 5000)
    assert made.zh.startswith("同一个对象里“{line}xxx")
    assert len(made.zh) < 2100
    assert (made.table, made.cell, made.value) == ("a.json", "$.x", '{"a": 1}')
    assert shorten("换\n行" + "长" * 60) == "换\\u000a行" + "长" * 51 + "…"
