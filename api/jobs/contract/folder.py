"""The working folder of a child: order and input, then output and answer."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from pydantic import BaseModel

from api.jobs.contract.plan import Plan
from models.instance import Instance

ORDER, ANSWER, INSTANCE, PLAN, UPLOAD, RESULT, ANSWERS = (
    "order.json",
    "answer.json",
    "instance.json",
    "plan.json",
    "upload",
    "result",
    "answers",
)
"""Names of files; UPLOAD and ANSWERS are folders."""


def put(path: Path, content: bytes | BaseModel) -> None:
    """Write a file atomically: bytes, or a model as JSON."""
    if isinstance(content, BaseModel):
        content = content.model_dump_json().encode()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    os.replace(file.name, path)


def instance_in(folder: Path) -> Instance:
    """Return the instance of a job."""
    return Instance.model_validate_json((folder / INSTANCE).read_bytes())


def plan_in(folder: Path) -> Plan:
    """Return the plan that a job works on, or has made."""
    return Plan.model_validate_json((folder / PLAN).read_bytes())
