"""The benchmark cases: sizes and bundled scenarios with targets, and subsets of Yunnan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from models.instance import Instance
from scenarios.generator.catalogue import load
from scenarios.generator.generate import generate
from scenarios.generator.geography import Geography

SEEDS = (1, 2, 3, 4, 5)
FEW_SEEDS = (1, 2, 3)
PROVINCE = "53"
STAGES = ("seats", "month")
SHORT = (*STAGES, "shortage")
"""Stages of a case with too few advisers: how many are missing must be proven too."""


@dataclass(frozen=True)
class Case:
    """One instance to plan and what is expected of it on 2 cores with 24 GiB.

    ``seconds`` of the whole command, ``memory_mb`` of all its processes, the largest ``gap`` of
    any goal of a stage, ``stages`` that must be reached, and ``limit`` seconds of planning that the command is given.
    """

    name: str
    make: Callable[[int], Instance]
    seconds: float
    memory_mb: float
    gap: dict[str, float] = field(default_factory=dict)
    limit: float = 60
    stages: tuple[str, ...] = STAGES


def _generated(area: str, size: str) -> Callable[[int], Instance]:
    return lambda seed: generate(area, size, seed)


def _bundled(scenario: str) -> Callable[[int], Instance]:
    return lambda seed: load(scenario, seed)


CASES = {
    case.name: case
    for case in (
        Case("T", _generated("340223105", "T"), 3, 300),
        Case("S", _generated("340223", "S"), 5, 400),
        Case("M", _generated("340281", "M"), 15, 600),
        Case("suzhou", _bundled("suzhou"), 120, 3000, {"seats": 0.002, "month": 0.001}, 110),
        Case("yunnan", _bundled("yunnan"), 900, 6000, {"seats": 0.005, "month": 0.005}, 600),
        Case("shehong", _bundled("shehong"), 5, 600, stages=SHORT),
        Case("changping", _bundled("changping"), 5, 600, stages=SHORT),
    )
}
"""Cases by name; a stage without a gap named must be proven. Targets are the project's own."""


def counties() -> dict[str, int]:
    """Return Yunnan's counties with their numbers of villages, in the order of the codes."""
    area = Geography.load().select(PROVINCE)
    county = {township.code: township.county_code for township in area.townships}
    held = Counter(county[village.township_code] for village in area.villages)
    return {code: held[code] for code in sorted(held)}


def counties_for(villages: int) -> tuple[str, ...]:
    """Return whole counties, in the order of the codes, until ``villages`` are reached."""
    taken: list[str] = []
    reached = 0
    for code, count in counties().items():
        if reached >= villages:
            break
        taken.append(code)
        reached += count
    return tuple(taken)


def part_of_province(codes: tuple[str, ...], seed: int) -> Instance:
    """Make the instance of some counties of Yunnan, staffed as the whole province is."""
    whole = Geography.load()
    kept = {code: whole.counties[code] for code in codes}
    towns = {c: t for c, t in whole.townships.items() if t.county_code in kept}
    return generate(PROVINCE, "XL", seed, replace(whole, counties=kept, townships=towns))


def points(villages: Iterator[int] | tuple[int, ...]) -> dict[str, tuple[str, ...]]:
    """Return the counties of each point of the curves by its name."""
    return {f"{count} villages": counties_for(count) for count in villages}
