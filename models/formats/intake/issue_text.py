"""Issues for people: Chinese first, then English, equal ones grouped."""

from __future__ import annotations

from collections.abc import Sequence

from models.issues import Issue

SHOWN_PER_CODE = 20


def render(issues: Sequence[Issue]) -> str:
    """Return the text of all issues: at most 20 of each code, then how many more, then counts.

    Codes come in the order in which they first occur.
    """
    groups: dict[str, list[Issue]] = {}
    for found in issues:
        groups.setdefault(found.code, []).append(found)
    lines = [line for group in groups.values() for line in _group(group)]
    counts = {code: len(group) for code, group in groups.items()}
    listed = [f"  {code} × {count}" for code, count in counts.items()]
    total = f"共 {len(issues)} 处问题，{len(counts)} 种 / {len(issues)} issue(s) of {len(counts)} kind(s)"
    return "\n".join([*lines, total, *listed])


def _group(group: Sequence[Issue]) -> list[str]:
    lines = [found.lines() for found in group[:SHOWN_PER_CODE]]
    more = len(group) - SHOWN_PER_CODE
    if more > 0:
        lines.append(f"还有 {more} 处\n    and {more} more [{group[0].code}]")
    return lines
