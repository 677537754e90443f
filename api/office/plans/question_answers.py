"""What a what-if question came to: read, promoted to a draft, or removed with the question."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from api.access.denied import UnseenError
from api.actions.whatif import JSON, RUNS, chosen
from api.office.conflicts import ConflictError
from api.office.context import Service
from models.instance import Instance
from models.messages import issue
from models.report import Report
from models.roster import Roster
from models.store.database.log import record
from models.store.jobs.jobs import forget_jobs
from models.store.jobs.questions import delete_question, get_question, question_file
from models.store.plans.drafts import latest_revision, put_draft
from models.store.plans.instances import put_instance
from models.store.tables.plan_tables import RosterRecord
from models.store.tables.question_tables import QuestionRecord
from scenarios.compare.result import Compared, Comparison


def promote(
    session: Session, question: QuestionRecord, scenario: str, seed: int | None, by: str, why: str
) -> RosterRecord:
    """Keep a scenario's data and its plan as a draft of the question's area.

    Raises
    ------
    UnseenError
        Nothing is compared yet.
    InputError
        See ``chosen``.
    """
    comparison = comparison_of(session, question.id)
    row = chosen(comparison, scenario, seed)
    instance = Instance.model_validate_json(_answer(session, question.id, row, "input.json"))
    roster = Roster.model_validate_json(_answer(session, question.id, row, "roster.json"))
    report = Report.model_validate_json(_answer(session, question.id, row, "report.json"))
    put_instance(session, instance, area=question.area, by=by)
    base = latest_revision(session, question.area, roster.month, question.created_at)
    draft = put_draft(session, roster, report, area=question.area, by=by, why=why, base=base)
    origin = {"question": question.id, "scenario": row.name, "seed": row.seed}
    after = origin | {"changes": _changes(comparison, row)}
    record(session, "promote", f"roster:{draft.id}", by=by, why=why, after=after)
    return draft


def remove_question(service: Service, question: str, *, by: str) -> None:
    """Remove a question with its answers; drafts promoted of it stay.

    Raises
    ------
    ConflictError
        Its job has not ended.
    """
    job = service.jobs.status(question)
    if job is not None and not job.state.is_final:
        raise ConflictError(issue("question_running"))
    with service.store.begin() as session:
        get_question(session, question)
        service.jobs.forget([question])  # first: a job without its row is found here no more
        delete_question(session, question, by=by)
        forget_jobs(session, [question])


def _changes(comparison: Comparison, row: Compared) -> list[dict[str, Any]]:
    """Return in words what sets the scenario apart from the area's data, the base's changes too."""
    base = next(one for one in comparison.scenarios if one.is_base and one.seed == row.seed)
    said = base.sentences if row.is_base else base.sentences + row.sentences
    return [asdict(sentence) for sentence in said]


def comparison_of(session: Session, question: str) -> Comparison:
    """Return what a question came to. Raises UnseenError before its job has ended."""
    found = question_file(session, question, JSON)
    if found is None:
        raise UnseenError
    return Comparison.model_validate_json(found)


def _answer(session: Session, question: str, row: Compared, name: str) -> bytes:
    found = question_file(session, question, f"{RUNS}/{row.run}/{name}")
    assert found is not None, "an answer is kept before it is compared"
    return found
