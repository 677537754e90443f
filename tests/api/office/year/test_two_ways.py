"""Months in a row by ``zhiban next`` and through the service: the same ledger, fair, paid to the cent."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from models.instance import Instance
from models.vocabulary import PinKind, PostKind
from tests.api.office.year.two_ways import Played, by_command, by_service
from tests.factories import tiny_content, tiny_instance

MONTHS, NEWCOMER = 3, 2
RATES = {"village_year": "1500", "duty_half_day": "80.5", "visit": "30", "lecture": "120.1"}


def office() -> Instance:
    """Return the tiny office with its two small posts, and rates to the cent."""
    rules = [{"rule": "rates", "field": name, "value": value} for name, value in RATES.items()]
    rules += [
        {"rule": "monthly_cap", "field": "turns", "value": "20"},
        {"rule": "weekly_cap", "field": "turns", "value": "7"},
    ]
    return tiny_instance(posts=tiny_content()["posts"][1:], rules=rules)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, Played]:
    return played(tmp_path_factory.mktemp("short"), MONTHS, NEWCOMER)


@pytest.fixture(scope="module")
def whole_year(tmp_path_factory: pytest.TempPathFactory) -> tuple[Played, Played]:
    return played(tmp_path_factory.mktemp("year"), 12, 6)


def played(folder: Path, months: int, newcomer: int) -> tuple[Played, Played]:
    command, service = folder / "command", folder / "service"
    command.mkdir()
    service.mkdir()
    return (
        by_command(office(), months, command, newcomer=newcomer),
        by_service(office(), months, service, newcomer=newcomer),
    )


def check_same(both: tuple[Played, Played]) -> None:
    """Both ways remember the same, month after month, and it is what was held."""
    command, service = both
    for ours, theirs in zip(command.data[1:], service.data[1:], strict=True):
        assert Counter(ours.ledger) == Counter(theirs.ledger)
        assert set(ours.lectures) == set(theirs.lectures)
    assert command.data[-1].content_hash == service.data[-1].content_hash
    for side in both:
        ledger: Counter[tuple[str, str]] = Counter()
        for row in side.data[-1].ledger:
            ledger[row.month, row.person] += row.turns
        held: Counter[tuple[str, str]] = Counter()
        for roster, rows in zip(side.rosters, side.attendance, strict=True):
            for row in rows:
                kind, _, who = row.id.split("/")
                there = row.presence is not None and row.presence.is_there
                if kind in ("duty", "standby") and (there or row.substitute):
                    held[roster.month, row.substitute or who] += 1
        assert ledger == held


def check_paid(side: Played) -> None:
    """Sums are rows × rates, reckoned here anew from attendance alone."""
    kinds = {person.id: person.kind.value for person in side.data[-1].people}
    paid_kinds = {"lawyer", "grassroots", "notary", "forensic"}
    for number, made in enumerate(side.statements):
        item_rate = {
            "duty": Decimal("80.5"),
            "visit": Decimal(30),
            "lecture": Decimal("120.1"),
        }
        want: Counter[str] = Counter()
        for row in side.attendance[number]:
            kind, _, who = row.id.split("/")
            server = who if row.presence is not None and row.presence.is_there else row.substitute
            if server and kinds[server] in paid_kinds:
                want[server] += int(100 * item_rate.get(kind, Decimal(0)))
        for seat in side.rosters[number].advisers:
            want[seat.person] += 12500
        got: Counter[str] = Counter()
        for paid in made["rows"]:
            got[paid["person"]] += int(100 * Decimal(paid["amount"]))
        assert +got == +want


def check_report(report: dict[str, Any]) -> None:
    """Every level is the sum of the rows below it."""
    rows = {row["area"]: row for row in report["rows"]}
    for area, row in rows.items():
        below = [one["counts"] for one in rows.values() if one["parent"] == area]
        if below:
            total: Counter[str] = Counter()
            for counts in below:
                total.update(counts)
            assert {name: n for name, n in total.items() if n} == row["counts"]


def check_newcomer(side: Played, newcomer: int) -> None:
    """One lawyer more changes no adviser until that is asked."""
    before, after = side.rosters[newcomer - 1], side.rosters[newcomer]
    assert "L009" in {person.id for person in side.data[newcomer].people}
    assert after.advisers == before.advisers
    assert {p.target for p in side.data[newcomer].pins if p.kind is PinKind.ADVISER} == {
        seat.village for seat in before.advisers
    }


def check_fair(side: Played, most: int) -> None:
    """Turns served, as substitute too, even out among the four who were there all the time."""
    served: Counter[str] = Counter(dict.fromkeys(("L001", "L002", "L003", "L004"), 0))
    for row in side.data[-1].ledger:
        if row.person in served and row.kind is PostKind.CONSULTATION and not row.standby:
            served[row.person] += row.turns
    assert max(served.values()) - min(served.values()) <= most


def check_all(both: tuple[Played, Played], newcomer: int, most: int) -> None:
    check_same(both)
    for side in both:
        check_paid(side)
        check_newcomer(side, newcomer)
        check_fair(side, most)
        for report in side.reports:
            check_report(report)


def test_three_months_are_the_same_both_ways(both: tuple[Played, Played]) -> None:
    check_all(both, NEWCOMER, 2)


@pytest.mark.slow
def test_twelve_months_are_the_same_both_ways(whole_year: tuple[Played, Played]) -> None:
    check_all(whole_year, 6, 3)
