"""Repeatable random numbers: one independent stream per seed, topic and place."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from scenarios.generator.selection import Points

T = TypeVar("T")


def stream(seed: int, *topics: str) -> np.random.Generator:
    """Return the generator of ``seed`` (0 or more) for these topics.

    Streams do not depend on each other, so that drawing more of one thing leaves the rest
    unchanged.
    """
    return np.random.default_rng([seed, *(zlib.crc32(topic.encode()) for topic in topics)])


def pick(
    rng: np.random.Generator, options: Sequence[T], weights: Sequence[float], count: int = 1
) -> list[T]:
    """Draw ``count`` different options, heavier ones more often."""
    p = np.asarray(weights, dtype=float) / sum(weights)
    chosen = rng.choice(len(options), size=min(count, len(options)), replace=False, p=p)
    return [options[int(i)] for i in chosen]


def near(
    rng: np.random.Generator, point: Points | tuple[float, float], km: float
) -> tuple[float, float]:
    """Return a point about ``km`` from ``point``, never beyond 2.5 times that, to 4 decimals."""
    step = np.clip(rng.normal(0, km / 1.5, 2), -1.7 * km, 1.7 * km) / 111.2
    lon = point[0] + step[0] / max(0.2, np.cos(np.radians(point[1])))
    return round(float(lon), 4), round(float(point[1] + step[1]), 4)
