"""The offline page: complete, nothing loaded, nothing private, no name can become script."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from api.documents.map_geometry import circle_km
from api.documents.map_page import render_page
from api.documents.view import View, build_view
from models.vocabulary import Terrain
from tests.api.documents.browser import opened
from tests.api.documents.sample_plan import (
    LICENCE_PREFIX,
    MOBILE_PREFIX,
    changed,
    district_instance,
    naive_roster,
    sample_report,
)

EVIL = "</script><script>alert(1)</script>"
EVIL_IMAGE = "<img src=x onerror=\"document.body.dataset.hacked='yes'\">"


class _Page(HTMLParser):
    """Collects the elements and the embedded data of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.elements and self.elements[-1][0] == "script":
            self.scripts.append(data)

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.scripts[0])
        return data


def _plan(**changes: Any) -> View:
    instance = district_instance(townships=3, villages=41, people=20)
    instance = changed(instance, **changes)
    roster = naive_roster(instance)
    return build_view(instance, roster, sample_report(instance, roster))


@pytest.fixture(scope="module")
def plan() -> View:
    return _plan()


@pytest.fixture(scope="module")
def text(plan: View) -> str:
    return render_page(plan)


def _browse(text: str, folder: Path) -> str:
    """Return the document as Chromium holds it after its scripts have run."""
    page = folder / "map.html"
    page.write_text(text, "utf-8")
    return opened(page.as_uri(), folder)[0]


def test_page_names_no_address_but_the_svg_namespace(text: str) -> None:
    assert set(re.findall(r"(?:https?:)?//[\w.]+[^\s\"']*", text)) == {"http://www.w3.org/2000/svg"}


def test_page_has_no_inline_handler_and_loads_nothing(text: str) -> None:
    elements = _Page(text).elements
    attributes = {name for _, attrs in elements for name in attrs}
    assert {name for name in attributes if name.startswith("on")} == set()
    assert attributes & {"src", "href", "srcset", "style", "action", "data"} == set()


def test_page_holds_every_village_seat_and_duty(text: str, plan: View) -> None:
    data = _Page(text).data
    people = [person["name"] for person in data["people"]]
    seats = {v["id"]: v["adviser"] for v in data["villages"]}
    assert {k: people[n] for k, n in seats.items() if n is not None} == {
        seat.village: plan.person(seat.person).name for seat in plan.roster.advisers
    }
    shown = sorted(people[n] for slot in data["slots"] for n in slot["who"])
    held = [plan.person(d.person).name for d in plan.roster.duties if not d.standby]
    assert shown == sorted(held)
    assert (
        sum(slot["vacant"] for slot in data["slots"])
        == sum(d.vacant for d in plan.duties if not d.remote_from)
        > 0
    )


def test_page_holds_unmet_goals_and_figures(text: str, plan: View) -> None:
    data = _Page(text).data
    assert [row["zh"] for row in data["unmet"]] == [row.zh for row in plan.report.unmet]
    assert data["unmet"][0]["reasons"][0] == {
        "zh": "96 人已满 5 个村居",
        "en": "96 people have 5 villages",
    }
    assert [(g["value"], g["bound"]) for g in data["goals"]] == [(2, 2), (4120, 4005.5)]
    assert data["kpis"][0] == ["法律顾问配备率", "villages with an adviser", "95.1%"]


def test_page_says_what_is_made_up(text: str, plan: View) -> None:
    meta = _Page(text).data["meta"]
    assert meta["notice"] == plan.instance.settings.notice != ""
    assert meta["sources"] == [["生成（synthetic）", 32], ["实测（real-village）", 9]]


def test_page_holds_nothing_private(text: str, plan: View) -> None:
    assert MOBILE_PREFIX not in text
    assert LICENCE_PREFIX not in text
    standby = {d.person for d in plan.roster.duties if d.standby}
    seen = {seat.person for seat in plan.roster.advisers}
    seen |= {seat.person for seat in plan.roster.mediators}
    seen |= {d.person for d in plan.roster.duties if not d.standby}
    assert {p["id"] for p in _Page(text).data["people"]} == seen
    assert standby


def test_home_of_a_person_is_not_on_the_page() -> None:
    people = district_instance(townships=3, villages=41, people=20).people
    homes = tuple(p.model_copy(update={"lon": 100.0, "lat": 30.0}) for p in people)
    assert render_page(_plan(people=homes)) == render_page(_plan(people=people)).replace(
        _plan(people=people).report.input_hash, _plan(people=homes).report.input_hash
    )


def test_equal_plans_give_equal_pages(text: str) -> None:
    assert render_page(_plan()) == text


def test_circle_shows_how_far_the_travel_model_comes(plan: View) -> None:
    settings = plan.instance.settings
    km = circle_km(settings, Terrain.TOWN, 30)
    assert (
        settings.access_minutes + km * settings.circuity / settings.town_kmh * 60
        == pytest.approx(30)
    )
    assert circle_km(settings, Terrain.TOWN, 3) == 0


def test_circles_follow_the_profile_of_the_report(plan: View) -> None:
    report = plan.report.model_copy(update={"profile": "suzhou"})
    view = build_view(plan.instance, plan.roster, report)
    labels = [circle["label"] for circle in _Page(render_page(view)).data["circles"]]
    assert labels == ["30 分钟（城区）", "30 分钟（乡村）"]


def test_background_keeps_cells_near_the_plan(plan: View) -> None:
    near = [[[113.6, 34.7], [113.9, 34.7], [113.9, 34.9], [113.6, 34.7]]]
    far = [[[100.0, 25.0], [100.1, 25.0], [100.1, 25.1], [100.0, 25.0]]]
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": near}},
        {"type": "Feature", "geometry": {"type": "MultiPolygon", "coordinates": [far]}},
    ]
    cells = {"type": "FeatureCollection", "features": features, "attribution": "CC BY 4.0"}
    page = render_page(plan, cells)
    assert len(_Page(page).data["background"]) == 1
    assert _Page(page).data["attribution"] == "CC BY 4.0"


def test_browser_draws_every_village_and_duty(text: str, plan: View, tmp_path: Path) -> None:
    dom = _browse(text, tmp_path)
    assert 'data-ready="yes"' in dom
    assert len(re.findall(r'class="mark (?:village|unserved)[ "]', dom)) == len(plan.villages)
    empty = len(plan.villages) - len(plan.roster.advisers)
    assert len(re.findall(r'class="mark unserved[ "]', dom)) == empty > 0
    grid = dom[dom.index('<div id="grid"') : dom.index('<div id="agenda"')]
    seats = [d for d in plan.roster.duties if not d.standby]
    assert grid.count('class="name"') == len(seats)


def test_hostile_names_are_inert_in_a_browser(tmp_path: Path) -> None:
    instance = district_instance(townships=3, villages=41, people=20)
    villages = tuple(v.model_copy(update={"name": EVIL}) for v in instance.villages)
    people = tuple(p.model_copy(update={"name": EVIL_IMAGE}) for p in instance.people)
    areas = tuple(a.model_copy(update={"name": EVIL + EVIL_IMAGE}) for a in instance.areas)
    text = render_page(_plan(villages=villages, people=people, areas=areas))
    assert [tag for tag, _ in _Page(text).elements if tag in {"script", "img"}] == ["script"] * 2
    dom = _browse(text, tmp_path)
    assert 'data-ready="yes"' in dom
    assert "data-hacked" not in dom.replace("document.body.dataset.hacked", "")
    assert [tag for tag, _ in _Page(dom).elements if tag in {"script", "img"}] == ["script"] * 2
    assert "&lt;img src=x onerror=" in dom
