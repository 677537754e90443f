"""Generalised assignment problems of the literature, read as adviser seats.

An agent is a person, a job a village, a cost the minutes of a pair, a weight its hours, a capacity
the person's hours of a month. Every rule that the problem does not know is switched off, so that
the travel goal is the cost of the assignment. Names are made up.

Format: OR-Library, page gapinfo. The number of problems P; for each: agents m, jobs n; m rows of n
costs; m rows of n weights; m capacities. Line breaks mean nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from models.arrays import Ints
from models.formats.containers.archive import faults_of_file
from models.instance import Instance, RuleSetting, Settings
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.people import Pair, Person
from models.places import Area, Village
from models.vocabulary import AreaLevel, PersonKind
from scenarios.generator.names import NameBook
from solver.rules import rule_types

UNITS_PER_HOUR = 20
"""Units of weight in an hour: 3 minutes each, whole minutes and at most two decimals of an hour."""

MOST_COST, MOST_WEIGHT, MOST_CAPACITY = 1440, 200 * UNITS_PER_HOUR, 400 * UNITS_PER_HOUR
"""Bounds of a pair's minutes and hours and of a person's hours, in units of the problem."""

KEPT_RULES = frozenset(
    {"one_adviser_per_village", "monthly_hours", "travel_minutes", "allowed_pairs", "pins"}
)
"""What stays on. The last two decide nothing until somebody fills their tables."""

_AREA = Area(id="A", name="示例·算例", level=AreaLevel.TOWNSHIP, lon=113.66, lat=34.80)


@dataclass(frozen=True)
class Assignment:
    """A generalised assignment problem.

    ``prices`` are agents × jobs, costs or, where ``is_maximised``, profits; ``weights`` are
    agents × jobs too, ``capacities`` one an agent, all whole.
    """

    prices: Ints
    weights: Ints
    capacities: Ints
    is_maximised: bool

    @property
    def costs(self) -> Ints:
        """What is minimised: the prices, or the greatest profit less each profit."""
        return self.prices.max() - self.prices if self.is_maximised else self.prices

    def objective(self, cost: int) -> int:
        """Return the problem's own objective of an assignment of all jobs that costs ``cost``."""
        jobs = self.prices.shape[1]
        return jobs * int(self.prices.max()) - cost if self.is_maximised else cost


def read_assignments(path: Path | str, is_maximised: bool) -> tuple[Assignment, ...]:
    """Read every problem of an OR-Library file.

    Parameters
    ----------
    path
        A text file of whole numbers.
    is_maximised
        Whether its prices are profits: the published optima of gap1 to gap12 are greatest
        profits, those of gapa to gapd least costs. The file does not say.

    Raises
    ------
    InputError
        With every word that is no whole number; when numbers are missing or left over; with every
        number that the pair table cannot hold.
    """
    file = Path(path)
    fault = faults_of_file(file)
    if fault:
        raise InputError([fault])
    problems = tuple(_problems(file.name, _numbers(file), is_maximised))
    issues = [
        issue
        for number, problem in enumerate(problems, 1)
        for issue in _beyond_bounds(f"{file.name}!{number}", problem)
    ]
    if issues:
        raise InputError(issues)
    return problems


def assignment_instance(problem: Assignment, name: str) -> Instance:
    """Return the problem as an instance for ``Stage.ADVISERS``; ``name`` is shown as the plan's.

    Formula: minutes[p,v] = cost, hours[p,v] = weight ÷ 20, monthly_hours[p] = capacity ÷ 20.
    """
    people, villages = tuple(_people(problem)), tuple(_villages(problem))
    prices = zip(problem.costs.ravel().tolist(), problem.weights.ravel().tolist(), strict=True)
    pairs = tuple(
        Pair(person=person.id, place=village.id, minutes=cost, hours=weight / UNITS_PER_HOUR)
        for (person, village), (cost, weight) in zip(product(people, villages), prices, strict=True)
    )
    return Instance(
        settings=Settings(name=name, area=_AREA.id, notice=_notice(problem)),
        areas=(_AREA,),
        villages=villages,
        people=people,
        pairs=pairs,
        rules=tuple(_rule_settings()),
    )


