"""Tables and cells of the page of results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.summaries import Summary

Cells = Sequence[str]


def table(head: Cells, lines: Iterable[Cells]) -> Iterator[str]:
    """Yield a Markdown table."""
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    yield from (f"| {' | '.join(line)} |" for line in lines)


def label(summary: Summary) -> str:
    """Return the size, and what was done to the run."""
    first = summary.first
    return f"{first.size}, 杀一进程 one killed" if first.killed else first.size


def ratio(value: float | None, usual: float | None, digits: int = 0) -> str:
    """Return a value with its ratio to zhiban's, where there is one."""
    if value is None:
        return "–"
    text = f"{value:.{digits}f}"
    return f"{text} (×{value / usual:.2f})" if usual else text


def percent(share: float | None) -> str:
    """Return a share in percent, three digits; a proven 0 without the sign."""
    return "–" if share is None else "0" if share == 0 else f"{100 * share:.3g} %"


def shown(seconds: float | None) -> str:
    """Return seconds with two digits, a dash when unknown."""
    return "–" if seconds is None else f"{seconds:.2f}"


def span(numbers: Iterable[int]) -> str:
    """Return a number, or the range of numbers that differ between seeds."""
    known = sorted(set(numbers))
    return str(known[0]) if len(known) == 1 else f"{known[0]}–{known[-1]}"
