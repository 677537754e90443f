"""How the data of an area change: as a whole document, checked as an upload is, or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy.orm import Session

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.actions.planning import rules_of
from api.office.areas import Data
from api.office.context import Service
from api.office.data.claims import refuse_claimed, refuse_elsewhere
from models.formats.document import instance_json
from models.formats.read import read_instance
from models.instance import Instance
from models.people import Leave
from models.rows import Id, Row, Text, Why
from models.store.database.errors import NotFoundError
from models.store.plans.instances import areas_with, current_instance, put_instance, set_current
from models.store.year.month_records import reopen_from


class Changed(BaseModel):
    """The data that an area works with after a change."""

    revision: int
    instance: str


class Choice(BaseModel):
    """The data an area is to work with from now on."""

    model_config = ConfigDict(extra="forbid")

    instance: str = Field(pattern="^[0-9a-f]{64}$")
    confirm: Annotated[tuple[Id, ...], Field(max_length=2000)] = Field(
        (),
        description="确认执业证号无误的人员编号（别处以另一姓名登记） "
        "people whose licence numbers are right, though other data have them under other names",
    )
    why: Why = ""


class RuleNumber(BaseModel):
    """One number of one rule."""

    model_config = ConfigDict(extra="forbid")

    rule: Id
    field: Id = Field(description="参数名，或 level、weight a parameter, or level, weight")


class NewRuleValue(RuleNumber):
    """What a number is to be; words of a list are separated by semicolons."""

    value: Annotated[Text, Field(min_length=1)]


class RulesChange(BaseModel):
    """Another profile, and numbers set or given back to the profile."""

    model_config = ConfigDict(extra="forbid")

    profile: Annotated[str, Field(max_length=80)] | None = None
    set: Annotated[tuple[NewRuleValue, ...], Field(max_length=500)] = ()
    unset: Annotated[tuple[RuleNumber, ...], Field(max_length=500)] = ()
    why: Why = ""


class SettingsChange(BaseModel):
    """The settings to be changed, each under its name; the others stay."""

    model_config = ConfigDict(extra="forbid")

    settings: dict[str, Any]
    why: Why = ""


class KeptLeave(NamedTuple):
    """Leave that was entered since the last upload: what other data take over, and of whom they do not."""

    kept: tuple[Leave, ...] = ()
    lost: tuple[Leave, ...] = ()


def choose_data(
    service: Service, actor: Actor, area: str, choice: Choice, *, revision: int
) -> KeptLeave:
    """Let an area work with imported data; those which the actor may upload nowhere look missing.

    Data of a month that is closed open it again, and all later ones.

    Leave that was accepted or entered since the last upload goes over into them, unless they do
    not know the person.

    Raises
    ------
    NotFoundError
        Nobody has such data, or they lie only where the actor may upload none: a hash is no key.
    InputError
        They are data of another place.
    ClaimedError
        Other data have licence numbers under other names, and they were not confirmed.
    StaleError
        The area's data are not at ``revision`` any more.
    """
    with service.store.read() as session:
        owners = areas_with(session, choice.instance)
    places = [service.areas.place(owner) for owner in owners]
    if not any(decide(actor, Action.UPLOAD_INSTANCE, p) is Decision.ALLOW for p in places):
        raise NotFoundError("no_instance", choice.instance)
    chosen = service.areas.instance(choice.instance)
    refuse_elsewhere(area, chosen)
    refuse_claimed(service, area, chosen, choice.confirm)
    leave = _leave_since(service, area, chosen)
    instance = with_leave(chosen, (*chosen.leave, *leave.kept)) if leave.kept else chosen
    with service.store.begin() as session:
        key = put_instance(session, instance, area=area, by=actor.by)
        reopen_from(session, area, instance.settings.month, by=actor.by, why=choice.why)
        set_current(
            session,
            area,
            key,
            revision=revision,
            by=actor.by,
            why=choice.why,
            chosen=choice.instance,
        )
    return leave


def _leave_since(service: Service, area: str, chosen: Instance) -> KeptLeave:
    """Return the leave that an area's data have come to hold since they were last put to use whole."""
    with service.store.read() as session:
        now = current_instance(session, area)
        last = now.chosen if now else None
    if now is None or last is None:
        return KeptLeave()
    known = {*service.areas.instance(last).leave, *chosen.leave}
    since = [row for row in service.areas.instance(now.instance).leave if row not in known]
    people = chosen.person_by_id
    return KeptLeave(
        tuple(row for row in since if row.person in people),
        tuple(row for row in since if row.person not in people),
    )


def change_rules(
    service: Service, data: Data, change: RulesChange, *, by: str, revision: int
) -> Changed:
    """Choose another profile, set numbers, give others back. Raises as ``keep_data`` does."""
    document = document_of(data.instance)
    gone = {(number.rule, number.field) for number in (*change.unset, *change.set)}
    kept = [row for row in document.get("rules", []) if (row["rule"], row["field"]) not in gone]
    document["rules"] = [*kept, *(value.model_dump() for value in change.set)]
    if change.profile is not None:
        document.setdefault("settings", {})["profile"] = change.profile
    why = change.why or "rules"
    return keep_data(service, data, document, by=by, revision=revision, why=why)


def change_settings(
    service: Service, data: Data, change: SettingsChange, *, by: str, revision: int
) -> Changed:
    """Change some settings. Raises as ``keep_data`` does."""
    document = document_of(data.instance)
    document["settings"] = document.get("settings", {}) | change.settings
    why = change.why or "settings"
    return keep_data(service, data, document, by=by, revision=revision, why=why)


def document_of(instance: Instance) -> dict[str, Any]:
    """Return data as the plain document that is changed."""
    document: dict[str, Any] = json.loads(instance_json(instance))
    return document


def read_document(document: dict[str, Any]) -> Instance:
    """Return changed data, read and checked as an upload is.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "data.json")
        file.write_text(json.dumps(document), encoding="utf-8")  # halves of a character too
        instance = read_instance(file)
    rules_of(instance)
    return instance


def with_leave(instance: Instance, leave: Iterable[Leave]) -> Instance:
    """Return the data with other leave, read as an upload is read. Raises InputError."""
    document = document_of(instance)
    document["leave"] = [shown_row(row) for row in leave]
    return read_document(document)


def shown_row(row: Row) -> dict[str, Any]:
    """Return a row as a document has it."""
    return row.model_dump(mode="json", exclude_defaults=True)


def keep_data(
    service: Service,
    data: Data,
    document: dict[str, Any],
    *,
    by: str,
    revision: int,
    why: str,
    along: Callable[[Session], object] = lambda session: None,
) -> Changed:
    """Check the changed document as an upload is checked, keep it, and put it to use.

    Parameters
    ----------
    along
        What is written in the same transaction.

    Raises
    ------
    InputError
        With every issue; nothing is kept.
    StaleError
        The data are not at ``revision`` any more.
    """
    instance = read_document(document)
    refuse_claimed(service, data.area, instance)
    with service.store.begin() as session:
        key = put_instance(session, instance, area=data.area, by=by)
        reopen_from(session, data.area, instance.settings.month, by=by, why=why)
        revision = set_current(session, data.area, key, revision=revision, by=by, why=why)
        along(session)
    return Changed(revision=revision, instance=key)
