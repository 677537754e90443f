"""The statement of a month: what is paid, from what was held, by whose rates."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.attendance import Happened
from models.formats.containers.whole_files import replacing, write_text
from models.instance import Instance, RuleSetting
from models.issues import InputError, Sentence
from models.messages import Spot, issue
from models.roster import Roster
from solver.profiles import load_rates, profile_tables
from solver.profiles.rates import RATES, Rates
from solver.year.appointments import appointments
from solver.year.attendance_file import read_attendance
from solver.year.attended import Attended, attended
from solver.year.statement import (
    Statement,
    corrections,
    forecast,
    fund_shares,
    paid_rows,
    statement,
)

NAME = "statement"
"""File name of a statement without its suffix."""
UNSOURCED = "未注明出处 no source given"


@dataclass(frozen=True)
class StatementOrder:
    """What is to be stated, beside the month itself."""

    attendance: Path | None = None
    rates: Path | None = None
    corrects: Path | None = None
    add: Sequence[Path] = ()
    paid: Sequence[Path] = ()
    fund_by: str = "villages"


def state(instance: Instance, roster: Roster, asked: StatementOrder, out: Path) -> Statement:
    """Write statement.json and statement.xlsx into ``out``; return the statement.

    Raises
    ------
    InputError
        With every issue of attendance, rates and earlier statements; nothing is written.
    """
    from api.documents.year.statement_sheets import render_statement  # late: xlsxwriter

    rates, source = rates_of(instance, asked.rates)
    if asked.attendance is None:
        happened, done = Happened(), attended(appointments(instance, roster))
    else:
        happened = read_attendance(asked.attendance, instance, roster)
        done = attended(appointments(instance, roster), happened.attendance)
    work = dict(enumerate(happened.work, 1))
    rows = paid_rows(instance, roster, rates, done, work)
    if asked.corrects is not None:
        rows = corrections(read_statement(asked.corrects).rows, rows)
    rows += tuple(row for path in asked.add for row in read_statement(path).rows)
    made = statement(instance, roster.month, rates, rows, source)
    told = tuple(basis(asked.attendance is None, done))
    made = made.model_copy(update={"remarks": (*told, *made.remarks)})
    year = year_lines(made, map(read_statement, asked.paid), rates)
    fund = fund_shares(instance, rates, asked.fund_by) if rates.fund_year else ()
    content = render_statement(made, instance, fund, year)
    write_text(out / f"{NAME}.json", made.model_dump_json(indent=1) + "\n")
    with replacing(out / f"{NAME}.xlsx") as temporary:
        temporary.write_bytes(content)
    return made


def basis(is_planned: bool, done: Iterable[Attended]) -> Iterator[Sentence]:
    """Yield from what the sums were made, where it is not from complete attendance."""
    if is_planned:
        zh, en = (
            "没有出勤表，按排班全部到岗计",
            "without attendance everything planned counts as held",
        )
        yield Sentence(zh=zh, en=en)
    unreported = sum(thing.presence is None for thing in done)
    if unreported:
        yield Sentence(
            zh=f"{unreported} 件没有填报，未计", en=f"{unreported} unreported things are not paid"
        )


def rates_of(instance: Instance, file: Path | None) -> tuple[Rates, str]:
    """Return the rates of an instance, a file's on top, and where they come from.

    Raises
    ------
    InputError
        When the file is no TOML table of rates, or a rate is unknown or out of range.
    """
    profile = instance.settings.profile
    table = profile_tables(profile).get(RATES, {})
    sources = [str(table.get("source") or f"程序默认 defaults ({profile})")]
    settings = list(instance.rules)
    if any(row.rule == RATES for row in settings):
        sources.append("规则调整 the office's sheet")
    if file is not None:
        told = _table(file)
        sources.append(str(told.pop("source", UNSOURCED)))
        settings += [_setting(name, value) for name, value in told.items()]
    return load_rates(profile, settings), "；".join(sources)


def _setting(name: str, value: Any) -> RuleSetting:
    text = ";".join(map(str, value)) if isinstance(value, list) else str(value)
    return RuleSetting(rule=RATES, field=name, value=text)


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError([issue("rates_broken", Spot(file.name), fault=str(error))]) from None


def read_statement(path: Path) -> Statement:
    """Read a statement, or the one in a folder.

    Raises
    ------
    InputError
        When it is none.
    """
    file = path / f"{NAME}.json" if path.is_dir() else path
    try:
        return Statement.model_validate_json(file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, ValidationError):
        raise InputError([issue("statement_broken", Spot(file.name))]) from None


def year_lines(
    made: Statement, paid: Iterable[Statement], rates: Rates
) -> list[tuple[str, Decimal]]:
    """Return what the year has cost, what it will, and what is left of its fund."""
    months = {one.month: one.total for one in paid} | {made.month: made.total}
    ours = {name: total for name, total in sorted(months.items()) if name[:4] == made.month[:4]}
    spent = sum(ours.values(), Decimal(0))
    until = forecast(made.month, ours)
    lines = [(f"{name} 已付 paid", total) for name, total in ours.items()]
    lines += [("累计 so far", spent), ("预计全年 forecast of the year", until)]
    if rates.fund_year:
        fund = Decimal(str(rates.fund_year))
        lines += [("全年经费 fund", fund), ("预计结余（负数为不足）left", fund - until)]
    return lines
