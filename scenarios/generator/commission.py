"""The inputs for generating one district: place, size, seed, month and names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.vocabulary import Terrain
from scenarios.generator.draws import stream
from scenarios.generator.geography import township_terrain
from scenarios.generator.names import NameBook
from scenarios.generator.selection import District, Points, points_of
from scenarios.generator.sizes import Size

_DIALECTS = {"32": "吴语", "34": "江淮官话", "41": "河南话", "53": "云南话"}

_MINORITY_LANGUAGES = {
    "彝族": "彝语", "哈尼族": "哈尼语", "壮族": "壮语", "傣族": "傣语", "白族": "白语",
    "傈僳族": "傈僳语", "藏族": "藏语", "纳西族": "纳西语", "苗族": "苗语", "拉祜族": "拉祜语",
    "佤族": "佤语", "独龙族": "独龙语",
}  # fmt: skip


@dataclass(frozen=True)
class Quota:
    """A district's part of exact counts; ``stations`` is None where villages have workrooms."""

    advisers: int
    duty_only: int
    unlisted: int
    stations: int | None


@dataclass(frozen=True)
class Commission:
    """An order for the rows of one district; the same order gives the same rows."""

    district: District
    city_name: str
    size: Size
    seed: int
    month: str
    names: NameBook
    is_one_of_many: bool
    has_city: bool
    neighbours: tuple[District, ...] = ()
    quota: Quota | None = None

    def rng(self, topic: str) -> np.random.Generator:
        """Return the stream of random numbers of this district for ``topic``."""
        return stream(self.seed, topic, self.district.county.code)

    @cached_property
    def terrain(self) -> dict[str, Terrain]:
        """Town or country of each township."""
        return {
            t.code: township_terrain(t, self.district.villages_of(t.code))
            for t in self.district.townships
        }

    @cached_property
    def is_urban(self) -> bool:
        """Whether most townships are town-like."""
        towns = sum(kind is Terrain.TOWN for kind in self.terrain.values())
        return 2 * towns > len(self.terrain)

    @cached_property
    def seat(self) -> Points:
        """Longitude and latitude of the county seat (a townships' mean if unknown)."""
        towns = [township.point for township in self.district.townships]
        seat: Points = points_of([self.district.county.point, *towns])[0]
        return seat

    @cached_property
    def adviser_count(self) -> int:
        """Lawyers and grassroots workers to make as advisers, at least 1."""
        if self.quota is not None:
            return self.quota.advisers
        return max(1, round(len(self.district.villages) / self.size.villages_per_adviser))

    @property
    def staff_areas(self) -> tuple[str, ...]:
        """Codes of the county and its zones: where the staff of the centre serve."""
        return tuple(county.code for county in self.district.counties)

    @property
    def home_areas(self) -> tuple[str, ...]:
        """Where the listed practitioners serve; unlimited when there is but one district."""
        return self.staff_areas if self.is_one_of_many else ()

    @property
    def dialect(self) -> str:
        """The dialect most people here speak."""
        return _DIALECTS.get(self.district.county.code[:2], "本地话")

    @property
    def minority_language(self) -> str | None:
        """The minority language the county or its prefecture is named for."""
        full_name = self.district.county.name + self.city_name
        known = (word for people, word in _MINORITY_LANGUAGES.items() if people in full_name)
        return next(known, None)
