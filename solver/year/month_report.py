"""The report of a month: counts and figures of every area, targets and pace, alerts, what is open.

An area's counts are the sum of the rows below it; figures are made from the counts of each level.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from pydantic import BaseModel, ConfigDict, Field

from models.calendar import month_days
from models.instance import Instance
from models.issues import InputError, Sentence
from models.messages import issue
from models.places import Area
from solver.profiles.reporting import Reporting
from solver.year.appointments import described
from solver.year.counts import Counts, MonthOfOffice, missed_by_person, tally
from solver.year.kpis import FIGURES, Standing, percent, score, standing
from solver.year.yearly_targets import TargetKind, TargetRow, expected, split

OWN = "/own"
"""Ends the id of a row for what lies directly in an area that has others below it."""
MOST_OPEN = 200
"""Open items of a kind that are listed."""


class _MonthPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AreaRow(_MonthPart):
    """One area: counts, and figures in per cent (null where it cannot be known)."""

    area: str
    name: str
    depth: int = Field(description="0 for the whole")
    parent: str | None
    counts: dict[str, int]
    figures: dict[str, float | None]
    standings: dict[str, Standing]
    score: float | None


class TargetProgress(_MonthPart):
    """A yearly target of an area: what is done by the cut-off, and what should be."""

    area: str
    kind: TargetKind
    volume: int
    expected: int
    done: int
    standing: Standing


class MonthCounts(_MonthPart):
    """The counts and figures of a whole month, to compare months."""

    month: str
    counts: dict[str, int]
    figures: dict[str, float | None]


class MonthReport(_MonthPart):
    """Everything the report of a month says."""

    month: str
    cutoff: dt.date
    title: str
    rows: tuple[AreaRow, ...]
    targets: tuple[TargetProgress, ...]
    months: tuple[MonthCounts, ...]
    alerts: tuple[Sentence, ...]
    open_items: tuple[Sentence, ...]
    remarks: tuple[Sentence, ...]


def month_report(
    offices: Sequence[MonthOfOffice],
    month: str,
    cutoff: dt.date,
    reporting: Reporting,
    targets: Iterable[TargetRow] = (),
    *,
    by_population: bool = False,
) -> MonthReport:
    """Return the report of ``month`` up to ``cutoff``.

    Parameters
    ----------
    offices
        The month of every office, and earlier months of the year for targets and alerts.
    month, cutoff
        ``YYYY-MM``, and the last day that counts.
    reporting
        Targets and weights of the figures, pace of the year.
    targets
        Yearly volumes of some areas; those below get their part.
    by_population
        Whether volumes are split by people, else by villages.

    Raises
    ------
    InputError
        When no office has the month, or one area's month is there twice.
    """
    known = [
        office for office in offices if office.month[:4] == month[:4] and office.month <= month
    ]
    now = [office for office in known if office.month == month]
    _check(now, known, month)
    tree = AreaTree(office.instance for office in now)
    of_month = {
        name: _added(tally(o, _until(name, month, cutoff)) for o in known if o.month == name)
        for name in sorted({office.month for office in known})
    }
    rows = tuple(_rows(tree, of_month[month], reporting))
    year = _added(of_month.values())
    weights = tree.weights(by_population)
    progress = _progress(tree, weights, tuple(targets), year, reporting, cutoff)
    return MonthReport(
        month=month,
        cutoff=cutoff,
        title=now[0].instance.settings.name if len(now) == 1 else rows[0].name,
        rows=rows,
        targets=tuple(progress),
        months=tuple(_month(name, counts) for name, counts in of_month.items()),
        alerts=tuple(_alerts(known, cutoff, reporting, rows)),
        open_items=(
            *(item for office in now for item in _open_items(office, cutoff)),
            *_aid_cases(rows[0].counts if rows else {}, reporting),
        ),
        remarks=tuple(_remarks(known, now, month)),
    )


class AreaTree:
    """The areas of some offices, what lies in what, and names; the whole comes first."""

    def __init__(self, instances: Iterable[Instance]) -> None:
        self.areas: dict[str, Area] = {}
        direct: Counter[str] = Counter()
        self._villages: Counter[str] = Counter()
        self._people: Counter[str] = Counter()
        for instance in instances:
            self.areas |= instance.area_by_id
            direct.update(village.area for village in instance.villages)
            direct.update(site.area for site in instance.sites)
            for village in instance.villages:
                self._villages[village.area] += 1
                self._people[village.area] += village.population or 0
        below: dict[str, list[str]] = {area: [] for area in sorted(self.areas)}
        self.tops: list[str] = []
        for code in below.copy():
            parent = self.areas[code].parent
            (below.get(parent, self.tops) if parent else self.tops).append(code)
        for code in tuple(below):
            if below[code] and direct[code]:
                own = f"{code}{OWN}"
                below[code].insert(0, own)
                below[own] = []
        self.below: dict[str, list[str]] = below

    def leaf(self, area: str) -> str:
        """Return the row in which what lies directly in an area is counted."""
        return f"{area}{OWN}" if f"{area}{OWN}" in self.below else area

    def weights(self, by_population: bool) -> dict[str, int]:
        """Return villages, or people, by leaf."""
        weight = self._people if by_population else self._villages
        return {self.leaf(area): count for area, count in weight.items()}

    def name(self, code: str) -> str:
        """Return the name of a row."""
        if code.endswith(OWN):
            return f"{self.areas[code.removesuffix(OWN)].name}本级"
        return self.areas[code].name

    def sums(self, counts: Mapping[str, Counts]) -> dict[str, Counts]:
        """Return the counts of every row, parts added up level by level."""
        found: dict[str, Counts] = {}

        def add(code: str) -> Counts:
            own = code.removesuffix(OWN)
            whole: Counts = Counter()
            for child in self.below[code]:
                whole.update(add(child))
            if self.leaf(own) == code:
                whole.update(counts.get(own, {}))
            found[code] = whole
            return whole

        for top in self.tops:
            add(top)
        return found

    def walk(self) -> Iterator[tuple[str, int, str | None]]:
        """Yield every row with its depth and parent, parents first."""

        def below(
            code: str, depth: int, parent: str | None
        ) -> Iterator[tuple[str, int, str | None]]:
            yield code, depth, parent
            for child in self.below[code]:
                yield from below(child, depth + 1, code)

        for top in self.tops:
            yield from below(top, 0, None)


def _check(now: Sequence[MonthOfOffice], known: Sequence[MonthOfOffice], month: str) -> None:
    """Refuse a month that nobody has, and an area's month that is there twice."""
    if not now:
        raise InputError([issue("report_no_month", value=month, month=month)])
    seen: dict[tuple[str, str], int] = {}
    for number, office in enumerate(known):
        for area in {village.area for village in office.instance.villages}:
            if seen.setdefault((office.month, area), number) != number:
                told = issue("report_twice", value=area, area=area, month=office.month)
                raise InputError([told])


