"""The joined records results are written from: ids replaced by what people read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from models.report import Reason
from models.vocabulary import Mode, Part

VACANT = "待定"
"""Shown where a person is wanted and nobody could be found."""

TO_BE_NAMED = "机构待派"
"""Shown where the firm of a slot is still to name a person."""

WEEKDAYS = "一二三四五六日"

Point = tuple[float, float]
"""Longitude and latitude in degrees, WGS84."""


@dataclass(frozen=True, slots=True)
class DayMark:
    """A day of the month and what is special about it."""

    date: dt.date
    is_workday: bool
    note: str

    @property
    def weekday(self) -> str:
        """星期一 … 星期日."""
        return f"星期{WEEKDAYS[self.date.weekday()]}"


@dataclass(frozen=True, slots=True)
class PersonCard:
    """A person as results show them. ``mobile`` is for internal sheets alone."""

    id: str
    name: str
    kind: str = ""
    firm: str = ""
    phone: str = ""
    mobile: str = ""
    colour: str = ""
    office: Point | None = None


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """A site as results show it."""

    id: str
    name: str
    kind: str = ""
    township: str = ""
    phone: str = ""
    point: Point | None = None


@dataclass(frozen=True, slots=True)
class DutyLine:
    """One slot: where, when, who holds it, who stands by, how many are missing."""

    slot: str
    post: str
    post_name: str
    site: PlaceCard
    day: DayMark
    part: Part
    hours: str
    mode: Mode
    serves: tuple[str, ...]
    holders: tuple[PersonCard, ...]
    standbys: tuple[PersonCard, ...]
    vacant: int
    standby_vacant: int
    remote_from: str = ""
    """Where the people sit who serve this place by video or phone; empty at their own site."""

    @property
    def when(self) -> str:
        """上午 09:00–12:00."""
        return f"{self.part.label} {self.hours}".strip()

    @property
    def remark(self) -> str:
        """A remark for the notice board: special day, remote or telephone duty."""
        mode = "" if self.mode is Mode.ONSITE else f"{self.mode.label}值班"
        serves = f"同时服务{len(self.serves)}个站点" if self.serves else ""
        serves = f"由{self.remote_from}接入" if self.remote_from else serves
        return "；".join(text for text in (self.day.note, mode, serves) if text)


@dataclass(frozen=True, slots=True)
class VisitMark:
    """One visit to a village."""

    date: dt.date
    part: Part
    person: str
    lecture: bool
    start: str | None = None

    @property
    def label(self) -> str:
        """12月3日（周四）上午, with the time where it does not begin with the half day."""
        weekday, own = WEEKDAYS[self.date.weekday()], f" {self.start}起" if self.start else ""
        return f"{self.date.month}月{self.date.day}日（周{weekday}）{self.part.label}{own}"


@dataclass(frozen=True, slots=True)
class VillageLine:
    """A village, its adviser and the visits of the month; who hands it over within the month, and when."""

    id: str
    name: str
    area: str
    township: str
    adviser: PersonCard | None
    handed_over: str
    visits: tuple[VisitMark, ...]
    priority: int
    point: Point | None
    coordinate_source: str


@dataclass(frozen=True, slots=True)
class StationLine:
    """A village and its fixed station; a mobile point comes by when ``host`` is empty."""

    id: str
    name: str
    area: str
    township: str
    host: str
    host_name: str
    walk_minutes: int
    dates: tuple[str, ...] = ()
    """When the village is served: the visits to it, and those to the village of its station."""

    @property
    def way(self) -> str:
        """How the village is served."""
        if not self.host:
            return "流动服务点"
        return "固定站" if self.host == self.id else "共用固定站"


@dataclass(frozen=True, slots=True)
class MediatorLine:
    """One seat of a full-time mediator; nobody holds it when ``person`` is None."""

    site: PlaceCard
    person: PersonCard | None
    specialities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnmetLine:
    """A demand that stays empty, and why."""

    kind: str
    target: str
    target_id: str
    township: str
    date: dt.date | None
    part: str
    missing: int
    zh: str
    en: str
    reasons: tuple[Reason, ...]
