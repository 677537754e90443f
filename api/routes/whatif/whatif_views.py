"""A question as those see it who may."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from api.access.action_places import Place
from api.actions.whatif import RUNS
from api.jobs.kinds.parts.question import SCENARIO_LIST, SCENARIOS, Scenario
from api.office.context import Service
from api.routes.answering.path_ids import QuestionId
from api.routes.answering.running import InService
from api.routes.jobs.job_views import JobView, views
from models.store.database.errors import NotFoundError
from models.store.jobs.jobs import get_job
from models.store.jobs.questions import get_question, question_file, question_files
from models.store.tables.question_tables import QuestionRecord


class QuestionView(JobView):
    """A question and the job that answers it, whose id it has."""

    name: str
    name_en: str


class ScenarioView(Scenario):
    """One scenario with one seed, the base first."""

    is_answered: bool = Field(description="已求解或不可行 solved, or refused by the solver")


class QuestionText(QuestionView):
    """A question with its text and what became of it."""

    text: str
    scenarios: tuple[ScenarioView, ...] = Field(
        description="任务开始后才有 none before the job has made them"
    )
    files: tuple[str, ...] = Field(description="可下载的文件 that can be downloaded")


def place_of_question(service: InService, question: QuestionId) -> Place | None:
    """Return where a question belongs, none if there is none."""
    with service.store.read() as session:
        try:
            area = get_question(session, question).area
        except NotFoundError:
            return None
    return service.areas.place(area)


def question_views(service: Service, rows: Sequence[QuestionRecord]) -> list[QuestionView]:
    """Return questions with what the queue knows of them."""
    with service.store.read() as session:
        jobs = [get_job(session, row.id) for row in rows]
    return [
        QuestionView(**job.model_dump(), name=row.name, name_en=row.name_en)
        for row, job in zip(rows, views(service, jobs), strict=True)
    ]


def question_text_view(service: Service, question: str) -> QuestionText:
    """Return a question with its text, its scenarios and its files."""
    with service.store.read() as session:
        row = get_question(session, question)
        names = question_files(session, question)
        told = question_file(session, question, SCENARIOS)
    scenarios = SCENARIO_LIST.validate_json(told) if told is not None else ()
    answered = {name.split("/")[1] for name in names if name.startswith(f"{RUNS}/")}
    return QuestionText(
        **question_views(service, [row])[0].model_dump(),
        text=row.text,
        scenarios=tuple(
            ScenarioView(**item.model_dump(), is_answered=item.run in answered)
            for item in scenarios
        ),
        files=tuple(sorted(name for name in names if "/" not in name)),
    )
