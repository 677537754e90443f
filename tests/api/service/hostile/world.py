"""Two counties in one service that must learn nothing of each other, but share one lawyer.

The application is the real one, asked inside this process. What a worker would keep is kept by
the store's functions that a worker calls.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal
from argon2 import PasswordHasher
from fastapi import FastAPI

from api.access.passwords import Passwords
from api.access.tokens import hash_token, new_token
from api.office.context import Service
from api.service.app import create_app
from api.settings import ServiceSettings
from models.formats.document import instance_json
from models.instance import Instance
from models.report import Report, Status
from models.roster import Roster
from models.store.database.store import Store
from models.store.jobs.jobs import keep_job_plan, put_job
from models.store.jobs.questions import keep_question_files, put_question
from models.store.people.tokens import keep_api_token
from models.store.people.users import put_user
from models.store.plans.instances import put_instance, set_current
from models.store.plans.publishing import publish
from models.store.tables.access_tables import User
from models.store.tables.plan_tables import JobRow
from models.store.tables.question_tables import QuestionRecord
from models.store.tables.words import Role
from models.vocabulary import Part
from scenarios.compare.result import Compared, Comparison
from tests.factories import tiny_content

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
MONTH = "2026-12"
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)
"""The present of every world: what is published for its month stands in the calendars."""
SHARED = "S001"
"""The lawyer whom both counties have in their data, known by his licence."""
LICENCE = "made-up 0001"


QUESTION = """name = "cap"
[[scenario]]
name = "three"
[[scenario.change]]
do = "cap"
most = 3
"""


@dataclass(frozen=True)
class County:
    """A county by its code and the letter that its ids begin with; two townships lie in it."""

    code: str
    letter: str

    @property
    def township(self) -> str:
        return f"{self.code}001"

    @property
    def person(self) -> str:
        return f"{self.letter}L001"

    @property
    def post(self) -> str:
        return f"{self.letter}Z000-咨询"

    @property
    def site(self) -> str:
        return f"{self.letter}Z001"

    def content(self) -> dict[str, Any]:
        """Return the tiny instance under ids of the county's own, with the shared lawyer."""
        text = json.dumps(tiny_content(), ensure_ascii=False).replace("410105", self.code)
        for mark in ("Z00", "L00", "M00", "F0"):
            text = text.replace(f'"{mark}', f'"{self.letter}{mark}')
        content: dict[str, Any] = json.loads(text)
        shared = {"id": SHARED, "name": "例共", "firm": None, "licence_no": LICENCE}
        content["people"].append(content["people"][0] | shared)
        return content

    def instance(self) -> Instance:
        return Instance.model_validate(self.content())

    def duty(self, day: int, person: str, part: str = "am") -> dict[str, Any]:
        """Return a duty at the county's centre, as JSON; days 1 to 4 are workdays."""
        date = f"{MONTH}-{day:02}"
        return {"post": self.post, "date": date, "part": part, "person": person}


HERE, THERE = County("340223", "A"), County("340225", "B")


