"""The page of results: ``python -m benchmarks.page`` makes ``benchmarks/README.md`` from the CSV files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import median, quantiles

from benchmarks.baselines.weights import WEIGHTS
from benchmarks.cases import CASES, STAGES, Case
from benchmarks.cells import Cells, label, percent, ratio, shown, span, table
from benchmarks.faults.section import faults
from benchmarks.fits import Country, makespan, power_law
from benchmarks.history import (
    BORDERS,
    COUNTIES,
    CURVES,
    RUNS,
    Contest,
    Run,
    read_closed,
    read_contests,
    read_faults,
    read_loads,
    read_runs,
)
from benchmarks.machine import ROOT
from benchmarks.page_text import BORDER, CONTEST, CURVE, FIT, HEAD, NO_RUNS
from benchmarks.service.page import feeds
from benchmarks.summaries import (
    Summary,
    grouped,
    last_contests,
    latest,
    runs_of,
    summaries,
)
from benchmarks.years.section import years
from solver.engine.ladder import relative_gap

PAGE = ROOT / "benchmarks" / "README.md"
GOALS = {goal.value: goal for goal in WEIGHTS}


def page(folder: Path | None = None) -> str:
    """Return the page for the CSV files of a folder."""
    runs, contests = read_runs(RUNS, folder), read_contests(folder)
    points, alone = read_runs(CURVES, folder), read_runs(COUNTIES, folder)
    crossed, loads = read_runs(BORDERS, folder), read_loads(folder)
    trials, closed = read_faults(folder), read_closed(folder)
    sections: list[tuple[str, Callable[[], Iterator[str]], bool]] = [
        ("最近结果与目标 Latest against targets", lambda: targets(runs), bool(runs)),
        ("并行与故障 Workers and a crash", lambda: workers(runs), bool(runs)),
        ("县界 Borders", lambda: borders(crossed), bool(crossed)),
        ("订阅 Feeds under load", lambda: feeds(loads), bool(loads)),
        ("各目标 Goal by goal", lambda: goals(runs), bool(runs)),
        ("对照 Baselines", lambda: baselines(contests), bool(contests)),
        ("成本曲线 Cost curves", lambda: curves(points), bool(points)),
        ("全国估算（纸面）All of China, on paper", lambda: estimate(alone), bool(alone)),
        ("故障 Faults", lambda: faults(trials), bool(trials)),
        ("两年 Two years of months", lambda: years(closed), bool(closed)),
        ("历史 History", lambda: history(runs), bool(runs)),
    ]
    lines = [HEAD]
    for title, body, has_rows in sections:
        lines += [f"## {title}\n", *(body() if has_rows else [NO_RUNS]), ""]
    return "\n".join(lines)


def targets(rows: Sequence[Run]) -> Iterator[str]:
    """Yield the newest medians beside their targets, met or not."""
    found = [s for s in latest(rows) if s.first.size in CASES]
    yield "中位数（内存与差距取最大）；括号内为目标。Medians over seeds, memory and gaps the largest; targets in brackets.\n"
    head: tuple[str, ...] = (
        "规模 size",
        "村居 villages",
        "人员 people",
        "班次 slots",
        "进程 workers",
        "种子 seeds",
    )
    head += ("秒 s", "MB", "席位差距 gap, seats", "月差距 gap, month", "硬性违规 hard", "达到 met")
    yield from table(head, (_target(summary, CASES[summary.first.size]) for summary in found))
    phases = ("build", "solve", "check", "explain")
    yield "\n各阶段秒数，中位数 Seconds by phase, medians (the rest is start-up, reading and writing):\n"
    lines = ((label(s), *(shown(s.phase(p)) for p in phases), f"{s.seconds:.1f}") for s in found)
    yield from table(("规模 size", *phases, "whole"), lines)
    yield from _origins(rows)


def _target(summary: Summary, case: Case) -> Cells:
    first = summary.first
    gaps = (
        f"{percent(summary.gap(stage))} ({percent(case.gap.get(stage, 0.0))})" for stage in STAGES
    )
    sizes = (
        span(getattr(row, name) for row in summary.rows) for name in ("villages", "people", "slots")
    )
    return (
        *(label(summary), *sizes, str(first.workers), str(summary.seeds)),
        f"{summary.seconds:.1f} ({case.seconds:g})",
        f"{summary.memory_mb:.0f} ({case.memory_mb:g})",
        *gaps,
        str(summary.hard_breaches) + (f"; {summary.failed} 失败 failed" if summary.failed else ""),
        "是 yes" if _is_met(summary, case) else "否 no",
    )


def _is_met(summary: Summary, case: Case) -> bool:
    is_light = summary.seconds <= case.seconds and summary.memory_mb <= case.memory_mb
    is_whole = all(summary.reached(stage) for stage in case.stages)
    gaps = {stage: summary.gap(stage) or 0.0 for stage in case.stages}
    is_proven = all(gap <= case.gap.get(stage, 0.0) for stage, gap in gaps.items())
    return is_light and is_whole and is_proven and summary.hard_breaches == 0


def workers(rows: Sequence[Run]) -> Iterator[str]:
    """Yield runs of one instance with other numbers of workers, or with one of them killed."""
    yield "同一输入与种子；两个进程的完整运行为准；单进程的时限加倍，使每一部分所用的工夫相同。"
    yield "Same instance and seed; the unbroken run on two workers is the measure; one worker has twice the limit,"
    yield "so that every part gets the same effort.\n"
    head: tuple[str, ...] = ("规模 size", "种子 seed", "进程 workers", "秒 s")
    head += (
        "排班秒 planning s",
        "MB",
        "最大差距 gap",
        "结束 status",
        "与两进程不同的目标 goals that differ",
    )
    newest = runs_of(row for summary in latest(rows) for row in summary.rows)
    lines = []
    for group in grouped(newest, lambda run: (run[0].size, run[0].seed, run[0].commit)):
        usual = next((run for run in group if (run[0].workers, run[0].killed) == (2, 0)), None)
        if usual is not None and len({(r[0].workers, r[0].killed) for r in group}) > 1:
            lines += [_workers(run, usual) for run in group]
    yield from table(head, lines) if lines else [NO_RUNS]


def _workers(run: list[Run], usual: list[Run]) -> Cells:
    first = run[0]
    values = {(row.stage, row.rung): row.value for row in usual}
    other = [
        f"{row.stage} {row.rung} {(row.value or 0) - (values.get((row.stage, row.rung)) or 0):+d}"
        for row in run
        if row.rung and row.value != values.get((row.stage, row.rung))
    ]
    return (
        *(label(Summary(tuple(run))), str(first.seed), str(first.workers)),
        ratio(first.whole_seconds, usual[0].whole_seconds, 1),
        ratio(first.solve_seconds, usual[0].solve_seconds, 1),
        f"{first.peak_memory_mb:.0f}",
        *(percent(max(row.gap or 0 for row in run)), first.status, ", ".join(other) or "–"),
    )


def borders(rows: Sequence[Run]) -> Iterator[str]:
    """Yield what solving counties apart loses against the bound of the whole model."""
    yield BORDER
    by_way = {name: [row for row in rows if row.size.endswith(name)] for name in ("whole", "apart")}
    newest = {(r.seed, r.rung): r for r in by_way["whole"]}
    apart = {(r.seed, r.rung): r for r in by_way["apart"]}
    seconds = {name: median(row.whole_seconds for row in found) for name, found in by_way.items()}
    yield f"整条命令 whole command: {seconds['whole']:.1f} s, apart {seconds['apart']:.1f} s (median).\n"
    head = ("种子 seed", "目标 goal", "整体 whole", "整体下界 bound", "分开 apart", "损失 loss")
    lines = (
        (
            *(str(seed), rung, str(row.value), f"{row.bound:g}", str(apart[seed, rung].value)),
            percent(relative_gap(apart[seed, rung].value or 0, row.bound or 0)),
        )
        for (seed, rung), row in sorted(newest.items(), key=lambda item: item[0][0])
        if (seed, rung) in apart
    )
    yield from table(head, lines)


def goals(rows: Sequence[Run]) -> Iterator[str]:
    """Yield value, bound, gap and seconds of each goal, medians over seeds."""
    head: tuple[str, ...] = (
        "规模 size",
        "进程 workers",
        "阶段 stage",
        "目标 goal",
        "值 value",
        "下界 bound",
    )
    head += ("最大差距 largest gap", "秒 s")
    lines = []
    for summary in latest(rows):
        reached = [row for row in summary.rows if row.rung]
        for group in grouped(reached, lambda r: (r.stage, r.rung)):
            first = group[0]
            lines.append(
                (
                    *(label(summary), str(first.workers), first.stage, first.rung),
                    f"{median(r.value or 0 for r in group):g}",
                    f"{median(r.bound or 0 for r in group):g}",
                    percent(max(r.gap or 0 for r in group)),
                    f"{median(r.rung_seconds or 0 for r in group):.2f}",
                )
            )
    yield from table(head, lines)


def baselines(rows: Sequence[Contest]) -> Iterator[str]:
    """Yield every contender beside zhiban in the same run; smaller values are better."""
    yield CONTEST
    for group in last_contests(rows):
        first = group[0]
        yield f"### {first.size}, 种子 seed {first.seed}, {first.part}\n"
        yield f"{first.villages} 村居 villages, {first.people} 人 people, {first.slots} 班次 slots; "
        yield f"时限 limit {first.limit_seconds:g} s; {first.date[:10]}, {first.commit}\n"
        yield from _contest(grouped(group, lambda r: r.contender))
        yield ""


def _contest(plans: list[list[Contest]]) -> Iterator[str]:
    ours = next((plan for plan in plans if plan[0].contender == "zhiban"), [])
    rungs = list(dict.fromkeys(row.rung for plan in plans for row in plan if row.rung))
    usual = {row.rung: row.value for row in ours if row.rung}
    head = (
        "",
        *rungs,
        "首个不同的目标 first different goal",
        "加权和 weighted sum",
        "硬性违规 hard",
    )
    head += ("未满足 unmet", "秒 s", "排班秒 planning s", "MB")
    lines = []
    for plan in plans:
        first, values = plan[0], {row.rung: row.value for row in plan if row.rung}
        whole, spent = (ours[0].whole_seconds, ours[0].plan_seconds) if ours else (None, None)
        lines.append(
            (
                first.contender
                + ("" if first.status == "planned" else f" ({first.status.replace('|', ' ')})"),
                *(ratio(values.get(rung), usual.get(rung)) for rung in rungs),
                _first_difference(values, usual),
                ratio(_weighted(values), _weighted(usual)),
                *("–" if n is None else str(n) for n in (first.hard_breaches, first.unmet)),
                ratio(first.whole_seconds, whole, 1),
                ratio(first.plan_seconds, spent, 2),
                f"{first.peak_memory_mb:.0f}",
            )
        )
    yield from table(head, lines)


def _first_difference(values: dict[str, int | None], usual: dict[str, int | None]) -> str:
    """Return the first goal, in the ladder's order, in which a plan differs from zhiban's."""
    for goal in WEIGHTS:
        mine, theirs = values.get(goal.value), usual.get(goal.value)
        if mine is not None and theirs is not None and mine != theirs:
            return f"{goal.value} {mine - theirs:+d}"
    return "–"


def _weighted(values: dict[str, int | None]) -> int | None:
    known = [WEIGHTS[GOALS[name]] * value for name, value in values.items() if value is not None]
    return sum(known) if known else None


def curves(rows: Sequence[Run]) -> Iterator[str]:
    """Yield the points and the fitted exponents."""
    found = sorted(
        (s for s in latest(rows) if not s.failed), key=lambda summary: summary.first.villages
    )
    yield CURVE
    head = ("村居 villages", "班次 slots", "人员 people", "秒 s", "MB", "最大差距 gap", "commit")
    lines = (
        (
            *(str(n) for n in (s.first.villages, s.first.slots, s.first.people)),
            *(f"{s.seconds:.1f}", f"{s.memory_mb:.0f}"),
            *(percent(_gap(s)), s.first.commit),
        )
        for s in found
    )
    yield from table(head, lines)
    yield FIT
    ended = [s for s in found if not _gap(s)]  # the seconds of others are those of their limit
    costs = {
        "秒 s": [(s.first, s.seconds) for s in ended],
        "MB": [(s.first, s.memory_mb) for s in found],
    }
    sizes = {"村居 villages": "villages", "班次 slots": "slots"}
    fits = (
        (cost, size, _power([getattr(run, count) for run, _ in points], [c for _, c in points]))
        for cost, points in costs.items()
        for size, count in sizes.items()
    )
    yield from table(("成本 cost", "随 against", "指数 exponent"), fits)
    yield from _origins(rows)


def _gap(summary: Summary) -> float:
    return max(summary.gap("seats") or 0, summary.gap("month") or 0)


def estimate(rows: Sequence[Run], country: Country | None = None) -> Iterator[str]:
    """Yield how long all of China would take, from counties measured alone, and what is assumed."""
    country = country or Country()
    found = [s for s in latest(rows) if not s.failed]
    seconds, villages = [s.seconds for s in found], [s.first.villages for s in found]
    fit = power_law(villages, seconds)
    if len(found) < 2 or fit is None:
        yield "县太少，无法估算 too few counties to estimate from"
        return
    low, _, high = quantiles(seconds, n=4)
    unproven = sum(any((row.gap or 0) > 0 for row in s.rows) for s in found)
    jobs = country.jobs(villages, seconds, fit.exponent)
    yield "这是估算，不是测量。An estimate on paper, not a measurement.\n"
    yield f"- {len(found)} 个县单独测量 counties measured alone, one process each, whole command: median "
    yield f"  {median(seconds):.1f} s, quartiles {low:.1f} and {high:.1f} s, longest {max(seconds):.1f} s, "
    yield f"  {min(villages)}–{max(villages)} villages, {unproven} 个有差距 with a gap;"
    yield f"  seconds grow with villages^{fit.exponent:.2f} ({fit.error:.2f})."
    yield f"- {country.counties:,} counties are drawn from these with a fixed seed and enlarged by one factor"
    yield f"  until they hold {country.villages:,} villages, their seconds by that exponent: median {median(jobs):.1f} s,"
    yield f"  longest {max(jobs):.1f} s, {sum(jobs) / 3600:.1f} hours of one core in all."
    yield f"- {country.cores_per_machine} cores a machine as measured, one county a core, the longest waiting county first (LPT);"
    yield "  two counties side by side are taken to run as fast as one alone; nothing is shared between counties;"
    yield "  handing out and collecting files is not counted.\n"
    lines = (
        (str(n), f"{makespan(jobs, n * country.cores_per_machine) / 60:.1f}")
        for n in country.machines
    )
    yield from table(("机器 machines", "分钟 minutes"), lines)
    yield from _origins(rows)


def history(rows: Sequence[Run]) -> Iterator[str]:
    """Yield one line per size, commit and machine, newest last."""
    numbers = {m: n + 1 for n, m in enumerate(dict.fromkeys(row.machine for row in rows))}
    head: tuple[str, ...] = (
        "日期 date",
        "commit",
        "机器 machine",
        "规模 size",
        "进程 workers",
        "运行 runs",
    )
    head += ("秒 s", "MB", "最大差距 gap", "硬性违规 hard", "python", "ortools")
    lines = (
        (
            *(s.first.date[:10], s.first.commit, str(numbers[s.first.machine]), label(s)),
            *(str(s.first.workers), str(len(s.runs)), f"{s.seconds:.1f}", f"{s.memory_mb:.0f}"),
            percent(max(s.gap("seats") or 0, s.gap("month") or 0)),
            *(str(s.hard_breaches), s.first.python, s.first.ortools),
        )
        for s in summaries(rows)
    )
    yield from table(head, lines)
    yield ""
    yield from (f"{number}. {name}" for name, number in numbers.items())


def _origins(rows: Iterable[Run]) -> Iterator[str]:
    found = dict.fromkeys(
        f"{s.first.machine}; python {s.first.python}, ortools {s.first.ortools}; "
        f"{s.first.date[:10]}, {s.first.commit}"
        for s in latest(list(rows))
    )
    yield ""
    yield from (f"*{origin}*  " for origin in found)


def _power(sizes: Sequence[float], costs: Sequence[float]) -> str:
    fit = power_law(sizes, costs)
    return "–" if fit is None else f"{fit.exponent:.2f} ({fit.error:.2f})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
