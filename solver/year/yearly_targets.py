"""Yearly targets: given for some areas, split over those below by largest remainder, and their pace."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Annotated

from pydantic import Field

from models.calendar import quarter
from models.formats.document import unknown_tables
from models.formats.intake.cross_checks import duplicate_rows
from models.formats.intake.references import KnownIds, Reference, dangling
from models.formats.intake.tables import table_of
from models.formats.read import read_book
from models.issues import InputError
from models.messages import issue
from models.rows import Id, Row
from models.vocabulary import Term
from solver.profiles.reporting import Reporting
from solver.year.apportion import apportion

DAY = dt.timedelta(days=1)


class TargetKind(Term):
    """What a yearly target counts; the value is the name of the count."""

    STATIONS = "stations", "建成站点"
    LECTURES = "lectures", "讲座"
    MATTERS = "matters", "服务事项"
    CONSULTATIONS = "consultations", "解答咨询"
    AID_CASES = "aid_cases", "法律援助案件"

    @property
    def counted(self) -> str:
        """The count that is measured against it."""
        return "lectures_held" if self is TargetKind.LECTURES else self.value


class TargetRow(Row):
    """The volume of one kind that an area is to reach in a year."""

    area: Id = Field(title="区划代码", examples=["410105"])
    kind: TargetKind = Field(title="指标", examples=["讲座"])
    year: Annotated[int, Field(ge=2000, le=2099)] = Field(title="年度", examples=[2027])
    volume: Annotated[int, Field(ge=0, le=10**9)] = Field(title="全年任务", examples=[400])


TABLE = table_of("targets", "目标", TargetRow)

Tree = Mapping[str, Sequence[str]]
"""Areas that lie directly in an area, by its id; leaves have none."""


def read_targets(path: Path, tree: Tree) -> tuple[TargetRow, ...]:
    """Read a sheet of targets for the areas of ``tree``.

    Raises
    ------
    InputError
        With every issue, also where the parts of an area do not add up to its own target.
    """
    book, extra = read_book(path, (TABLE,))
    book.issues.extend(unknown_tables(extra, book))
    known = KnownIds({"areas": set(tree)}, {"areas": "区划"})
    issues = [
        *book.issues,
        *dangling(book, (Reference("targets", "area", ("areas",)),), known),
        *duplicate_rows(book, (("targets", ("area", "kind", "year")),)),
    ]
    told = [(d, d.row) for d in book.rows("targets") if isinstance(d.row, TargetRow)]
    given = {(row.kind, row.year, row.area): row.volume for _, row in told}
    for draft, row in told:
        parts = _contradiction(row, tree, given)
        if parts is not None:
            issues.append(issue("targets_sum", draft.spot("volume"), row.volume, parts=parts))
    if issues:
        raise InputError(issues)
    return tuple(row for _, row in told)


def _contradiction(
    row: TargetRow, tree: Tree, given: Mapping[tuple[TargetKind, int, str], int]
) -> int | None:
    """Return the sum of the parts of an area where it contradicts the area's own target."""
    below = tree.get(row.area, ())
    parts = [given.get((row.kind, row.year, area)) for area in below]
    told = [part for part in parts if part is not None]
    is_whole = bool(parts) and len(told) == len(parts)
    if sum(told) > row.volume or (is_whole and sum(told) != row.volume):
        return sum(told)
    return None


def profile_targets(reporting: Reporting, year: int) -> tuple[TargetRow, ...]:
    """Return the volumes that a profile names for its area."""
    volumes = {kind: getattr(reporting, kind.value) for kind in TargetKind}
    return tuple(
        TargetRow(area=reporting.volumes_area, kind=kind, year=year, volume=volume)
        for kind, volume in volumes.items()
        if volume is not None and reporting.volumes_area
    )


def split(tree: Tree, weights: Mapping[str, int], given: Mapping[str, int]) -> dict[str, int]:
    """Return the target of every area at and below those with one; parts add up at every level.

    Parameters
    ----------
    tree
        The areas.
    weights
        What each leaf counts for: its villages or people.
    given
        Targets by area; one of an area below takes its part before the rest is split.
    """
    whole: dict[str, int] = {}

    def weight(area: str) -> int:
        below = tree.get(area, ())
        return sum(map(weight, below)) if below else weights.get(area, 0)

    def give(area: str, volume: int) -> None:
        whole[area] = volume
        below = tree.get(area, ())
        open_ones = [child for child in below if child not in given]
        rest = volume - sum(given[child] for child in below if child in given)
        parts = dict(
            zip(open_ones, apportion(max(0, rest), list(map(weight, open_ones))), strict=True)
        )
        for child in below:
            give(child, given.get(child, parts.get(child, 0)))

    above = {child: area for area, below in tree.items() for child in below}
    for area, volume in given.items():
        if not any(up in given for up in _above(area, above)):
            give(area, volume)
    return whole


def _above(area: str, above: Mapping[str, str]) -> Iterator[str]:
    while area in above:
        area = above[area]
        yield area


def expected(volume: int, pace: Iterable[float], day: dt.date) -> int:
    """Return what of a year's volume is to be done by the end of ``day``, rounded half up.

    Formula: volume × (pace of the quarters that are over + pace of this one × its days so far / its
    days) / sum of the pace.
    """
    shares = [Fraction(str(share)) for share in pace]
    number = (day.month - 1) // 3
    months = quarter(f"{day:%Y-%m}")
    first = dt.date.fromisoformat(f"{months[0]}-01")
    last = _end_of(months[-1])
    gone = Fraction((day - first).days + 1, (last - first).days + 1)
    done = sum(shares[:number], Fraction(0)) + shares[number] * gone
    return int(volume * done / (sum(shares) or 1) + Fraction(1, 2))


def _end_of(month: str) -> dt.date:
    first = dt.date.fromisoformat(f"{month}-01")
    return (first + 31 * DAY).replace(day=1) - DAY
