"""Terminal output: progress while solving, then the summary; Chinese first."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.report import Report, Shortage
    from solver.engine.ladder import OnProgress, Progress

SHOWN_UNMET = 8
STAGES = {"seats": "顾问与调解员 seats", "month": "当月 month"}


@contextmanager
def progress(quiet: bool) -> Iterator[OnProgress]:
    """Show value, bound and gap of each goal as they change; plain lines without a terminal."""
    if quiet:
        yield lambda _: None
        return
    # rich takes 0.1 s to load; only a solve needs it
    from rich.console import Console
    from rich.live import Live
    from rich.table import Table

    console = Console(stderr=True)
    rows: dict[tuple[str, str], Progress] = {}

    def table() -> Table:
        drawn = Table(
            "阶段 stage", "目标 goal", "值 value", "下界 bound", "差距 gap", "秒 s", box=None
        )
        for step in rows.values():
            goal = f"{step.goal.label} {step.goal.value}"
            numbers = (
                f"{step.value:,}",
                f"{step.bound:,.0f}",
                f"{step.gap:.2%}",
                f"{step.seconds:.1f}",
            )
            drawn.add_row(STAGES.get(step.stage, step.stage), goal, *numbers)
        return drawn

    with Live(console=console, auto_refresh=False, transient=False) as live:

        def show(step: Progress) -> None:
            rows[step.stage, step.goal.value] = step
            if console.is_terminal:
                live.update(table(), refresh=True)

        yield show
        live.update(table(), refresh=True)
    if not console.is_terminal:
        console.print()  # the next output begins on a new line


def summary(report: Report) -> str:
    """Return the outcome of a solve or check in a few lines."""
    k = report.kpis
    lines = [
        f"结果 status: {report.status.label} {report.status.value}    月份 month: {report.month}"
        f"{'（工作日为推算 workdays estimated）' if report.estimated_days else ''}",
        f"硬性违规 hard breaches: {len(report.hard)}    原则性豁免 waivers: {len(report.waivers)}"
        f"    缺岗 unmet: {len(report.unmet)}",
        f"顾问配备 villages advised: {_percent(k['adviser_coverage_percent'])}",
    ]
    # a stage that was not planned has no percentage
    if not report.goals or any(goal.stage == "month" for goal in report.goals):
        lines[-1] += (
            f"    有效覆盖 visited when due: {_percent(k['effective_coverage_percent'])}"
            f"    班次落实 duties planned: {_percent(k['duty_coverage_percent'])}"
        )
    if report.goals:
        worst = max(goal.gap for goal in report.goals)
        lines.append(f"最优性差距（各目标最大） largest gap of any goal: {worst:.3%}")
    if any(goal.is_cut for goal in report.goals):
        lines.append(
            "各县分开求解，再改进县界；下界对跨县的方案也成立"
            " counties planned apart, then their borders; bounds hold across borders"
        )
    lines += shortage_lines(report.shortage)
    lines += [
        f"  ! {breach.zh} / {breach.en} [{breach.rule}]" for breach in report.hard[:SHOWN_UNMET]
    ]
    for unmet in report.unmet[:SHOWN_UNMET]:
        why = "；".join(reason.zh for reason in unmet.reasons[:4])
        lines.append(f"  - {unmet.zh}：{why}")
    if len(report.unmet) > SHOWN_UNMET:
        lines.append(f"  … 还有 {len(report.unmet) - SHOWN_UNMET} 项，见 report.json 与“缺岗清单”")
    lines += [f"  + {one.zh} / {one.en}" for one in report.overbooked[:SHOWN_UNMET]]
    if report.status.value == "checked":
        lines.append(_score(report))
    if report.status.value == "interrupted":
        lines.append("已中断，以上是中断前的最好结果。Interrupted: the best plan so far was kept.")
    lines += [f"提示 remark: {remark.lines()}" for remark in report.remarks]
    if report.notice:
        lines.append(f"说明 notice: {report.notice}")
    return "\n".join(lines)


def _percent(value: float | None) -> str:
    """Return a share, "—" if it is unknown."""
    return "—" if value is None else f"{value:.2f} %"


def shortage_lines(shortage: Shortage | None) -> list[str]:
    """Return the proof that the cap cannot hold, and what is missing where."""
    if shortage is None:
        return []
    return [
        f"缺口 shortage: {shortage.zh}",
        f"  {shortage.en}",
        f"  证明 proof: {shortage.proof_zh}",
        f"  {shortage.proof_en}",
    ]


def _score(report: Report) -> str:
    """Return what each rule amounts to, the figures by which two plans are compared."""
    from api.documents.labels import rule_label  # late: loads every rule

    amounts = sorted(report.terms.items(), key=lambda term: (-term[1], term[0]))
    named = (f"{rule_label(code)} {amount:,}" for code, amount in amounts if amount)
    return f"各规则合计（越小越好） amounts per rule, less is better: {'；'.join(named)}"


def say(text: str) -> None:
    """Print a line for a person."""
    sys.stdout.write(_tame(text) + "\n")


def complain(text: str) -> None:
    """Print a line about something wrong."""
    sys.stderr.write(_tame(text) + "\n")


def _tame(text: str) -> str:
    """Escape control characters, as in a file name, so that the terminal does not obey them."""
    if text.isprintable():
        return text
    return "".join(
        c if c == "\n" or unicodedata.category(c) != "Cc" else ascii(c)[1:-1] for c in text
    )
