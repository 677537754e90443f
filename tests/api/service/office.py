"""The whole service in the process of the test, without workers: a county, its townships, a neighbour."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anyio
import httpx

from api.access.tokens import hash_token, new_token
from api.actions.planning import plan
from api.office.context import Service
from api.service.app import create_app
from api.settings import ServiceSettings
from models.instance import Instance
from models.store.people.tokens import keep_api_token
from models.store.people.users import put_user
from models.store.plans.drafts import put_draft
from models.store.plans.instances import current_instance, put_instance, set_current
from models.store.plans.publishing import publish
from models.store.tables.access_tables import User
from models.store.tables.words import Role
from solver.limits import Limits, Stage
from tests.factories import tiny_instance

COUNTY, EAST, WEST, OTHER = "410105", "410105001", "410105002", "410106"
MOBILE = "13900000000"
PEOPLE = {
    "boss": (Role.BUREAU, COUNTY),
    "east": (Role.OFFICE, EAST),
    "west": (Role.OFFICE, WEST),
    "stranger": (Role.BUREAU, OTHER),
}


def county(**changes: Any) -> Instance:
    """Return the tiny instance, in which everybody has a mobile number."""
    people = [person.model_copy(update={"mobile": MOBILE}) for person in tiny_instance().people]
    return tiny_instance(**{"people": people} | changes)


class Office:
    """The service, asked as one of its users; with data, and a draft when one is wanted."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        chosen = ServiceSettings.load(data=folder, secure_cookies=False, workers=0, **settings)
        chosen.make_folder()
        self.app: Any = create_app(chosen)
        self.service: Service = self.app._app._app.state.service
        self.tokens = {name: new_token() for name in PEOPLE}
        with self.service.store.begin() as session:
            for name, (role, area) in PEOPLE.items():
                put_user(session, User(name=name, role=role, area=area), by="test")
                token = hash_token(self.tokens[name])
                keep_api_token(session, name, token, label="test", by="test")

    def close(self) -> None:
        self.service.jobs.close()
        self.service.store.close()

    def use(self, instance: Instance, area: str = COUNTY) -> str:
        """Let an area work with data; return their hash."""
        with self.service.store.begin() as session:
            key = put_instance(session, instance, area=area, by="test")
            known = current_instance(session, area)
            set_current(session, area, key, revision=known.revision if known else 0, by="test")
        return key

    def draft(self, instance: Instance, area: str = COUNTY) -> int:
        """Solve and keep the plan as a draft."""
        outcome = plan(instance, Stage.ALL, Limits(seconds=5, seed=1), lambda _: None)
        with self.service.store.begin() as session:
            put_instance(session, instance, area=area, by="test")
            return put_draft(session, outcome.roster, outcome.report, area=area, by="test").id

    def publish(self, roster: int) -> None:
        with self.service.store.begin() as session:
            publish(session, roster, by="test")

    def ask(self, user: str, method: str, path: str, **more: Any) -> httpx.Response:
        """Send a request as a user (``""`` for nobody); a path without a slash lies under /api/v1."""
        headers = {"Authorization": f"Bearer {self.tokens[user]}"} if user else {}
        headers |= more.pop("headers", {})
        address = path if path.startswith("/") else f"/api/v1/{path}"

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(self.app, client=("127.0.0.1", 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
                return await client.request(method, address, headers=headers, **more)

        return anyio.run(send)

    def get(self, user: str, path: str, **params: Any) -> httpx.Response:
        return self.ask(user, "GET", path, params=params)

    def all(self, user: str, path: str, **params: Any) -> list[Any]:
        """Read every page of a list."""
        items: list[Any] = []
        while True:
            answer = self.get(user, path, **params)
            assert answer.status_code == 200, answer.text
            items += answer.json()["items"]
            if answer.json()["next"] is None:
                return items
            params["before"] = answer.json()["next"]
