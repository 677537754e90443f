"""Orders: what a job is asked to do. Plain values, kept with the job."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
JobId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,100}$")]


class _Order(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SolveOrder(_Order):
    """Plan a month of a stored instance; the fields are those of ``zhiban solve``."""

    kind: Literal["solve"] = "solve"
    instance: Digest = Field(description="content hash of the instance")
    month: str | None = Field(None, description="YYYY-MM; the instance's own if not given")
    stage: Literal["all", "advisers", "month"] = "all"
    profile: str | None = Field(None, description="rule profile; the instance's own if not given")
    changes: tuple[str, ...] = Field((), description="RULE.FIELD=VALUE, one number each")
    seconds: float = Field(60, gt=0, description="wall time for the solve")
    seed: int = Field(1, ge=0)
    workers: int = Field(1, ge=1, description="processes")


class ImportOrder(_Order):
    """Read an uploaded file, kept under the job's id, into an instance."""

    kind: Literal["import"] = "import"
    name: str = Field(min_length=1, max_length=255, description="the file's name, no folder")
    digest: Digest = Field(description="SHA-256 of the bytes")


class ExportOrder(_Order):
    """Write the roster of a finished solve as a file, kept under the export's own id."""

    kind: Literal["export"] = "export"
    plan: JobId = Field(description="id of the solve")
    form: Literal["xlsx", "csv", "json"] = Field(description="csv is a zip of five CSV files")


Order = Annotated[SolveOrder | ImportOrder | ExportOrder, Field(discriminator="kind")]
ORDERS: TypeAdapter[SolveOrder | ImportOrder | ExportOrder] = TypeAdapter(Order)
JOB_IDS: TypeAdapter[str] = TypeAdapter(JobId)
