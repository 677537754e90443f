"""Settings of the jobs, from the environment (``ZHIBAN_JOBS_…``) so that no secret stands in a command."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "ZHIBAN_JOBS_"


class JobSettings(BaseSettings):
    """What the web server and the workers must know alike. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    database: str = Field(
        "sqlite:///zhiban-jobs.sqlite", description="URL of the queue: SQLite or PostgreSQL"
    )
    store: str = Field(description="where results are kept: data folder or URL of PostgreSQL")
    folder: Path = Field(
        Path(tempfile.gettempdir()) / "zhiban-jobs", description="where workers put files in use"
    )

    solves_at_once: int = Field(2, ge=1, description="solves that run together, on all machines")
    questions_at_once: int = Field(1, ge=1, description="what-ifs that run together, likewise")
    files_at_once: int = Field(2, ge=1, description="imports and exports together in one worker")

    most_seconds: float = Field(3600, gt=0, description="longest solve that may be asked for")
    most_solves: int = Field(100, ge=1, description="solves of one question")
    most_question_seconds: float = Field(
        14_400, gt=0, description="that all solves of one question may ask for together"
    )
    most_workers: int = Field(
        default_factory=lambda: os.cpu_count() or 1, ge=1, description="processes of one solve"
    )
    most_rows: int = Field(500_000, ge=1, description="rows of an instance, all tables together")
    most_bytes: int = Field(50_000_000, ge=1, description="size of an uploaded file")

    overtime: float = Field(
        300, gt=0, description="for a solve beyond what it asked: build, check, explain"
    )
    file_seconds: float = Field(300, gt=0, description="for an import or an export")
    grace: float = Field(60, gt=0, description="from the interrupt until the hard kill")
    attempts: int = Field(2, ge=1, description="children that may die before the job has failed")
    patience: float = Field(
        600, ge=0, description="for a store that is away or has no room, before a job has failed"
    )
    recoveries: int = Field(3, ge=0, description="workers that may die with a job")

    poll: float = Field(0.5, gt=0, description="between two looks at the queue, or at a job")
    beat: float = Field(2, gt=0, description="between two signs of life of a worker")
    lease: float = Field(15, gt=0, description="silence after which a worker's jobs go to others")

    def environment(self) -> dict[str, str]:
        """Return the variables from which another process reads the same settings."""
        return {f"{PREFIX}{name}".upper(): str(value) for name, value in self}
