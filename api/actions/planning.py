"""The planning actions (solve, verify, write), shared by command line and jobs."""

from __future__ import annotations

import datetime as dt
import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.formats.intake.moments import parse_month
from models.instance import Instance, RuleSetting, Settings
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.people import Pin
from models.vocabulary import PinKind

if TYPE_CHECKING:
    from models.report import Report, Shortage
    from solver.engine.ladder import OnProgress
    from solver.modelling.rule import Rule
    from solver.solve import Limits, Outcome, Stage

RESULTS = frozenset({"roster.json", "report.json", "roster.xlsx", "public.xlsx", "map.html"})
"""Names that a solve gives to its results."""


def with_choices(
    instance: Instance,
    month: str | None,
    profile: str | None = None,
    changes: Iterable[str] | None = None,
) -> Instance:
    """Return the instance with month, profile and ``RULE.FIELD=VALUE`` changes of the command.

    They become part of the instance, so that the report's input hash covers them.

    Raises
    ------
    InputError
        When a change does not read ``RULE.FIELD=VALUE`` or the month is no month; then also with
        every unknown rule, field or profile and every value out of range.
    """
    rules: list[RuleSetting] = []
    issues: list[Issue] = []
    named = {"profile": profile} if profile is not None else {}
    for change in changes or ():
        name, _, value = change.partition("=")
        rule, _, field = name.partition(".")
        try:
            if "=" not in change:
                raise ValueError
            rules.append(RuleSetting(rule=rule, field=field, value=value))
        except ValueError:  # pydantic raises it too
            issues.append(_malformed("--set", change, "villages_per_adviser.most=4"))
    try:
        named |= {"month": month_of(month)} if month is not None else {}
    except InputError as error:
        issues += error.issues
    settings = instance.settings.model_copy(update=named)
    chosen = instance.model_copy(update={"settings": settings, "rules": (*instance.rules, *rules)})
    if issues:
        raise InputError([*issues, *_rule_issues(chosen)])
    return chosen


def with_pins(instance: Instance, pins: Iterable[Pin]) -> Instance:
    """Return the instance with the office's pins, which replace its own pins of the same rows.

    Raises
    ------
    InputError
        With an Issue for every pin whose person, post, village or site the instance does not have.
    """
    given = {_assignment(pin): pin for pin in pins}
    issues = [_gone(pin) for pin in given.values() if not _is_known(instance, pin)]
    if issues:
        raise InputError(issues)
    own = (pin for pin in instance.pins if _assignment(pin) not in given)
    return instance.model_copy(update={"pins": (*own, *given.values())})


def month_of(text: str) -> str:
    """Return ``YYYY-MM`` for the option ``--month``, in any spelling that a workbook may use.

    Raises
    ------
    InputError
        When it is no month of this century.
    """
    try:
        return Settings(month=parse_month(text)).month
    except ValueError:  # also pydantic's
        raise InputError([_malformed("--month", text, "2026-12")]) from None


def check_folder(out: Path) -> None:
    """Ensure before a long solve that results can be written into ``out``.

    Raises
    ------
    OSError
        ``out`` or one above it is no folder, or may not be written.
    """
    there = next(path for path in (out, *out.absolute().parents) if path.exists())
    if not there.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(there))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(there))


def check_apart(file: Path, out: Path, results: frozenset[str] = RESULTS) -> None:
    """Ensure that no result overwrites the input.

    Raises
    ------
    InputError
        When ``file`` lies in ``out`` under the name of a result.
    """
    if file.name in results and file.resolve().parent == out.resolve():
        raise InputError([issue("input_in_the_way", value=file)])


def check_new(path: Path) -> None:
    """Ensure that a new file overwrites nothing.

    Raises
    ------
    InputError
        When there is something of this name.
    """
    if path.exists():
        raise InputError([issue("file_exists", value=path)])


def check_new_workbook(file: Path) -> None:
    """Ensure that a blank workbook overwrites no filled one and has the suffix .xlsx.

    Raises
    ------
    InputError
        When there is something of this name, or the name does not end in .xlsx.
    """
    check_new(file)
    if file.suffix.lower() != ".xlsx":
        raise InputError([issue("file_name", value=file)])


def rules_of(instance: Instance) -> tuple[Rule, ...]:
    """Return the enabled rules of an instance: its profile with its own changes."""
    # numpy and the rules take 0.3 s to load
    from solver.profiles import load_rules

    return load_rules(instance.settings.profile, instance.rules)


def _rule_issues(instance: Instance) -> tuple[Issue, ...]:
    """Return the issues of an instance's profile and the changes to it."""
    try:
        rules_of(instance)
    except InputError as error:
        return error.issues
    return ()


def plan(instance: Instance, stage: Stage, limits: Limits, on_progress: OnProgress) -> Outcome:
    """Solve, and check the result."""
    # ortools takes 0.7 s to load
    from solver.solve import solve

    return solve(instance, rules_of(instance), stage=stage, limits=limits, on_progress=on_progress)


def shortage_of(instance: Instance) -> Shortage | None:
    """Say how many advisers are missing for the cap, and where; None if nobody is.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    """
    from solver.answers.shortage import shortage_of as ask

    return ask(instance, rules_of(instance))


def write(instance: Instance, outcome: Outcome, out: Path) -> list[Path]:
    """Write roster, report, workbook, calendars and map into ``out``."""
    from api.documents.result_files import write_results

    cells, stamp = county_cells(instance), revision_time(outcome.roster.month)
    return write_results(instance, outcome.roster, outcome.report, out, stamp, background=cells)


def county_cells(instance: Instance) -> dict[str, Any] | None:
    """Return GeoJSON with the schematic cells of an instance's counties, None where there are none."""
    # the geography is slow to load
    from scenarios.generator.geography import background_cells

    counties = {area.id[:6] for area in instance.areas if area.id[:6].isdigit()}
    return background_cells(counties) if counties else None


def verify_written(file: Path, out: Path) -> Report:
    """Read input and roster back from their files and check them independently."""
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


def _assignment(pin: Pin) -> tuple[object, ...]:
    return (pin.kind, pin.target, pin.person, pin.date, pin.part)


def _is_known(instance: Instance, pin: Pin) -> bool:
    targets: dict[PinKind, Mapping[str, object]] = {
        PinKind.ADVISER: instance.village_by_id,
        PinKind.VISIT: instance.village_by_id,
        PinKind.MEDIATOR: instance.site_by_id,
        PinKind.DUTY: instance.post_by_id,
        PinKind.STANDBY: instance.post_by_id,
    }
    has_target = pin.target is None or pin.target in targets[pin.kind]
    return has_target and (pin.person is None or pin.person in instance.person_by_id)


def _gone(pin: Pin) -> Issue:
    when = f"{pin.date} {pin.part.label if pin.part else ''}" if pin.date else ""
    shown = " ".join(filter(None, (pin.kind.label, pin.target, when, pin.person)))
    return issue("pin_gone", Spot("固定安排"), shown)


def _malformed(option: str, value: str, example: str) -> Issue:
    return issue("bad_option", Spot(cell=option), value, option=option, example=example)
