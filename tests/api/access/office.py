"""A small service behind the guard: people of a made-up county, their leave and their plans."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import httpx
from fastapi import Depends, FastAPI

from api.access.action_places import Place
from api.access.actions import Action
from api.access.passwords import Passwords
from api.access.provider import Provider
from api.access.roles import Role
from api.access.sign_in import SignIn
from api.http import guard, handlers
from api.http.cookies import Cookies
from api.http.guard import FOR_ALL, GUARDED, Grant, Guard, require
from api.http.problems import responses
from api.routes.people import sign_in as entrance
from api.routes.people.sign_in import Entrance
from models.store.database.clock import now
from models.store.tables.access_tables import User
from tests.api.access.accounts import Accounts, Clock
from tests.factories import tiny_instance

PASSWORD = "seven lamps by the canal"
EAST, WEST = "410105001", "410105002"
INSTANCE = tiny_instance()
T = TypeVar("T")


def add_people(accounts: Accounts, passwords: Passwords) -> dict[str, User]:
    """Add a bureau, two township offices, a firm and an adviser; all have the same password."""
    kept = passwords.hash(PASSWORD)
    made = [
        User(name="bureau", role=Role.BUREAU, area="410105", password_hash=kept),
        User(name="east", role=Role.OFFICE, area=EAST, password_hash=kept),
        User(name="west", role=Role.OFFICE, area=WEST, password_hash=kept),
        User(name="firm", role=Role.FIRM, area="410105", firm="F01", password_hash=kept),
        User(name="adviser", role=Role.ADVISER, area="410105", person="L001", password_hash=kept),
        User(name="closed", role=Role.BUREAU, area="410105", password_hash=kept, disabled_at=now()),
        User(name="provider-only", role=Role.BUREAU, area="410105"),
    ]
    return {user.name: accounts.add_user(user) for user in made}


def place_of_leave(person_id: str) -> Place | None:
    known = person_id in INSTANCE.person_by_id
    return Place.of_person(INSTANCE, person_id) if known else None


def place_of_plan(area: str) -> Place | None:
    return Place.of_area(INSTANCE, area) if area in INSTANCE.area_by_id else None


def make_app(
    accounts: Accounts,
    passwords: Passwords,
    clock: Clock,
    provider: Provider | None = None,
    secure: bool = True,
) -> FastAPI:
    app = FastAPI()
    handlers.install(app)
    guard.install(app, Guard(accounts, Cookies(secure), clock))
    entrance.install(app, Entrance(SignIn(accounts, passwords, clock), provider))

    @app.get("/leave/{person_id}", responses=responses(*GUARDED))
    def read_leave(
        person_id: str,
        grant: Annotated[Grant, Depends(require(Action.READ_LEAVE, place_of_leave))],
    ) -> dict[str, Any]:
        return {"decision": grant.decision.value, "person": grant.place.person}

    @app.put("/leave/{person_id}", responses=responses(*GUARDED))
    def edit_leave(
        person_id: str,
        grant: Annotated[Grant, Depends(require(Action.EDIT_LEAVE, place_of_leave))],
    ) -> dict[str, Any]:
        return {"by": grant.actor.user}

    @app.get("/plans/{area}/draft", responses=responses(*GUARDED))
    def read_draft(
        area: str, grant: Annotated[Grant, Depends(require(Action.READ_DRAFT, place_of_plan))]
    ) -> dict[str, Any]:
        return {"area": grant.place.area}

    @app.get("/plans/{area}/sheet", responses=responses(*GUARDED), openapi_extra=FOR_ALL)
    def read_sheet(
        area: str, grant: Annotated[Grant, Depends(require(Action.READ_SHEET, place_of_plan))]
    ) -> dict[str, Any]:
        return {"area": grant.place.area}

    return app


def browser(app: FastAPI, address: str = "192.0.2.1") -> httpx.AsyncClient:
    """Return a client with cookies that asks from ``address``."""
    transport = httpx.ASGITransport(app, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url="https://office.test")


async def sign_in(client: httpx.AsyncClient, name: str, password: str = PASSWORD) -> httpx.Response:
    """Sign in; on success the CSRF token goes along with everything that follows."""
    answer = await client.post("/api/v1/session", json={"name": name, "password": password})
    if answer.status_code == 200:
        client.headers["X-CSRF-Token"] = client.cookies["__Host-zhiban_csrf"]
    return answer


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)
