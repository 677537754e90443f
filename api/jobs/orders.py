"""Orders: what a job is asked to do. Plain values, kept with the job."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
JobId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]
StageName = Literal["all", "advisers", "month"]
Form = Literal["xlsx", "sheet", "csv", "json", "report", "calendars", "map"]
"""Files of a roster: the whole workbook, its public sheets, five CSV files, roster.json, report.json,
calendars, and the page with map and month grid; several files come in a zip."""


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SolveOrder(_Order):
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


class FileOrder(_Order):
    """Read an uploaded file, kept under the job's id until the job has ended."""

    name: str = Field(min_length=1, max_length=255, description="the file's name, no folder")
    digest: Digest = Field(description="SHA-256 of the bytes")


class ImportOrder(FileOrder):
    """Read a file into an instance."""

    kind: Literal["import"] = "import"
    keep: bool = Field(True, description="false: say what is wrong, or count, and keep nothing")


class DraftChoices(_Order):
    """For what a roster made by hand is meant, and how it is checked."""

    instance: Digest = Field(description="content hash of the instance")
    month: str | None = Field(None, description="YYYY-MM of tables; roster.json names its own")
    stage: StageName = Field("all", description="whose demands are asked about")


class DraftOrder(FileOrder, DraftChoices):
    """Read a roster made by hand for a stored instance, and check it."""

    kind: Literal["draft"] = "draft"


class ExportOrder(_Order):
    """Write a stored roster as a file, kept under the job's id."""

    kind: Literal["export"] = "export"
    roster: int = Field(ge=1, description="number of the roster")
    version: int = Field(ge=1, description="the one that was asked for; no other is written")
    form: Form


class WhatifOrder(_Order):
    """Solve the scenarios of a question about a stored instance and compare them."""

    kind: Literal["whatif"] = "whatif"
    instance: Digest = Field(description="content hash of the base")
    name: str = Field(min_length=1, max_length=255, description="of the question's file, in issues")
    text: str = Field(description="the question, TOML")
    solves: int = Field(ge=1, description="scenarios and base, times seeds")
    seconds: float = Field(gt=0, description="for each of the solves")


Order = SolveOrder | ImportOrder | DraftOrder | ExportOrder | WhatifOrder
ORDERS: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="kind")])
JOB_IDS: TypeAdapter[str] = TypeAdapter(JobId)
