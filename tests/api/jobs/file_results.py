"""Results kept as files in a folder: a small real store for workers in processes of their own."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from api.jobs.results import File, Plan
from models.instance import Instance

FOLDER = "JOBS_TEST_RESULTS"
"""Variable that tells a worker the folder."""


class FileResults:
    """Whole files under fixed names; the first one written under a name stays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read_instance(self, digest: str) -> Instance | None:
        content = self._read(f"instance-{digest}")
        return None if content is None else Instance.model_validate_json(content)

    def keep_instance(self, job: str, instance: Instance) -> None:
        self._keep(f"instance-{instance.content_hash}", instance.model_dump_json().encode())

    def read_plan(self, job: str) -> Plan | None:
        content = self._read(f"plan-{job}")
        return None if content is None else Plan.model_validate_json(content)

    def read_roster(self, roster: int, version: int) -> Plan | None:
        """Return the plan of the job named like the roster, which is never edited."""
        return self.read_plan(str(roster)) if version == 1 else None

    def keep_plan(self, job: str, plan: Plan) -> None:
        with (self.folder / "kept.log").open("a") as log:
            log.write(f"{job}\n")
        self._keep(f"plan-{job}", plan.model_dump_json().encode())

    def read_file(self, job: str) -> File | None:
        content = self._read(f"file-{job}")
        name = self._read(f"name-{job}")
        return (
            None if content is None or name is None else File(name=name.decode(), content=content)
        )

    def keep_file(self, job: str, file: File) -> None:
        self._keep(f"name-{job}", file.name.encode())
        self._keep(f"file-{job}", file.content)

    def drop_file(self, job: str) -> None:
        for name in ("name", "file"):
            (self.folder / f"{name}-{job}").unlink(missing_ok=True)

    def answer_files(self, job: str) -> frozenset[str]:
        """Return names; a slash stands in the file's name as a comma."""
        found = self.folder.glob(f"answer-{job}-*")
        return frozenset(
            path.name.removeprefix(f"answer-{job}-").replace(",", "/") for path in found
        )

    def read_answer_file(self, job: str, name: str) -> bytes | None:
        return self._read(f"answer-{job}-{name.replace('/', ',')}")

    def keep_answer_files(self, job: str, files: Mapping[str, bytes]) -> None:
        for name, content in files.items():
            self._keep(f"answer-{job}-{name.replace('/', ',')}", content)

    def times_kept(self, job: str) -> int:
        """Return how often a plan was handed in under this id."""
        log = self.folder / "kept.log"
        return log.read_text().split().count(job) if log.exists() else 0

    def _read(self, name: str) -> bytes | None:
        path = self.folder / name
        return path.read_bytes() if path.exists() else None

    def _keep(self, name: str, content: bytes) -> None:
        with tempfile.NamedTemporaryFile(dir=self.folder) as file:
            file.write(content)
            file.flush()
            with contextlib.suppress(FileExistsError):
                os.link(file.name, self.folder / name)


def open_results() -> FileResults:
    """Return the results of the folder that the environment names."""
    return FileResults(Path(os.environ[FOLDER]))
