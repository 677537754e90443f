"""What routes share: ids in paths, entity tags, idempotency, the form of a list."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Sequence
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Header, Path, Query, Request, Response
from pydantic import AfterValidator, BaseModel, Field
from sqlalchemy.orm import Session

from api.access.guard import guard_of
from api.access.places import Place
from api.access.roles import Actor
from api.http.problems import Problem
from api.office.context import InService
from models.calendar import ZONE
from models.issues import InputError, Issue
from models.rows import printable
from models.store.people.idempotency import Answer, claim, keep_answer

T = TypeVar("T")

KEYS_LIVE = dt.timedelta(days=1)
"""How long a repeated request gets the first answer."""

AreaId = Annotated[str, Path(pattern=r"^[0-9A-Za-z_-]{1,60}$", description="区划代码 area code")]
RosterId = Annotated[int, Path(ge=1, le=2**31 - 1, description="排班编号 roster id")]
MonthText = Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="YYYY-MM")]
JobId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="任务编号 job id")]
QuestionId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9._-]{1,100}$", description="假设分析编号 id of the question")
]
RequestId = Annotated[int, Path(ge=1, le=2**31 - 1, description="申请编号 request id")]
IfMatch = Annotated[
    str | None, Header(description='读到的版本，如 "3" / the version that was read')
]
Before = Annotated[
    int | None,
    Query(ge=1, le=2**31 - 1, description="上一页的 next / the ``next`` of the last page"),
]
BeforeTime = Annotated[
    str | None, Query(max_length=160, description="上一页的 next / the ``next`` of the last page")
]
"""The key of a page of what is ordered by time and id; see ``page_key``."""
From = Annotated[
    int,
    Query(
        alias="before",
        ge=0,
        le=10**7,
        description="上一页的 next / the ``next`` of the last page; 0 for the first",
    ),
]
Limit = Annotated[int, Query(ge=1, le=500, description="每页行数 rows of a page")]
IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=200,
        description="重复提交同一请求时使用同一个键 / the same key for the same request",
    ),
]

Why = Annotated[str, Field(max_length=400), AfterValidator(printable)]
"""Why something is done, on one line; the log keeps it."""


def today(request: Request) -> dt.date:
    """Return the day it is in China."""
    return guard_of(request).clock().astimezone(ZONE).date()


Today = Annotated[dt.date, Depends(today)]
"""A parameter of a route: the day it is."""


MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
    "zip": "application/zip",
    "html": "text/html",
}
"""Media types of files by the ends of their names."""

FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "文件 the file", "content": {media: {} for media in MEDIA.values()}}
}
"""What a route that gives a file adds to its ``responses``."""


class Listing(BaseModel, Generic[T]):
    """One page of a list; ``next`` is the key of the next page (``before=``), none at the end."""

    items: list[T]
    next: int | str | None = None


def page_of(rows: Sequence[T], start: int, limit: int) -> Listing[T]:
    """Return the page of a list in a fixed order that begins with row ``start``."""
    end = start + limit
    return Listing(items=list(rows[start:end]), next=end if end < len(rows) else None)


def page_key(at: dt.datetime, name: object) -> str:
    """Return the key of the page that follows what has this time and id."""
    return f"{at.isoformat()}~{name}"


def page_after(before: str | None) -> tuple[dt.datetime, str] | None:
    """Return the time and id after which a page begins. Raises Problem (bad-request)."""
    if before is None:
        return None
    moment, _, name = before.partition("~")
    try:
        return dt.datetime.fromisoformat(moment).astimezone(dt.UTC), name
    except (ValueError, OverflowError):
        raise Problem(
            "bad-request", "before 应为上一页的 next", "before is the next of the last page"
        ) from None


def attachment(name: str, content: bytes) -> Response:
    """Return a file to be saved, never shown inside the service's own pages."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type=MEDIA[name.rpartition(".")[2]], headers=headers)


def area_place(service: InService, area: AreaId) -> Place:
    """Return where the area of the path lies."""
    return service.areas.place(area)


def version_of(if_match: str | None) -> int:
    """Return the version that a request was made for.

    Raises
    ------
    Problem
        ``if-match-required`` without one; ``changed-meanwhile`` for what is no version of ours.
    """
    if if_match is None:
        raise Problem(
            "if-match-required",
            "请先读取，并把 ETag 放入 If-Match",
            "Read it first and send its ETag as If-Match",
        )
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Problem(
            "changed-meanwhile", "版本标记不符，请重新读取", "Not a version of this; read it again"
        )
    return int(text)


def refuse_nothing(before: object, after: object) -> None:
    """Refuse a change that changes nothing: no version may rise for it.

    Raises
    ------
    InputError
        There is neither, or both are the same.
    """
    if before == after:
        issue = Issue(
            code="nothing_changes",
            table="body",
            cell="$.after",
            zh="没有要改的内容",
            en="nothing is to be changed",
            mend_zh="请给出要删去、新增或修改的一行",
            mend_en="Give a row to remove, to add or to change",
        )
        raise InputError([issue])


def tag(response: Response, version: int) -> None:
    """Say which version an answer shows."""
    response.headers["ETag"] = f'"{version}"'


def answered_before(
    session: Session, actor: Actor, key: str | None, request: BaseModel, about: str
) -> bytes | None:
    """Return what this very request was answered when it came first; take its key otherwise.

    Raises
    ------
    KeyReusedError
        The key belongs to another request, or the first one is still being worked on.
    """
    if key is None:
        return None
    asked = hashlib.sha256(f"{about}\0{request.model_dump_json()}".encode()).hexdigest()
    found = claim(session, actor.user or "", key, request_hash=asked, lifetime=KEYS_LIVE)
    return found.body if found else None


def keep_answered(session: Session, actor: Actor, key: str | None, answer: BaseModel) -> None:
    """Keep the answer to a request whose key was taken, in the transaction of its action."""
    if key is not None:
        body = answer.model_dump_json().encode()
        keep_answer(session, actor.user or "", key, Answer(200, body))


def reissued(
    session: Session, new_hash: str, actor: Actor, key: str | None, request: BaseModel, about: str
) -> str | None:
    """Return the hash of the secret that this very request was given before, none at first.

    A secret is shown once and kept by its hash alone, so a request that comes again gets a new
    one; its hash is kept here for the next time.
    """
    before = answered_before(session, actor, key, request, about)
    keep_answered(session, actor, key, _Secret(hash=new_hash))
    return None if before is None else _Secret.model_validate_json(before).hash


class _Secret(BaseModel):
    hash: str


def job_id(actor: Actor, key: str | None) -> str:
    """Return the id of the job that a request makes: one of its own, or that of its key."""
    if key is None:
        return str(uuid.uuid4())
    return hashlib.sha256(f"{actor.user}\0{key}".encode()).hexdigest()[:32]
