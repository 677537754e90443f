"""How the data of an area change: as a whole document, checked as an upload is, or not at all."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from api.access.actions import Action
from api.access.policy import Decision, decide
from api.access.roles import Actor
from api.actions.planning import rules_of
from api.office.areas import Data
from api.office.context import Service
from models.formats.document import instance_json
from models.formats.read import read_instance
from models.instance import Instance
from models.rows import Id, Text, Why
from models.store.database.errors import NotFoundError
from models.store.plans.instances import areas_with, put_instance, set_current


class Changed(BaseModel):
    """The data that an area works with after a change."""

    revision: int
    instance: str


class Choice(BaseModel):
    """The data an area is to work with from now on."""

    model_config = ConfigDict(extra="forbid")

    instance: str = Field(pattern="^[0-9a-f]{64}$")
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


def choose_data(
    service: Service, actor: Actor, area: str, choice: Choice, *, revision: int
) -> None:
    """Let an area work with imported data; those which the actor may upload nowhere look missing.

    Raises
    ------
    NotFoundError
        Nobody has such data, or they lie only where the actor may upload none: a hash is no key.
    StaleError
        The area's data are not at ``revision`` any more.
    """
    with service.store.read() as session:
        owners = areas_with(session, choice.instance)
    places = [service.areas.place(owner) for owner in owners]
    if not any(decide(actor, Action.UPLOAD_INSTANCE, p) is Decision.ALLOW for p in places):
        raise NotFoundError("no_instance", choice.instance)
    with service.store.begin() as session:
        set_current(session, area, choice.instance, revision=revision, by=actor.by, why=choice.why)


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


def keep_data(
    service: Service, data: Data, document: dict[str, Any], *, by: str, revision: int, why: str
) -> Changed:
    """Check the changed document as an upload is checked, keep it, and put it to use.

    Raises
    ------
    InputError
        With every issue; nothing is kept.
    StaleError
        The data are not at ``revision`` any more.
    """
    instance = read_document(document)
    with service.store.begin() as session:
        key = put_instance(session, instance, area=data.area, by=by)
        revision = set_current(session, data.area, key, revision=revision, by=by, why=why)
    return Changed(revision=revision, instance=key)
