"""A made-up county at work: data, a published December and accounts of every role, asked over HTTP."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from api.access.tokens import hash_token, new_token
from api.service.app import create_app
from api.settings import ServiceSettings
from models.instance import Instance
from models.roster import AdviserSeat, Duty, Roster
from models.store.database.store import Store
from models.store.people.tokens import keep_api_token
from models.store.people.users import put_user
from models.store.plans.drafts import put_draft
from models.store.plans.instances import put_instance, set_current
from models.store.plans.publishing import publish
from models.store.tables.access_tables import User
from models.store.tables.words import Role
from models.vocabulary import Part
from solver.profiles import load_rules
from solver.verify import verify
from tests.api.feeds.serving import serving
from tests.factories import tiny_instance

COUNTY, EAST, WEST = "410105", "410105001", "410105002"
NOW = dt.datetime(2026, 11, 20, 1, tzinfo=dt.UTC)
"""The day on which everything happens."""
ACCOUNTS: dict[str, dict[str, Any]] = {
    "bureau": {"role": Role.BUREAU, "area": COUNTY},
    "east": {"role": Role.OFFICE, "area": EAST},
    "west": {"role": Role.OFFICE, "area": WEST},
    "elsewhere": {"role": Role.BUREAU, "area": "410106"},
    "firm": {"role": Role.FIRM, "area": COUNTY, "firm": "F01"},
    "other-firm": {"role": Role.FIRM, "area": COUNTY, "firm": "F02"},
    "L001": {"role": Role.ADVISER, "area": COUNTY, "person": "L001"},
    "L002": {"role": Role.ADVISER, "area": COUNTY, "person": "L002"},
    "L003": {"role": Role.ADVISER, "area": COUNTY, "person": "L003"},
    "M001": {"role": Role.ADVISER, "area": COUNTY, "person": "M001"},
}


def duty(post: str, day: int, person: str, part: Part = Part.AM, *, standby: bool = False) -> Duty:
    date = dt.date(2026, 12, day)
    return Duty(post=post, date=date, part=part, person=person, standby=standby)


DUTIES = (
    duty("Z000-咨询", 1, "L003"),
    duty("Z000-咨询", 7, "L001"),
    duty("Z000-咨询", 8, "L003"),
    duty("Z000-咨询", 9, "L002"),
    duty("Z000-咨询", 11, "L003"),
)
TOWN_DUTIES = (duty("Z001-咨询", 8, "L001"),)


def data() -> Instance:
    """Return what the county works with: nobody away but one colleague, on one day."""
    return tiny_instance(leave=[{"person": "L002", "first": "2026-12-15", "last": "2026-12-15"}])


def seed(folder: Path) -> dict[str, str]:
    """Fill a data folder and return the token of each account."""
    tokens = {name: new_token() for name in ACCOUNTS}
    instance = data()
    with Store.open(folder) as store, store.begin() as session:
        key = put_instance(session, instance, area=COUNTY, by="test")
        set_current(session, COUNTY, key, revision=0, by="test")
        put_published(session, instance, COUNTY, DUTIES)
        put_published(session, instance, EAST, TOWN_DUTIES)
        for name, fields in ACCOUNTS.items():
            put_user(session, User(name=name, **fields), by="test")
            session.flush()
            keep_api_token(session, name, hash_token(tokens[name]), label="test", by="test")
    return tokens


def put_published(session: Any, instance: Instance, area: str, duties: tuple[Duty, ...]) -> int:
    """Publish a roster of some duties, checked as it stands; return its id."""
    plan = Roster(
        month="2026-12",
        instance=instance.content_hash,
        advisers=(AdviserSeat(village="410105001001", person="L001"),) if area == COUNTY else (),
        duties=duties,
    )
    rules = load_rules(instance.settings.profile, instance.rules)
    report = verify(instance, rules, plan)
    put_instance(session, instance, area=area, by="test")
    made = put_draft(session, plan, report, area=area, by="test")
    publish(session, made.id, by="test")
    return made.id


class County:
    """The running service, asked by each account."""

    def __init__(
        self, client: httpx.Client, folder: Path, tokens: dict[str, str], now: dt.datetime = NOW
    ) -> None:
        self.now = now
        self.client = client
        self.folder = folder
        self._tokens = tokens

    def ask(self, name: str, method: str, path: str, **given: Any) -> httpx.Response:
        """Ask as an account; the path goes on after ``/api/v1/``."""
        headers = {"Authorization": f"Bearer {self._tokens[name]}", **given.pop("headers", {})}
        return self.client.request(method, f"/api/v1/{path}", headers=headers, **given)

    def got(self, name: str, method: str, path: str, status: int = 200, **given: Any) -> Any:
        """Ask, and return the body of an answer that must have this status."""
        answer = self.ask(name, method, path, **given)
        assert answer.status_code == status, answer.text
        return answer.json()


@contextmanager
def county(
    seeded: Path,
    tokens: dict[str, str],
    folder: Path,
    now: dt.datetime | None = None,
    **settings: Any,
) -> Iterator[County]:
    """Serve a copy of a seeded folder, or go on with it, from its start-up to its end."""
    if not folder.exists():
        shutil.copytree(seeded, folder)
    app = create_app(ServiceSettings(data=folder, **settings), clock=lambda: now or NOW)
    with (
        serving(app, lifespan="on") as address,
        httpx.Client(base_url=address, trust_env=False, timeout=60) as client,
    ):
        yield County(client, folder, tokens, now or NOW)
