from __future__ import annotations

import platform
from pathlib import Path

import pytest

from benchmarks import history
from benchmarks.history import (
    RUNS,
    Contest,
    Origin,
    Run,
    append,
    is_known,
    read_contests,
    read_loads,
    read_runs,
)
from benchmarks.machine import ROOT
from tests.benchmarks.rows import contest, feed_load, run
from tests.factories import tiny_instance


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("ZHIBAN_RESULTS", str(tmp_path / "results"))
    return tmp_path / "results"


def test_rows_come_back_as_they_were_written(folder):
    written = [
        run(rung="coverage", value=3, bound=2.5, gap=1 / 3, rung_seconds=0.25),
        run(rung="fairness", value=None, bound=None, gap=None),
        run(status="exit 1", machine='A "fast" one, 2 cores'),
    ]
    append(RUNS, written[:1])
    append(RUNS, written[1:])
    assert read_runs() == written
    assert len((folder / RUNS).read_text(encoding="utf-8").splitlines()) == 4


def test_contests_come_back_as_they_were_written():
    written = [contest(value=7), contest(contender="vroom", part="advisers", rung="", value=None)]
    append(history.BASELINES, written)
    assert read_contests() == written


def test_loads_come_back_as_they_were_written():
    written = [feed_load(), feed_load(rate=1000.0, is_solving=False)]
    append(history.FEEDS, written)
    assert read_loads() == written


def test_without_a_file_there_are_no_rows():
    assert (read_runs(), read_contests(), read_loads()) == ([], [], [])


def test_an_empty_file_has_no_rows(folder):
    folder.mkdir()
    (folder / RUNS).write_text("", encoding="utf-8")
    assert read_runs() == []


def test_origin_counts_what_the_month_asks_for():
    # 23 workdays twice, 5 Tuesdays, 5 Thursdays, 5 Wednesdays
    origin = Origin.of(tiny_instance(), "tiny", 1, 2)
    assert (origin.villages, origin.people, origin.slots) == (4, 5, 61)


def test_rows_carry_neither_path_nor_host_name():
    text = Origin.of(tiny_instance(), "tiny", 1, 2).model_dump_json()
    secrets = [str(ROOT), str(Path.home()), platform.node()]
    assert [word for word in secrets if len(word) > 3 and word in text] == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, True),
        ({"seed": 2}, False),
        ({"workers": 1}, False),
        ({"killed": 1}, False),
        ({"size": "S"}, False),
        ({"commit": "0000000000"}, False),
    ],
)
def test_only_what_this_commit_measured_alike_is_known(monkeypatch, changed, expected):
    monkeypatch.setattr(history, "commit", lambda: "abcdef0123")
    monkeypatch.setattr(history, "machine", lambda: run().machine)
    append(RUNS, [run(**changed)])
    assert is_known(RUNS, "T", 1, 2) is expected


def test_changed_code_was_never_measured(monkeypatch):
    monkeypatch.setattr(history, "commit", lambda: "abcdef0123+dirty")
    monkeypatch.setattr(history, "machine", lambda: run().machine)
    append(RUNS, [run(commit="abcdef0123+dirty")])
    assert not is_known(RUNS, "T", 1, 2)


def test_columns_of_both_files_are_in_use():
    assert set(run().model_dump()) == set(Run.model_fields)
    assert set(contest().model_dump()) == set(Contest.model_fields)
