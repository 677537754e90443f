"""The actions of planning, each written once: solve, verify, write. Called by every way in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from models.instance import Instance, RuleSetting
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from models.report import Report
    from solver.ladder import OnProgress
    from solver.rules.base import Rule
    from solver.solve import Limits, Outcome, Stage


def with_choices(
    instance: Instance, month: str | None, profile: str | None, changes: Iterable[str]
) -> Instance:
    """Return the instance with month, profile and ``RULE.FIELD=VALUE`` changes of the command.

    They become part of the instance, so that the report's input hash covers them.

    Raises
    ------
    InputError
        When a change does not read ``RULE.FIELD=VALUE`` or the month is no month.
    """
    rules, issues = [], []
    for change in changes:
        name, found, value = change.partition("=")
        rule, dot, field = name.partition(".")
        if not (found and dot and rule.strip() and field.strip()):
            issues.append(_malformed("--set", change, "villages_per_adviser.most=4"))
            continue
        rules.append(RuleSetting(rule=rule.strip(), field=field.strip(), value=value.strip()))
    if month is not None and not _is_month(month):
        issues.append(_malformed("--month", month, "2026-12"))
    if issues:
        raise InputError(issues)
    named = {"month": month, "profile": profile}
    settings = instance.settings.model_copy(update={k: v for k, v in named.items() if v})
    return instance.model_copy(update={"settings": settings, "rules": (*instance.rules, *rules)})


def rules_of(instance: Instance) -> tuple[Rule, ...]:
    """Return the enabled rules of an instance: its profile with its own changes."""
    # numpy and the rules take 0.3 s to load
    from solver.profiles import load_rules

    return load_rules(instance.settings.profile, instance.rules)


def plan(instance: Instance, stage: Stage, limits: Limits, on_progress: OnProgress) -> Outcome:
    """Solve, and check what was solved."""
    # ortools takes 0.7 s to load
    from solver.solve import solve

    return solve(instance, rules_of(instance), stage=stage, limits=limits, on_progress=on_progress)


def write(instance: Instance, outcome: Outcome, out: Path) -> list[Path]:
    """Write roster, report, workbook, calendars and map into ``out``."""
    from api.results.write import write_results
    from scenarios.geography import background_cells

    counties = {area.id[:6] for area in instance.areas if area.id[:6].isdigit()}
    cells = background_cells(counties) if counties else None
    stamp = revision_time(outcome.roster.month)
    return write_results(instance, outcome.roster, outcome.report, out, stamp, background=cells)


def verify_written(file: Path, out: Path) -> Report:
    """Read input and roster back from their files and check them by code that made neither."""
    from models.formats.read import read_instance
    from models.formats.roster_table import read_roster
    from solver.verify import verify

    instance = read_instance(file)
    return verify(instance, rules_of(instance), read_roster(out / "roster.json", instance))


def revision_time(month: str) -> dt.datetime:
    """Return the time stamped on calendars of an unpublished plan: the month's first day, UTC.

    A plan written twice must be the same to the byte, so the clock is not read.
    """
    return dt.datetime.fromisoformat(f"{month}-01T00:00:00+00:00")


def _is_month(text: str) -> bool:
    try:
        dt.datetime.strptime(text, "%Y-%m").replace(tzinfo=dt.UTC)
    except ValueError:
        return False
    return len(text) == 7


def _malformed(option: str, value: str, example: str) -> Issue:
    return Issue(
        code="bad_option",
        cell=option,
        value=value,
        zh="选项写法不对",
        en="The option cannot be read",
        mend_zh=f"例如 {option} {example}",
        mend_en=f"For example {option} {example}",
    )
