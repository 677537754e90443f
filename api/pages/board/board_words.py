"""Words of the vocabulary that pages of the board show in both languages."""

from __future__ import annotations

from models.goals import LADDER, Goal


def N_(word: str) -> str:  # noqa: N802 -- the usual name of what marks a word for the catalogue
    """Mark a word for the catalogue."""
    return word


VIEWS = {
    "posts": N_("岗位 × 日期"),
    "people": N_("人员 × 日期"),
    "villages": N_("村居 × 顾问"),
    "sites": N_("专职调解员"),
    "day": N_("一天"),
}
HEADS = (
    N_("岗位"),
    N_("人员"),
    N_("村居"),
    N_("站点"),
    N_("法律顾问"),
    N_("走访"),
    N_("地点"),
    N_("专职调解员"),
)


def changed_goals(costs: dict[Goal, int]) -> list[tuple[Goal, int]]:
    """Return the goals that change, in the order of the ladder; positive: worse."""
    return [(goal, costs[goal]) for goal in LADDER if costs.get(goal)]
