"""The section on feeds of the results page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.cells import Cells, table
from benchmarks.history import FeedLoad

UNCHANGED, WHOLE = 1000, 250
"""Targets: requests a second, at least."""

P99_MS = 50
"""Target of unchanged feeds: milliseconds of 99 of 100 requests, at most."""

ABOUT = f"""\
真实的 `zhiban serve` 与一个求解进程，苏州一个月的真实事件，每个日历一个订阅者；发生器是同一台机器上的另一个进程，
{"{connections}"} 个保持的连接。每个阶段都有一次全市求解在同时进行。A real `zhiban serve` with a worker, the events of a month of
Suzhou, one subscriber for each calendar; the generator is a process of its own on the same machine with
{"{connections}"} kept connections. A city solve is under way through every phase.

- `first`：发布之后每个日历第一次被取，须生成。Every calendar for the first time after its publication: it is rendered.
- `unchanged`：带 If-None-Match，答 304。With If-None-Match, answered by 304.
  `whole`、`packed`：答 200，不压缩与 gzip。Answered by 200, plain and gzip.
- 闭环 closed：答完即问。Asked again when answered. 开环 N/s：按固定时刻发出，从该发出的时刻计时。
  Open: due at fixed times, whether or not the answers keep up, and timed from when due.
- `publish`：发布全市一个月的一次请求。The one request that publishes the month of the city.
- 目标 targets：unchanged ≥ {UNCHANGED}/s，p99 ≤ {P99_MS} ms；whole、packed ≥ {WHOLE}/s；没有错误 no error.
"""


def feeds(rows: Sequence[FeedLoad]) -> Iterator[str]:
    """Yield the newest run of every phase beside its target."""
    newest = {(row.phase, row.rate): row for row in rows}
    yield ABOUT.format(connections=max(row.connections for row in rows))
    head: tuple[str, ...] = (
        "阶段 phase",
        "方式 how",
        "请求 requests",
        "错误 errors",
        "每秒 a second",
    )
    head += ("p50 ms", "p99 ms", "最长 max ms", "同时求解 solve beside", "发生器 generator, cores")
    head += ("其他进程 others, cores", "达到 met")
    yield from table(head, (_line(row) for row in newest.values()))
    origins = dict.fromkeys(
        f"{row.machine}; python {row.python}; {row.subscribers} 订阅者 subscribers; {row.date}, {row.commit}"
        for row in newest.values()
        if row.subscribers
    )
    yield ""
    yield from (f"*{origin}*  " for origin in origins)


def _line(row: FeedLoad) -> Cells:
    times = (f"{ms:.1f}" for ms in (row.p50_ms, row.p99_ms, row.max_ms))
    counts = (str(row.requests), str(row.errors), f"{row.per_second:.4g}", *times)
    if not row.subscribers:
        return (row.phase, "–", *counts, "–", "–", "–", "–")
    return (
        *(row.phase, f"开环 open {row.rate:g}/s" if row.rate else "闭环 closed", *counts),
        *("是 yes" if row.is_solving else "否 no", f"{row.generator_cores:.2f}"),
        *(f"{row.other_cores:.2f}", "是 yes" if _is_met(row) else "否 no"),
    )


def _is_met(row: FeedLoad) -> bool:
    is_unchanged = row.phase == "unchanged"
    # an open loop ends a moment after its last request was due
    wanted = 0.99 * row.rate or (UNCHANGED if is_unchanged else WHOLE)
    is_quick = not is_unchanged or row.p99_ms <= P99_MS
    return row.per_second >= wanted and is_quick and not row.errors and row.is_solving
