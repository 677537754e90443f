"""Issues for people: Chinese first, then English, equal ones grouped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from models.issues import Issue

SHOWN_PER_CODE = 20


def render(issues: Sequence[Issue]) -> str:
    """Return the text of all issues: at most 20 of each code, then how many more, then counts.

    Codes come in the order in which they first occur.
    """
    groups = grouped(issues)
    lines = [line for group in groups for line in _group(group)]
    counts = {group[0].code: len(group) for group in groups}
    listed = [f"  {code} × {count}" for code, count in counts.items()]
    total = f"共 {len(issues)} 处问题，{len(counts)} 种 / {len(issues)} issue(s) of {len(counts)} kind(s)"
    return "\n".join([*lines, total, *listed])


def grouped(issues: Iterable[Issue]) -> list[list[Issue]]:
    """Return the issues of each code together, codes in the order in which they first occur."""
    groups: dict[str, list[Issue]] = {}
    for found in issues:
        groups.setdefault(found.code, []).append(found)
    return list(groups.values())


def _group(group: Sequence[Issue]) -> list[str]:
    lines = [found.lines() for found in group[:SHOWN_PER_CODE]]
    more = len(group) - SHOWN_PER_CODE
    if more > 0:
        lines.append(f"还有 {more} 处\n    and {more} more [{group[0].code}]")
    return lines
