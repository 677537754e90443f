"""Terminal output of a what-if: progress by scenario, then the ranked table."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from api.documents.labels import goal_label

if TYPE_CHECKING:
    from rich.table import Table

    from api.actions.whatif import Watch
    from scenarios.compare.result import Compared, Comparison
    from scenarios.whatif.preparing import PreparedScenario
    from scenarios.whatif.runs import OnRunStep, Run, RunStep

SHOWN_SENTENCES = 3


@contextmanager
def run_progress(quiet: bool) -> Iterator[Watch]:
    """Show each scenario's state as it moves; a line for each one done where there is no terminal."""
    if quiet:
        yield lambda prepared, runs: lambda step: None
        return
    # rich takes 0.1 s to load; only a solve needs it
    from rich.console import Console
    from rich.live import Live

    console = Console(stderr=True)
    with Live(console=console, auto_refresh=False, transient=True) as live:

        def watch(prepared: list[PreparedScenario], runs: list[Run]) -> OnRunStep:
            board = _Board(prepared, runs)

            def show(step: RunStep) -> None:
                line = board.note(step)
                if console.is_terminal:
                    live.update(board.table(), refresh=True)
                elif line:
                    console.print(line)

            return show

        yield watch


class _Board:
    """The progress of each run, by the names of the scenarios that it answers."""

    def __init__(self, prepared: Sequence[PreparedScenario], runs: Sequence[Run]) -> None:
        self._began, self._done = time.monotonic(), 0
        self._rows: dict[str, list[str]] = {}
        has_seeds = len({item.seed for item in prepared}) > 1
        for item, run in zip(prepared, runs, strict=True):
            name = f"{item.name}（{item.seed}）" if has_seeds else item.name
            row = self._rows.setdefault(run.key, ["", "等待 waiting", ""])
            row[0] = "、".join(filter(None, (row[0], name)))

    def note(self, step: RunStep) -> str:
        """Record a step; return a line for a finished run, nothing for one under way."""
        row = self._rows[step.run.key]
        seconds = sum(step.report.seconds.values()) if step.report else 0.0
        row[1:] = [f"{step.state.label} {step.state.label_en}", f"{seconds:.1f}"]
        if step.state.name == "STARTED":
            return ""
        self._done += 1
        spent = time.monotonic() - self._began
        return f"{self._done}/{len(self._rows)} {' '.join(row)} s（{spent:.0f} s）"

    def table(self) -> Table:
        """Return the table of all runs."""
        from rich.table import Table  # as above

        drawn = Table("方案 scenario", "状态 state", "秒 s", box=None)
        for row in self._rows.values():
            drawn.add_row(*row)
        return drawn


def comparison_lines(comparison: Comparison) -> list[str]:
    """Return the ranked table in lines, with the changes and notes of each scenario."""
    lines = [f"{comparison.question}    {comparison.plan}（{comparison.month}）"]
    many = len({row.seed for row in comparison.scenarios}) > 1
    rows = sorted(comparison.scenarios, key=lambda row: (row.seed, row.rank or 10**6))
    for row in rows:
        lines.append(_line(row, many))
        lines += [f"      {s.zh}    {s.en}" for s in row.sentences[:SHOWN_SENTENCES]]
        left = len(row.sentences) - SHOWN_SENTENCES
        lines += [f"      … 还有 {left} 项改变    {left} more changes"] if left > 0 else []
        lines += [f"      ! {issue.zh}    {issue.en}" for issue in row.issues]
    if comparison.missing:
        names = comparison.missing
        lines.append(
            f"已中断，还有 {len(names)} 个方案没有求解，再运行同一命令即继续。"
            f"Interrupted with {len(names)} scenarios to go; run the same command to go on."
        )
    lines += [f"注 {note.zh}\n   {note.en}" for note in comparison.notes]
    return lines + ([f"说明 notice: {comparison.notice}"] if comparison.notice else [])


def _line(row: Compared, many: bool) -> str:
    """Return the figures of one scenario."""
    name = f"{row.name}（{row.seed}）" if many else row.name
    if row.rank is None:
        return f"  —  {name}：不可行 refused"
    figures = [
        f"{zh} {row.kpis[key]:g}{unit}"
        for key, zh, unit in (
            ("adviser_coverage_percent", "顾问 advised", "%"),
            ("effective_coverage_percent", "走访 visited", "%"),
            ("duty_coverage_percent", "值班 duties", "%"),
            ("mean_adviser_minutes", "平均 mean", " min"),
        )
        if key in row.kpis
    ]
    figures.append(f"缺岗 unmet {len(row.unmet)}")
    if not row.is_base:
        figures.append(f"换顾问 changed {len(row.advisers)}")
    if row.money is not None:
        figures.append(f"费用 cost {row.money.total:,.0f}")
    place = "  —" if row.verdict is not None and row.verdict.value == "other" else f"{row.rank:>3}."
    text = f"{place} {name}：{'  '.join(figures)}"
    if row.is_base or row.verdict is None:
        return text
    where = f"（{goal_label(row.decided_by)}）" if row.decided_by else ""
    return f"{text}    对基准 against base: {row.verdict.label} {row.verdict.label_en}{where}"
