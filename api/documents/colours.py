"""Colours of advisers on the map: neighbours get different ones as far as possible."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

PALETTE = (
    "#1f6fb4", "#e07b00", "#2c8c3c", "#8e4fb0", "#9c5a2c", "#d6499a",
    "#0f9aa8", "#8a8f00", "#4b4fc4", "#5aa7e0", "#f0a860", "#7cc36a",
    "#b48fd6", "#46627f", "#a8327c", "#4f7a5a",
)  # fmt: skip
"""Sixteen colours told apart on white paper; none is red, which marks what is unserved."""

_NEIGHBOURS = 8


def spread_colours(points: Sequence[tuple[float, float]], owners: Sequence[str]) -> dict[str, str]:
    """Give every owner a colour of `PALETTE` that few of his neighbours share.

    Two owners are neighbours when one has a point among the eight nearest points of the
    other. Owners with most neighbours choose first; ties go to the least used colour,
    then to the palette's order, so that equal input has equal colours.

    Parameters
    ----------
    points
        Plane coordinates in kilometres.
    owners
        The owner of each point.
    """
    links = _links(points, owners)
    order = sorted(links, key=lambda owner: (-len(links[owner]), owner))
    chosen: dict[str, str] = {}
    used: Counter[str] = Counter()
    for owner in order:
        chosen[owner] = _choose(links[owner], chosen, used)
        used[chosen[owner]] += 1
    return chosen


def _choose(links: Mapping[str, int], chosen: Mapping[str, str], used: Mapping[str, int]) -> str:
    clash: Counter[str] = Counter()
    for other, weight in links.items():
        if other in chosen:
            clash[chosen[other]] += weight
    return min(PALETTE, key=lambda colour: (clash[colour], used[colour], PALETTE.index(colour)))


def _links(points: Sequence[tuple[float, float]], owners: Sequence[str]) -> dict[str, Counter[str]]:
    """Return how often each pair of owners meets among nearest points."""
    from scipy.spatial import cKDTree  # late: heavy, and only a map needs it

    links: dict[str, Counter[str]] = {owner: Counter() for owner in owners}
    if len(points) < 2:
        return links
    table = np.asarray(points, dtype=float)
    _, near = cKDTree(table).query(table, k=min(_NEIGHBOURS + 1, len(points)))
    for here, row in enumerate(np.asarray(near)):
        for there in row:
            mine, other = owners[here], owners[int(there)]
            if mine != other:
                links[mine][other] += 1
                links[other][mine] += 1
    return links
