"""The sheet 说明: where the plan comes from, how good it is, and what the terms mean."""

from __future__ import annotations

from collections.abc import Iterator

from api.documents.labels import kpi_label, kpi_text, rule_label, source_label
from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from api.documents.view import View

COLUMNS = (
    SheetColumn("类别", 14, "Section"),
    SheetColumn("项目", 30, "Item", is_left=True),
    SheetColumn("取值", 26, "Value"),
    SheetColumn("下界", 12, "Bound"),
    SheetColumn("差距", 10, "Gap"),
    SheetColumn("备注", 60, "Note", is_left=True),
)
WORDS = (
    ("公示表、月历、各名单、固定站与流动点", "可公示：只有姓名、机构、办公电话", "Public: name, office, office phone only"),
    ("内部值班表及其余各表", "内部资料：含手机、负荷与原因，请勿公示", "Internal: mobiles, load and reasons"),
    ("顾问、调解员、值班、走访、站点安排", "可直接修改，再用 zhiban verify 核对", "Edit, then check with zhiban verify"),
    ("“待定”", "没有人能够承担；原因见“未满足清单”", "Vacant; see the list of unmet demand"),
    (
        "目标的取值、下界、差距",
        "取值越小越好；下界是已证明不可能更小的值；差距为零即最优",
        "Smaller is better; the bound is proven; gap 0 is optimal",
    ),
    ("硬性、原则上、尽量", "硬性不可违反；原则上的例外须批准；尽量为目标", "Hard; waivable with approval; soft"),
    ("联系电话", "只列办公电话；形如手机的号码不在公示表出现", "Office numbers; what looks like a mobile is left out"),
)  # fmt: skip


def about_sheet(view: View) -> Sheet:
    """Return the sheet that explains the workbook and the plan."""
    sections = (_origin, _goals, _shortage, _kpis, _terms)
    rows = [*(row for section in sections for row in section(view)), *_words()]
    return Sheet(
        name="说明",
        heading=f"{view.title}排班说明（{view.month_label}）",
        note=view.notice,
        columns=COLUMNS,
        lines=tuple(
            SheetRow(row, starts_group=n > 0 and row[0] != rows[n - 1][0])
            for n, row in enumerate(rows)
        ),
        audience=Audience.INTERNAL,
    )


def _row(section: str, item: str, value: Cell, note: str = "") -> tuple[Cell, ...]:
    return section, item, value, "", "", note


def _origin(view: View) -> Iterator[tuple[Cell, ...]]:
    report = view.report
    yield _row("来源", "方案名称 Plan", view.instance.settings.name)
    yield _row("来源", "月份 Month", view.month)
    yield _row("来源", "求解状态 Status", report.status.label, report.status.value)
    yield _row("来源", "规则方案 Profile", report.profile)
    yield _row("来源", "随机种子 Seed", report.seed)
    yield _row("来源", "输入指纹 Input hash", report.input_hash[:16], report.input_hash)
    for name, version in sorted(report.versions.items()):
        yield _row("来源", f"版本 Version: {name}", version)
    for source, count in view.coordinate_sources:
        yield _row("来源", "村居坐标 Coordinates", f"{count} 个", source_label(source))


def _goals(view: View) -> Iterator[tuple[Cell, ...]]:
    for goal in view.report.goals:
        apart = "，分县求解 apart" if goal.is_cut else ""
        note = f"{goal.name}（{goal.stage} {goal.engine}".rstrip() + f"{apart}）"
        yield "目标", goal.zh, goal.value, round(goal.bound, 4), round(goal.gap, 6), note


def _shortage(view: View) -> Iterator[tuple[Cell, ...]]:
    lacking = view.report.shortage
    if lacking is None:
        return
    missing, served = lacking.missing, lacking.most_served
    yield (
        "缺口",
        "缺顾问（名）",
        missing,
        lacking.missing_bound,
        round(lacking.gap, 6),
        f"{lacking.zh}\n{lacking.en}",
    )
    note = f"{lacking.proof_zh}\n{lacking.proof_en}"
    yield _row("缺口", "守住上限最多担任的村居", f"{served} / {lacking.villages}", note)
    for township in lacking.townships:
        note = f"{township.villages} 个村居由新增顾问担任 villages left to new advisers [{township.area}]"
        yield _row("缺口", f"{township.name}缺", f"{township.advisers} 名", note)


def _kpis(view: View) -> Iterator[tuple[Cell, ...]]:
    for name, value in view.report.kpis.items():
        label = kpi_label(name)
        yield _row("指标", label.zh, kpi_text(name, value), f"{label.en} [{name}]")
    breaches = view.report.breaches
    yield _row("指标", "硬性规则违反", len(view.report.hard), "Breaches of hard rules")
    yield _row("指标", "须批准的例外", len(view.report.waivers), "Waivers")
    yield _row("指标", "全部未守之处", len(breaches), "All breaches")


def _terms(view: View) -> Iterator[tuple[Cell, ...]]:
    for rule, amount in view.report.terms.items():
        yield _row("规则用量", rule_label(rule), amount, rule)


def _words() -> Iterator[tuple[Cell, ...]]:
    for item, zh, en in WORDS:
        yield _row("名词", item, "", f"{zh}。{en}.")
