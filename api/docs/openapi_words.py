"""Text of the OpenAPI document: description, tags, and a summary for every operation."""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI

DESCRIPTION = """\
值班：公共法律服务排班的接口。Plans public legal services: village advisers, duty rosters, visits, mediators.

- **登录 sign-in**：程序用接口令牌 `Authorization: Bearer zb_…`（点 Authorize 填写）；浏览器用会话 Cookie，
  修改时另带 `X-CSRF-Token`。Programs send an API token; browsers a session cookie and, with changes, `X-CSRF-Token`.
- **区划 areas**：路径中的 `area` 为区划代码；看不到的与不存在的同样回答 404。What you may not see seems not to be there.
- **错误 errors**：RFC 9457，中英文；输入有误时 `issues` 一次列出全部问题。Every issue at once, nothing is kept.
- **翻页 pages**：把 `next` 放进 `before`；没有 `next` 即到末页。Put `next` into `before` until there is none.
- **版本 versions**：读到的 `ETag` 放进 `If-Match` 再修改；已被他人修改则 412。Send the `ETag` you read as `If-Match`.
- **重复提交 repetition**：带同一 `Idempotency-Key` 重发，只执行一次。The same key repeats a request safely for a day.
- **耗时的事 jobs**：上传、求解、导出立即回答 202 和任务，进度用 server-sent events 查看。Long work is a job with progress events.
"""

TAGS = {
    "sign-in": "登录与会话。Sign in, sign out, change the password.",
    "data": "基础数据：上传、检查、启用、下载，逐行读取与修改。The data of an area: upload, check, use, download, rows.",
    "rules": "规则、规则方案与方案设置。Rules with numbers, levels and sources; profiles; settings.",
    "jobs": "求解与任务。Solves, and how far every job is.",
    "rosters": "排班：草稿、修改、核对、比较、发布、撤回。Drafts, edits, checks, comparison, publication.",
    "figures": "未满足需求、均衡、指标、违规。What a roster leaves unmet and why, fairness, figures, breaches.",
    "questions": "假设分析：提问、比较、采用。What if: questions of scenarios, compared, one promoted to a draft.",
    "pins": "固定与冻结：下次求解时保留。What the next solve keeps: pins and frozen parts.",
    "files": "导出与下载。Files of a roster: workbook, public sheets, calendars, map, report.",
    "months": "月份：开始下月、结转、重开、月报、补贴结算。Months opened, closed and opened again; report, statement.",
    "attendance": "到岗填报、其他工作。What became of everything planned, and work beyond it.",
    "published": "已发布的安排。What is published, by person, site, township and day.",
    "requests": "申请：请假与换班，对方同意、单位决定。Leave and swaps asked for, agreed to and decided.",
    "firm slots": "机构派人：派给本机构的班次、可派人员、派人与改派。Slots of a firm: who could serve, who is named.",
    "busy calendars": "本人的忙闲日历。A person's own calendar, kept as busy half days.",
    "feeds": "日历订阅。Links to calendars, and the calendars themselves.",
    "notices": "通知：复制通知、发送状态、通知方式、通知群。Notices: texts to paste, what became of each, ways, groups.",
    "users": "用户与接口令牌。Accounts and tokens of programs.",
    "log": "操作日志。Who did what, when and why.",
    "operation": "运行状态。For whoever operates the service.",
}
"""What each tag holds, in the order of the page."""


def install(app: FastAPI) -> None:
    """Add the text to the document of ``app``; call it after everything else that changes it."""
    app.description = DESCRIPTION
    app.openapi_tags = [{"name": name, "description": words} for name, words in TAGS.items()]
    plain = app.openapi
    app.openapi = lambda: _summarised(plain())  # type: ignore[method-assign]


def summary_of(description: str) -> str:
    """Return the Chinese name and the first words in English of a route's docstring.

    It reads ``中文 / English words; more.``.
    """
    zh, _, en = description.partition("\n")[0].partition(" / ")
    return f"{zh} / {re.split(r'[;:.]', en)[0]}" if en else zh


def _summarised(document: dict[str, Any]) -> dict[str, Any]:
    for path in document.get("paths", {}).values():
        for operation in path.values():
            if operation.get("description"):
                operation["summary"] = summary_of(operation["description"])
    return document