def _until(name: str, month: str, cutoff: dt.date) -> dt.date:
    """Return up to which day a month counts: earlier ones are whole."""
    return cutoff if name == month else month_days(name)[-1]


def _added(tallies: Iterable[Mapping[str, Counts]]) -> dict[str, Counts]:
    found: dict[str, Counts] = defaultdict(Counter)
    for one in tallies:
        for area, counts in one.items():
            found[area].update(counts)
    return dict(found)


def _rows(tree: AreaTree, counts: Mapping[str, Counts], reporting: Reporting) -> Iterator[AreaRow]:
    """Yield a row for every area that has anything; rows of the whole, where tops are several."""
    sums = tree.sums(counts)
    if len(tree.tops) > 1:
        whole: Counts = Counter()
        for top in tree.tops:
            whole.update(sums[top])
        yield _row("", "合计", 0, None, whole, reporting)
    lift = len(tree.tops) > 1
    for code, depth, parent in tree.walk():
        if any(sums[code].values()):
            above = parent if parent is not None else ("" if lift else None)
            yield _row(code, tree.name(code), depth + lift, above, sums[code], reporting)


def _row(
    code: str, name: str, depth: int, parent: str | None, counts: Counts, reporting: Reporting
) -> AreaRow:
    figures = {figure.code: percent(figure, counts) for figure in FIGURES}
    return AreaRow(
        area=code,
        name=name,
        depth=depth,
        parent=parent,
        counts={key: count for key, count in sorted(counts.items()) if count},
        figures=figures,
        standings={f.code: standing(f, figures[f.code], reporting) for f in FIGURES},
        score=score(figures, reporting),
    )


def _month(name: str, counts: Mapping[str, Counts]) -> MonthCounts:
    whole: Counts = Counter()
    for one in counts.values():
        whole.update(one)
    figures = {figure.code: percent(figure, whole) for figure in FIGURES}
    return MonthCounts(
        month=name, counts={k: n for k, n in sorted(whole.items()) if n}, figures=figures
    )


