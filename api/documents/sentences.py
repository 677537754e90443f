"""What people are told in sentences: who gives what to whom, and what stays empty."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from api.documents.lines import WEEKDAYS
from api.documents.view import View
from models.report import DifferenceRow, Reason, UnmetKind
from models.vocabulary import PinKind
from solver.modelling.rule import PairRule
from solver.rules import rule_types

_UNITS = {
    UnmetKind.ADVISER: "名法律顾问",
    UnmetKind.MEDIATOR: "名专职调解员",
    UnmetKind.DUTY: "个班次",
    UnmetKind.STANDBY: "个备班",
    UnmetKind.VISIT: "次走访",
    UnmetKind.LECTURE: "场讲座",
    UnmetKind.PANEL: "名专业调解员",
    UnmetKind.COMMITTEE: "名调委会成员",
    UnmetKind.TEAM: "处搭配",
    UnmetKind.LANGUAGE: "处语种",
    UnmetKind.STATION_DUTY: "次工作站值班",
    UnmetKind.STATION: "个固定站",
}
_PEOPLE_BEFORE = re.compile(r"^(?:\d+ 人|\S+的 \d+ 个半天)")
_MOVED = re.compile(r"^(\d{4})-(\d{2})-(\d{2}) (\S+)(?: (.+))?$")


def difference_words(view: View, row: DifferenceRow) -> str:
    """Return one change as an office says it."""
    before, after = _people(view, row.before), _people(view, row.after)
    where = view.target(row.target)
    if row.kind is PinKind.VISIT:
        return _visit(view, row, where, before)
    if row.kind in {PinKind.ADVISER, PinKind.MEDIATOR}:
        return _seated(f"{where}的{row.kind.label}", before, after)
    standby = "备班" if row.kind is PinKind.STANDBY else "值班"
    return _handed(f"{_when(row)}{where}的{standby}", before, after)


def _seated(what: str, before: str, after: str) -> str:
    if before and after:
        return f"{what}由{before}改为{after}"
    return f"{what}新任{after}" if after else f"{what}空缺，原为{before}"


def _handed(what: str, before: str, after: str) -> str:
    if before and after:
        return f"{before}把{what}交给{after}"
    if after:
        return f"{after}新增{what}"
    return f"{before}不再承担{what}，空缺"


def _visit(view: View, row: DifferenceRow, where: str, before: str) -> str:
    """Return what became of a visit: moved, handed over, new or given up."""
    moved = _MOVED.match(row.after)
    if moved is None:
        return f"取消{before}{_when(row)}到{where}的走访"
    _, month, day, part, person = moved.groups()
    then = f"{int(month)}月{int(day)}日{part}"
    who = _people(view, person or "")
    if not before:
        return f"{who}新增{then}到{where}的走访"
    if who:
        return f"{before}把{_when(row)}到{where}的走访交给{who}，时间为{then}"
    return f"{before}到{where}的走访由{_when(row)}改到{then}"


def _people(view: View, ids: str) -> str:
    return "、".join(view.person(one).name for one in ids.split(";")) if ids else ""


def _when(row: DifferenceRow) -> str:
    if row.date is None:
        return ""
    part = row.part.label if row.part else ""
    return f"{row.date.month}月{row.date.day}日（周{WEEKDAYS[row.date.weekday()]}）{part} "


def unmet_summary(view: View) -> str:
    """Return "共缺 23 个班次，主要原因：受…限制（每人每月值班 6 次…）。", empty when nothing is lacking."""
    missing, causes = Counter[UnmetKind](), Counter[str]()
    for unmet in view.report.unmet:
        missing[unmet.kind] += unmet.missing
        if unmet.reasons:
            causes[_PEOPLE_BEFORE.sub("", _main_reason(unmet.reasons).zh)] += unmet.missing
    if not missing:
        return ""
    counts = "、".join(f"{count} {_UNITS[kind]}" for kind, count in missing.most_common())
    why = f"，主要原因：{causes.most_common(1)[0][0]}" if causes else ""
    return f"共缺 {counts}{why}。"


def _main_reason(reasons: Sequence[Reason]) -> Reason:
    """Return what keeps most people away; what an office can change goes before who never may serve."""
    return max(reasons, key=lambda reason: (_is_limit(reason.code), reason.count))


def _is_limit(code: str) -> bool:
    """Whether a reason is a rule about how much people hold, no rule about who may serve at all."""
    rule = rule_types().get(code)
    return rule is not None and not issubclass(rule, PairRule)
