"""Two county bureaus that share a lawyer, doing anything in any order, through HTTP alone.

Only the solver is left out: a draft is kept as a worker keeps it. Beside the service stands a
plain model of it: rows of rosters, what is published where, versions, log, and what subscribers
have been told.
"""

from __future__ import annotations

import datetime as dt
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from icalendar import Calendar

from models.calendar import ZONE
from models.instance import Instance
from models.store.tables.words import Role
from tests.api.service.hostile.world import HERE, MONTH, SHARED, THERE, County, World, opened

Row = tuple[str, str, int, str]
"""What (duty, visit), person, day and part."""

HOURS = {("duty", "am"): 9, ("visit", "am"): 8, ("duty", "pm"): 14, ("visit", "pm"): 14}
"""When a row begins: a visit takes four hours, so that of a morning of three begins earlier."""
COUNTIES = {"a": HERE, "b": THERE}


@dataclass
class Plan:
    """A roster as the model knows it."""

    office: str
    variant: int
    rows: list[Row]
    base: int
    revision: int = 0
    version: int = 1
    stage: str = "draft"
    acknowledged: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=lambda: ["put_draft"])


@dataclass
class Subscriber:
    """A calendar by kind and id, its link, and what the last reading told."""

    kind: str
    id: str
    link: str = ""
    etag: str = ""
    content: bytes = b""
    sequences: dict[str, int] = field(default_factory=dict)
    confirmed: list[dt.datetime] = field(default_factory=list)


def instance(county: County, variant: int) -> Instance:
    """Return the data of a county: 1 moves its post to the station, 2 its village away."""
    content = county.content()
    content["sites"][1]["villages"] = [] if variant == 1 else [f"{county.township}001"]
    content["posts"][0]["site"] = county.site if variant == 1 else f"{county.letter}Z000"
    content["villages"][0]["area"] = f"{county.code}00{2 if variant == 2 else 1}"
    return Instance.model_validate(content)


def as_json(county: County, row: Row) -> dict[str, Any]:
    """Return a row as the service takes and tells it."""
    what, person, day, part = row
    if what == "duty":
        return {"duty": county.duty(day, person, part) | {"standby": False, "firm": None}}
    date = f"{MONTH}-{day:02}"
    visit = {"village": f"{county.township}001", "person": person, "date": date, "part": part}
    return {"visit": visit | {"lecture": False, "start": None}}


rows = st.tuples(
    st.sampled_from(["duty", "visit"]),
    st.sampled_from([SHARED, SHARED, "own"]),
    st.sampled_from([1, 2]),
    st.sampled_from(["am", "pm"]),
)
TAGS = st.sampled_from(["fresh", "fresh", "stale", None])
OVER = st.sampled_from([0, 0, 1, 2, 3])
KEYS = st.sampled_from([None, None, "k1", "k2"])


