"""Draft: read a roster made by hand for a stored instance, and check it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from api.actions import planning
from api.jobs.contract.folder import PLAN, UPLOAD, instance_in, put
from api.jobs.contract.kind import PlanKind, TakenJob, Tell
from api.jobs.contract.order import Digest, StageName, UploadOrder
from api.jobs.contract.plan import Plan
from api.jobs.kinds.parts.bounded_memory import bounded_memory


class DraftOrder(UploadOrder):
    """Read a roster made by hand for a stored instance, and check it."""

    kind: Literal["draft"] = "draft"
    instance: Digest = Field(description="content hash of the instance")
    month: str | None = Field(None, description="YYYY-MM of tables; roster.json names its own")
    stage: StageName = Field("all", description="whose demands are asked about")


class DraftKind(PlanKind[DraftOrder]):
    """The roster becomes a draft with its report."""

    order = DraftOrder
    label = "上传排班表"

    def lay_out(self, taken: TakenJob[DraftOrder], place: Path) -> None:
        """Put instance and file into the folder."""
        taken.lay_out_instance(taken.order.instance, place)
        taken.lay_out_upload(taken.order.name, place)

    def run(self, order: DraftOrder, place: Path, tell: Tell) -> str:
        """Read the roster and verify it."""
        # numpy, the rules and the readers of workbooks take a second to load
        from models.formats.roster_table import read_roster
        from solver.limits import Stage
        from solver.verify import verify

        instance = instance_in(place)
        month = planning.with_choices(instance, order.month)
        with bounded_memory():
            roster = read_roster(place / UPLOAD / order.name, month)
        roster = roster.model_copy(update={"instance": instance.content_hash})
        report = verify(instance, planning.rules_of(instance), roster, Stage[order.stage.upper()])
        put(place / PLAN, Plan(instance=instance, roster=roster, report=report))
        return ""
