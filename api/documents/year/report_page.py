"""month-report.html: the report of a month on one printed page; it loads nothing."""

from __future__ import annotations

from api.documents.offline import plain_page
from api.documents.year.report_sheets import UNKNOWN, shown
from solver.year.kpis import FIGURES
from solver.year.month_report import MonthReport

MOST_ROWS = 40
"""Areas on the page; the workbook has all."""
MOST_LINES = 12
COUNTS = (
    ("duties_due", "duties_held", "值班"),
    ("visits_due", "visits_held", "走访"),
    ("lectures_due", "lectures_held", "讲座"),
)


def render_report_page(report: MonthReport) -> str:
    """Return the page; equal reports give equal text."""
    rows = [
        {
            "name": "　" * row.depth + row.name,
            "score": UNKNOWN if row.score is None else f"{row.score:g}",
            "counts": [
                f"{row.counts.get(held, 0)} / {row.counts.get(due, 0)}" for due, held, _ in COUNTS
            ],
            "figures": [
                {"value": shown(row.figures[f.code]), "standing": row.standings[f.code]}
                for f in FIGURES
            ],
        }
        for row in report.rows[:MOST_ROWS]
    ]
    tops = {row.area: row.name for row in report.rows if row.depth == report.rows[0].depth}
    targets = [part for part in report.targets if part.area in tops]
    return plain_page(
        "month_report.html.j2",
        f"{report.title}公共法律服务月报（{report.month}）",
        report=report,
        rows=rows,
        hidden=max(0, len(report.rows) - MOST_ROWS),
        heads=[label for *_, label in COUNTS],
        figures=FIGURES,
        targets=targets,
        alerts=report.alerts[:MOST_LINES],
        open_items=report.open_items[:MOST_LINES],
    )
