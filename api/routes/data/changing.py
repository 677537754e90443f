"""How the data of an area change: as a whole document, checked as an upload is, or not at all."""

from __future__ import annotations

import json
from typing import Any

from fastapi import Response
from pydantic import BaseModel

from api.access.denied import UnseenError
from api.access.roles import Actor
from api.office.areas import Data
from api.office.context import Service
from api.office.row_changes import read_document
from api.routes.answering.entity_tags import tag
from models.formats.document import instance_json
from models.store.plans.instances import put_instance, set_current

CHANGES_DATA = ("conflict", "changed-meanwhile", "if-match-required")
"""What a route that changes data may answer besides what the guard says."""


class Changed(BaseModel):
    """The data that an area works with after a change."""

    revision: int
    instance: str


def data_of(service: Service, area: str) -> Data:
    """Return the current data of an area.

    Raises
    ------
    Problem
        ``not-found`` before the first upload.
    """
    found = service.areas.data(area)
    if found is None:
        raise UnseenError
    return found


def document_of(data: Data) -> dict[str, Any]:
    """Return the data as the plain document that is changed."""
    document: dict[str, Any] = json.loads(instance_json(data.instance))
    return document


def keep(
    service: Service, data: Data, document: dict[str, Any], actor: Actor, revision: int, why: str
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
    by = actor.by
    with service.store.begin() as session:
        key = put_instance(session, instance, area=data.area, by=by)
        revision = set_current(session, data.area, key, revision=revision, by=by, why=why)
    return Changed(revision=revision, instance=key)


def told(changed: Changed, response: Response) -> Changed:
    """Say which revision the data have now."""
    tag(response, changed.revision)
    return changed
