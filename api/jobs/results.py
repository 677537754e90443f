"""Results: where jobs find what they work on and keep what they made. The store implements it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from typing import Any, Protocol, cast

from pydantic import BaseModel, ConfigDict

from models.instance import Instance
from models.report import Report
from models.roster import Roster


class Plan(BaseModel):
    """A finished plan: the instance as it was solved (with the order's choices), roster, report."""

    model_config = ConfigDict(frozen=True)

    instance: Instance
    roster: Roster
    report: Report


class File(BaseModel):
    """An uploaded or a written file."""

    model_config = ConfigDict(frozen=True)

    name: str
    content: bytes


class Results(Protocol):
    """Called by many threads and processes at once; each call is durable when it returns.

    A job may run twice when a machine dies at the wrong moment: what is kept under a job's id
    first stays, a second time changes nothing.
    """

    def read_instance(self, digest: str) -> Instance | None:
        """Return the instance of this content hash."""
        ...

    def keep_instance(self, job: str, instance: Instance) -> None:
        """Keep an imported instance under its content hash."""
        ...

    def read_plan(self, job: str) -> Plan | None:
        """Return the plan that a job made."""
        ...

    def keep_plan(self, job: str, plan: Plan) -> None:
        """Keep the plan of a solve or of a file, unless the job has one."""
        ...

    def read_roster(self, roster: int, version: int) -> Plan | None:
        """Return a stored roster with its instance and report, if it is at this version."""
        ...

    def read_file(self, job: str) -> File | None:
        """Return the file that an import reads or an export wrote."""
        ...

    def keep_file(self, job: str, file: File) -> None:
        """Keep a file under the job's id, unless it has one."""
        ...

    def drop_file(self, job: str) -> None:
        """Forget the file of a job, if it has one."""
        ...

    def answer_files(self, job: str) -> frozenset[str]:
        """Return the names of the files of a question's answers so far."""
        ...

    def read_answer_file(self, job: str, name: str) -> bytes | None:
        """Return a file of a question's answers."""
        ...

    def keep_answer_files(self, job: str, files: Mapping[str, bytes]) -> None:
        """Keep files of a question's answers, all or none; one that is there stays as it is."""
        ...


def load_results(name: str) -> Results:
    """Call the ``module:function`` that the settings name.

    Raises
    ------
    ImportError, AttributeError, ValueError
        There is no such function.
    """
    return cast("Results", cast("Any", pkgutil.resolve_name(name))())
