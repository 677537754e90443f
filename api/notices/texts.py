"""The texts of notices: names, places and times alone, each beginning with 【值班】.

Chat robots let a text pass by a keyword, so every text begins with the same word. Notices that have
waited are told together: what changed twice is told once, from how it was to how it is.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from models.calendar import ZONE
from models.phones import without_private_numbers

MARK = "【值班】"
WHOLE_PLAN = 60
"""Changes above which a group is told how many there are, not which."""
_WEEKDAYS = "一二三四五六日"
_CALENDAR = "详情见值班日历。"


class NetChange(NamedTuple):
    """One event of one person as it was told last, and as it is now; one of both may be none."""

    name: str
    was: dict[str, Any] | None
    now: dict[str, Any] | None

    @property
    def start(self) -> str:
        """When it begins, or would have begun."""
        return str((self.now or self.was or {})["start"])


def net_changes(told: Iterable[tuple[str, Sequence[dict[str, Any]]]]) -> list[NetChange]:
    """Return what all changes together do, by start: names with their changes, oldest first."""
    first: dict[str, dict[str, Any] | None] = {}
    last: dict[str, tuple[str, dict[str, Any] | None]] = {}
    for name, changes in told:
        for change in changes:
            first.setdefault(change["key"], change["was"])
            last[change["key"]] = (name, change["now"])
    found = [NetChange(name, first[key], now) for key, (name, now) in last.items()]
    return sorted((one for one in found if one.was != one.now), key=lambda one: one.start)


def personal_lines(changes: Sequence[NetChange]) -> list[str]:
    """Return what a person is told of changes: a line for each."""
    return [_personal(change) for change in changes]


def personal_head(name: str, changes: Sequence[NetChange]) -> str:
    """Return the first line of what a person is told of changes."""
    is_new = all(change.was is None for change in changes)
    return f"{MARK}{name}，您有以下安排：" if is_new else f"{MARK}{name}，您的安排有变动："


def digest_lines(where: str, changes: Sequence[NetChange]) -> list[str]:
    """Return what a group is told of changes; a whole plan is counted, not listed.

    Parameters
    ----------
    where
        Area and month.
    """
    people = len({change.name for change in changes})
    if len(changes) > WHOLE_PLAN:
        head = f"{MARK}{where}值班安排已公示，涉及 {people} 人、{len(changes)} 项。"
        return [head, _CALENDAR]
    places: dict[tuple[str, str], list[NetChange]] = defaultdict(list)
    for change in changes:
        facts = change.now or change.was or {}
        places[f"{facts['start']}{facts['end']}", _what(facts)].append(change)
    lines = [_handed_over(held) for held in places.values()]
    return [f"{MARK}{where}值班安排有变动，共 {len(lines)} 处：", *lines, _CALENDAR]


def reminder_lines(name: str, events: Sequence[dict[str, Any]]) -> list[str]:
    """Return what a person is told the day before."""
    return [f"{MARK}{name}，提醒您明天的安排：", *map(_told, events)]


def fitted(lines: Sequence[str], most_bytes: int | None) -> str:
    """Return a text of whole lines within a length in UTF-8; the head stays, and what is left out is counted."""
    text = without_private_numbers("\n".join(lines))
    if most_bytes is None or len(text.encode()) <= most_bytes:
        return text
    kept = list(lines)
    while len(kept) > 1:
        kept.pop()
        more = f"另有 {len(lines) - len(kept)} 行未列出，{_CALENDAR}"
        text = without_private_numbers("\n".join([*kept, more]))
        if len(text.encode()) <= most_bytes:
            return text
    return text.encode()[:most_bytes].decode("utf-8", "ignore")


def moment(start: dt.datetime, end: dt.datetime) -> str:
    """Return day and hours as people say them: ``12月7日（周一）09:00–12:00``."""
    start, end = start.astimezone(ZONE), end.astimezone(ZONE)
    day = f"{start.month}月{start.day}日（周{_WEEKDAYS[start.weekday()]}）"
    night = "次日" if end.date() > start.date() else ""
    return f"{day}{start:%H:%M}–{night}{end:%H:%M}"


def _personal(change: NetChange) -> str:
    if change.was is None:
        return f"新增 {_told(change.now or {})}"
    if change.now is None:
        return f"取消 {_told(change.was)}"
    return f"调整为 {_told(change.now)}；原为 {_told(change.was)}"


def _handed_over(held: Sequence[NetChange]) -> str:
    """Return who leaves and who comes to one place at one time."""
    facts = held[0].now or held[0].was or {}
    gone = "、".join(dict.fromkeys(one.name for one in held if one.now is None))
    new = "、".join(dict.fromkeys(one.name for one in held if one.was is None))
    same = [one for one in held if one.was and one.now]
    return "；".join(_parts(f"{_told(facts)} ", gone, new, same))


def _parts(head: str, gone: str, new: str, same: Sequence[NetChange]) -> Iterator[str]:
    if gone and new:
        yield f"{head}{gone} 改为 {new}"
    elif gone or new:
        yield f"{head}{'取消' if gone else '新增'} {gone or new}"
    for change in same:
        yield f"{_told(change.now or {})} {change.name}（原为 {_told(change.was or {})}）"


def _told(facts: dict[str, Any]) -> str:
    """Return when, what and where."""
    times = dt.datetime.fromisoformat(facts["start"]), dt.datetime.fromisoformat(facts["end"])
    return f"{moment(*times)} {_what(facts)}"


def _what(facts: dict[str, Any]) -> str:
    what, place = facts["what"], facts["place"]
    where = place if what in place else f"{what}（{place}）" if place else what
    return f"{facts['kind']}：{where}"
