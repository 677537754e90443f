"""The outputs of jobs: plans and files."""

from __future__ import annotations

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
