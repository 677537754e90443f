"""Faster or slower travel: roads, cars, weather."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar

from pydantic import Field

from models.instance import Instance
from models.issues import Issue, Sentence
from scenarios.changes.base import Change
from scenarios.changes.numbers import moved

_LABELS = {
    "town_kmh": ("城区 {} 公里/小时", "town {} km/h"),
    "country_kmh": ("乡村 {} 公里/小时", "country {} km/h"),
    "walk_kmh": ("步行 {} 公里/小时", "on foot {} km/h"),
    "circuity": ("绕行系数 {}", "circuity {}"),
    "access_minutes": ("起步 {} 分钟", "access {} min"),
}
_SPEEDS = ("town_kmh", "country_kmh", "walk_kmh")
_SLOWEST = 1.0
"""km/h; the least that an instance takes."""
_DAY = 1440
"""Minutes; the most that a pair takes."""


class TravelChange(Change):
    """Ways are driven or walked at other speeds; ``weather`` makes every way so many times as long.

    Weather lengthens the minutes that the pair table gives too; speeds, circuity and access minutes
    do not touch them.
    """

    zh: ClassVar[str] = "路途"
    en: ClassVar[str] = "travel"

    town_kmh: Annotated[float, Field(ge=1, le=120)] | None = Field(
        None, title="城区车速", description="公里/小时", examples=[20]
    )
    country_kmh: Annotated[float, Field(ge=1, le=120)] | None = Field(
        None, title="乡村车速", description="公里/小时", examples=[30]
    )
    walk_kmh: Annotated[float, Field(ge=1, le=20)] | None = Field(
        None, title="步行速度", description="公里/小时", examples=[3]
    )
    circuity: Annotated[float, Field(ge=1, le=5)] | None = Field(
        None, title="绕行系数", examples=[1.6]
    )
    access_minutes: Annotated[float, Field(ge=0, le=60)] | None = Field(
        None, title="起步分钟", examples=[8]
    )
    weather: Annotated[float, Field(ge=0.2, le=5)] = Field(
        1.0, title="天气系数", description="路途时间的倍数，如冰雪 1.5", examples=[1.5]
    )

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Nothing given, or a weather factor that makes speeds fall below the minimum."""
        if self.weather == 1 and all(getattr(self, field) is None for field in _LABELS):
            yield self.refusal("change_nothing", fields=", ".join((*_LABELS, "weather")))
        slow = [field for field in _SPEEDS if self._after(instance)[field] < _SLOWEST]
        if slow:
            yield self.refusal(
                "change_too_slow", "weather", fields="、".join(slow), fields_en=", ".join(slow)
            )

    def sentence(self, instance: Instance) -> Sentence:
        """Say speeds before and after, and how much longer ways take."""
        zh, en = [], []
        for field, (zh_text, en_text) in _LABELS.items():
            given = getattr(self, field)
            if given is not None:
                number = moved(getattr(instance.settings, field), given)
                zh.append(zh_text.format(number))
                en.append(en_text.format(number))
        pairs = sum(pair.minutes is not None for pair in instance.pairs)
        if self.weather != 1:
            zh.append(f"一切路途时间为原来的 {self.weather:g} 倍")
            en.append(f"every way takes {self.weather:g} times as long")
        elif pairs:
            zh.append(f"“人员与村居约定”中给定的 {pairs} 个分钟数不变")
            en.append(f"{pairs} minutes given in the pair table stay")
        return Sentence(f"路途：{'，'.join(zh)}", f"travel: {', '.join(en)}")

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the speeds, and with longer given minutes."""
        settings = instance.settings.model_copy(update=self._after(instance))
        pairs = tuple(
            pair
            if pair.minutes is None
            else pair.model_copy(update={"minutes": min(_DAY, pair.minutes * self.weather)})
            for pair in instance.pairs
        )
        return instance.model_copy(update={"settings": settings, "pairs": pairs})

    def _after(self, instance: Instance) -> dict[str, float]:
        """Return the settings of travel: minutes = access + km × circuity ÷ speed × 60."""
        after: dict[str, float] = {}
        for field in _LABELS:
            given = getattr(self, field)
            after[field] = getattr(instance.settings, field) if given is None else given
        for field in _SPEEDS:
            after[field] /= self.weather
        after["access_minutes"] *= self.weather
        return after
