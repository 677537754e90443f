"""month-report.xlsx: every area's counts and figures, targets, alerts, what is open, definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from api.documents.printed_sheet import Audience, Cell, Paper, Sheet, SheetColumn, SheetRow
from api.documents.roster_workbook import render_sheets
from models.issues import Sentence
from solver.profiles.reporting import Reporting
from solver.year.counts import COUNTED
from solver.year.kpis import FIGURES, goal
from solver.year.month_report import AreaRow, MonthReport

UNKNOWN = "—"


def render_report(report: MonthReport, reporting: Reporting) -> bytes:
    """Return the workbook's bytes; equal reports give equal bytes."""
    sheets = (
        _sheet(report, "汇总", _figure_columns(), map(_figure_line, report.rows)),
        _sheet(report, "数量", _count_columns(report), _count_lines(report)),
        _sheet(report, "目标进度", _TARGETS, _target_lines(report)),
        _sheet(report, "月度对比", _month_columns(report), _month_lines(report)),
        _sheet(report, "提醒与待办", _TOLD, _told(report)),
        _sheet(report, "指标说明", _MEANING, _meanings(reporting)),
    )
    return render_sheets(sheets, f"{report.title}月报（{report.month}）", report.month)


def shown(value: float | None) -> str:
    """Return a figure in per cent as people read it."""
    return UNKNOWN if value is None else f"{value:g}%"


def _sheet(
    report: MonthReport, name: str, columns: Iterable[SheetColumn], lines: Iterable[Sequence[Cell]]
) -> Sheet:
    heads = tuple(columns)
    return Sheet(
        name=name,
        columns=heads,
        lines=tuple(SheetRow(tuple(line)) for line in lines),
        audience=Audience.INTERNAL,
        heading=f"{report.title}{name}（{report.month}）",
        note=f"截至 {report.cutoff} up to this day",
        paper=Paper.A3_LANDSCAPE if len(heads) > 12 else Paper.A4_LANDSCAPE,
        frozen_columns=1,
    )


def _figure_columns() -> Iterator[SheetColumn]:
    yield SheetColumn("区划", 26, "Area", is_left=True)
    yield SheetColumn("得分", 9, "Score")
    for figure in FIGURES:
        yield SheetColumn(figure.zh, 15, figure.en)


def _figure_line(row: AreaRow) -> Sequence[Cell]:
    cells = [
        f"{shown(row.figures[f.code])} {row.standings[f.code].label}".replace("— —", UNKNOWN)
        for f in FIGURES
    ]
    return _indented(row), UNKNOWN if row.score is None else row.score, *cells


def _indented(row: AreaRow) -> str:
    return "　" * row.depth + row.name


def _count_columns(report: MonthReport) -> Iterator[SheetColumn]:
    yield SheetColumn("区划", 26, "Area", is_left=True)
    for name in _names(report):
        yield SheetColumn(COUNTED[name].zh, 11, COUNTED[name].en)


def _names(report: MonthReport) -> list[str]:
    """Return the counts that some row has, in their order."""
    return [name for name in COUNTED if any(name in row.counts for row in report.rows)]


def _count_lines(report: MonthReport) -> Iterator[Sequence[Cell]]:
    for row in report.rows:
        yield _indented(row), *(row.counts.get(name, 0) for name in _names(report))


_TARGETS = (
    SheetColumn("区划", 26, "Area", is_left=True),
    SheetColumn("指标", 14, "Kind"),
    SheetColumn("全年任务", 12, "Year"),
    SheetColumn("按进度应完成", 14, "Expected"),
    SheetColumn("已完成", 12, "Done"),
    SheetColumn("完成率", 10, "Of the year"),
    SheetColumn("进度", 10, "Standing"),
)


def _target_lines(report: MonthReport) -> Iterator[Sequence[Cell]]:
    names = {row.area: _indented(row) for row in report.rows}
    for part in report.targets:
        share = round(100 * part.done / part.volume, 2) if part.volume else None
        where = names.get(part.area, part.area)
        counts = part.volume, part.expected, part.done
        yield where, part.kind.label, *counts, shown(share), part.standing.label


def _month_columns(report: MonthReport) -> Iterator[SheetColumn]:
    yield SheetColumn("项目", 26, "Item", is_left=True)
    for one in report.months:
        yield SheetColumn(one.month, 14)


def _month_lines(report: MonthReport) -> Iterator[Sequence[Cell]]:
    for figure in FIGURES:
        yield figure.zh, *(shown(one.figures[figure.code]) for one in report.months)
    for name, counted in COUNTED.items():
        if any(name in one.counts for one in report.months):
            yield counted.zh, *(one.counts.get(name, 0) for one in report.months)


_TOLD = (
    SheetColumn("类别", 12, "Kind"),
    SheetColumn("内容", 80, "In Chinese", is_left=True),
    SheetColumn("英文", 50, "In English", is_left=True),
)


def _told(report: MonthReport) -> Iterator[Sequence[Cell]]:
    kinds: tuple[tuple[str, Sequence[Sentence]], ...] = (
        ("提醒 alert", report.alerts),
        ("待办 open", report.open_items),
        ("说明 remark", report.remarks),
    )
    for kind, lines in kinds:
        yield from ((kind, line.zh, line.en) for line in lines)


_MEANING = (
    SheetColumn("指标", 24, "Figure", is_left=True),
    SheetColumn("目标", 10, "Target"),
    SheetColumn("权重", 10, "Weight"),
    SheetColumn("算法", 70, "How it is counted", is_left=True),
)


def _meanings(reporting: Reporting) -> Iterator[Sequence[Cell]]:
    for figure in FIGURES:
        weight = getattr(reporting, f"{figure.code}_weight")
        yield figure.zh, shown(goal(figure, reporting)), weight, figure.meaning
    for name, counted in COUNTED.items():
        yield counted.zh, "", "", f"{counted.en} [{name}]"
