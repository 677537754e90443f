"""The clerk's handbook: what there is to do in a month, step by step."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Annotated

import fastapi
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from pydantic import BaseModel, ConfigDict, TypeAdapter

from api.access.denied import UnseenError
from api.pages.frame.doors import PageActor
from api.pages.frame.languages import PAGES
from api.pages.frame.page import page

router = APIRouter(prefix="/help")
_HERE = Path(__file__).parent


class HandbookTask(BaseModel):
    """One task; ``picture`` is the address of the page that its picture shows."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    zh: str
    en: str
    when_zh: str
    when_en: str
    steps_zh: tuple[str, ...]
    steps_en: tuple[str, ...]
    hints_zh: tuple[str, ...] = ()
    picture: str
    picture_zh: str

    @property
    def file(self) -> str:
        """The name of the picture among the static files, as ``asset`` takes it; empty without one."""
        name = f"{self.key}.jpg"
        return f"help/{name}" if (PAGES / "help" / "static" / name).is_file() else ""


@cache
def tasks() -> tuple[HandbookTask, ...]:
    """Return the tasks in the order of a month."""
    content = tomllib.loads((_HERE / "tasks.toml").read_text(encoding="utf-8"))
    return TypeAdapter(tuple[HandbookTask, ...]).validate_python(content["task"])


@router.get("")
def list_tasks(request: Request, actor: PageActor) -> HTMLResponse:
    """List the tasks."""
    return page(request, "help/tasks.html", tasks=tasks())


@router.get("/{task}")
def show_task(
    request: Request, actor: PageActor, task: Annotated[str, fastapi.Path(max_length=40)]
) -> HTMLResponse:
    """Show one task, with the ones before and after it."""
    keys = [one.key for one in tasks()]
    if task not in keys:
        raise UnseenError
    at = keys.index(task)
    before = tasks()[at - 1] if at else None
    after = tasks()[at + 1] if at + 1 < len(keys) else None
    return page(
        request, "help/task.html", task=tasks()[at], number=at + 1, before=before, after=after
    )
