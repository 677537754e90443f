"""Made-up counties of two townships, for questions about how many people there are."""

from __future__ import annotations

from typing import Any

from models.instance import Instance

SEATS = {"A": (113.0, 34.0), "B": (114.0, 34.0)}
"""Two townships, 92 km apart: nobody's service circle reaches from one to the other."""
NEAR = {"A": (113.0, 34.0), "B": (113.1, 34.0)}


def county(
    villages: dict[str, int],
    people: list[dict[str, Any]],
    seats: dict[str, tuple[float, float]] = SEATS,
    **tables: Any,
) -> Instance:
    """Return a made-up county; people serve the township they live in unless told otherwise."""
    areas: list[dict[str, Any]] = [
        {"id": "C", "name": "示例县", "level": "county", "lon": 113, "lat": 34}
    ]
    rows = []
    for area, (lon, lat) in seats.items():
        point = {"lon": lon, "lat": lat}
        areas.append(
            {"id": area, "name": f"示例{area}乡", "level": "township", "parent": "C", **point}
        )
        rows += [
            {"id": f"{area}{n}", "name": f"示例{area}{n}村", "area": area, **point}
            for n in range(villages.get(area, 0))
        ]
    staff = [
        {"id": f"L{n}", "name": f"例{n}", "kind": "lawyer", "serves_areas": [person["area"]]}
        | person
        for n, person in enumerate(people)
    ]
    content = {"areas": areas, "villages": rows, "people": staff} | tables
    return Instance.model_validate(content)


def at(area: str, **changes: Any) -> dict[str, Any]:
    """Return a person of a township."""
    return {"area": area} | changes
