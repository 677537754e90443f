"""Import: read an uploaded file into an instance, or only check it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal

from pydantic import Field

from api.actions import planning
from api.jobs.contract.folder import INSTANCE, RESULT, UPLOAD, instance_in, put
from api.jobs.contract.kind import JobKind, TakenJob, Tell, refuse_rows
from api.jobs.contract.order import UploadOrder
from api.jobs.contract.plan import File
from api.jobs.contract.verdict import JobEnd, State
from api.jobs.kinds.parts.bounded_memory import bounded_memory
from models.issues import InputError, Issue

MARKED_NAME = "issues.xlsx"


class ImportOrder(UploadOrder):
    """Read a file into an instance."""

    kind: Literal["import"] = "import"
    keep: bool = Field(True, description="false: say what is wrong, or count, and keep nothing")


class ImportKind(JobKind[ImportOrder]):
    """Its instance is kept under its own hash: a second run, as quick as a look, changes nothing."""

    order = ImportOrder
    label = "导入数据"

    def lay_out(self, taken: TakenJob[ImportOrder], place: Path) -> None:
        """Put the file into the folder."""
        taken.lay_out_upload(taken.order.name, place)

    def run(self, order: ImportOrder, place: Path, tell: Tell) -> str:
        """Read the file; rule numbers out of range are issues of the input, too."""
        from models.formats.read import read_instance  # with the readers of workbooks

        file = place / UPLOAD / order.name
        try:
            with bounded_memory():
                instance = read_instance(file)
            planning.rules_of(instance)
        except InputError as error:
            _mark(file, place / RESULT, error.issues)
            raise
        put(place / INSTANCE, instance)
        return ""

    def keep_failed(self, taken: TakenJob[ImportOrder], place: Path, answer: JobEnd) -> JobEnd:
        """Keep the workbook in which the issues are marked."""
        if not (place / RESULT).exists():
            return answer
        file = File(name=MARKED_NAME, content=(place / RESULT).read_bytes())
        taken.results.keep_marked(taken.job, file)
        return answer.model_copy(update={"file": file.name})

    def keep(self, taken: TakenJob[ImportOrder], place: Path, answer: JobEnd) -> JobEnd:
        """Keep the instance, unless it was only to be checked, and count its rows."""
        instance = instance_in(place)
        issues = refuse_rows(instance, taken.settings)
        if issues:
            return JobEnd(state=State.FAILED, issues=tuple(issues))
        counts = instance.counts()
        if not taken.order.keep:
            return JobEnd(counts=counts)
        taken.results.keep_instance(taken.job, instance)
        return JobEnd(instance=instance.content_hash, counts=counts)


def _mark(file: Path, target: Path, issues: Sequence[Issue]) -> None:
    """Mark the issues in a copy of the workbook; where memory is too small they are told alone."""
    from models.formats.marked_workbook import write_marked_workbook  # with openpyxl

    with suppress(MemoryError), bounded_memory():
        write_marked_workbook(file, target, issues)
