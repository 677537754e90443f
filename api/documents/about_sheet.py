"""The sheet 说明: where the plan comes from, how good it is, and what the terms mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.documents.labels import kpi_label, kpi_text, rule_label, source_label, stage_label
from api.documents.printed_sheet import Audience, Cell, Sheet, SheetColumn, SheetRow
from api.documents.view import View

COLUMNS = (
    SheetColumn("类别", 14),
    SheetColumn("项目", 34, is_left=True),
    SheetColumn("取值", 26),
    SheetColumn("备注", 70, is_left=True),
)
APPENDIX_COLUMNS = (
    SheetColumn("类别", 16),
    SheetColumn("项目", 34, is_left=True),
    SheetColumn("取值", 26),
    SheetColumn("下界", 14),
    SheetColumn("差距", 10),
    SheetColumn("备注", 50, is_left=True),
)
WORDS = (
    ("公示表、月历、顾问名单、调解员名单", "在 public.xlsx 中，可张贴：只有姓名、机构、办公电话"),
    ("内部值班表及其余各表", "内部资料：含手机、负荷与原因，请勿公示"),
    (
        "顾问、调解员、值班、走访、站点安排",
        "可直接修改姓名或编号，再用 zhiban update 核对并重写全部结果",
    ),
    ("其他各表", "只供查看和打印，已加保护（无密码）；在上面的改动不起作用"),
    ("“待定”", "没有人能够承担；原因见“缺岗清单”"),
    ("硬性、原则上、尽量", "硬性不可违反；原则上的例外须批准；尽量为目标"),
    ("联系电话", "只列办公电话；形如手机的号码不会出现在公示的表上"),
)
APPENDIX_WORDS = (
    (
        "取值、下界、差距",
        "取值越小越好；下界是已证明不可能更小的值；差距为零，就是不可能更好",
    ),
    ("随机种子、版本", "输入、种子和版本都相同，排出的结果也相同"),
)


def about_sheet(view: View) -> Sheet:
    """Return the sheet that explains the workbook and the plan."""
    rows = [row for section in (_origin, _shortage, _kpis) for row in section(view)]
    return _sheet(view, "说明", f"{view.title}排班说明", COLUMNS, [*rows, *_words(WORDS, 2)])


def appendix_sheet(view: View) -> Sheet:
    """Return the sheet for who wants to prove or repeat the plan: bounds, seed, versions."""
    rows = [row for section in (_goals, _terms, _versions) for row in section(view)]
    rows += _words(APPENDIX_WORDS, 4)
    return _sheet(view, "附录", f"{view.title}排班附录", APPENDIX_COLUMNS, rows)


def _sheet(
    view: View,
    name: str,
    heading: str,
    columns: tuple[SheetColumn, ...],
    rows: list[tuple[Cell, ...]],
) -> Sheet:
    return Sheet(
        name=name,
        heading=f"{heading}（{view.month_label}）",
        note=view.notice,
        columns=columns,
        lines=tuple(
            SheetRow(row, starts_group=n > 0 and row[0] != rows[n - 1][0])
            for n, row in enumerate(rows)
        ),
        audience=Audience.INTERNAL,
    )


def _origin(view: View) -> Iterator[tuple[Cell, ...]]:
    report = view.report
    estimated = "工作日为推算，以国务院办公厅通知为准" if report.estimated_days else ""
    yield "来源", "方案名称", view.instance.settings.name, ""
    yield "来源", "月份", view.month_label, estimated
    yield "来源", "结果", report.status.label, ""
    yield "来源", "规则方案", report.profile, ""
    for source, count in view.coordinate_sources:
        yield "来源", "村居坐标", f"{count} 个", source_label(source)
    for remark in report.remarks:
        yield "提示", remark.table, remark.cell, remark.detail_zh


def _versions(view: View) -> Iterator[tuple[Cell, ...]]:
    report = view.report
    yield "来源", "随机种子", report.seed, "", "", ""
    yield "来源", "输入指纹", report.input_hash[:16], "", "", report.input_hash
    for name, version in sorted(report.versions.items()):
        yield "来源", f"版本：{name}", version, "", "", ""


def _goals(view: View) -> Iterator[tuple[Cell, ...]]:
    for goal in view.report.goals:
        apart = "（分县求解）" if goal.is_cut else ""
        note = f"{stage_label(goal.stage)}{apart}"
        yield "目标", goal.zh, goal.value, round(goal.bound, 4), round(goal.gap, 6), note


def _shortage(view: View) -> Iterator[tuple[Cell, ...]]:
    lacking = view.report.shortage
    if lacking is None:
        return
    yield "缺口", "缺顾问（名）", lacking.missing, lacking.zh
    most = f"{lacking.most_served} / {lacking.villages}"
    yield "缺口", "不超过上限时最多可配备顾问的村居", most, lacking.proof_zh
    for township in lacking.townships:
        note = f"{township.villages} 个村居由新增顾问担任"
        yield "缺口", f"{township.name}缺", f"{township.advisers} 名", note


def _kpis(view: View) -> Iterator[tuple[Cell, ...]]:
    for name, value in view.report.kpis.items():
        yield "指标", kpi_label(name).zh, kpi_text(name, value), ""
    yield "指标", "硬性规则违反", len(view.report.hard), ""
    yield "指标", "须批准的例外", len(view.report.waivers), ""
    yield "指标", "未守规则之处合计", len(view.report.breaches), ""


def _terms(view: View) -> Iterator[tuple[Cell, ...]]:
    for rule, amount in view.report.terms.items():
        yield "各规则执行情况", rule_label(rule), amount, "", "", ""


def _words(words: Iterable[tuple[str, str]], blanks: int) -> Iterator[tuple[Cell, ...]]:
    for item, zh in words:
        yield "名词", item, *[""] * (blanks - 1), f"{zh}。"
