"""Sizes of generated instances, as in the ranges of the domain notes."""

from __future__ import annotations

from dataclasses import dataclass

from models.issues import InputError
from models.messages import issue
from models.vocabulary import AreaLevel


@dataclass(frozen=True)
class Counts:
    """Exact counts that a document gives, and whose they are.

    ``townships`` and ``villages`` are kept of the real area, by a fixed choice. ``stations`` are
    village stations with a duty a month, each for at most 3 villages; without a number every
    village has a workroom that nobody sits in. Of the ``practitioners`` (lawyers and grassroots
    workers) ``advisers`` are on the adviser list, ``duty_only`` on the duty list alone and the
    rest on no list. ``counties`` are taken of the area (empty: all); of them ``bureaus`` have a
    bureau of justice (empty: all but statistical zones) and look after the others.
    """

    year: int
    townships: int
    villages: int
    advisers: int
    practitioners: int
    duty_only: int = 0
    stations: int | None = None
    counties: tuple[str, ...] = ()
    bureaus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Size:
    """How much of an area is taken, and how it is staffed.

    ``townships`` and ``villages`` are upper limits (None: all there are).
    ``villages_per_adviser`` is 1.0–3.5 in practice, 4.5–6.3 under stress.
    ``station_half_days`` (1, 2, 4 or 5) are the weekly half days of the stations, dealt in
    turn, as far as there are people for them.
    ``mediator_standard`` staffs centre, station and workroom with 3, 2 and 1 full-time
    mediators; otherwise a station has one or two and few workrooms have one.
    ``border_share`` of the listed practitioners also serve a neighbouring county of their city.
    ``has_sparse_centres`` lets the centre of a county with few people sit two mornings a week.
    ``lecture_pace`` is the percent of the year's lectures held in each quarter; without it a
    village has about one a quarter. ``exact`` counts replace all limits and ratios above.
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
    border_share: float = 0.0
    has_sparse_centres: bool = False
    lecture_pace: tuple[int, ...] = ()
    exact: Counts | None = None


_BORDER_SHARE = 0.07  # S2: 32 of 96 towns have no law office, lawyers come from the next one

SIZES = {
    size.code: size
    for size in (
        Size("T", AreaLevel.TOWNSHIP, 18 / 8, 1, 18, (5,), volunteers=0, has_centre=False),
        Size("S", AreaLevel.COUNTY, 90 / 30, 5, 90, (1, 2, 2)),
        Size("M", AreaLevel.COUNTY, 270 / 94, 14, 270, (1, 2, 2), has_criminal_sites=True),
        Size(
            "L",
            AreaLevel.CITY,
            2.5,
            station_half_days=(2, 4, 4),
            has_criminal_sites=True,
            border_share=_BORDER_SHARE,
        ),
        Size(
            "XL",
            AreaLevel.PROVINCE,
            2.5,
            station_half_days=(2, 4, 4),
            has_criminal_sites=True,
            border_share=_BORDER_SHARE,
            has_sparse_centres=True,
        ),
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

SUZHOU = Size(
    "suzhou",
    AreaLevel.CITY,
    villages_per_adviser=1998 / 900,
    station_half_days=(2, 4, 4),
    has_criminal_sites=True,
    border_share=_BORDER_SHARE,
    exact=Counts(
        2015,
        townships=96,
        villages=1998,
        advisers=900,
        practitioners=3558,
        duty_only=480,
        stations=1973,
        bureaus=(
            *("320505", "320506", "320507", "320508", "320509"),
            *("320576", "320581", "320582", "320583", "320585"),
        ),
    ),
)
"""A city with the counts of the Suzhou paper of 2016 (S2); ten bureaus, the park's among them.

About 900 advisers and the length of the duty list are ours, the other counts the paper's.
"""

YUNNAN = Size(
    "yunnan",
    AreaLevel.PROVINCE,
    villages_per_adviser=3.2,
    station_half_days=(1, 2, 2, 4),
    has_criminal_sites=True,
    border_share=_BORDER_SHARE,
    has_sparse_centres=True,
    lecture_pace=(10, 50, 40, 0),
)
"""A province where lawyers are scarce, with the pace of lectures of Yunnan 2019 (S3)."""

SHEHONG = Size(
    "shehong",
    AreaLevel.CITY,
    villages_per_adviser=515 / 95,
    station_half_days=(1,),
    exact=Counts(
        2018,
        townships=30,
        villages=515,
        advisers=95,
        practitioners=95,
        counties=("340321", "340323"),
    ),
)
"""Two counties with the counts of Shehong 2018: 5.4 villages per adviser, the cap is 5."""

CHANGPING = Size(
    "changping",
    AreaLevel.COUNTY,
    villages_per_adviser=126 / 20,
    station_half_days=(1,),
    exact=Counts(2019, townships=22, villages=126, advisers=20, practitioners=40, duty_only=20),
)
"""A district with the counts of Changping 2019: 6.3 communities per adviser.

The duty lawyers beside the 20 advisers are ours: the advisers alone could not sit the month.
"""

DOCUMENTED = {size.code: size for size in (JINSHUI, SUZHOU, YUNNAN, SHEHONG, CHANGPING)}
"""Sizes made after a document, by code."""


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
    known, known_en = "、".join(SIZES), ", ".join(SIZES)
    raise InputError([issue("unknown_size", value=str(size), known=known, known_en=known_en)])
