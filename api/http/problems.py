"""Error responses: RFC 9457 problem details, in both languages.

``title`` and ``detail`` are Chinese, ``title_en`` and ``detail_en`` English. ``type`` is
``/problems/<slug>``; the slugs are stable and stand in ``TYPES``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from models.issues import Issue
from models.messages import issue

MEDIA_TYPE = "application/problem+json"


class ProblemType(NamedTuple):
    """One kind of problem: its HTTP status and its title in both languages."""

    status: int
    title: str
    title_en: str


TYPES: dict[str, ProblemType] = {
    "bad-request": ProblemType(400, "请求无法读取", "The request cannot be read"),
    "sign-in-required": ProblemType(401, "请先登录", "Sign in first"),
    "sign-in-failed": ProblemType(401, "登录失败", "Sign-in failed"),
    "not-allowed": ProblemType(403, "没有权限", "Not allowed"),
    "forged-request": ProblemType(403, "请求来源无法确认", "The origin of the request is not sure"),
    "not-found": ProblemType(404, "没有找到", "Not found"),
    "method-not-allowed": ProblemType(405, "不支持这种请求方法", "Method not allowed"),
    "not-acceptable": ProblemType(406, "无法提供所要的格式", "No such representation"),
    "too-slow": ProblemType(408, "请求传得太慢", "The request came too slowly"),
    "conflict": ProblemType(409, "与现状冲突", "Conflict with the present state"),
    "gone": ProblemType(410, "已经撤销", "Gone"),
    "changed-meanwhile": ProblemType(412, "内容已被他人修改", "Changed by somebody meanwhile"),
    "too-large": ProblemType(413, "内容过大", "Too large"),
    "media-type": ProblemType(415, "不支持这种格式", "Unsupported format"),
    "input": ProblemType(422, "输入有误", "The input cannot be used"),
    "if-match-required": ProblemType(428, "缺少版本标记", "If-Match is required"),
    "slow-down": ProblemType(429, "尝试过于频繁", "Too many attempts"),
    "internal": ProblemType(500, "系统内部错误", "Internal error"),
    "unavailable": ProblemType(503, "服务暂时不可用", "Temporarily unavailable"),
}
"""Every problem of the service by its slug."""

_HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "秒 / seconds", "schema": {"type": "integer"}}},
}


class ProblemBody(BaseModel):
    """The body of every answer with status 400 and above (RFC 9457)."""

    model_config = ConfigDict(extra="allow", title="Problem")

    type: str
    title: str
    title_en: str
    status: int
    detail: str | None = None
    detail_en: str | None = None
    instance: str | None = None
    issues: list[Issue] | None = None


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Raised by a route when it must refuse.

    Parameters
    ----------
    slug
        A key of ``TYPES``.
    issue
        What happened and how to mend it; the title alone must do without one.
    headers
        Sent along, such as ``Retry-After``.
    members
        Further members of the body; they must be plain JSON values.
    """

    def __init__(
        self,
        slug: str,
        issue: Issue | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        self.slug = slug
        self.status = TYPES[slug].status
        self.headers = dict(headers or {})
        said = {"detail": issue.detail_zh, "detail_en": issue.detail_en} if issue else {}
        self.members = said | members
        super().__init__(slug)

    def response(self) -> Response:
        """Return the answer a client receives; it is never cached."""
        known = TYPES[self.slug]
        content = {
            "type": f"/problems/{self.slug}",
            "title": known.title,
            "title_en": known.title_en,
            "status": known.status,
        }
        content |= {name: value for name, value in self.members.items() if value is not None}
        headers = {"Cache-Control": "no-store", **self.headers}
        return JSONResponse(content, known.status, headers, MEDIA_TYPE)


def input_problem(issues: Sequence[Issue]) -> Problem:
    """Return the answer to bad input: every issue, none left out."""
    return Problem(
        "input",
        issue("input_refused", count=len(issues)),
        issues=[found.model_dump() for found in issues],
    )


def responses(*slugs: str) -> dict[int | str, dict[str, Any]]:
    """Return what a route hands to FastAPI as ``responses``: the problems it may answer with.

    Slugs of one status share an entry, because OpenAPI knows statuses only.
    """
    found: dict[int | str, dict[str, Any]] = {}
    for slug in slugs:
        known = TYPES[slug]
        entry = found.setdefault(known.status, _entry(known.status))
        words = f"{known.title} / {known.title_en}"
        entry["description"] = "; ".join(filter(None, [entry["description"], words]))
    return found


def _entry(status: int) -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    entry: dict[str, Any] = {"description": "", "content": {MEDIA_TYPE: {"schema": schema}}}
    return entry | ({"headers": _HEADERS[status]} if status in _HEADERS else {})