def _progress(
    tree: AreaTree,
    weights: Mapping[str, int],
    targets: Sequence[TargetRow],
    year: Mapping[str, Counts],
    reporting: Reporting,
    cutoff: dt.date,
) -> Iterator[TargetProgress]:
    """Yield every area's target of each kind with what is done of it."""
    done = tree.sums(year)
    for kind in TargetKind:
        given = {
            row.area: row.volume
            for row in targets
            if row.kind is kind and row.year == cutoff.year and row.area in tree.below
        }
        whole = split(tree.below, weights, given)
        for code, _, _ in tree.walk():
            if code in whole:
                wanted = expected(whole[code], reporting.pace, cutoff)
                reached = done[code][kind.counted]
                yield TargetProgress(
                    area=code,
                    kind=kind,
                    volume=whole[code],
                    expected=wanted,
                    done=reached,
                    standing=_pace(reached, wanted, reporting),
                )


def _pace(done: int, wanted: int, reporting: Reporting) -> Standing:
    if done >= wanted:
        return Standing.REACHED
    near = 100 * done >= (100 - reporting.near_points) * wanted
    return Standing.NEAR if near else Standing.BEHIND


def _alerts(
    known: Sequence[MonthOfOffice],
    cutoff: dt.date,
    reporting: Reporting,
    rows: Sequence[AreaRow],
) -> Iterator[Sentence]:
    """Yield who stayed away too often, and which figures of the whole miss their target."""
    for person, count in sorted(missed_by_person(known, cutoff).items()):
        if count >= reporting.absences_alert:
            yield Sentence(
                zh=f"{person}本年无故缺勤且无人替班 {count} 次，达到 {reporting.absences_alert} 次",
                en=f"{person}: {count} absences this year without reason or substitute",
            )
    for figure in FIGURES:
        if rows and rows[0].standings[figure.code] is Standing.BEHIND:
            value = rows[0].figures[figure.code]
            yield Sentence(
                zh=f"{figure.zh} {value:g}%，未达目标", en=f"{figure.en}: {value:g} %, below target"
            )


def _open_items(office: MonthOfOffice, cutoff: dt.date) -> Iterator[Sentence]:
    """Yield what is still to be done or reported."""
    instance = office.instance
    advised = {seat.village for seat in office.roster.advisers}
    without = [village.name for village in instance.villages if village.id not in advised]
    done = [thing for thing in office.done() if thing.planned.day <= cutoff]
    blank = [described(instance, thing.planned) for thing in done if thing.presence is None]
    told = (thing for thing in done if thing.presence is not None and not thing.is_held)
    lost = [described(instance, thing.planned) for thing in told]
    for names, zh, en in (
        (without, "没有法律顾问的村居", "villages without an adviser"),
        (lost, "没有完成、也无人替班", "planned, reported, held by nobody"),
        (blank, "尚未填报", "not reported"),
    ):
        if names:
            shown = "、".join(names[:MOST_OPEN]) + ("…" if len(names) > MOST_OPEN else "")
            yield Sentence(zh=f"{zh} {len(names)}：{shown}", en=f"{len(names)} {en}")


def _aid_cases(counts: Mapping[str, int], reporting: Reporting) -> Iterator[Sentence]:
    """Say how many of the next legal-aid cases must go to lawyers until their share is reached.

    Formula: the least k with 100 × (lawyers' cases + k) >= target × (cases + k); where the target is
    100 % no number of cases is enough.
    """
    cases, lawyers = counts.get("aid_cases", 0), counts.get("aid_lawyers", 0)
    target = Fraction(str(reporting.aid_lawyers_percent)) / 100
    lacking = target * cases - lawyers
    if lacking > 0 and target < 1:
        more = math.ceil(lacking / (1 - target))
        percent = f"{reporting.aid_lawyers_percent:g}"
        yield Sentence(
            zh=f"法律援助案件 {cases} 件，律师办理 {lawyers} 件；再由律师办理 {more} 件方达 {percent}%",
            en=f"{more} more aid cases must go to lawyers to reach {percent} %",
        )


def _remarks(
    known: Sequence[MonthOfOffice], now: Sequence[MonthOfOffice], month: str
) -> Iterator[Sentence]:
    """Yield what the figures do not cover."""
    if any(office.happened is None for office in now):
        yield Sentence(
            zh="有单位没有出勤表，其完成数为 0，比例不计",
            en="without attendance of every office, what was held counts as none",
        )
    have = {int(office.month[5:]) for office in known}
    lacking = [f"{number} 月" for number in range(1, int(month[5:])) if number not in have]
    if lacking:
        yield Sentence(
            zh=f"本年累计不含未提供的 {'、'.join(lacking)}",
            en=f"{len(lacking)} earlier months of the year are not given and not counted",
        )
