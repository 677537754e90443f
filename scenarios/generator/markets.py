"""Market days of country townships, in the five kinds of rule found side by side (b7).

Shares (domain notes, e): weekday 25 %, last digit of the lunar day 40 %, of the Gregorian
day 15 %, earthly branch 15 %, daily 5 %. Villages of one township share the kind.
"""

from __future__ import annotations

from models.vocabulary import Terrain
from scenarios.generator.commission import Commission

_SHARES = {"weekday": 0.25, "lunar": 0.40, "digit": 0.15, "branch": 0.15, "daily": 0.05}

_RULES = {
    "weekday": ("周一", "周二", "周三", "周四", "周五", "周六", "周日", "周三、周日"),
    "lunar": ("农历逢1、6", "农历逢2、7", "农历逢3、8", "农历逢4、9", "农历逢2、5、8"),
    "digit": ("逢1、5、8", "逢2、7", "逢3、8", "逢4、9", "逢1、6"),
    "branch": ("逢辰、戌", "逢子、午", "逢寅、申", "逢丑、巳、酉", "逢寅、午、戌"),
    "daily": ("每天",),
}


def market_rules(commission: Commission) -> dict[str, tuple[str, ...]]:
    """Return up to two market rules for each country township, by its code."""
    rng = commission.rng("markets")
    kinds = tuple(_SHARES)
    rules: dict[str, tuple[str, ...]] = {}
    for code, terrain in commission.terrain.items():
        kind = kinds[rng.choice(len(kinds), p=list(_SHARES.values()))]
        options = _RULES[kind]
        chosen = rng.permutation(len(options))[:2]
        if terrain is Terrain.COUNTRY:
            rules[code] = tuple(options[int(place)] for place in chosen)
    return rules


def is_rare(rule: str) -> bool:
    """Whether a market meets on single days, so that a stall there is worth a duty."""
    return "逢" in rule


def meetings_per_week(rule: str) -> float:
    """Return how often a market meets in a week, on the mean."""
    days = rule.count("、") + 1
    has_branches = any(branch in rule for branch in "子丑寅卯辰巳午未申酉戌亥")
    return 7 * days / (12 if has_branches else 10)
