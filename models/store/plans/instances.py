"""Instances: immutable documents by hash, and the one an area works with now."""

from __future__ import annotations

import hashlib

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from models.instance import Instance
from models.store.database.clock import now
from models.store.database.errors import NotFoundError, StaleError
from models.store.database.failures import unavailable
from models.store.database.log import record
from models.store.tables.plan_tables import CurrentInstance, InstanceDocument, JobRow


def put_instance(session: Session, instance: Instance, *, area: str, by: str) -> str:
    """Keep an instance and return its content hash; the same content is kept once.

    Parameters
    ----------
    area
        The area that owns it.
    """
    key = instance.content_hash
    if session.get(InstanceDocument, key) is not None:
        return key
    document = InstanceDocument(
        hash=key, area=area, document=canonical_text(instance), created_at=now(), created_by=by
    )
    try:
        with session.begin_nested():
            session.add(document)
    except IntegrityError:
        return key  # another transaction kept the same content meanwhile
    record(session, "put_instance", f"instance:{key}", by=by, after={"area": area})
    return key


def get_instance(session: Session, key: str) -> Instance:
    """Return the instance of a content hash.

    Raises
    ------
    NotFoundError
        There is none.
    UnavailableError
        What is kept does not have the hash any more.
    """
    found = session.get(InstanceDocument, key, options=[undefer(InstanceDocument.document)])
    if found is None:
        raise NotFoundError("no_instance", key)
    if document_hash(found.document) != key:
        raise unavailable("damaged")
    return Instance.model_validate_json(found.document)


def canonical_text(instance: Instance) -> str:
    """Return the JSON whose SHA-256 is the content hash."""
    return instance.canonical().model_dump_json(exclude_defaults=True)


def document_hash(document: str) -> str:
    """Return the SHA-256 (hex) of a kept document."""
    return hashlib.sha256(document.encode()).hexdigest()


def areas_with(session: Session, key: str) -> set[str]:
    """Return the areas that have an instance: the one that kept it first, and those of jobs.

    Equal content is kept once, whoever imports it.
    """
    kept = select(InstanceDocument.area).where(InstanceDocument.hash == key)
    return set(session.scalars(kept.union(select(JobRow.area).where(JobRow.instance == key))))


def current_instance(session: Session, area: str) -> CurrentInstance | None:
    """Return the current instance of an area and its revision; none before the first."""
    return session.scalars(
        select(CurrentInstance).where(CurrentInstance.area == area),
        execution_options={"populate_existing": True},
    ).one_or_none()


def set_current(
    session: Session,
    area: str,
    key: str,
    *,
    revision: int,
    by: str,
    why: str = "",
    chosen: str | None = None,
) -> int:
    """Let an area work with an instance and return the new revision.

    Parameters
    ----------
    revision
        The one that was read (If-Match); 0 if the area had none.
    chosen
        The instance that was put to use whole; none where rows of the present one were changed.

    Raises
    ------
    StaleError
        The area is at another revision.
    NotFoundError
        There is no such instance.
    """
    if session.get(InstanceDocument, key) is None:
        raise NotFoundError("no_instance", key)
    previous = current_instance(session, area)
    before = {"instance": previous.instance} if previous else None
    if not _moved(session, area, key, chosen, revision, by):
        actual = current_instance(session, area)
        raise StaleError(revision, actual.revision if actual else 0)
    record(
        session,
        "set_current",
        f"area:{area}",
        by=by,
        why=why,
        before=before,
        after={"instance": key, "revision": revision + 1},
    )
    return revision + 1


def _moved(
    session: Session, area: str, key: str, chosen: str | None, revision: int, by: str
) -> bool:
    values = {
        "instance": key,
        "revision": revision + 1,
        "changed_at": now(),
        "changed_by": by,
    }
    if chosen is not None or not revision:
        values["chosen"] = chosen or key
    if revision:
        changed = session.execute(
            update(CurrentInstance)
            .where(CurrentInstance.area == area, CurrentInstance.revision == revision)
            .values(**values)
            .returning(CurrentInstance.area)
        )
        return changed.one_or_none() is not None
    try:
        with session.begin_nested():
            session.execute(insert(CurrentInstance).values(area=area, **values))
    except IntegrityError:
        return False
    return True


def areas_in_use(session: Session) -> list[str]:
    """Return the areas that have data of their own."""
    return list(session.scalars(select(CurrentInstance.area).order_by(CurrentInstance.area)))