def _people(problem: Assignment) -> Iterator[Person]:
    names = NameBook(seed=1)
    for number, capacity in enumerate(problem.capacities.tolist(), 1):
        yield Person(
            id=f"G{number:04d}",
            name=names.person_name(),
            kind=PersonKind.LAWYER,
            area=_AREA.id,
            monthly_hours=capacity / UNITS_PER_HOUR,
        )


def _villages(problem: Assignment) -> Iterator[Village]:
    for number in range(1, problem.prices.shape[1] + 1):
        yield Village(id=f"J{number:04d}", name=f"示例{number}村", area=_AREA.id)


def _rule_settings() -> Iterator[RuleSetting]:
    for code in rule_types():
        if code not in KEPT_RULES:
            yield RuleSetting(rule=code, field="weight", value="0")
    yield RuleSetting(rule="monthly_hours", field="count_travel", value="false")


def _notice(problem: Assignment) -> str:
    zh, en = "费用", "cost"
    if problem.is_maximised:
        best = problem.prices.max()
        zh, en = f"最大收益 {best} - 收益", f"greatest profit {best} - profit"
    minutes = 60 // UNITS_PER_HOUR
    return (
        f"文献算例，人员、村居虚构；1 单位用量 = {minutes} 分钟；路途分钟 = {zh}。"
        f"A problem of the literature, names made up; a unit of weight is {minutes} min; minutes = {en}."
    )


def _numbers(file: Path) -> list[int]:
    """Return the whole numbers of a file, or raise with every word that is none."""
    numbers, issues = [], []
    lines = file.read_bytes().decode("ascii", errors="replace").splitlines()
    for line, text in enumerate(lines, 1):
        for word in text.split():
            if word.isdecimal() and len(word) <= 9:
                numbers.append(int(word))
            else:
                issues.append(_no_number(file.name, line, word))
    if issues:
        raise InputError(issues)
    return numbers


def _problems(file: str, numbers: list[int], is_maximised: bool) -> Iterator[Assignment]:
    """Cut the numbers into problems."""
    count, at = (numbers[0] if numbers else 0), 1
    for number in range(1, count + 1):
        agents, jobs = (*numbers[at : at + 2], 0, 0)[:2]
        at += 2
        size = agents * jobs
        taken = numbers[at : at + 2 * size + agents]
        if not size or len(taken) < 2 * size + agents:
            raise InputError([_wrong_length(file, number, 2 * size + agents, len(taken))])
        at += len(taken)
        values = np.array(taken, dtype=np.int64)
        prices, weights = values[: 2 * size].reshape(2, agents, jobs)
        yield Assignment(prices, weights, values[2 * size :], is_maximised)
    if not count or at != len(numbers):
        raise InputError([_wrong_length(file, count + 1, 0, len(numbers) - at)])


def _beyond_bounds(spot: str, problem: Assignment) -> Iterator[Issue]:
    """Yield every number that the tables cannot hold."""
    parts = (
        ("费用", "cost", problem.costs, 0, MOST_COST),
        ("用量", "weight", problem.weights, 1, MOST_WEIGHT),
        ("容量", "capacity", problem.capacities, 0, MOST_CAPACITY),
    )
    for zh, en, values, least, most in parts:
        for index in np.argwhere((values < least) | (values > most)).tolist():
            at = "×".join(str(n + 1) for n in index)
            value = str(values[tuple(index)])
            words = {"title": zh, "title_en": en, "least": least, "most": most}
            yield issue("assignment_range", Spot(spot, at), value, **words)


def _no_number(file: str, line: int, word: str) -> Issue:
    return issue("assignment_number", Spot(file, str(line)), word)


def _wrong_length(file: str, number: int, wanted: int, count: int) -> Issue:
    spot = Spot(file, str(number))
    return issue("assignment_length", spot, number=number, wanted=wanted, count=count)
