"""Closing a month over HTTP: the next month's data remember what was published and held."""

from __future__ import annotations

from collections import Counter
from typing import Any

import httpx

from models.instance import Instance
from models.roster import Roster
from models.store.plans.instances import get_instance
from solver.year.appointments import appointments
from tests.api.routes.test_pins import rows_of
from tests.api.service.office import COUNTY, EAST, Office, county

CLOSE = f"areas/{COUNTY}/data/close"


def close(office: Office, revision: int = 1, user: str = "boss", **more: Any) -> httpx.Response:
    body = {"month": "2026-12"} | more
    return office.ask(user, "POST", CLOSE, json=body, headers={"If-Match": f'"{revision}"'})


def first_code(refused: httpx.Response) -> str:
    return str(refused.json()["issues"][0]["code"])


def data_of(office: Office, key: str) -> Instance:
    with office.service.store.read() as session:
        return get_instance(session, key)


def published(office: Office) -> Roster:
    """Publish the county's December; return it."""
    office.use(county())
    roster = office.draft(county())
    office.publish(roster)
    return rows_of(office, roster)


def turns(instance: Instance) -> Counter[tuple[str, bool]]:
    found: Counter[tuple[str, bool]] = Counter()
    for row in instance.ledger:
        found[row.person, row.standby] += row.turns
    return found


def test_the_next_month_remembers_what_was_published(office: Office) -> None:
    roster = published(office)
    before = turns(county())
    answer = close(office, why="年末结转")
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert (told["month"], told["revision"]) == ("2027-01", 2)
    january = data_of(office, told["instance"])
    assert turns(january) - before == Counter((d.person, d.standby) for d in roster.duties)
    seats = {(pin.target, pin.person) for pin in january.pins if pin.kind == "adviser"}
    assert seats == {(seat.village, seat.person) for seat in roster.advisers}
    assert office.get("boss", f"areas/{COUNTY}/settings").json()["month"] == "2027-01"
    entries = office.all("boss", f"areas/{COUNTY}/log")
    assert "年末结转" in [entry["why"] for entry in entries]


def test_what_was_not_held_is_not_remembered(office: Office) -> None:
    roster = published(office)
    rows = [{"id": thing.id, "presence": "held"} for thing in appointments(county(), roster)]
    first = roster.duties[0]
    absent = next(row for row in rows if row["id"] == f"duty/{first.slot}/{first.person}")
    refused = close(office, attendance=rows[1:])
    assert (refused.status_code, first_code(refused)) == (422, "attendance_missing")
    refused = close(office, attendance=[*rows, rows[0]])
    assert first_code(refused) == "duplicate_row"
    absent["presence"] = "unexcused"
    answer = close(office, attendance=rows)
    assert answer.status_code == 200, answer.text
    january = data_of(office, answer.json()["instance"])
    missing = Counter((d.person, d.standby) for d in roster.duties)
    missing[first.person, False] -= 1
    assert turns(january) - turns(county()) == +missing


def test_a_month_is_closed_once_and_opened_again_by_its_data(office: Office) -> None:
    published(office)
    december = county().content_hash
    closed = close(office).json()
    again = close(office, 2)
    assert (again.status_code, first_code(again)) == (422, "month_not_open")
    back = {"instance": december, "why": "重开"}
    where = f"areas/{COUNTY}/data"
    opened = office.ask("boss", "PUT", where, json=back, headers={"If-Match": '"2"'})
    assert opened.status_code == 200, opened.text
    assert close(office, 3).json()["instance"] == closed["instance"]


def test_only_what_is_published_is_closed_and_only_by_those_who_may(office: Office) -> None:
    office.use(county())
    office.draft(county())
    refused = close(office)
    assert (refused.status_code, first_code(refused)) == (422, "month_not_published")
    assert close(office, 7).status_code in (412, 422)
    for user, status in (("east", 404), ("stranger", 404), ("", 401)):
        assert close(office, user=user).status_code == status
    assert office.ask("boss", "POST", CLOSE, json={"month": "2026-12"}).status_code == 428
    assert EAST.startswith(COUNTY)
