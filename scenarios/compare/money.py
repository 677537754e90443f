"""What the month of a plan costs, by the rates of its profile, against the fund."""

from __future__ import annotations

from collections.abc import Iterator

from models.instance import Instance
from models.issues import Sentence
from models.roster import Roster
from models.slots import expand
from models.vocabulary import DayClass
from scenarios.compare.result import Money
from solver.limits import Stage
from solver.profiles import load_rates
from solver.profiles.rates import Rates

MONTHS = 12

_UNRATED = (
    ("mediator_month", "mediators", "专职调解员", "full-time mediators"),
    ("standby_half_day", "standby", "备班", "standing by"),
    ("lecture", "lectures", "讲座（含在村居经费内）", "lectures (in the village's sum)"),
    ("duty_half_day", "duties", "值班", "duties"),
    ("village_year", "advisers", "村居经费", "villages"),
)
"""Rate, what it pays in the roster's words, and its name."""

_UNPLANNED = {
    Stage.ADVISERS: ("值班与讲座（未排当月）", "duties and lectures (the month is not planned)"),
    Stage.MONTH: ("专职调解员（未排）", "mediators (the seats are not planned)"),
}


def money_of(instance: Instance, roster: Roster, stage: Stage) -> Money:
    """Return the cost of the month in yuan, as far as it is planned.

    Formula: villages with an adviser × ``village_year`` / 12 + half days of ``paid`` kinds on duty
    × ``duty_half_day`` + those standing by × ``standby_half_day`` + lectures × ``lecture`` +
    mediators' seats × ``mediator_month``. A night counts as ``night`` where that is given, else as a
    half day; so does a duty by video or phone.
    """
    rates = load_rates(instance.settings.profile, instance.rules)
    kinds = {person.id: person.kind for person in instance.people}
    paid = [duty for duty in roster.duties if kinds[duty.person] in rates.paid]
    slots = expand(instance, roster.month) if rates.night else ()
    nights = {slot.id for slot in slots if slot.turn_class is DayClass.NIGHT}
    amounts = {
        "villages": len({seat.village for seat in roster.advisers}) * rates.village_year / MONTHS,
        "duties": sum(
            rates.night or rates.duty_half_day if duty.slot in nights else rates.duty_half_day
            for duty in paid
            if not duty.standby
        ),
        "standby": sum(duty.standby for duty in paid) * rates.standby_half_day,
        "lectures": sum(visit.lecture for visit in roster.visits) * rates.lecture,
        "mediators": len(roster.mediators) * rates.mediator_month,
    }
    total = sum(amounts.values())
    fund = None if rates.fund_year is None else rates.fund_year / MONTHS
    return Money(
        **{name: round(amount, 2) for name, amount in amounts.items()},
        total=round(total, 2),
        per_village=round(total / max(1, len(instance.villages)), 2),
        fund=None if fund is None else round(fund, 2),
        left=None if fund is None else round(fund - total, 2),
        uncounted=tuple(_uncounted(rates, roster, stage)),
    )


def _uncounted(rates: Rates, roster: Roster, stage: Stage) -> Iterator[Sentence]:
    """Yield what the plan has but no rate pays, and what was not planned."""
    if stage is not Stage.ALL:
        zh, en = _UNPLANNED[stage]
        yield Sentence(zh=zh, en=en)
    has = {
        "advisers": bool(roster.advisers),
        "duties": any(not duty.standby for duty in roster.duties),
        "standby": any(duty.standby for duty in roster.duties),
        "lectures": any(visit.lecture for visit in roster.visits),
        "mediators": bool(roster.mediators),
    }
    for rate, what, zh, en in _UNRATED:
        if has[what] and not getattr(rates, rate):
            yield Sentence(zh=zh, en=en)
