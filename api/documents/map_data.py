"""What map.html shows, as plain JSON: names, offices and office phones, nothing private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from api.documents.labels import kpi_label, kpi_text, source_label
from api.documents.lines import DutyLine, PersonCard, Point, UnmetLine, VillageLine
from api.documents.map_geometry import circle_km, plane_around, rings
from api.documents.view import View
from models.issues import InputError
from models.vocabulary import Terrain

CIRCLE_MINUTES = (30.0, 60.0)
"""Half an hour in town, one hour in the country (Bengbu 2020, Wuhu 2021)."""


def page_data(
    view: View,
    background: dict[str, Any] | None = None,
    circle_minutes: tuple[float, float] | None = None,
) -> dict[str, Any]:
    """Return the data of the page.

    Parameters
    ----------
    view
        The joined plan.
    background
        GeoJSON with schematic cells, in degrees WGS84.
    circle_minutes
        Minutes of travel in town and in the country that the circles show; by default
        those of the rule profile.
    """
    return _MapTables(view).data(background, circle_minutes or profile_minutes(view))


def profile_minutes(view: View) -> tuple[float, float]:
    """Return the minutes of the service circle in the profile of the report, with the office's changes."""
    from solver.profiles import load_rules  # late: loads every rule

    try:
        rules = load_rules(view.report.profile, view.instance.rules)
    except InputError:
        return CIRCLE_MINUTES
    return next(filter(None, (rule.circle_minutes for rule in rules)), CIRCLE_MINUTES)


@dataclass
class _MapTables:
    """Numbers people, sites and townships while the tables are made."""

    view: View
    people: dict[str, int] = field(default_factory=dict)
    cards: list[PersonCard] = field(default_factory=list)

    def data(
        self, background: dict[str, Any] | None, circle_minutes: tuple[float, float]
    ) -> dict[str, Any]:
        view = self.view
        points = [v.point for v in view.villages if v.point]
        points += [site.point for site in view.sites if site.point]
        self.plane = plane_around(points)
        self.sites = {site.id: n for n, site in enumerate(view.sites)}
        numbers = {line.id: n for n, line in enumerate(view.villages)}
        self.stations = {line.id: numbers.get(line.host, -1) for line in view.stations}
        tables = {
            "villages": [self.village(line) for line in view.villages],
            "slots": [self.slot(line) for line in view.duties if not line.remote_from],
            "sites": list(self.site_rows()),
        }
        return tables | {
            "meta": self.meta(),
            "days": [_day(view, n) for n in range(len(view.days))],
            "people": [self.person(card) for card in self.cards],
            "unmet": [_unmet(line) for line in view.unmet],
            "goals": list(_goals(view)),
            "kpis": list(_kpis(view)),
            "circles": _circles(view, circle_minutes),
            "background": list(rings(background, self.plane, points)),
            "attribution": (background or {}).get("attribution", ""),
        }

    def number(self, card: PersonCard) -> int:
        """Return the number of a person in the page."""
        if card.id not in self.people:
            self.people[card.id] = len(self.cards)
            self.cards.append(card)
        return self.people[card.id]

    def place(self, point: Point | None) -> tuple[float, float] | None:
        """Return plane kilometres of a point."""
        return self.plane.place(point) if point else None

    def person(self, card: PersonCard) -> dict[str, Any]:
        """Return one person: office and office phone only."""
        who = {"id": card.id, "name": card.name, "kind": card.kind, "firm": card.firm}
        look = {"phone": card.phone, "colour": card.colour}
        return {**who, **look, "at": self.place(card.office)}

    def village(self, line: VillageLine) -> dict[str, Any]:
        """Return one village with the numbers of its adviser and of its station's village.

        The station is -1 for a mobile point, null where no stations are planned.
        """
        return {
            "id": line.id,
            "name": line.name,
            "town": line.township,
            "at": self.place(line.point),
            "adviser": self.number(line.adviser) if line.adviser else None,
            "visits": [v.label + ("（含讲座）" if v.lecture else "") for v in line.visits],
            "priority": line.priority,
            "station": self.stations.get(line.id),
        }

    def site_rows(self) -> Iterator[dict[str, Any]]:
        """Yield the sites with the people who hold a seat there."""
        seats: dict[str, list[int]] = {}
        for seat in self.view.mediators:
            if seat.person:
                seats.setdefault(seat.site.id, []).append(self.number(seat.person))
        for site in self.view.sites:
            row = {"id": site.id, "name": site.name, "kind": site.kind, "town": site.township}
            at = self.place(site.point)
            yield {**row, "phone": site.phone, "at": at, "mediators": seats.get(site.id, [])}

    def slot(self, line: DutyLine) -> dict[str, Any]:
        """Return one slot with the numbers of site and people; standby is internal."""
        return {
            "site": self.sites.get(line.site.id),
            "post": line.post_name,
            "key": line.post,
            "day": line.day.date.day,
            "part": line.part.label,
            "hours": line.hours,
            "who": [self.number(card) for card in line.holders],
            "vacant": line.vacant,
            "remark": line.remark,
        }

    def meta(self) -> dict[str, Any]:
        """Return title, origin and notices."""
        view, report = self.view, self.view.report
        return {
            "title": view.title,
            "month": view.month_label,
            "notice": view.notice,
            "status": report.status.label,
            "profile": report.profile,
            "hash": report.input_hash,
            "seed": report.seed,
            "versions": report.versions,
            "estimated": report.estimated_days,
            "hard": len(report.hard),
            "waivers": len(report.waivers),
            "sources": [[source_label(name), n] for name, n in view.coordinate_sources],
            "plansAdvisers": view.plans_advisers,
            "plansDuties": view.plans_duties,
            "plansStations": bool(view.stations),
        }


def _day(view: View, n: int) -> dict[str, Any]:
    day = view.days[n]
    week = day.weekday[-1]
    return {"day": day.date.day, "week": week, "off": not day.is_workday, "note": day.note}


def _unmet(line: UnmetLine) -> dict[str, Any]:
    when = f"{line.date.month}月{line.date.day}日{line.part}" if line.date else ""
    return {
        "kind": line.kind,
        "target": line.target,
        "id": line.target_id,
        "town": line.township,
        "when": when,
        "missing": line.missing,
        "zh": line.zh,
        "en": line.en,
        "reasons": [{"zh": r.zh, "en": r.en} for r in line.reasons],
    }


def _goals(view: View) -> Iterator[dict[str, Any]]:
    for goal in view.report.goals:
        apart = "（分县求解）" if goal.is_cut else ""
        row = {"zh": goal.zh + apart, "name": goal.name, "stage": goal.stage, "value": goal.value}
        yield row | {"bound": round(goal.bound, 2), "gap": f"{goal.gap * 100:.2f}%"}


def _kpis(view: View) -> Iterator[list[Any]]:
    for name, value in view.report.kpis.items():
        label = kpi_label(name)
        yield [label.zh, label.en, kpi_text(name, value)]


def _circles(view: View, minutes: tuple[float, float]) -> list[dict[str, Any]]:
    settings = view.instance.settings
    pairs = zip((Terrain.TOWN, Terrain.COUNTRY), minutes, strict=True)
    return [
        {"label": f"{limit:g} 分钟（{terrain.label}）", "km": circle_km(settings, terrain, limit)}
        for terrain, limit in pairs
    ]
