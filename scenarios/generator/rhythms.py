"""How often duties sit, so that duty and visits come to about three quarters of capacity.

Ranges (domain notes, e): a centre seats 1–3 people per half day, a station sits from one
half day a week to every workday, courts 5–10, procuratorates 2–10 and detention centres
1–5 half days a week.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from models.vocabulary import Part, SiteKind
from scenarios.generator.commission import Commission

BOTH = (Part.AM, Part.PM)
MORNING = (Part.AM,)
AFTERNOON = (Part.PM,)

_DAYS = "一二三四五"
_PAIRS = ((0, 3), (1, 4), (0, 2), (2, 4), (1, 3))

_STATION_STEPS = ((1,), (1, 2), (1, 2, 2, 4))
_WEEKS = 4.6  # 23 workdays, the longest month
_LOAD = 0.75
_HALF_DAYS = 8.4  # a practitioner's month: at most 10, less for half shares and single lists
_DUTY_TURNS = 5.5  # of one on the duty list alone: at most 6, less for half shares
_SPECIAL = 3.25  # weekly half days of remote, Saturday and women's hours


class Rhythm(NamedTuple):
    """Days and parts of a post, and the half days a week they add up to."""

    recurrence: str
    parts: tuple[Part, ...]
    turns: float


DAILY = Rhythm("工作日", BOTH, 10)
MORNINGS = Rhythm("工作日", MORNING, 5)


@dataclass(frozen=True, eq=False)  # compared by identity: the hosts are not hashable
class Tier:
    """How much a centre and the criminal justice sites of a county ask of practitioners."""

    consultants: int
    consultation: Rhythm
    legal_aid: Rhythm
    hosts: dict[SiteKind, Rhythm]

    def weekly_turns(self, *, has_hosts: bool) -> float:
        """Return the half days a week, counting every head."""
        hosts = sum(rhythm.turns for rhythm in self.hosts.values()) if has_hosts else 0
        centre = self.consultants * self.consultation.turns + self.legal_aid.turns
        return centre + hosts + _SPECIAL


def _hosts(court: Rhythm, procuratorate: Rhythm, detention: Rhythm) -> dict[SiteKind, Rhythm]:
    return {
        SiteKind.COURT: court,
        SiteKind.PROCURATORATE: procuratorate,
        SiteKind.DETENTION: detention,
    }


_TWO = Rhythm("周二、周四", MORNING, 2)
_FULL = Tier(2, DAILY, DAILY, _hosts(DAILY, Rhythm("周二、周四", BOTH, 4), Rhythm("周三", BOTH, 2)))
_MIDDLE = Tier(1, DAILY, MORNINGS, _hosts(MORNINGS, _TWO, Rhythm("周三", MORNING, 1)))
_SPARSE = Tier(
    1,
    _TWO,
    Rhythm("周三", MORNING, 1),
    _hosts(_TWO, Rhythm("周一", MORNING, 1), Rhythm("每月第2个周三", MORNING, 0.25)),
)
_LIGHT = Tier(1, MORNINGS, _TWO, _hosts(MORNINGS, _TWO, Rhythm("周三", MORNING, 1)))


def choose_tier(commission: Commission) -> tuple[Tier, tuple[int, ...]]:
    """Return the tier and station half days that use most of what the people can serve.

    Stations never sit more than the size says; where people are very few the lightest
    choice stands.
    """
    size = commission.size
    if not size.has_centre:
        return _LIGHT, size.station_half_days
    stations = len(commission.district.townships)
    tiers = (_SPARSE,) * size.has_sparse_centres + (_LIGHT, _MIDDLE, _FULL)
    weekly = (_practitioner_half_days(commission) - len(commission.district.villages)) / _WEEKS
    turns = {
        (tier, half_days): tier.weekly_turns(has_hosts=size.has_criminal_sites)
        + stations * fmean(half_days)
        for tier in tiers
        for half_days in (*_STATION_STEPS, size.station_half_days)
        if fmean(half_days) <= fmean(size.station_half_days)
    }
    fitting = [choice for choice, load in turns.items() if load <= weekly]
    return max(fitting, key=turns.__getitem__) if fitting else min(turns, key=turns.__getitem__)


def _practitioner_half_days(commission: Commission) -> float:
    """Return the half days a month to be used for visits, centre and township stations."""
    advisers, quota = commission.adviser_count * _HALF_DAYS, commission.quota
    if quota is None:
        return advisers * _LOAD
    return (advisers + quota.duty_only * _DUTY_TURNS) * _LOAD - (quota.stations or 0)


def station_rhythm(half_days: int, place: int) -> Rhythm:
    """Return the days of a station; neighbours in the list get different weekdays.

    Parameters
    ----------
    half_days
        1, 2, 4 or 5 a week.
    place
        Position of the station in the list.
    """
    pair = "、".join(f"周{_DAYS[day]}" for day in _PAIRS[place % len(_PAIRS)])
    part = MORNING if place % 3 else AFTERNOON
    return {
        1: Rhythm(f"周{_DAYS[place % 5]}", part, 1),
        2: Rhythm(pair, part, 2),
        4: Rhythm(pair, BOTH, 4),
        5: MORNINGS,
    }[half_days]


def monthly_rhythm(place: int) -> Rhythm:
    """Return one half day a month; neighbours in the list get different days.

    Parameters
    ----------
    place
        Position of the village station in the list; 40 of them fill 20 mornings and
        afternoons of four weeks.
    """
    week, day = divmod(place % 20, len(_DAYS))
    part = AFTERNOON if place // 20 % 2 else MORNING
    return Rhythm(f"每月第{week + 1}个周{_DAYS[day]}", part, 1 / _WEEKS)
