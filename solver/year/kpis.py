"""Figures of a report: each a part of a whole, with a target and a word for how near it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from models.vocabulary import Term
from solver.profiles.reporting import Reporting

RATING_MOST = 500
"""Hundredths of the best rating."""


class Standing(Term):
    """How a figure stands to its target, in words."""

    REACHED = "reached", "达标"
    NEAR = "near", "接近"
    BEHIND = "behind", "未达标"
    UNKNOWN = "unknown", "—"


@dataclass(frozen=True)
class MonthlyFigure:
    """``part`` of ``whole`` in per cent; ``code`` names its target and weight in ``Reporting``."""

    code: str
    part: str
    whole: str
    zh: str
    en: str
    meaning: str


FIGURES = (
    MonthlyFigure("coverage", "advised", "villages", "顾问配备率", "villages advised",
                  "有法律顾问的村居 ÷ 全部村居"),
    MonthlyFigure("visited", "visited", "to_visit", "有效覆盖率", "villages visited",
                  "已走访的村居 ÷ 截至截止日排有走访的村居"),
    MonthlyFigure("priority", "priority_served", "priority", "重点村居服务率", "priority villages",
                  "有顾问且走访未落空的重点村居 ÷ 全部重点村居"),
    MonthlyFigure("duties", "duties_held", "duties_due", "值班到岗率", "duties held",
                  "有人到岗的值班（含替班） ÷ 截至截止日计划的值班"),
    MonthlyFigure("lectures", "lectures_held", "lectures_due", "讲座举办率", "lectures held",
                  "已举办的讲座 ÷ 截至截止日计划的讲座"),
    MonthlyFigure("aid_lawyers", "aid_lawyers", "aid_cases", "律师办案比例", "aid cases by lawyers",
                  "律师办理的法律援助案件 ÷ 全部法律援助案件"),
    MonthlyFigure("disputes", "priority_settled", "priority_disputes", "重点村居调解成功率",
                  "disputes settled in priority villages", "重点村居调解成功的纠纷 ÷ 重点村居调解的纠纷"),
    MonthlyFigure("rating", "rating_hundredths", "rated", "评价满意度", "ratings",
                  "平均评价 ÷ 5 分"),
)  # fmt: skip
_NEEDS_REPORTS = frozenset({"visited", "priority", "duties", "lectures"})
"""Figures of what was held: unknown as long as nobody reports anything."""


def percent(figure: MonthlyFigure, counts: Mapping[str, int]) -> float | None:
    """Return a figure in per cent, to two decimals; None where it cannot be known."""
    whole = counts.get(figure.whole, 0) * (RATING_MOST if figure.code == "rating" else 1)
    if not whole or (figure.code in _NEEDS_REPORTS and not _is_reported(counts)):
        return None
    return round(100 * counts.get(figure.part, 0) / whole, 2)


def standing(figure: MonthlyFigure, value: float | None, reporting: Reporting) -> Standing:
    """Return how a value stands to its target."""
    if value is None:
        return Standing.UNKNOWN
    target = goal(figure, reporting)
    if value >= target:
        return Standing.REACHED
    return Standing.NEAR if value >= target - reporting.near_points else Standing.BEHIND


def goal(figure: MonthlyFigure, reporting: Reporting) -> float:
    """Return the target of a figure in per cent."""
    return float(getattr(reporting, f"{figure.code}_percent"))


def score(values: Mapping[str, float | None], reporting: Reporting) -> float | None:
    """Return the score of 100: each known figure's part of its target, at most all, by weight."""
    weighed = [
        (
            getattr(reporting, f"{figure.code}_weight"),
            min(1.0, value / (goal(figure, reporting) or 1)),
        )
        for figure in FIGURES
        if (value := values.get(figure.code)) is not None
    ]
    whole = sum(weight for weight, _ in weighed)
    return round(100 * sum(w * part for w, part in weighed) / whole, 2) if whole else None


def _is_reported(counts: Mapping[str, int]) -> bool:
    due = sum(counts.get(f"{name}_due", 0) for name in ("duties", "visits", "lectures"))
    return due > 0 and counts.get("unreported", 0) < due
