"""What is private to DBOS: it is there as expected, and only the adapter knows it."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest
from dbos import DBOS
from dbos._sys_db import SystemDatabase

from api.jobs import dbos_adapter
from api.jobs.dbos_adapter import WRITTEN_FOR, differences
from tests.api.commands.command import ROOT

PRIVATE = re.compile(r"dbos\._|\bDBOS\._|_sys_db|background_thread_stop|queue-worker")


def test_the_installed_dbos_has_what_the_adapter_uses() -> None:
    assert differences() == [], "read the source of the new version, mend the adapter, WRITTEN_FOR"


def test_the_pinned_dbos_is_the_one_that_the_adapter_was_written_for() -> None:
    pinned = re.findall(r"^dbos==(\S+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pinned == [WRITTEN_FOR], "read the source of the new version, then mend WRITTEN_FOR"


def _other(self: Any, workflow_id: str) -> None:
    """Stand for a method whose parameters have changed."""


@pytest.mark.parametrize(
    ("owner", "name", "other"),
    [
        (DBOS, "_recover_pending_workflows", None),
        (SystemDatabase, "reenqueue_for_recovery", None),
        (SystemDatabase, "reenqueue_for_recovery", _other),
        (DBOS, "_sys_db", None),
        (DBOS, "__init__", _other),
        (dbos_adapter, "_QUEUE_THREADS", "other-names-"),
    ],
)
def test_a_dbos_that_differs_is_named(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, other: Any
) -> None:
    if other is None:
        monkeypatch.delattr(owner, name)
    else:
        monkeypatch.setattr(owner, name, other)
    (difference,) = differences()
    assert WRITTEN_FOR in difference
    missing = {"__init__": "background_thread_stop_events", "_QUEUE_THREADS": "other-names-"}
    assert missing.get(name, name) in difference


def test_a_dbos_without_the_modules_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dbos._queue", None)
    (difference,) = differences()
    assert "dbos._queue" in difference


def test_only_the_adapter_knows_what_is_private_to_dbos() -> None:
    knowing = {
        path.relative_to(ROOT).as_posix()
        for package in ("models", "solver", "scenarios", "api", "benchmarks")
        for path in (ROOT / package).rglob("*.py")
        if PRIVATE.search(path.read_text(encoding="utf-8"))
    }
    assert knowing == {"api/jobs/dbos_adapter.py"}
