"""Solve: plan a month of a stored instance."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from api.actions import planning
from api.jobs.contract.folder import PLAN, instance_in, put
from api.jobs.contract.kind import SOLVES, PlanKind, TakenJob, Tell, refuse_rows
from api.jobs.contract.order import Digest, JobOrder, StageName
from api.jobs.contract.plan import Plan
from models.issues import InputError, Issue
from models.messages import Spot, issue

if TYPE_CHECKING:
    from api.job_settings import JobSettings
    from api.jobs.contract.results import Results
    from solver.engine.ladder import Progress


class SolveOrder(JobOrder):
    """Plan a month of a stored instance; the fields are those of ``zhiban solve``."""

    kind: Literal["solve"] = "solve"
    instance: Digest = Field(description="content hash of the instance")
    month: str | None = Field(None, description="YYYY-MM; the instance's own if not given")
    stage: StageName = "all"
    profile: str | None = Field(None, description="rule profile; the instance's own if not given")
    changes: tuple[str, ...] = Field((), description="RULE.FIELD=VALUE, one number each")
    seconds: float = Field(60, gt=0, description="wall time for the solve")
    seed: int = Field(1, ge=0)
    workers: int = Field(1, ge=1, description="processes")


class SolveKind(PlanKind[SolveOrder]):
    """Its plan becomes a draft, also when it was cut short."""

    order = SolveOrder
    label = "排班求解"
    queue = SOLVES
    is_search = True

    def refuse(self, order: SolveOrder, settings: JobSettings, results: Results) -> list[Issue]:
        """Return issues: exceeded limits, and options that do not suit the data."""
        issues = []
        if order.seconds > settings.most_seconds:
            most, asked = settings.most_seconds, f"{order.seconds:g}"
            issues.append(issue("job_seconds", Spot(cell="seconds"), asked, most=most))
        if order.workers > settings.most_workers:
            spot = Spot(cell="workers")
            issues.append(issue("job_workers", spot, order.workers, most=settings.most_workers))
        instance = results.read_instance(order.instance)
        if instance is None:
            return [*issues, issue("job_instance", Spot(cell="instance"), order.instance)]
        issues += refuse_rows(instance, settings)
        try:
            chosen = planning.with_choices(instance, order.month, order.profile, order.changes)
            planning.rules_of(chosen)
        except InputError as error:
            issues += error.issues
        return issues

    def seconds(self, order: SolveOrder, settings: JobSettings) -> float:
        """Return the requested time, plus some for building, checking and explaining."""
        return order.seconds + settings.overtime

    def lay_out(self, taken: TakenJob[SolveOrder], place: Path) -> None:
        """Put the instance into the folder."""
        taken.lay_out_instance(taken.order.instance, place)

    def run(self, order: SolveOrder, place: Path, tell: Tell) -> str:
        """Solve, and report the gap of each goal."""
        from solver.limits import Limits, Stage  # with numpy, which an import does without

        instance = instance_in(place)
        chosen = planning.with_choices(instance, order.month, order.profile, order.changes)
        limits = Limits(order.seconds, order.seed, workers=order.workers)
        outcome = planning.plan(chosen, Stage[order.stage.upper()], limits, _teller(tell))
        put(place / PLAN, Plan(instance=chosen, roster=outcome.roster, report=outcome.report))
        return ""


def _teller(tell: Tell) -> Callable[[Progress], None]:
    def tell_step(step: Progress) -> None:
        goal = {"stage": step.stage, "goal": step.goal.value, "zh": step.goal.label}
        numbers = {"value": step.value, "bound": step.bound, "gap": step.gap}
        known = {name: n if math.isfinite(n) else None for name, n in numbers.items()}
        about = f"{step.stage} {step.goal.value}"
        tell(about, goal | known | {"seconds": round(step.seconds, 3)})

    return tell_step
