"""Export: write a stored roster as a file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from api.jobs.contract.folder import PLAN, RESULT, plan_in, put
from api.jobs.contract.kind import JobKind, TakenJob, Tell, found, read_back
from api.jobs.contract.order import JobOrder
from api.jobs.contract.plan import File
from api.jobs.contract.verdict import JobEnd
from models.messages import Spot, issue

Form = Literal["xlsx", "sheet", "csv", "json", "report", "calendars", "map"]
"""Files of a roster: the whole workbook, its public sheets, five CSV files, roster.json, report.json,
calendars, and the page with map and month grid; several files come in a zip."""


class ExportOrder(JobOrder):
    """Write a stored roster as a file, kept under the job's id."""

    kind: Literal["export"] = "export"
    roster: int = Field(ge=1, description="number of the roster")
    version: int = Field(ge=1, description="the one that was asked for; no other is written")
    form: Form


class ExportKind(JobKind[ExportOrder]):
    """The file is kept to be downloaded."""

    order = ExportOrder
    label = "导出文件"

    def lay_out(self, taken: TakenJob[ExportOrder], place: Path) -> None:
        """Put the roster there, at the version that was asked for."""
        roster, version = taken.order.roster, taken.order.version
        plan = taken.results.read_roster(roster, version)
        put(
            place / PLAN,
            found(plan, issue("job_roster", Spot(cell="roster"), f"{roster} v{version}")),
        )

    def run(self, order: ExportOrder, place: Path, tell: Tell) -> str:
        """Write the file and return its name."""
        from api.jobs.kinds.parts.roster_files import export  # with all writers of documents

        plan = plan_in(place)
        stem = f"{plan.roster.month}-{order.roster}-v{order.version}"
        name, content = export(plan, order.form, stem)
        put(place / RESULT, content)
        return name

    def keep(self, taken: TakenJob[ExportOrder], place: Path, answer: JobEnd) -> JobEnd:
        """Keep the file under the job's id."""
        content = (place / RESULT).read_bytes()
        taken.results.keep_file(taken.job, File(name=answer.file, content=content))
        return read_back(self.kept(taken))

    def kept(self, taken: TakenJob[ExportOrder]) -> JobEnd | None:
        """Return the file's name."""
        file = taken.results.read_file(taken.job)
        return JobEnd(file=file.name) if file is not None else None
