"""Orders: the parameters of a job. Plain values, kept with the job."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
StageName = Literal["all", "advisers", "month"]


class JobOrder(BaseModel):
    """What one job is to do; every kind of job derives its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str


class UploadOrder(JobOrder):
    """Read an uploaded file, kept under the job's id until the job has ended."""

    name: str = Field(min_length=1, max_length=255, description="the file's name, no folder")
    digest: Digest = Field(description="SHA-256 of the bytes")
