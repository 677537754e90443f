"""comparison.xlsx: scenarios side by side, as sheets that an office reads and filters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.documents.labels import goal_label, kpi_label, kpi_text
from api.documents.printed_sheet import Audience, Cell, Paper, Sheet, SheetColumn, SheetRow
from models.issues import Issue
from scenarios.compare.result import Compared, Comparison, Load, Verdict

SCENARIO = SheetColumn("方案", 30, "Scenario", is_left=True)
SEED = SheetColumn("种子", 7, "Seed")

RANKING = (
    SheetColumn("名次", 7, "Rank"),
    SCENARIO,
    SEED,
    SheetColumn("对基准", 11, "Against base"),
    SheetColumn("由哪个目标决定", 24, "Decided by"),
    SheetColumn("顾问覆盖 %", 10, "Advised"),
    SheetColumn("走访覆盖 %", 10, "Visited"),
    SheetColumn("班次落实 %", 10, "Duties planned"),
    SheetColumn("平均分钟", 9, "Mean minutes"),
    SheetColumn("换顾问村居", 10, "Villages that change adviser"),
    SheetColumn("未满足", 9, "Unmet"),
    SheetColumn("月费用（元）", 13, "Cost of the month"),
    SheetColumn("经费余额（元）", 14, "Left of the fund"),
    SheetColumn("改变", 70, "Changes", is_left=True),
)
GOALS = (
    SCENARIO,
    SEED,
    SheetColumn("阶段", 9, "Stage"),
    SheetColumn("目标", 18, "Goal"),
    SheetColumn("取值", 11, "Value"),
    SheetColumn("下界", 12, "Bound"),
    SheetColumn("基准取值", 11, "Base value"),
    SheetColumn("基准下界", 12, "Base bound"),
    SheetColumn("判断", 12, "Verdict"),
)
FIGURES = (
    SCENARIO,
    SEED,
    SheetColumn("指标", 34, "Figure", is_left=True),
    SheetColumn("取值", 12, "Value"),
    SheetColumn("基准", 12, "Base"),
    SheetColumn("差", 12, "Difference"),
    SheetColumn("英文", 40, "In English", is_left=True),
)
RULES = (
    SCENARIO,
    SEED,
    SheetColumn("规则", 26, "Rule", is_left=True),
    SheetColumn("合计", 10, "Amount"),
    SheetColumn("基准合计", 10, "Base amount"),
    SheetColumn("规则与基准不同", 12, "Other rule than the base's"),
    SheetColumn("代码", 28, "Code", is_left=True),
)
TOWNSHIPS = (
    SCENARIO,
    SEED,
    SheetColumn("乡镇", 18, "Township", is_left=True),
    SheetColumn("村居", 8, "Villages"),
    SheetColumn("有顾问", 9, "Advised"),
    SheetColumn("基准有顾问", 11, "Advised, base"),
    SheetColumn("有走访", 9, "Visited"),
    SheetColumn("平均分钟", 9, "Mean minutes"),
    SheetColumn("基准平均分钟", 11, "Mean minutes, base"),
    SheetColumn("班次", 9, "Duty seats"),
    SheetColumn("落实", 8, "Planned"),
    SheetColumn("调解员", 9, "Mediators"),
)
PEOPLE = (
    SCENARIO,
    SEED,
    SheetColumn("编号", 11, "Id"),
    SheetColumn("姓名", 12, "Name"),
    SheetColumn("村居", 9, "Villages"),
    SheetColumn("基准村居", 10, "Base"),
    SheetColumn("值班", 8, "Turns"),
    SheetColumn("基准值班", 10, "Base"),
    SheetColumn("走访", 8, "Visits"),
    SheetColumn("基准走访", 10, "Base"),
    SheetColumn("工时", 9, "Hours"),
    SheetColumn("基准工时", 10, "Base"),
    SheetColumn("路途分钟", 10, "Travel min"),
    SheetColumn("基准路途", 10, "Base"),
)
ADVISERS = (
    SCENARIO,
    SEED,
    SheetColumn("村居", 24, "Village", is_left=True),
    SheetColumn("村居代码", 16, "Id"),
    SheetColumn("乡镇代码", 14, "Township"),
    SheetColumn("基准顾问", 14, "Before"),
    SheetColumn("方案顾问", 14, "After"),
    SheetColumn("原因", 16, "Why"),
)
UNMET = (
    SCENARIO,
    SEED,
    SheetColumn("类别", 10, "Kind"),
    SheetColumn("日期", 12, "Date"),
    SheetColumn("缺额", 8, "Missing"),
    SheetColumn("基准缺额", 10, "Base"),
    SheetColumn("说明", 40, "What, in Chinese", is_left=True),
    SheetColumn("原因", 46, "Reasons, in Chinese", is_left=True),
    SheetColumn("英文", 60, "In English", is_left=True),
)
MONEY = (
    SCENARIO,
    SEED,
    SheetColumn("村居", 12, "Villages"),
    SheetColumn("值班", 12, "Duties"),
    SheetColumn("备班", 11, "Standby"),
    SheetColumn("讲座", 11, "Lectures"),
    SheetColumn("调解员", 12, "Mediators"),
    SheetColumn("合计", 13, "Total"),
    SheetColumn("每村居", 10, "Per village"),
    SheetColumn("经费（月）", 13, "Fund a month"),
    SheetColumn("余额", 13, "Left"),
    SheetColumn("没有费率、未计", 40, "Without a rate, left out", is_left=True),
)
SPREADS = (
    SCENARIO,
    SheetColumn("指标", 34, "Figure", is_left=True),
    SheetColumn("最小", 12, "Least"),
    SheetColumn("平均", 12, "Mean"),
    SheetColumn("最大", 12, "Most"),
)
NOTES = (
    SheetColumn("说明", 80, "Note", is_left=True),
    SheetColumn("英文", 90, "In English", is_left=True),
)


def comparison_sheets(comparison: Comparison) -> Iterable[Sheet]:
    """Return the sheets of the workbook, the ranking first."""
    rows = comparison.scenarios
    base = {row.seed: row for row in rows if row.is_base}
    ranked = sorted(rows, key=lambda row: (row.seed, row.rank or len(rows) + 1))
    found = (
        _sheet(comparison, "比较", RANKING, map(_ranking, ranked)),
        _sheet(comparison, "目标", GOALS, (line for row in rows for line in _goals(row))),
        _sheet(
            comparison, "指标", FIGURES, (line for r in rows for line in _figures(r, base[r.seed]))
        ),
        _sheet(comparison, "规则", RULES, (line for row in rows for line in _rules(row))),
        _sheet(
            comparison,
            "乡镇",
            TOWNSHIPS,
            (line for r in rows for line in _townships(r, base[r.seed])),
        ),
        _sheet(comparison, "人员", PEOPLE, (line for row in rows for line in _people(row))),
        _sheet(comparison, "更换顾问", ADVISERS, (line for row in rows for line in _advisers(row))),
        _sheet(comparison, "未满足", UNMET, (line for row in rows for line in _unmet(row))),
        _sheet(comparison, "经费", MONEY, (line for row in rows for line in _money(row))),
        _sheet(comparison, "说明", NOTES, _notes(comparison)),
    )
    spreads = _sheet(comparison, "各种子", SPREADS, _spreads(comparison))
    return (*found, spreads) if comparison.spreads else found


def _sheet(
    comparison: Comparison,
    name: str,
    columns: tuple[SheetColumn, ...],
    rows: Iterable[tuple[Cell, ...]],
) -> Sheet:
    known = tuple(rows)
    is_new = [n > 0 and row[0] != known[n - 1][0] for n, row in enumerate(known)]
    has_groups = columns[0] is SCENARIO
    return Sheet(
        name=name,
        columns=columns,
        lines=tuple(
            SheetRow(row, starts_group=has_groups and begins)
            for row, begins in zip(known, is_new, strict=True)
        ),
        audience=Audience.INTERNAL,
        heading=f"{comparison.question}：{name}",
        note=f"{comparison.plan}（{comparison.month}）",
        paper=Paper.A4_LANDSCAPE,
        frozen_columns=2 if columns is RANKING else 1,
    )


def _ranking(row: Compared) -> tuple[Cell, ...]:
    kpis, money = row.kpis, row.money
    return (
        "—" if row.verdict is Verdict.OTHER or row.rank is None else row.rank,
        row.name,
        row.seed,
        "" if row.is_base else row.verdict.label if row.verdict else "不可行",
        "" if row.is_base else goal_label(row.decided_by),
        kpis.get("adviser_coverage_percent"),
        kpis.get("effective_coverage_percent"),
        kpis.get("duty_coverage_percent"),
        kpis.get("mean_adviser_minutes"),
        len(row.advisers) if row.rank else None,
        len(row.unmet) if row.rank else None,
        money.total if money else None,
        money.left if money else None,
        "\n".join([*(said.zh for said in row.sentences), *map(_told, row.issues)]),
    )


def _told(issue: Issue) -> str:
    return f"不可行：{issue.zh}"


def _goals(row: Compared) -> Iterator[tuple[Cell, ...]]:
    for goal in row.goals:
        verdict = "" if row.is_base else goal.verdict.label
        numbers = goal.value, round(goal.bound, 4), goal.base_value, round(goal.base_bound, 4)
        yield row.name, row.seed, goal.stage, f"{goal.zh} {goal.name}", *numbers, verdict


def _figures(row: Compared, base: Compared) -> Iterator[tuple[Cell, ...]]:
    for name, value in row.kpis.items():
        label, other = kpi_label(name), base.kpis.get(name)
        texts = kpi_text(name, value), None if other is None else kpi_text(name, other)
        moved = None if other is None else round(value - other, 4)
        yield row.name, row.seed, label.zh, *texts, moved, label.en
    for name, count in row.asked.items():
        (zh, en), asked = ASKED[name], base.asked.get(name)
        more = None if asked is None else count - asked
        yield row.name, row.seed, zh, count, asked, more, en


ASKED = {
    "villages": ("需求：村居", "asked: villages"),
    "priority_villages": ("需求：重点村居", "asked: priority villages"),
    "duty_seats": ("需求：班次", "asked: duty seats"),
    "standby_seats": ("需求：备班", "asked: standby seats"),
    "mediator_seats": ("需求：专职调解员", "asked: mediator seats"),
    "visits": ("需求：走访", "asked: visits"),
    "lectures": ("需求：讲座", "asked: lectures"),
}
"""What the figures of ``asked`` are called."""


def _rules(row: Compared) -> Iterator[tuple[Cell, ...]]:
    for rule in row.rules:
        other = "是" if rule.is_other else ""
        yield row.name, row.seed, rule.zh, rule.amount, rule.base_amount, other, rule.rule


def _townships(row: Compared, base: Compared) -> Iterator[tuple[Cell, ...]]:
    before = {town.area: town for town in base.townships}
    for town in row.townships:
        was = before.get(town.area)
        yield (
            row.name,
            row.seed,
            town.name,
            town.villages,
            town.advised,
            was.advised if was else None,
            town.visited,
            town.mean_minutes,
            was.mean_minutes if was else None,
            town.duty_seats,
            town.duties_held,
            town.mediators,
        )


def _people(row: Compared) -> Iterator[tuple[Cell, ...]]:
    for person in row.people:
        pairs = zip(_numbers(person.load), _numbers(person.base), strict=True)
        cells = (cell for pair in pairs for cell in pair)
        yield row.name, row.seed, person.person, person.name, *cells


def _numbers(load: Load | None) -> tuple[Cell, ...]:
    """Return the load, or what stands for somebody who is not there."""
    if load is None:
        return ("不在",) * 5
    return load.villages, load.turns, load.visits, load.hours, load.travel_minutes


def _advisers(row: Compared) -> Iterator[tuple[Cell, ...]]:
    for change in row.advisers:
        why = "原顾问离开" if change.has_left else "" if change.before else "原无顾问"
        names = change.before_name or "无", change.after_name or "无"
        yield row.name, row.seed, change.name, change.village, change.area, *names, why


def _unmet(row: Compared) -> Iterator[tuple[Cell, ...]]:
    for lack in (*row.unmet, *row.now_met):
        date = f"{lack.date} {lack.part.label}" if lack.date and lack.part else ""
        what = lack.zh if lack.missing else f"基准缺、本方案已满足：{lack.zh}"
        why = "\n".join(reason.zh for reason in lack.reasons)
        numbers = lack.missing, lack.base_missing
        yield row.name, row.seed, lack.kind.label, date, *numbers, what, why, lack.en


def _money(row: Compared) -> Iterator[tuple[Cell, ...]]:
    if row.money is not None:
        sums = row.money.model_dump(exclude={"uncounted"}).values()
        yield row.name, row.seed, *sums, "、".join(words.zh for words in row.money.uncounted)


def _spreads(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    for row in comparison.spreads:
        name = "月费用（元）" if row.figure == "cost" else kpi_label(row.figure).zh
        yield row.name, name, row.least, row.mean, row.most


def _notes(comparison: Comparison) -> Iterator[tuple[Cell, ...]]:
    for note in comparison.notes:
        yield note.zh, note.en
    if comparison.notice:
        yield comparison.notice, ""
    if comparison.missing:
        names = comparison.missing
        yield f"尚未求解：{'、'.join(names)}", f"not solved yet: {', '.join(names)}"
