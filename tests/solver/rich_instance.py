"""A hand-made month that uses every feature, with people who may not do what others may.

Made up from end to end. Town A and township B lie 80 minutes apart; the noon break lasts an hour.
The people named ``T…`` are ordinary lawyers but for one thing, which their name says.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from models.instance import Instance
from models.vocabulary import Speciality, Strength

MONTH = "2026-12"
WEST, EAST = (113.600, 34.70), (114.475, 34.70)
TRAPS: dict[str, dict[str, Any]] = {
    "T-leave": {"is_adviser": True},
    "T-pair": {},
    "T-far": {},
    "T-conflict": {"firm": "F4"},
    "T-declared": {"firm": "F4", "monthly_turns": 0},
    "T-area": {"serves_areas": ["B"]},
    "T-list": {"is_duty": False},
    "T-turns": {"monthly_turns": 0},
    "T-hours": {"monthly_hours": 0},
    "T-young": {"practice_years": 1},
    "T-full": {"is_adviser": True, "villages_max": 0},
    "T-man": {"gender": "male"},
    "T-mute": {"languages": ["普通话"]},
    "T-fields": {"specialities": ["criminal"]},
}


@cache
def rich_instance() -> Instance:
    """Return the instance; it can be planned without any hard or waivable breach."""
    return Instance.model_validate(
        {
            "settings": _settings(),
            "areas": [_area("X", None, WEST), _area("A", "X", WEST), _area("B", "X", EAST)],
            "firms": [_firm("F1", "A"), _firm("F2", "A"), _firm("F3", "B"), _firm("F4", "A")],
            "people": [*_staff(), *_traps()],
            "villages": _villages(),
            "sites": _sites(),
            "posts": _posts(),
            "leave": [{"person": "T-leave", "first": "2026-11-20", "last": "2027-01-10"}],
            "wishes": [
                {"person": "L1", "attitude": "avoid", "site": "C", "weekday": 5, "weight": 2},
                {"person": "L2", "attitude": "prefer", "village": "V3", "weight": 3},
            ],
            "conflicts": [{"person": "T-declared", "site": "C"}],
            "pins": _pins(),
            "ledger": [
                _served("L1", "C", 2),
                _served("L2", "C", 1),
                _served("M1", "C", 0),
            ],
            "lectures": [{"village": "V6", "date": "2026-10-20"}],
            "pairs": [
                {"person": "T-pair", "place": "C", "allowed": False},
                {"person": "T-far", "place": "C", "minutes": 121},
                {"person": "L1", "place": "V10", "minutes": 61},
            ],
            "rules": [],
        }
    )


def scattered_instance() -> Instance:
    """Return the same with villages apart, a small one, and a station that two of them share.

    V9 is 14 minutes on foot from the others of B, V10 34.
    """
    apart = {"V9": 0.01, "V10": 0.025}
    rich = rich_instance()
    changes: dict[str, dict[str, Any]] = {"V4": {"demand": {Speciality.FAMILY: 1}}}
    changes |= {v: {"lon": EAST[0] + far, "lat": EAST[1]} for v, far in apart.items()}
    villages = [v.model_copy(update=changes.get(v.id, {})) for v in rich.villages]
    shared = {"W": {"villages": ("V7", "V8")}}
    sites = [site.model_copy(update=shared.get(site.id, {})) for site in rich.sites]
    return rich.model_copy(update={"villages": tuple(villages), "sites": tuple(sites)})


def _settings() -> dict[str, Any]:
    clock = {"pm_start": "13:00", "pm_end": "16:00", "night_start": "19:30", "night_end": "08:00"}
    speed = {"town_kmh": 60, "country_kmh": 60, "circuity": 1, "access_minutes": 0}
    return {"name": "示例县（虚构）", "month": MONTH, **clock, **speed}


def _area(code: str, parent: str | None, point: tuple[float, float]) -> dict[str, Any]:
    level = "township" if parent else "county"
    terrain = "town" if code == "A" else "country"
    row = {"id": code, "name": f"示例{code}", "level": level, "parent": parent}
    return row | {"terrain": terrain, "lon": point[0], "lat": point[1]}


def _firm(code: str, area: str) -> dict[str, Any]:
    kind = "grassroots_office" if area == "B" else "law_firm"
    return {"id": code, "name": f"示例所{code}", "kind": kind, "area": area}


def _person(code: str, kind: str, area: str, **more: Any) -> dict[str, Any]:
    usual = {"gender": "female", "languages": ["普通话", "客家话"], "practice_years": 5}
    fields = {"specialities": ["family", "labour", "land"]}
    return {"id": code, "name": f"例{code}", "kind": kind, "area": area, **usual, **fields, **more}


def _staff() -> list[dict[str, Any]]:
    lawyers = [_person(f"L{n}", "lawyer", "A", firm="F1" if n < 3 else "F2") for n in (1, 2, 3, 4)]
    grassroots = [_person(f"G{n}", "grassroots", "B", firm="F3") for n in (1, 2, 3)]
    mediators = [
        _person(f"M{n}", "mediator", "A" if n < 5 else "B", is_adviser=False) for n in range(1, 8)
    ]
    mediators[0]["specialities"] = ["traffic"]
    others = [
        _person("N1", "notary", "A", is_adviser=False),
        _person("N2", "notary", "A", is_adviser=False),
        _person("O1", "officer", "A", is_adviser=False, share=0.5),
    ]
    return [*lawyers, *grassroots, *mediators, *others]


def _traps() -> list[dict[str, Any]]:
    usual: dict[str, Any] = {"is_adviser": False, "area": "A"}
    return [_person(code, "lawyer", **usual | more) for code, more in TRAPS.items()]


def _villages() -> list[dict[str, Any]]:
    rows = {f"V{n}": {"area": "A" if n < 7 else "B"} for n in range(1, 11)}
    more: dict[str, dict[str, Any]] = {
        "V1": {"adviser": "L1"},
        "V2": {"market": "周三"},
        "V3": {"demand": {"family": 2, "land": 1}},
        "V4": {"languages": ["客家话"]},
        "V5": {"service_hours": 8},
        "V7": {"priority": 2},
    }
    return [{"id": v, "name": f"示例村{v}", **row, **more.get(v, {})} for v, row in rows.items()]


def _sites() -> list[dict[str, Any]]:
    kinds = {"C": "centre", "Z": "station", "K": "court", "H": "hotline", "W": "workroom"}
    areas = {"Z": "B", "W": "B"}
    rows: list[dict[str, Any]] = [
        {"id": code, "name": f"示例{code}", "kind": kind, "area": areas.get(code, "A")}
        for code, kind in kinds.items()
    ]
    rows[0]["panels"] = ["traffic"]
    return rows


def _posts() -> list[dict[str, Any]]:
    women = {"gender": "female", "languages": ["客家话"], "specialities": ["family"]}
    team = {"head_count": 3, "mix": {"lawyer": 1, "notary": 1}, "kind": "team"}
    return [
        _post("P-desk", "C", "工作日", kinds=["lawyer", "grassroots"], standby=1),
        _post("P-women", "C", "周二", **women),
        _post("P-court", "K", "周一", kind="duty_lawyer", practice_years=3),
        _post(
            "P-night",
            "H",
            "周三、周六",
            kind="hotline",
            mode="on_call",
            parts=["night"],
            holiday="keep",
        ),
        _post("P-team", "C", "2026-12-18", parts=["pm"], **team),
        _post("P-station", "Z", "周四", parts=["pm"]),
        _post("P-video", "C", "周五", mode="remote", parts=["pm"], serves=["Z"]),
    ]


def _post(code: str, site: str, days: str, **more: Any) -> dict[str, Any]:
    usual = {"name": "示例岗", "kind": "consultation", "parts": ["am"]}
    return {"id": code, "site": site, "recurrence": days, **usual, **more}


def _pins() -> list[dict[str, Any]]:
    when = {"date": dt.date(2026, 12, 14), "part": "am"}
    later = {"date": dt.date(2026, 12, 15), "part": "am"}
    return [
        {"kind": "duty", "target": "P-desk", "person": "L3", **when},
        {"kind": "adviser", "target": "V6", "person": "L4"},
        {"kind": "mediator", "target": "C", "person": "M2"},
        {"kind": "standby", "target": "P-desk", "person": "L4", **when},
        {"kind": "duty", "target": "P-desk", "person": "L2", "strength": Strength.KEEP, **later},
    ]


def _served(person: str, site: str, turns: int) -> dict[str, Any]:
    row = {"person": person, "month": "2026-11", "kind": "consultation", "site": site}
    return row | {"turns": turns}
