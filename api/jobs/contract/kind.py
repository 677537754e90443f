"""JobKind: one kind of job, from its order to its stored result."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from api.jobs.contract.folder import INSTANCE, UPLOAD, plan_in, put
from api.jobs.contract.order import JobOrder
from api.jobs.contract.verdict import JobEnd, State
from models.instance import Instance
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.report import Status

if TYPE_CHECKING:  # a child does without
    from api.job_settings import JobSettings
    from api.jobs.contract.results import Results

SOLVES, FILES, QUESTIONS = "solves", "files", "questions"
"""The queues: a short import never waits behind a long solve, no solve behind a longer what-if."""

Order = TypeVar("Order", bound=JobOrder)
Tell = Callable[[str, dict[str, Any]], None]
"""Passes progress on: what it is about, and how far that is; only the newest about one thing is told."""
_Thing = TypeVar("_Thing")


@dataclass
class TakenJob(Generic[Order]):
    """A job that a worker has taken: its order, the limits, and where things are kept."""

    job: str
    order: Order
    settings: JobSettings
    results: Results
    is_cancelled: bool = False

    def lay_out_instance(self, digest: str, place: Path) -> None:
        """Put a stored instance where the child looks for it. Raises InputError if there is none."""
        instance = found(
            self.results.read_instance(digest), issue("job_instance", Spot(cell="instance"), digest)
        )
        put(place / INSTANCE, instance)

    def lay_out_upload(self, name: str, place: Path) -> None:
        """Put the uploaded file where the child looks for it. Raises InputError if it is gone."""
        file = found(self.results.read_file(self.job), issue("job_file", Spot(name)))
        (place / UPLOAD).mkdir(exist_ok=True)
        put(place / UPLOAD / name, file.content)


class JobKind(ABC, Generic[Order]):
    """One kind of job. Put into a module of ``api.jobs.kinds``, it is found and done by all workers.

    The web server asks ``refuse``; a worker calls ``kept``, ``lay_out``, ``keep_part``, ``keep`` and
    ``keep_failed``;
    a child process, which holds no secret and knows only its folder, calls ``run``. All but ``run``
    may be called again after a crash.
    """

    order: type[Order]
    """What such a job is asked to do; the default of its ``kind`` names the kind."""
    label: str
    """What an office calls it."""
    queue: str = FILES
    is_search: bool = False
    """Whether it searches for the best as long as it may: then it runs at low priority, and an
    interrupt stops it only where the work says ``may_stop``; what it has reached is the answer.
    Other kinds are stopped at once and leave nothing."""

    @property
    def name(self) -> str:
        """What orders and metrics call it."""
        return str(self.order.model_fields["kind"].default)

    def refuse(self, order: Order, settings: JobSettings, results: Results) -> list[Issue]:
        """Return every reason for which the order cannot even be queued."""
        return []

    def seconds(self, order: Order, settings: JobSettings) -> float:
        """Return how long a child may take; after that it is interrupted."""
        return settings.file_seconds

    @abstractmethod
    def lay_out(self, taken: TakenJob[Order], place: Path) -> None:
        """Put what the child needs into its folder.

        Raises
        ------
        InputError
            When it is not there.
        """

    @abstractmethod
    def run(self, order: Order, place: Path, tell: Tell) -> str:
        """Do the order in the child; return the name of the file written for the user, or "".

        Raises
        ------
        InputError
            With every issue of the input.
        """

    @abstractmethod
    def keep(self, taken: TakenJob[Order], place: Path, answer: JobEnd) -> JobEnd:
        """Keep what the child made, under the job's id, and return how the job ended."""

    def keep_failed(self, taken: TakenJob[Order], place: Path, answer: JobEnd) -> JobEnd:
        """Keep what the child left beside the issues that it found, and return how the job ended."""
        return answer

    def kept(self, taken: TakenJob[Order]) -> JobEnd | None:
        """Return how the job ended, if its result is kept already: then it is not done again."""
        return None

    def keep_part(self, taken: TakenJob[Order], place: Path) -> None:
        """Keep the child's partial result."""

    def has_part(self, taken: TakenJob[Order]) -> bool:
        """Whether a part is kept, which is worth finishing even when the job is cancelled."""
        return False


class PlanKind(JobKind[Order]):
    """A kind that leaves a plan, which becomes a draft."""

    def keep(self, taken: TakenJob[Order], place: Path, answer: JobEnd) -> JobEnd:
        """Keep the plan; what was kept first under the job's id counts."""
        taken.results.keep_plan(taken.job, plan_in(place))
        return read_back(self.kept(taken))

    def kept(self, taken: TakenJob[Order]) -> JobEnd | None:
        """Return the verdict that there is a plan, cut short or not."""
        plan = taken.results.read_plan(taken.job)
        if plan is None:
            return None
        is_cut = taken.is_cancelled and plan.report.status is Status.INTERRUPTED
        state = State.CANCELLED if is_cut else State.DONE
        return JobEnd(state=state, has_plan=True, instance=plan.instance.content_hash)


def found(thing: _Thing | None, issue: Issue) -> _Thing:
    """Return a thing that was looked for. Raises InputError if it is not there."""
    if thing is None:
        raise InputError([issue])
    return thing


def read_back(verdict: JobEnd | None) -> JobEnd:
    """Return the verdict on what was kept just now."""
    assert verdict is not None, "results that were kept can be read"
    return verdict


def refuse_rows(instance: Instance, settings: JobSettings) -> list[Issue]:
    """Return an issue if the instance is too large."""
    rows = sum(instance.counts().values())
    if rows <= settings.most_rows:
        return []
    return [issue("job_rows", value=rows, rows=rows, most=settings.most_rows)]
