"""Changes of the rows of an area's data: each makes new data, which are checked as an upload is."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from api.access.denied import UnseenError
from api.actions.planning import rules_of
from api.office.context import Service
from models.formats.document import instance_json
from models.formats.read import read_instance
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue
from models.people import Leave
from models.store.database.errors import StaleError
from models.store.plans.instances import put_instance, set_current

TRIES = 3
"""How often a change is made anew when somebody else changes the same data meanwhile."""


def refuse_nothing(before: object, after: object) -> None:
    """Refuse a change that changes nothing: no version may rise for it.

    Raises
    ------
    InputError
        There is neither, or both are the same.
    """
    if before == after:
        raise InputError([issue("nothing_changes", Spot("body", "$.after"))])


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


def with_rows(instance: Instance, table: str, rows: Iterable[dict[str, Any]]) -> Instance:
    """Return the data with other rows in one table, read as an upload is read.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    """
    content = json.loads(instance_json(instance))
    content[table] = list(rows)
    return read_document(content)


def change_leave(
    service: Service,
    area: str,
    change: Callable[[Instance], Iterable[Leave]],
    *,
    by: str,
    why: str,
    along: Callable[[Session], object] = lambda session: None,
) -> None:
    """Give the data of an area other leave, in one transaction with what goes ``along``.

    Whoever asks has not read a revision of the data, so the change is made anew where they
    have moved on. What changes nothing makes no new revision.

    Raises
    ------
    InputError
        With every issue of the data as they would be.
    StaleError
        Somebody else changes the same data all the time.
    UnseenError
        The area has no data.
    """
    for left in reversed(range(TRIES)):
        data = service.areas.data(area)
        if data is None:
            raise UnseenError
        leave = set(change(data.instance))
        is_new = leave != set(data.instance.leave)
        rows = [row.model_dump(mode="json", exclude_defaults=True) for row in leave]
        instance = with_rows(data.instance, "leave", rows) if is_new else data.instance
        try:
            with service.store.begin() as session:
                along(session)
                if is_new:
                    key = put_instance(session, instance, area=data.area, by=by)
                    set_current(session, data.area, key, revision=data.revision, by=by, why=why)
            return
        except StaleError:
            now = service.areas.data(area)
            if not left or now is None or now.revision == data.revision:
                raise