@dataclass
class World:
    """The application, its store, and the API tokens of its accounts by name."""

    service: Service
    client: httpx.AsyncClient
    portal: BlockingPortal
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.service.store

    def ask(self, who: str | None, method: str, path: str, **more: Any) -> httpx.Response:
        """Ask as an account, or as nobody; a path that is no feed lies under ``/api/v1``."""
        headers = dict(more.pop("headers", None) or {})
        if who is not None:
            headers["Authorization"] = f"Bearer {self.tokens[who]}"
        where = path if path.startswith("/feeds") else f"/api/v1{path}"
        ask = partial(self.client.request, method, where, headers=headers, **more)
        return self.portal.call(ask)

    def add(self, name: str, role: Role, area: str, **more: str) -> None:
        """Make an account with a token, as the operator does."""
        token = new_token()
        with self.store.begin() as session:
            put_user(session, User(name=name, role=role, area=area, **more), by="test")
            keep_api_token(session, name, hash_token(token), label="test", by="test")
        self.tokens[name] = token

    def work_with(self, area: str, instance: Instance, revision: int = 0) -> str:
        """Let an area work with data and return their hash."""
        with self.store.begin() as session:
            key = put_instance(session, instance, area=area, by="test")
            set_current(session, area, key, revision=revision, by="test")
        return key

    def draft(
        self,
        area: str,
        instance: Instance,
        *duties: dict[str, Any],
        visits: Sequence[dict[str, Any]] = (),
    ) -> tuple[str, int]:
        """Keep a plan as a worker does, and return the ids of job and draft."""
        job = str(uuid.uuid4())
        rows = {"month": MONTH, "instance": instance.content_hash}
        plan = Roster.model_validate(rows | {"duties": duties, "visits": visits})
        with self.store.begin() as session:
            key = put_instance(session, instance, area=area, by="test")
            asked = JobRow(id=job, kind="solve", area=area, owner="test", instance=key)
            put_job(session, asked)
            session.flush()
            keep_job_plan(session, job, instance, plan, Report(status=Status.CHECKED, month=MONTH))
            assert asked.roster is not None
            return job, asked.roster

    def question(self, area: str, instance: Instance) -> str:
        """Keep a question and its answers as a worker does, and return its id."""
        name, key = str(uuid.uuid4()), instance.content_hash
        report = Report(status=Status.CHECKED, month=MONTH).model_dump_json()
        plan = Roster(month=MONTH, instance=key).model_dump_json()
        run = {"input": instance_json(instance), "roster": plan, "report": report}
        files = {f"runs/r1/{part}.json": text.encode() for part, text in run.items()}
        kept = QuestionRecord(id=name, area=area, instance=key, name="cap", text=QUESTION)
        kept.name_en, kept.created_by = "", "test"
        with self.store.begin() as session:
            put_job(session, JobRow(id=name, kind="whatif", area=area, owner="test", instance=key))
            put_question(session, kept)
            session.flush()
            files["comparison.json"] = compared(instance).model_dump_json().encode()
            keep_question_files(session, name, files)
        return name

    def publish(self, roster: int) -> None:
        with self.store.begin() as session:
            publish(session, roster, by="test")


def compared(instance: Instance) -> Comparison:
    """Return the comparison of a base alone."""
    names = {"name": "base", "name_en": "base", "seed": 1, "run": "r1", "is_base": True}
    said = {"sentences": (), "status": "checked", "rank": 1}
    return Comparison(
        notice="",
        question="cap",
        question_en="",
        plan=instance.settings.name,
        month=MONTH,
        stage="all",
        deterministic=True,
        notes=(),
        scenarios=(Compared.model_validate(names | said),),
    )


@contextmanager
def opened(folder: Path, **changes: Any) -> Iterator[World]:
    """Open the application on an empty data folder."""
    given = {"data": folder, "address": "https://zhiban.example", "secure_cookies": False}
    settings = ServiceSettings.load(**given | changes)
    settings.make_folder()
    with patch("api.service.app.Passwords", lambda: Passwords(CHEAP)):
        app: Any = create_app(settings, lambda: NOW)
    inner = app
    while not isinstance(inner, FastAPI):
        inner = inner._app
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://zhiban.example")
    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(inner.router.lifespan_context(inner)),
        portal.wrap_async_context_manager(client),
    ):
        yield World(inner.state.service, client, portal)


def settle(world: World, county: County) -> dict[str, Any]:
    """Give a county accounts, data, a published roster and a draft; return its ids by name."""
    mark = county.letter.lower()
    world.add(f"{mark}-bureau", Role.BUREAU, county.code)
    world.add(f"{mark}-office", Role.OFFICE, county.township)
    world.add(f"{mark}-other", Role.OFFICE, f"{county.code}002")
    world.add(f"{mark}-firm", Role.FIRM, county.code, firm=f"{county.letter}F01")
    world.add(f"{mark}-adviser", Role.ADVISER, county.code, person=county.person)
    key = world.work_with(county.code, county.instance())
    day = 1 if county is HERE else 2
    rows = county.duty(day, county.person), county.duty(day, SHARED)
    _, published = world.draft(county.code, county.instance(), *rows)
    world.publish(published)
    job, draft = world.draft(county.code, county.instance(), *rows[:1])
    return {
        "area": county.code,
        "township": county.township,
        "instance": key,
        "published": published,
        "roster": draft,
        "job": job,
        "question": world.question(county.code, county.instance()),
        "name": f"{mark}-office",
        "person": county.person,
        "site": county.site,
        "village": f"{county.township}001",
        "slot": f"{county.post}@20261201{Part.AM.value}",
        "firm": f"{county.letter}F01",
    }
