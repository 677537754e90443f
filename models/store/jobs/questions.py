"""What-if questions about an area's data; each answer is kept as soon as it is complete."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import delete, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, undefer

from models.store.database.clock import now
from models.store.database.errors import NotFoundError
from models.store.database.log import record
from models.store.tables.question_tables import QuestionFile, QuestionRecord


def put_question(session: Session, question: QuestionRecord) -> None:
    """Keep a question, unless it is kept; its time is set here, its job is put in the log."""
    if session.get(QuestionRecord, question.id) is not None:
        return
    question.created_at = now()
    try:
        with session.begin_nested():
            session.add(question)
    except IntegrityError:
        return  # asked for twice at the same moment


def get_question(session: Session, question_id: str) -> QuestionRecord:
    """Return a question with its text. Raises NotFoundError."""
    found = session.get(QuestionRecord, question_id, options=[undefer(QuestionRecord.text)])
    if found is None:
        raise NotFoundError("no_question", question_id)
    return found


def questions(
    session: Session,
    areas: Collection[str],
    *,
    before: tuple[dt.datetime, str] | None = None,
    limit: int = 50,
) -> Sequence[QuestionRecord]:
    """Return the questions of some areas, newest first; see ``models.store.jobs.jobs.jobs``."""
    query = select(QuestionRecord).where(QuestionRecord.area.in_(areas))
    if before is not None:
        query = query.where(tuple_(QuestionRecord.created_at, QuestionRecord.id) < before)
    query = query.order_by(QuestionRecord.created_at.desc(), QuestionRecord.id.desc())
    return session.scalars(query.limit(limit)).all()


def keep_question_files(session: Session, question_id: str, files: Mapping[str, bytes]) -> None:
    """Keep files of answers by their names, all or none; one that is there stays as it is.

    Raises
    ------
    NotFoundError
        There is no such question; it may have been deleted meanwhile.
    """
    held = session.get(QuestionRecord, question_id, with_for_update=True, populate_existing=True)
    if held is None:
        raise NotFoundError("no_question", question_id)
    known = question_files(session, question_id)
    session.add_all(
        QuestionFile(question=question_id, name=name, content=zlib.compress(content))
        for name, content in files.items()
        if name not in known
    )


def question_files(session: Session, question_id: str) -> frozenset[str]:
    """Return the names of the files that the answers are so far."""
    query = select(QuestionFile.name).where(QuestionFile.question == question_id)
    return frozenset(session.scalars(query))


def question_file(session: Session, question_id: str, name: str) -> bytes | None:
    """Return a file of the answers, none if it is not there."""
    query = select(QuestionFile.content).where(
        QuestionFile.question == question_id, QuestionFile.name == name
    )
    found = session.scalars(query).one_or_none()
    return None if found is None else zlib.decompress(found)


def delete_question(session: Session, question_id: str, *, by: str, why: str = "") -> None:
    """Remove a question with its answers; drafts that were made of them stay.

    The log keeps it under the area: of what is gone it could not tell where it lay.

    Raises
    ------
    NotFoundError
        There is none.
    """
    found = get_question(session, question_id)
    gone = {"question": found.id, "name": found.name, "asked_by": found.created_by}
    record(session, "delete_question", f"area:{found.area}", by=by, why=why, before=gone)
    session.execute(delete(QuestionFile).where(QuestionFile.question == question_id))
    session.delete(found)
