"""What if: solve the scenarios of a question about a stored instance and compare them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from api.jobs.contract.folder import ANSWERS, instance_in
from api.jobs.contract.kind import QUESTIONS, JobKind, TakenJob, Tell, read_back
from api.jobs.contract.order import Digest, JobOrder
from api.jobs.contract.verdict import JobEnd, State
from models.issues import Issue
from models.messages import Spot, issue

if TYPE_CHECKING:
    from api.job_settings import JobSettings
    from api.jobs.contract.results import Results
    from api.jobs.kinds.parts.answers import Answers


class WhatifOrder(JobOrder):
    """Solve the scenarios of a question about a stored instance and compare them."""

    kind: Literal["whatif"] = "whatif"
    instance: Digest = Field(description="content hash of the base")
    name: str = Field(min_length=1, max_length=255, description="of the question's file, in issues")
    text: str = Field(description="the question, TOML")
    solves: int = Field(ge=1, description="scenarios and base, times seeds")
    seconds: float = Field(gt=0, description="for each of the solves")


class WhatifKind(JobKind[WhatifOrder]):
    """Every answer is kept as soon as it is there and never solved again; cut short, those are compared."""

    order = WhatifOrder
    label = "假设分析"
    queue = QUESTIONS
    is_search = True

    def refuse(self, order: WhatifOrder, settings: JobSettings, results: Results) -> list[Issue]:
        """Return exceeded limits; the job itself reports scenarios that cannot be made."""
        issues = []
        if order.seconds > settings.most_seconds:
            most, asked = settings.most_seconds, f"{order.seconds:g}"
            issues.append(issue("job_seconds", Spot(cell="time_limit"), asked, most=most))
        if order.solves > settings.most_solves:
            spot, solves = Spot(cell="scenario"), order.solves
            issues.append(
                issue("job_solves", spot, solves, solves=solves, most=settings.most_solves)
            )
        in_all, most_in_all = order.solves * order.seconds, settings.most_question_seconds
        if in_all > most_in_all:
            words = {"seconds": in_all, "most": most_in_all}
            spot = Spot(cell="time_limit")
            issues.append(issue("job_question_seconds", spot, f"{in_all:g}", **words))
        if results.read_instance(order.instance) is None:
            issues.append(issue("job_instance", Spot(cell="instance"), order.instance))
        return issues

    def seconds(self, order: WhatifOrder, settings: JobSettings) -> float:
        """Return the time of all solves, each with some for building, checking and explaining."""
        return order.solves * (order.seconds + settings.overtime)

    def lay_out(self, taken: TakenJob[WhatifOrder], place: Path) -> None:
        """Put the instance and the kept answers into the folder."""
        taken.lay_out_instance(taken.order.instance, place)
        _answers(taken, place).lay_out()

    def run(self, order: WhatifOrder, place: Path, tell: Tell) -> str:
        """Solve the unanswered scenarios and compare."""
        from api.jobs.kinds.parts.question import answer  # loads what scenarios are made with

        answer(order.text, order.name, instance_in(place), place / ANSWERS, tell)
        return ""

    def keep(self, taken: TakenJob[WhatifOrder], place: Path, answer: JobEnd) -> JobEnd:
        """Keep new answers, the comparison last."""
        _answers(taken, place).keep()
        return read_back(self.kept(taken))

    def kept(self, taken: TakenJob[WhatifOrder]) -> JobEnd | None:
        """Return how many scenarios were solved, once they are compared."""
        from api.jobs.kinds.parts.answers import counts, kept_comparison  # see _answers

        comparison = kept_comparison(taken.results, taken.job)
        if comparison is None:
            return None
        is_cut = taken.is_cancelled and bool(comparison.missing)
        state = State.CANCELLED if is_cut else State.DONE
        return JobEnd(state=state, counts=counts(comparison))

    def keep_part(self, taken: TakenJob[WhatifOrder], place: Path) -> None:
        """Keep the answers that are there."""
        _answers(taken, place).keep_runs()

    def has_part(self, taken: TakenJob[WhatifOrder]) -> bool:
        """Whether there are answers to compare, after a worker died."""
        return bool(taken.results.answer_files(taken.job))


def _answers(taken: TakenJob[WhatifOrder], place: Path) -> Answers:
    # with scenarios, which other children do without
    from api.jobs.kinds.parts.answers import Answers

    return Answers(taken.job, taken.results, place / ANSWERS)
