"""Small made-up instances shared by the tests. People and firms are invented; points are near Zhengzhou."""

from __future__ import annotations

from typing import Any

from models.instance import Instance


def tiny_content() -> dict[str, Any]:
    """Return the tables of the tiny instance as plain JSON values, fresh on every call.

    1 county, 2 townships, 4 villages, 1 centre and 2 stations, 3 posts, 2 firms,
    5 people (例甲 … 例戊), month 2026-12.
    """
    return {
        "settings": {"name": "示例县 2026 年 12 月", "area": "410105", "month": "2026-12"},
        "areas": [
            _area("410105", "示例县", "county", None, (113.6600, 34.8000)),
            _area("410105001", "示例东街道", "township", "410105", (113.6900, 34.7800)),
            _area("410105002", "示例西乡", "township", "410105", (113.7600, 34.8300)),
        ],
        "villages": [
            _village("410105001001", "示例一社区", "410105001", (113.6880, 34.7790)),
            _village("410105001002", "示例二社区", "410105001", (113.6950, 34.7850)),
            _village("410105002001", "示例三村", "410105002", (113.7650, 34.8350)),
            _village("410105002002", "示例四村", "410105002", (113.7800, 34.8450)),
        ],
        "sites": [
            _site("Z000", "示例县公共法律服务中心", "centre", "410105", (113.6610, 34.8010)),
            _site(
                "Z001", "示例东街道公共法律服务工作站", "station", "410105001", (113.6905, 34.7805)
            ),
            _site(
                "Z002", "示例西乡公共法律服务工作站", "station", "410105002", (113.7605, 34.8305)
            ),
        ],
        "posts": [
            _post("Z000-咨询", "Z000", "consultation", "工作日", ["am", "pm"]),
            _post("Z001-咨询", "Z001", "consultation", "周二、周四", ["am"]),
            _post("Z002-调解", "Z002", "mediation", "周三", ["am"]),
        ],
        "firms": [
            _firm("F01", "示例律师事务所", "law_firm", "410105001", (113.6910, 34.7810)),
            _firm(
                "F02", "示例西乡法律服务所", "grassroots_office", "410105002", (113.7610, 34.8310)
            ),
        ],
        "people": [
            _person("L001", "例甲", "lawyer", "F01", "410105001"),
            _person("L002", "例乙", "lawyer", "F01", "410105001"),
            _person("L003", "例丙", "grassroots", "F02", "410105002"),
            _person("L004", "例丁", "grassroots", "F02", "410105002"),
            _person("M001", "例戊", "mediator", None, "410105002"),
        ],
    }


def tiny_instance(**changes: Any) -> Instance:
    """Build the tiny instance; each keyword replaces one table (rows, models or plain values).

    Parameters
    ----------
    **changes
        Fields of ``Instance``, for example ``posts=[]`` or ``leave=[{"person": "L001", ...}]``.
        ``settings`` given as a mapping is laid over the tiny settings.
    """
    content = tiny_content()
    settings = changes.pop("settings", {})
    if isinstance(settings, dict):
        settings = content["settings"] | settings
    return Instance.model_validate(content | changes | {"settings": settings})


def _area(
    code: str, name: str, level: str, parent: str | None, point: tuple[float, float]
) -> dict[str, Any]:
    lon, lat = point
    return {"id": code, "name": name, "level": level, "parent": parent, "lon": lon, "lat": lat}


def _village(code: str, name: str, area: str, point: tuple[float, float]) -> dict[str, Any]:
    lon, lat = point
    return {"id": code, "name": name, "area": area, "lon": lon, "lat": lat, "population": 3000}


def _site(code: str, name: str, kind: str, area: str, point: tuple[float, float]) -> dict[str, Any]:
    lon, lat = point
    return {"id": code, "name": name, "kind": kind, "area": area, "lon": lon, "lat": lat}


def _post(code: str, site: str, kind: str, recurrence: str, parts: list[str]) -> dict[str, Any]:
    return {
        "id": code,
        "site": site,
        "name": "示例岗",
        "kind": kind,
        "recurrence": recurrence,
        "parts": parts,
    }


def _firm(code: str, name: str, kind: str, area: str, point: tuple[float, float]) -> dict[str, Any]:
    lon, lat = point
    return {"id": code, "name": name, "kind": kind, "area": area, "lon": lon, "lat": lat}


def _person(code: str, name: str, kind: str, firm: str | None, area: str) -> dict[str, Any]:
    return {
        "id": code,
        "name": name,
        "kind": kind,
        "firm": firm,
        "area": area,
        "specialities": ["family", "labour"],
        "practice_years": 5,
        "languages": ["普通话"],
    }
