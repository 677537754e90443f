"""An office's months twice: by command with ``zhiban next``, and through the service over HTTP.

Both plan the same data, draw the same attendance, and close each month; nothing is typed between.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from api.actions.planning import plan
from models.attendance import AttendanceRow, Happened
from models.formats.read import read_instance
from models.formats.write import write_json
from models.instance import Instance
from models.roster import Roster
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance
from models.store.tables.plan_tables import JobRow
from solver.limits import Limits, Stage
from solver.year.appointments import appointments
from tests.api.commands.command import zhiban
from tests.api.service.office import COUNTY, Office

SECONDS = 20
NEW = {
    "id": "L009",
    "name": "例己",
    "kind": "lawyer",
    "firm": "F01",
    "area": "410105001",
    "practice_years": 5,
    "languages": ["普通话"],
}
"""The lawyer who comes in the middle."""


def drawn(instance: Instance, roster: Roster, seed: int) -> tuple[AttendanceRow, ...]:
    """Return attendance of a month: 3 % absent, 5 % substituted, 2 % late, the rest held."""
    chance = random.Random(f"{seed} {roster.month}")
    people = sorted(person.id for person in instance.people)
    rows = []
    for thing in appointments(instance, roster):
        luck = chance.random()
        row: dict[str, Any] = {"id": thing.id, "presence": "held", "people": chance.randrange(5)}
        if luck < 0.03:
            row = {"id": thing.id, "presence": "unexcused"}
        elif luck < 0.08:
            other = chance.choice([name for name in people if name != thing.person])
            row |= {"presence": "excused", "substitute": other}
        elif luck < 0.10:
            row["presence"] = "late"
        rows.append(AttendanceRow.model_validate(row))
    return _whole(tuple(rows))


def _whole(rows: tuple[AttendanceRow, ...]) -> tuple[AttendanceRow, ...]:
    """Let lectures be held by whoever held their visits."""
    of_id = {row.id: row for row in rows}
    return tuple(
        of_id[row.id.replace("lecture/", "visit/", 1)].model_copy(update={"id": row.id})
        if row.id.startswith("lecture/")
        else row
        for row in rows
    )


@dataclass
class Played:
    """What a way through the months left: data, rosters, attendance, statements, reports."""

    data: list[Instance] = field(default_factory=list)
    rosters: list[Roster] = field(default_factory=list)
    attendance: list[tuple[AttendanceRow, ...]] = field(default_factory=list)
    statements: list[dict[str, Any]] = field(default_factory=list)
    reports: list[dict[str, Any]] = field(default_factory=list)


def by_command(first: Instance, months: int, folder: Path, *, newcomer: int) -> Played:
    """Play months by command; before month ``newcomer`` (from 0) a lawyer comes."""
    played = Played()
    file = folder / "0.json"
    write_json(first, file)
    for number in range(months):
        out, sheet = folder / f"plan{number}", folder / f"attendance{number}.json"
        if number == newcomer:
            _add_person(file)
        said = zhiban("solve", file, "--out", out, "--time-limit", SECONDS, "--workers", 1)
        assert said.code == 0, said.out + said.err
        instance = read_instance(file)
        roster = Roster.model_validate_json((out / "roster.json").read_text("utf-8"))
        rows = drawn(instance, roster, seed=1)
        happened = Happened(attendance=rows)
        sheet.write_text(happened.model_dump_json(exclude_defaults=True), "utf-8")
        played.data.append(instance)
        played.rosters.append(roster)
        played.attendance.append(rows)
        played.statements.append(_stated(file, out, sheet, folder / f"money{number}"))
        file = folder / f"{number + 1}.json"
        before = folder / f"{number}.json"
        said = zhiban("next", before, out, "--attendance", sheet, "--out", file)
        assert said.code == 0, said.out + said.err
    played.data.append(read_instance(file))
    return played


def _stated(file: Path, out: Path, sheet: Path, money: Path) -> dict[str, Any]:
    said = zhiban("statement", file, out, "--attendance", sheet, "--out", money)
    assert said.code == 0, said.out + said.err
    made: dict[str, Any] = json.loads((money / "statement.json").read_text("utf-8"))
    return made


def _add_person(file: Path) -> None:
    content = json.loads(file.read_text("utf-8"))
    content["people"].append(NEW)
    file.write_text(json.dumps(content), "utf-8")


class ServedOffice(Office):
    """The same months through the service; only the search itself runs in the test's process."""

    revision = 0

    def call(self, method: str, path: str, **more: Any) -> Any:
        """Ask as the bureau; changes of the data name the revision that was read."""
        head = {"If-Match": f'"{self.revision}"'}
        answer = self.ask("boss", method, f"areas/{COUNTY}/{path}", headers=head, **more)
        assert answer.status_code < 300, answer.text
        if "ETag" in answer.headers and method != "GET":
            self.revision = int(answer.headers["ETag"].strip('"'))
        return answer.json()

    @property
    def data(self) -> Instance:
        """The data of by now."""
        return self.service.areas.data_at(COUNTY).instance

    def planned(self) -> int:
        """Order a solve, search with what was ordered, and keep the plan as a draft."""
        job = self.call("POST", "solves", json={})
        with self.service.store.read() as session:
            row = session.get(JobRow, job["id"])
            assert row is not None
            assert row.instance is not None
            key = row.instance
        instance = self.service.areas.instance(key)
        limits = Limits(SECONDS, 1, workers=1)
        outcome = plan(instance, Stage.ALL, limits, lambda _: None)
        with self.service.store.begin() as session:
            put_instance(session, instance, area=COUNTY, by="test")
            return put_draft(session, outcome.roster, outcome.report, area=COUNTY, by="test").id

    def publish_draft(self, roster: int) -> Roster:
        answer = self.ask("boss", "POST", f"rosters/{roster}/publish", json={})
        if answer.status_code == 409 and "breaches" in answer.json():
            known = [breach["key"] for breach in answer.json()["breaches"]]
            body = {"acknowledge": known}
            answer = self.ask("boss", "POST", f"rosters/{roster}/publish", json=body)
        assert answer.status_code == 200, answer.text
        rows = self.get("boss", f"rosters/{roster}/rows").json()
        return Roster.model_validate(rows)


def by_service(first: Instance, months: int, folder: Path, *, newcomer: int) -> Played:
    """Play months through the service: solve, publish, report attendance, close."""
    played = Played()
    office = ServedOffice(folder)
    office.use(first)
    office.revision = 1
    for number in range(months):
        if number == newcomer:
            office.call("PATCH", "data/people", json={"after": NEW})
        month = office.data.settings.month
        played.data.append(office.data)
        roster = office.publish_draft(office.planned())
        rows = drawn(office.data, roster, seed=1)
        body = [row.model_dump(mode="json", exclude_defaults=True) for row in rows]
        office.call("POST", f"months/{month}/attendance", json={"attendance": body})
        office.call("POST", "data/close", json={"month": month})
        played.rosters.append(roster)
        played.attendance.append(rows)
        played.statements.append(office.call("GET", f"months/{month}/statement")["statement"])
        played.reports.append(office.call("GET", f"months/{month}/report?cutoff=31"))
    played.data.append(office.data)
    office.close()
    return played
