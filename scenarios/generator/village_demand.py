"""Villages and what they need: consultations by field, languages, priority, market days.

Consultations are 2–12 per village and month, 6 in the middle (S2: 5.8 in 2015); 5–30 % of
villages have priority (S3). Official names and codes are left as they are.
"""

from __future__ import annotations

import numpy as np

from models.places import Village
from models.vocabulary import Speciality, Terrain
from scenarios.generator.commission import Commission
from scenarios.generator.geography import VillageRecord, village_terrain
from scenarios.generator.markets import market_rules

_TOPICS = {
    Speciality.FAMILY: (18, 24),
    Speciality.LABOUR: (20, 10),
    Speciality.CONTRACT: (18, 14),
    Speciality.LAND: (2, 20),
    Speciality.DAMAGES: (8, 10),
    Speciality.TRAFFIC: (6, 8),
    Speciality.PROPERTY: (16, 2),
    Speciality.CONSUMER: (6, 3),
    Speciality.MEDICAL: (2, 2),
    Speciality.CRIMINAL: (2, 3),
    Speciality.ADMINISTRATIVE: (2, 4),
}
"""Weights of the topics in town and in country (hotline and village mediation statistics)."""

_PRIORITY_SHARE = {Terrain.TOWN: 0.06, Terrain.COUNTRY: 0.18}
_PRIORITY_LEVELS = (1, 2, 3)
_PRIORITY_MIX = (0.7, 0.2, 0.1)
_MARKET_SHARE = 0.6
_LANGUAGE_SHARE = 0.05


def make_villages(commission: Commission, advisers: dict[str, str]) -> list[Village]:
    """Make the village rows; ``advisers`` holds the present adviser of each village."""
    rng = commission.rng("villages")
    markets = market_rules(commission)
    return [
        _village(commission, record, rng, advisers, markets)
        for record in commission.district.villages
    ]


def _village(
    commission: Commission,
    record: VillageRecord,
    rng: np.random.Generator,
    advisers: dict[str, str],
    markets: dict[str, tuple[str, ...]],
) -> Village:
    """Make one village; all draws are made for every village, so that kinds do not shift them."""
    terrain = village_terrain(record, commission.terrain[record.township_code])
    chances = rng.random(3)
    level = int(rng.choice(_PRIORITY_LEVELS, p=_PRIORITY_MIX))
    rules = markets.get(record.township_code, ())
    market = rules[int(rng.integers(2)) % len(rules)] if rules else None
    is_market = terrain is Terrain.COUNTRY and chances[1] < _MARKET_SHARE
    return Village(
        id=record.code,
        name=record.name,
        area=record.township_code,
        terrain=terrain,
        lon=record.point[0] if record.point else None,
        lat=record.point[1] if record.point else None,
        coordinate_source=record.coordinate_source,
        priority=level if chances[0] < _PRIORITY_SHARE[terrain] else 0,
        demand=_demand(rng, terrain),
        languages=_languages(commission, terrain) if chances[2] < _LANGUAGE_SHARE else (),
        market=market if is_market else None,
        adviser=advisers.get(record.code),
        phone=commission.names.phone(commission.district.county.city_code),
    )


def _demand(rng: np.random.Generator, terrain: Terrain) -> dict[Speciality, int]:
    """Draw the consultations of a month by topic."""
    total = int(np.clip(rng.poisson(6), 2, 12))
    weights = np.array([pair[terrain is Terrain.COUNTRY] for pair in _TOPICS.values()], float)
    counts = rng.multinomial(total, weights / weights.sum())
    return {topic: int(n) for topic, n in zip(_TOPICS, counts, strict=True) if n}


def _languages(commission: Commission, terrain: Terrain) -> tuple[str, ...]:
    """Return the language asked for: the county's minority language, else the dialect."""
    if terrain is Terrain.TOWN:
        return ()
    return (commission.minority_language or commission.dialect,)
