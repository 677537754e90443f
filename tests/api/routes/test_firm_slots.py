"""Firms name people for their published slots over HTTP: who may, until when, and what follows."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from icalendar import Calendar

from api.office.people.firm_naming import MovedOnError, PreparedNames, keep_names, until_current
from api.office.people.firm_slots import PublishedPlan
from api.office.plans.edits import check_edits
from models.roster import Duty
from models.store.database.store import Store
from models.store.plans.drafts import copy_draft
from models.store.plans.instances import get_instance, put_instance, set_current
from models.store.plans.pins import pins_of
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import get_report, get_roster, published_roster
from tests.api.service import county as county_module
from tests.api.service.county import COUNTY, County, county, duty, put_published
from tests.factories import tiny_content, tiny_instance

HERE = f"areas/{COUNTY}/firms/F01"
CENTRE = "Z000-咨询"
POSTS = [tiny_content()["posts"][0] | {"firm_named": True}, *tiny_content()["posts"][1:]]


def slot(day: int) -> str:
    return f"{CENTRE}@202612{day:02}am"


def waiting(day: int, person: str, firm: str) -> Duty:
    return duty(CENTRE, day, person).model_copy(update={"firm": firm})


@pytest.fixture
def firms(seeded: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[County]:
    """Serve a county whose centre is staffed by firms: three slots of F01, one of F02."""
    folder = tmp_path / "data"
    with county(*seeded, folder):
        pass
    instance = tiny_instance(
        posts=POSTS,
        leave=[{"person": "L002", "first": "2026-12-09", "last": "2026-12-09"}],
        rules=[{"rule": "weekly_cap", "field": "turns", "value": "2"}],
    )
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, instance, area=COUNTY, by="test")
        set_current(session, COUNTY, key, revision=1, by="test")
        duties = [waiting(7, "L001", "F01"), waiting(8, "L002", "F01"), waiting(9, "L001", "F01")]
        put_published(session, instance, COUNTY, (*duties, waiting(10, "L003", "F02")))
    with county(*seeded, folder) as running:
        yield running


def slots(own: County, who: str = "firm") -> dict[str, dict[str, Any]]:
    found = own.got(who, "GET", f"{HERE}/slots")["slots"]
    return {row["date"][8:]: row for row in found}


def name(own: County, who: str, *names: tuple[int, str], **more: str) -> httpx.Response:
    body = [{"slot": slot(day), "person": person, **more} for day, person in names]
    return own.ask(who, "POST", f"{HERE}/names", json={"names": body})


def codes(answer: httpx.Response) -> list[str]:
    return [found["code"] for found in answer.json()["issues"]]


def test_a_firm_sees_its_slots_with_its_own_people_ranked(firms: County) -> None:
    rows = slots(firms)
    assert {day: (row["state_label"], row["deadline"][8:]) for day, row in rows.items()} == {
        "07": ("待派", "06"),
        "08": ("待派", "07"),
        "09": ("待派", "08"),
    }
    people = {day: [one["name"] for one in row["nominees"]] for day, row in rows.items()}
    assert people == {"07": ["例甲", "例乙"], "08": ["例乙"], "09": ["例甲"]}
    assert [(r["code"], r["people"]) for r in rows["08"]["refused"]] == [("weekly_cap", ["L001"])]
    assert [(r["code"], r["people"]) for r in rows["09"]["refused"]] == [("leave", ["L002"])]
    assert [one["is_fallback"] for one in rows["07"]["nominees"]] == [True, False]


def test_people_named_are_published_at_once_and_kept_by_the_next_solve(firms: County) -> None:
    answer = name(firms, "firm", (7, "例乙"), (9, "L001"))
    assert answer.status_code == 200, answer.text
    rows = slots(firms)
    assert {d: (r["state"], r["person"], r["may_name"]) for d, r in rows.items()} == {
        "07": ("named", "L002", True),
        "08": ("waiting", "L002", True),
        "09": ("named", "L001", True),
    }
    roster = answer.json()["named"][0]["roster"]
    assert firms.got("bureau", "GET", f"rosters/{roster}")["stage"] == "published"
    with Store.open(firms.folder) as store, store.read() as session:
        kept = [(pin.date.day, pin.person) for pin in pins_of(session, COUNTY) if pin.date]
    assert kept == [(7, "L002"), (9, "L001")]


def test_a_firm_changes_whom_it_named_until_the_deadline(firms: County) -> None:
    assert name(firms, "firm", (7, "L002")).status_code == 200
    assert name(firms, "firm", (7, "L001")).status_code == 200
    assert slots(firms)["07"]["person"] == "L001"
    with Store.open(firms.folder) as store, store.read() as session:
        assert [pin.person for pin in pins_of(session, COUNTY)] == ["L001"]


@pytest.mark.parametrize(
    ("day", "person", "code"),
    [
        (7, "L003", "naming_other_firm"),
        (7, "nobody", "naming_other_firm"),
        (10, "L001", "naming_no_slot"),
        (11, "L001", "naming_no_slot"),
        (9, "L002", "naming_breaks_rule"),  # away on that day
    ],
)
def test_names_that_do_not_fit_are_refused_with_everything_else(
    firms: County, day: int, person: str, code: str
) -> None:
    answer = name(firms, "firm", (8, "L001"), (day, person))
    assert (answer.status_code, codes(answer)) == (422, [code])
    assert slots(firms)["08"]["state"] == "waiting"


@pytest.mark.parametrize(("today", "status"), [(6, 200), (7, 422)])
def test_the_firm_names_until_the_day_before_and_the_office_at_any_time(
    firms: County, monkeypatch: pytest.MonkeyPatch, today: int, status: int
) -> None:
    late = dt.datetime(2026, 12, today, 1, tzinfo=dt.UTC)
    monkeypatch.setattr(county_module, "NOW", late)
    answer = name(firms, "firm", (7, "L002"))
    assert answer.status_code == status, answer.text
    if status != 200:
        assert codes(answer) == ["naming_late"]
        assert "2026-12-06" in answer.json()["issues"][0]["zh"]
        assert slots(firms)["07"]["state_label"] == "逾期未派"
        assert name(firms, "bureau", (7, "L002")).status_code == 200
    assert slots(firms)["07"]["person"] == "L002"


def test_nobody_named_in_time_means_whom_the_office_chose(
    seeded: tuple[Path, dict[str, str]], firms: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(county_module, "NOW", dt.datetime(2026, 12, 8, 1, tzinfo=dt.UTC))
    with county(*seeded, firms.folder) as later:  # what is due is done when the service starts
        for _ in range(600):
            states = {day: row["state"] for day, row in slots(later, "bureau").items()}
            if states["07"] == "named":
                break
            time.sleep(0.01)
    assert states == {"07": "named", "08": "named", "09": "waiting"}


@pytest.mark.parametrize(
    ("who", "status"),
    [("bureau", 200), ("east", 200), ("firm", 200)]
    + [(who, 404) for who in ("west", "elsewhere", "other-firm", "L001")],
)
def test_slots_are_for_the_firm_and_its_office(firms: County, who: str, status: int) -> None:
    assert firms.ask(who, "GET", f"{HERE}/slots").status_code == status
    assert name(firms, who, (7, "L002")).status_code == status


def test_a_firm_subscribes_to_its_slots_and_to_nobody_elses_calendar(firms: County) -> None:
    whose = {"kind": "firm", "id": "F01"}
    link = firms.got("firm", "POST", f"areas/{COUNTY}/feeds", 201, json=whose)
    for who, other in (("firm", {"kind": "firm", "id": "F02"}), ("other-firm", whose)):
        assert firms.ask(who, "POST", f"areas/{COUNTY}/feeds", json=other).status_code == 404
    assert name(firms, "firm", (7, "例乙")).status_code == 200
    feed = Calendar.from_ical(firms.client.get(httpx.URL(link["https"]).path).content)
    told = {f"{e['DTSTART'].dt:%d}": str(e["SUMMARY"]) for e in feed.walk("VEVENT")}
    assert list(told) == ["07", "08", "09"]
    assert told["07"].startswith("值班")
    assert told["07"].endswith("例乙")
    assert told["08"].startswith("待派")


def test_it_must_be_said_whose_place_is_taken_where_several_serve(firms: County) -> None:
    instance = tiny_instance(posts=POSTS)
    both = (duty(CENTRE, 15, "L001"), duty(CENTRE, 15, "L002"))
    with Store.open(firms.folder) as store, store.begin() as session:
        put_published(session, instance, COUNTY, both)
    assert codes(name(firms, "firm", (15, "L001"))) == ["naming_which"]
    assert codes(name(firms, "firm", (15, "L003"), replacing="L001")) == ["naming_other_firm"]


def test_nothing_is_published_over_what_somebody_else_has_just_published(firms: County) -> None:
    with Store.open(firms.folder) as store:
        with store.begin() as session:
            record = published_roster(session, COUNTY, "2026-12")
            assert record is not None
            plan, report = get_roster(session, record.id), get_report(session, record.id)
            instance = get_instance(session, plan.instance)
            one = PublishedPlan(record.id, COUNTY, COUNTY, plan, report, instance)
            publish(session, copy_draft(session, record.id, by="test").id, by="test")
        made = PreparedNames(one, (), check_edits(instance, plan, ()))

        def attempt() -> None:
            tried.append("again")
            with store.begin() as session:
                keep_names(session, [made], by="test", why="")

        tried: list[str] = []
        with pytest.raises(MovedOnError) as refused:
            until_current(attempt)
    assert [found.code for found in refused.value.issues] == ["naming_moved_on"]
    assert tried == ["again"] * 3