class History(RuleBasedStateMachine):
    """Requests of both bureaus, each answered as the model expects."""

    rosters = Bundle("rosters")

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.stack = ExitStack()
        self.world: World = self.stack.enter_context(opened(folder))
        self.plans: dict[int, Plan] = {}
        self.looked: set[int] = set()
        self.published: dict[str, int] = {}
        self.revisions = {"a": 0, "b": 0}
        self.data = {"a": 1, "b": 1}
        self.answers: dict[tuple[str, str], tuple[str, Any]] = {}
        self.shown: dict[int, tuple[str, Any]] = {}
        self.readers: list[Subscriber] = []

    def teardown(self) -> None:
        try:
            for key in self.plans:
                self.look(key)
        finally:
            self.stack.close()

    @initialize()
    def settle(self) -> None:
        for mark, county in COUNTIES.items():
            self.world.add(mark, Role.BUREAU, county.code)
            self.world.work_with(county.code, instance(county, 0))
        station, townships = HERE.site, (HERE.township, f"{HERE.code}002")
        whose = [("person", SHARED), ("person", HERE.person), ("site", station)]
        whose += [("site", f"{HERE.letter}Z000"), ("village", f"{HERE.township}001")]
        whose += [("township", code) for code in townships]
        for kind, key in whose:
            self.readers.append(Subscriber(kind, key, self.link(kind, key)))

    def link(self, kind: str, key: str) -> str:
        where = f"/areas/{HERE.code}/feeds"
        made = self.world.ask("a", "POST", where, json={"kind": kind, "id": key})
        assert made.status_code == 201, made.text
        return httpx.URL(made.json()["https"]).path

    # what offices do -----------------------------------------------------------------

    @rule(
        target=rosters,
        office=st.sampled_from("ab"),
        variant=st.integers(0, 2),
        planned=st.lists(rows, min_size=1, max_size=4, unique=True),
    )
    def put(self, office: str, variant: int, planned: list[Row]) -> int:
        county = COUNTIES[office]
        mine = [(what, self.name(office, who), day, part) for what, who, day, part in planned]
        kept = [as_json(county, row) for row in mine]
        duties, visits = ([row[kind] for row in kept if kind in row] for kind in ("duty", "visit"))
        _, key = self.world.draft(county.code, instance(county, variant), *duties, visits=visits)
        self.plans[key] = Plan(office, variant, mine, self.revisions[office])
        return key

    @rule(target=rosters, key=rosters, idempotency=KEYS)
    def copy(self, key: int, idempotency: str | None) -> int:
        plan = self.plans[key]
        known = self.known(plan.office, idempotency, f"copy {key}")
        answer = self.ask(plan.office, "POST", f"/rosters/{key}/draft", None, idempotency, json={})
        if known is not None:
            assert self.is_known(answer, known, 201)
            return int(answer.json()["id"]) if answer.is_success else key
        assert answer.status_code == 201
        made = int(answer.json()["id"])
        base = plan.revision or plan.base
        self.plans[made] = Plan(plan.office, plan.variant, list(plan.rows), base)
        self.keep(plan.office, idempotency, f"copy {key}", answer)
        return made

    @rule(key=rosters, row=rows, tag=TAGS, data=st.data())
    def edit(self, key: int, row: Row, tag: str | None, data: st.DataObject) -> None:
        plan = self.plans[key]
        new = (row[0], self.name(plan.office, row[1]), row[2], row[3])
        old = data.draw(st.sampled_from([*plan.rows, None]))
        before, after = data.draw(
            st.sampled_from([(old, new), (None, new), (old, None), (new, old)])
        )
        county = COUNTIES[plan.office]
        sent = {
            "before": as_json(county, before) if before else None,
            "after": as_json(county, after) if after else None,
        }
        where, read = f"/rosters/{key}/rows", self.tag(plan, tag)
        answer = self.ask(plan.office, "PATCH", where, read, json=sent)
        expected = self.edit_expected(plan, before, after, tag)
        assert answer.status_code == expected, answer.text
        if expected == 200:
            plan.rows = [row for row in plan.rows if row != before] + ([after] if after else [])
            plan.version += 1
            plan.log.append("edit_assignment")
            assert answer.headers["ETag"] == f'"{plan.version}"'

    def edit_expected(
        self, plan: Plan, before: Row | None, after: Row | None, tag: str | None
    ) -> int:
        refusals = (
            (tag is None, 428),
            (before == after, 422),
            (tag == "stale", 412),
            (plan.stage != "draft", 409),
            (before is not None and before not in plan.rows, 404),
            (after is not None and after in plan.rows, 409),
        )
        return next((status for is_refused, status in refusals if is_refused), 200)

    @rule(key=rosters, tag=TAGS, idempotency=KEYS, over=OVER)
    def publish(self, key: int, tag: str | None, idempotency: str | None, over: int) -> None:
        plan, about = self.plans[key], f"publish {key} {over}"
        known = self.known(plan.office, idempotency, about)
        answer = self.try_to_publish(key, tag, idempotency, over)
        if known is not None:
            assert self.is_known(answer, known, 200)
            return
        clashes, overtaken = self.clashes(key), self.overtaken(plan)
        if tag == "stale" or plan.stage != "draft" or clashes or (overtaken and over != overtaken):
            stale = tag == "stale"
            assert answer.status_code == (412 if stale else 409), answer.text
            if not stale and plan.stage == "draft" and clashes:
                assert answer.json()["clashes"] == clashes
            elif not stale and plan.stage == "draft":
                assert answer.json()["overtaken"]["revision"] == overtaken
            return
        names_breaches = answer.status_code == 409
        if names_breaches:
            plan.acknowledged = [breach["key"] for breach in answer.json()["breaches"]]
            assert plan.acknowledged
            answer = self.try_to_publish(key, tag, idempotency, over)
        assert answer.status_code == 200, answer.text
        previous = self.published.get(plan.office)
        if previous is not None:
            self.plans[previous].stage = "superseded"
            self.plans[previous].version += 1
        self.revisions[plan.office] += 1
        self.published[plan.office] = key
        plan.revision = self.revisions[plan.office]
        self.moved(plan, "published", "publish", answer)
        plan.log += ["acknowledge"] if names_breaches else []
        assert answer.json()["revision"] == self.revisions[plan.office]
        self.keep(plan.office, idempotency, about, answer)

    def try_to_publish(
        self, key: int, tag: str | None, idempotency: str | None, over: int
    ) -> httpx.Response:
        plan, where = self.plans[key], f"/rosters/{key}/publish"
        how = {"over": over or None, "acknowledge": plan.acknowledged}
        return self.ask(plan.office, "POST", where, self.tag(plan, tag), idempotency, json=how)

    def overtaken(self, plan: Plan) -> int:
        """Return the published revision that a draft does not know, 0 if there is none."""
        now = self.published.get(plan.office)
        revision = 0 if now is None else self.plans[now].revision
        return revision if revision > plan.base else 0

    @rule(key=rosters, side=st.sampled_from(["draft", "published"]))
    def merge(self, key: int, side: str) -> None:
        """Merged drafts contain what was published since, whatever the office prefers."""
        plan = self.plans[key]
        where = f"/rosters/{key}/merge"
        answer = self.ask(plan.office, "POST", where, None, json={"prefer": side})
        if plan.stage != "draft" or not self.overtaken(plan):
            assert answer.status_code == 409
            return
        assert answer.status_code == 201, answer.text
        assert answer.json()["base"] == self.overtaken(plan)

    @rule(
        target=rosters,
        office=st.sampled_from("ab"),
        variant=st.integers(0, 2),
        planned=st.lists(rows, min_size=1, max_size=4, unique=True),
        tag=st.sampled_from(["fresh", None]),
        key=KEYS,
    )
    def publish_anew(
        self, office: str, variant: int, planned: list[Row], tag: str | None, key: str | None
    ) -> int:
        made = self.put(office, variant, planned)
        self.publish(made, tag, key, 0)
        return made

    @rule(target=rosters, key=rosters, variant=st.integers(0, 2))
    def publish_with_other_data(self, key: int, variant: int) -> int:
        """The same rows where post and village have moved: what a change of the data leads to."""
        plan = self.plans[key]
        rows = [(what, "own" if who != SHARED else SHARED, *when) for what, who, *when in plan.rows]
        return self.publish_anew(plan.office, variant, rows, "fresh", None)

    @rule(key=rosters, data=st.data())
    def withdraw(self, key: int, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from([*self.published.values(), key]))
        plan = self.plans[key]
        answer = self.ask(plan.office, "POST", f"/rosters/{key}/withdraw", None, json={})
        if plan.stage != "published":
            assert answer.status_code == 409
            return
        del self.published[plan.office]
        self.moved(plan, "withdrawn", "withdraw", answer)

    @precondition(lambda self: sum(self.data.values()) < 5)
    @rule(office=st.sampled_from("ab"), variant=st.integers(0, 2), tag=TAGS)
    def choose(self, office: str, variant: int, tag: str | None) -> None:
        """The data to work with change; a roster stays with those it was made from."""
        county = COUNTIES[office]
        found = instance(county, variant)
        self.world.draft(county.code, found)  # the data are there once they were imported
        revision = self.data[office] + (tag == "stale")
        answer = self.world.ask(
            office,
            "PUT",
            f"/areas/{county.code}/data",
            json={"instance": found.content_hash},
            headers={} if tag is None else {"If-Match": f'"{revision}"'},
        )
        assert answer.status_code == {"stale": 412, None: 428}.get(tag, 200)
        self.data[office] += answer.is_success

    @rule(key=rosters, other=rosters)
    def compare(self, key: int, other: int) -> None:
        here, there = self.plans[key], self.plans[other]
        where = f"/rosters/{key}/comparison"
        answer = self.world.ask(here.office, "GET", where, params={"other": other})
        if here.office != there.office:
            assert answer.status_code == 404
            return
        county = COUNTIES[here.office]
        only = [row for row in here.rows if row not in there.rows]
        told = [{kind[:-1]: row} for kind in ("dutys", "visits") for row in _only(answer, kind)]
        expected = [as_json(county, row) for row in only]
        assert sorted(map(str, told)) == sorted(map(str, expected))

    @precondition(lambda self: self.published)
    @rule(number=st.integers(0, 6))
    def revoke(self, number: int) -> None:
        reader = self.readers[number]
        whose = {"kind": reader.kind, "id": reader.id}
        where = f"/areas/{HERE.code}/feeds/revoke"
        assert self.world.ask("a", "POST", where, json=whose).json() == {"revoked": 1}
        assert self.world.ask(None, "GET", reader.link).status_code == 404
        reader.link = self.link(reader.kind, reader.id)

    # what must hold ------------------------------------------------------------------

    @invariant()
    def rosters_are_what_was_kept_and_their_tags_change_with_them(self) -> None:
        """Look at those that the step was about; at the end, at all of them."""
        for key in self.looked:
            self.look(key)
        self.looked = set()

    def look(self, key: int) -> None:
        plan = self.plans[key]
        told = self.world.ask(plan.office, "GET", f"/rosters/{key}/rows")
        view = self.world.ask(plan.office, "GET", f"/rosters/{key}").json()
        kept = [{kind: row} for kind in _TABLES for row in told.json()[_TABLES[kind]]]
        expected = [as_json(COUNTIES[plan.office], row) for row in plan.rows]
        assert sorted(map(str, kept)) == sorted(map(str, expected))
        assert (view["stage"], view["version"]) == (plan.stage, plan.version)
        assert told.headers["ETag"] == f'"{plan.version}"'
        now = told.headers["ETag"], (view, told.json())
        before = self.shown.setdefault(key, now)
        assert (before[0] == now[0]) is (before[1] == now[1])
        self.shown[key] = now
        log = self.world.ask(plan.office, "GET", f"/rosters/{key}/log").json()["items"]
        assert [entry["action"] for entry in log][::-1] == plan.log

    @invariant()
    def nobody_is_booked_twice(self) -> None:
        booked = [
            (person, day, part)
            for key in self.published.values()
            for _, person, day, part in self.plans[key].rows
        ]
        assert len(booked) == len(set(booked))

    @invariant()
    def calendars_are_what_is_published(self) -> None:
        for reader in self.readers:
            kept = {"If-None-Match": reader.etag} if reader.etag else {}
            answer = self.world.ask(None, "GET", reader.link, headers=kept)
            if answer.status_code == 200:
                assert answer.content != reader.content
                self.read(reader, answer)
            else:
                assert (answer.status_code, answer.headers["ETag"]) == (304, reader.etag)
            assert sorted(reader.confirmed) == sorted(self.expected(reader))

    def read(self, reader: Subscriber, answer: httpx.Response) -> None:
        events = Calendar.from_ical(answer.content).walk("VEVENT")
        sequences = {str(event["UID"]): int(event["SEQUENCE"]) for event in events}
        assert sequences.keys() >= reader.sequences.keys()
        assert all(sequences[uid] >= low for uid, low in reader.sequences.items())
        reader.etag, reader.content, reader.sequences = (
            answer.headers["ETag"],
            answer.content,
            sequences,
        )
        reader.confirmed = [e["DTSTART"].dt for e in events if e["STATUS"] == "CONFIRMED"]

    # the model -----------------------------------------------------------------------

    def expected(self, reader: Subscriber) -> list[dt.datetime]:
        """Return when the entries of a calendar begin, worked out from the rows."""
        found: list[dt.datetime] = []
        for office, key in self.published.items():
            plan = self.plans[key]
            shown = {row for row in plan.rows if self.stands(plan, row, reader)}
            if reader.kind != "person":  # all who share a slot are one entry
                shown = {(what, "" if what == "duty" else who, *when) for what, who, *when in shown}
            if office == "a":  # its links tell nothing of what others publish of a shared person
                hours = [(day, HOURS[what, part]) for what, _, day, part in shown]
                found += [dt.datetime(2026, 12, day, hour, tzinfo=ZONE) for day, hour in hours]
        return found

    def stands(self, plan: Plan, row: Row, reader: Subscriber) -> bool:
        if reader.kind == "person":
            return row[1] == reader.id
        is_moved, is_away = plan.variant == 1, plan.variant == 2
        at = HERE.site if is_moved else f"{HERE.letter}Z000"
        places = {("site", at)} | ({("township", HERE.township)} if is_moved else set())
        if row[0] == "visit":
            home = f"{HERE.code}00{2 if is_away else 1}"
            places = {("village", f"{HERE.township}001"), ("township", home)}
            places |= set() if is_moved else {("site", HERE.site)}
        return (reader.kind, reader.id) in places

    def clashes(self, key: int) -> list[dict[str, Any]]:
        plan = self.plans[key]
        found = [
            {
                "person": person,
                "date": f"{MONTH}-{day:02}",
                "part": part,
                "roster": key,
                "other": other,
                "other_area": COUNTIES[self.plans[other].office].code,
            }
            for other in self.published.values()
            if self.plans[other].office != plan.office
            for person, day, part in {row[1:] for row in plan.rows}
            & {row[1:] for row in self.plans[other].rows}
        ]
        when = [row[1:] for row in plan.rows]  # whoever is twice in the plan clashes with himself
        own = {"roster": key, "other": key, "other_area": COUNTIES[plan.office].code}
        found += [
            {"person": person, "date": f"{MONTH}-{day:02}", "part": part} | own
            for person, day, part in {row for row in when if when.count(row) > 1}
        ]
        return sorted(found, key=lambda clash: (clash["date"], clash["person"], clash["part"]))

    def ask(
        self,
        office: str,
        method: str,
        path: str,
        tag: str | None,
        key: str | None = None,
        **more: Any,
    ) -> httpx.Response:
        headers = {"If-Match": tag, "Idempotency-Key": key}
        sent = {name: text for name, text in headers.items() if text is not None}
        self.looked |= {*self.published.values(), int(path.split("/")[2])}
        return self.world.ask(office, method, path, headers=sent, **more)

    def name(self, office: str, person: str) -> str:
        return COUNTIES[office].person if person == "own" else person

    def tag(self, plan: Plan, tag: str | None) -> str | None:
        return None if tag is None else f'"{plan.version + (tag == "stale")}"'

    def known(self, office: str, key: str | None, about: str) -> tuple[bool, Any] | None:
        """Return whether a key came with the same request before, and its answer; none if new."""
        if key is None or (office, key) not in self.answers:
            return None
        first, answer = self.answers[office, key]
        return first == about, answer

    def is_known(self, answer: httpx.Response, known: tuple[bool, Any], status: int) -> bool:
        is_same, body = known
        if is_same:
            same_tag = answer.headers["ETag"] == f'"{body["version"]}"'
            return answer.status_code == status and answer.json() == body and same_tag
        return answer.status_code == 409

    def keep(self, office: str, key: str | None, about: str, answer: httpx.Response) -> None:
        if key is not None:
            self.answers[office, key] = about, answer.json()

    def moved(self, plan: Plan, stage: str, action: str, answer: httpx.Response) -> None:
        plan.stage, plan.version = stage, plan.version + 1
        plan.log.append(action)
        assert (answer.status_code, answer.json()["stage"]) == (200, stage)
        assert answer.headers["ETag"] == f'"{plan.version}"'


_TABLES = {"duty": "duties", "visit": "visits"}


def _only(answer: httpx.Response, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = answer.json()["only_here"][_TABLES[kind[:-1]]]
    return found


def test_any_history_of_two_offices_keeps_its_promises(
    unused: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    def history() -> History:
        folder = tmp_path_factory.mktemp("history") / "data"
        shutil.copytree(unused, folder)
        return History(folder)

    run_state_machine_as_test(
        history, settings=settings(settings.default, max_examples=8, stateful_step_count=20)
    )
