"""The section on two years of months of the results page, and its picture."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.cells import Cells, table
from benchmarks.history import Closed

PICTURE = "years.svg"
TARGET = 2
"""Turns by which nobody should be off at the end."""

TEXT = f"""\
一个虚构的县，二十四个月逐月求解，上月结果计入台账：每季度一人入职、一人离职，四名非全勤，请假事先已知，
发布后每月两人病倒并用 `repair` 顶替。“差额”为每人每类班次自开始以来已担减应担；应担按当月在岗天数与分担比例逐班
均分，由本脚本自行计算。目标：末月任何人、任何一类不超过 {TARGET} 次；
末月发布后病倒而由他人顶替的班次，要到下月才补得上（种子 2：一人末月病倒两次）。
A made-up county, twenty-four months one after the other, each planned from the ledger of those before: a
newcomer and a leaver a quarter, four part-timers, leave known beforehand, two people a month who fall ill
after publication and are replaced by `repair`. *Off* is served - due since the start by person and class, where
each turn is due to those who may hold it by share × days in office, reckoned by the script itself. Target: at
most {TARGET} turns at the end, for anybody in any class; what somebody misses who falls ill in the last month
can be made up in the next one only (seed 2: one person was ill twice in the last month).
"""

HEAD = (
    *("种子 seed", "类别 class", "班次 turns", "最多少担 most below", "最多多担 most above"),
    *("未满足 unmet", "每月秒数 s a month", "达到 met", "commit"),
)
COLOURS = ("#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#7f7f7f")
WIDE, HIGH, EDGE = 720, 300, 40


def years(rows: Sequence[Closed]) -> Iterator[str]:
    """Yield the last month of the newest run of each seed, and the picture of the newest run."""
    yield TEXT
    last = {(row.seed, row.name): row for row in rows}
    newest = {seed: row.commit for (seed, _), row in last.items()}
    yield from table(HEAD, (_line(row) for row in last.values() if row.commit == newest[row.seed]))
    yield f"\n![差额 off, by month and class](results/{PICTURE})"
    end = rows[-1]
    yield f"\n*{end.machine}; python {end.python}; {end.people} 人 people; {end.date[:10]}*"


def draw(rows: Sequence[Closed], path: Path) -> None:
    """Draw the largest difference of each class, month after month, as an SVG picture."""
    months = list(dict.fromkeys(row.month for row in rows))
    names = list(dict.fromkeys(row.name for row in rows))
    top = max(TARGET + 0.5, *(_off(row) for row in rows))

    def at(month: str, off: float) -> str:
        x = EDGE + (WIDE - 2 * EDGE) * months.index(month) / max(1, len(months) - 1)
        return f"{x:.1f},{HIGH - EDGE - (HIGH - 2 * EDGE) * off / top:.1f}"

    target = " ".join(at(month, TARGET) for month in (months[0], months[-1]))
    shapes = [f'<polyline points="{target}" stroke="#000" stroke-dasharray="4 3" fill="none"/>']
    for n, name in enumerate(names):
        points = " ".join(at(row.month, _off(row)) for row in rows if row.name == name)
        shapes.append(f'<polyline points="{points}" stroke="{COLOURS[n % 7]}" fill="none"/>')
        shapes.append(
            f'<text x="{EDGE + 170 * (n % 4)}" y="{14 + 14 * (n // 4)}" {_ink(n)}>{name}</text>'
        )
    for month in (months[0], months[len(months) // 2], months[-1]):
        x, _, _ = at(month, 0).partition(",")
        shapes.append(f'<text x="{x}" y="{HIGH - 18}" text-anchor="middle">{month}</text>')
    shapes += [
        f'<text x="6" y="{at(months[0], off).partition(",")[2]}">{off}</text>' for off in range(3)
    ]
    shapes.append(
        f'<text x="{EDGE}" y="{HIGH - 4}">最大差额（次） most turns off; 虚线 dashed: {TARGET}</text>'
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {HIGH}" font-size="11">'
    path.write_text("\n".join([head, *shapes, "</svg>"]) + "\n", encoding="utf-8")


def _ink(number: int) -> str:
    return f'fill="{COLOURS[number % 7]}"'


def _off(row: Closed) -> float:
    return max(row.most_above, -row.most_below)


def _line(row: Closed) -> Cells:
    off = f"{row.most_below:+.1f}", f"{row.most_above:+.1f}"
    met = "是 yes" if _off(row) <= TARGET else "否 no"
    return (
        str(row.seed),
        row.name,
        str(row.turns),
        *off,
        str(row.unmet),
        f"{row.seconds:.1f}",
        met,
        row.commit,
    )
