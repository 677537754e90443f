"""How many people can fall ill before coverage breaks: a seeded simulation with repair.

In each draw people fall ill one after the other, all from the same random day on, and the month is
repaired after each (``solver.changes.repair``). Draws share nothing but the seed, and within a draw whoever
is ill at n is ill at n + 1 too: the shares of n are compared on common random numbers, and once a
draw has broken it stays broken.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pydantic import Field
from scipy.stats import binomtest

from models.instance import Instance
from models.issues import InputError, Issue, Sentence
from models.messages import Spot, issue
from models.report import UnmetKind
from models.roster import Duty, Roster, Visit
from scenarios.optimised.answer import Answer, AnswerPart
from solver.changes.absence import Absence, with_absence
from solver.changes.repair import repair
from solver.engine.highs import Effort
from solver.modelling.choices import Block, adviser_offer
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.nearest import short_together
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule

CONFIDENCE = 0.95
"""Of the interval of each share (Wilson 1927)."""

WEAKEST = 5
"""Places named that broke most often."""

REPAIR = Effort(5.0, deterministic=True)
"""Effort of one repair; counted in work, so that the same seed gives the same answer anywhere."""


class Ill(AnswerPart):
    """Coverage with a given number of people ill at a time."""

    people: int
    held: int = Field(description="draws in which coverage holds after repair")
    share: float
    low: float = Field(description="95 % confidence interval of the share (Wilson)")
    high: float


class Broken(AnswerPart):
    """A post or village that broke coverage first."""

    target: str = Field(description="post or village id")
    name: str
    draws: int


class Resilience(Answer):
    """How coverage stands up to illness."""

    value: int = Field(description="most people ill at a time with whom it held in every draw")
    draws: int
    days: int = Field(description="how long everybody is away")
    seed: int
    among: int = Field(description="people in office in the month: who may fall ill")
    ill: tuple[Ill, ...]
    broken: tuple[Broken, ...] = Field(description="what broke first, most often first")


def resilience(
    instance: Instance,
    rules: Iterable[Rule],
    roster: Roster,
    most: int = 10,
    draws: int = 40,
    days: int = 7,
    seed: int = 1,
) -> Resilience:
    """Return the share of draws in which coverage holds with 1 to ``most`` people ill.

    Coverage holds while every duty that was held is held after repair, and every village has its
    visit, by its adviser on another half day or by somebody well who has room for one village more.

    Parameters
    ----------
    instance
        What the roster was planned from.
    rules
        Enabled rules.
    roster
        The published month.
    most
        People ill at a time, from 1; no more than are in office.
    draws
        From 1; the interval narrows with their root.
    days
        How long everybody is away, from 1.
    seed
        0 or more; the same seed gives the same answer.

    Raises
    ------
    InputError
        When a number is out of range or the roster holds nothing.
    """
    issues = list(_issues(len(_rows(roster)), most, draws, days, seed))
    if issues:
        raise InputError(issues)
    month = _Month(instance, tuple(rules), roster, days)
    most = min(most, len(month.people))
    breaks = [month.draw(np.random.default_rng((seed, n)), most) for n in range(draws)]
    ill = tuple(_ill(n, breaks) for n in range(1, most + 1))
    broken = tuple(_broken(month.facts, breaks))
    value = max((row.people for row in ill if row.held == draws), default=0)  # held never rises
    return Resilience(
        value=value,
        draws=draws,
        days=days,
        seed=seed,
        among=len(month.people),
        ill=ill,
        broken=broken,
        lines=tuple(_lines(value, most, ill, broken, draws)),
    )


@dataclass(frozen=True)
class Break:
    """How many were ill when coverage broke, and what broke; nothing did if ``targets`` is empty."""

    people: int
    targets: tuple[str, ...]


class _Month:
    """The published month, before anybody is ill."""

    def __init__(
        self, instance: Instance, rules: tuple[Rule, ...], roster: Roster, days: int
    ) -> None:
        self.facts = Facts(instance, roster.month)
        first = self.facts.days[0]
        self.people = sorted(p.id for p in self.facts.people if self.facts.is_active(p, first))
        self._rules, self._roster, self._days = rules, roster, dt.timedelta(days=days - 1)
        model = Model(self.facts, rules, [adviser_offer(self.facts)])
        self._pairs = model.choices[Block.ADVISERS]
        caps = [rule.village_cap for rule in rules if rule.village_cap is not None]
        limits = self.facts.village_limits(min(caps, default=len(self.facts.villages)))
        self._room = limits - [
            len(Reading(self.facts, roster).villages_of[person.id]) for person in self.facts.people
        ]

    def draw(self, random: np.random.Generator, most: int) -> Break:
        """Let people fall ill one by one until coverage breaks or ``most`` are ill."""
        first = self.facts.days[int(random.integers(len(self.facts.days)))]
        instance, roster = self.facts.instance, self._roster
        ill: list[str] = []
        unvisited: list[str] = []
        for person in random.permutation(np.array(self.people))[:most].tolist():
            ill.append(person)
            empty: list[str] = []
            absence = Absence(person, first, first + self._days)
            if _is_needed(roster, absence):
                repaired = repair(instance, self._rules, roster, absence, REPAIR)
                instance, roster = repaired.instance, repaired.roster
                empty += [u.target for u in repaired.unmet if u.kind is UnmetKind.DUTY]
                unvisited += [u.target for u in repaired.unmet if u.kind is UnmetKind.VISIT]
            else:
                instance = with_absence(instance, absence)
            # the substitute may be ill by now too
            empty += self._without_adviser(unvisited, ill)
            if empty:
                return Break(len(ill), tuple(dict.fromkeys(empty)))
        return Break(most + 1, ())

    def _without_adviser(self, villages: Iterable[str], ill: Iterable[str]) -> list[str]:
        """Return the villages for which nobody who is well has room, together with the others."""
        asked = np.array(sorted({self.facts.village_idx[v] for v in villages}), dtype=np.int64)
        away = [self.facts.person_idx[person] for person in ill]
        well = ~np.isin(self._pairs.person, away)
        pairs = self._pairs.where(np.isin(self._pairs.demand, asked) & well)
        room = np.maximum(self._room, 0)
        short = short_together(pairs, room, asked) if len(asked) else asked
        return [self.facts.villages[n].id for n in short.tolist()]


def _is_needed(roster: Roster, absence: Absence) -> bool:
    """Say whether somebody holds something in an absence."""
    return any(
        row.person == absence.person and absence.first <= row.date <= absence.last
        for row in _rows(roster)
    )


def _rows(roster: Roster) -> list[Duty | Visit]:
    return [*roster.duties, *roster.visits]


def _ill(people: int, breaks: Sequence[Break]) -> Ill:
    held = sum(found.people > people for found in breaks)
    interval = binomtest(held, len(breaks)).proportion_ci(CONFIDENCE, method="wilson")
    low, high = round(float(interval.low), 4), round(float(interval.high), 4)
    return Ill(people=people, held=held, share=round(held / len(breaks), 4), low=low, high=high)


def _broken(facts: Facts, breaks: Iterable[Break]) -> Iterator[Broken]:
    count = Counter(target for found in breaks for target in found.targets)
    posts = {post.id: post for post in facts.instance.posts}
    for target, draws in sorted(count.items(), key=lambda item: (-item[1], item[0]))[:WEAKEST]:
        if target in posts:
            post = posts[target]
            name = f"{facts.instance.site_by_id[post.site].name} {post.name}"
        else:
            name = facts.instance.village_by_id[target].name
        yield Broken(target=target, name=name, draws=draws)


def _lines(
    value: int, most: int, ill: Iterable[Ill], broken: Sequence[Broken], draws: int
) -> Iterator[Sentence]:
    if value == most:
        yield Sentence(
            zh=f"{draws} 次模拟中，最多 {most} 人同时请假，每次都仍能全覆盖",
            en=f"in {draws} draws coverage held with up to {most} people ill at a time",
        )
    elif not value:
        yield Sentence(
            zh=f"{draws} 次模拟中，1 人请假就有不能全覆盖的",
            en=f"among {draws} draws there are some in which one person ill breaks coverage",
        )
    else:
        yield Sentence(
            zh=f"{draws} 次模拟中，最多 {value} 人同时请假仍能全覆盖，再多就不能保证",
            en=f"in all of {draws} draws coverage held with up to {value} people ill, not with more",
        )
    for row in ill:
        percent, low, high = 100 * row.share, 100 * row.low, 100 * row.high
        yield Sentence(
            zh=f"  {row.people} 人请假：{percent:.0f} % 能全覆盖（95 % 区间 {low:.0f}–{high:.0f} %）",
            en=f"{row.people} ill: held in {percent:.0f} % (95 % interval {low:.0f}-{high:.0f} %)",
        )
    if broken:
        named = "、".join(f"{row.name} {row.draws} 次" for row in broken)
        named_en = ", ".join(f"{row.name} {row.draws}" for row in broken)
        yield Sentence(zh=f"最先空缺的：{named}", en=f"what broke first, in draws: {named_en}")


def _issues(held: int, most: int, draws: int, days: int, seed: int) -> Iterator[Issue]:
    if not held:
        yield issue("empty_roster")
    asked = (
        ("请假人数", "The number of people ill", most, 1),
        ("模拟次数", "The number of draws", draws, 1),
        ("请假天数", "The number of days", days, 1),
        ("随机种子", "The seed", seed, 0),
    )
    for zh, en, value, least in asked:
        if value < least:
            spot, shown = Spot(), str(value)
            yield issue("resilience_number", spot, shown, title=zh, title_en=en, least=least)
