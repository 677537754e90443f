"""Sizes of generated instances, as in the ranges of the domain notes."""

from __future__ import annotations

from dataclasses import dataclass

from models.issues import InputError, Issue
from models.vocabulary import AreaLevel


@dataclass(frozen=True)
class Size:
    """How much of an area is taken, and how it is staffed.

    ``townships`` and ``villages`` are upper limits (None: all there are).
    ``villages_per_adviser`` is 1.0–3.5 in practice, 4.5–6.3 under stress.
    ``station_half_days`` (1, 2, 4 or 5) are the weekly half days of the stations, dealt in
    turn, as far as there are people for them.
    ``mediator_standard`` staffs centre, station and workroom with 3, 2 and 1 full-time
    mediators; otherwise a station has one or two and few workrooms have one.
    """

    code: str
    level: AreaLevel
    villages_per_adviser: float
    townships: int | None = None
    villages: int | None = None
    station_half_days: tuple[int, ...] = (1, 2, 2, 4)
    volunteers: int = 2
    has_centre: bool = True
    has_criminal_sites: bool = False
    mediator_standard: bool = False


SIZES = {
    size.code: size
    for size in (
        Size("T", AreaLevel.TOWNSHIP, 18 / 8, 1, 18, (5,), volunteers=0, has_centre=False),
        Size("S", AreaLevel.COUNTY, 90 / 30, 5, 90, (1, 2, 2)),
        Size("M", AreaLevel.COUNTY, 270 / 94, 14, 270, (1, 2, 2), has_criminal_sites=True),
        Size("L", AreaLevel.CITY, 2.5, None, None, (2, 4, 4), has_criminal_sites=True),
        Size("XL", AreaLevel.PROVINCE, 2.5, None, None, (2, 4, 4), has_criminal_sites=True),
        Size("stress", AreaLevel.COUNTY, 5.4, 14, 270, (1,)),
    )
}
"""Sizes by code: township, county lite, county, city, province, and one with too few advisers."""


JINSHUI = Size(
    "jinshui",
    AreaLevel.COUNTY,
    villages_per_adviser=287 / 150,
    station_half_days=(4, 5, 4, 2),
    mediator_standard=True,
)
"""A whole district as the Jinshui plan of 2018 wants it: 3/2/1 mediators, one adviser each."""


def size_of(size: str | Size) -> Size:
    """Return the size of this code.

    Raises
    ------
    InputError
        If there is no such size.
    """
    found = size if isinstance(size, Size) else SIZES.get(size) or SIZES.get(size.upper())
    if found is not None:
        return found
    issue = Issue(
        code="unknown_size",
        value=str(size)[:40],
        zh="没有这个规模",
        en="There is no such size",
        mend_zh=f"可用的规模：{'、'.join(SIZES)}。",
        mend_en=f"Maybe one of {', '.join(SIZES)}.",
    )
    raise InputError([issue])
