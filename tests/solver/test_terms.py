"""Terms of advisers: who leaves within the month hands the villages over, and nobody else's change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from api.documents.list_sheets import adviser_sheet
from api.documents.view import build_view
from models.instance import Instance
from models.report import Report
from models.roster import AdviserSeat, Roster, Visit
from models.vocabulary import Part
from solver.check import check
from solver.limits import Limits, Stage
from solver.modelling.facts import Facts
from solver.profiles import load_rules
from solver.solve import solve
from solver.verify import verify
from solver.year.following import following
from tests.factories import tiny_content, tiny_instance
from tests.solver.agreement import amount_of, at_level, disagreement

LIMITS = Limits(seconds=20, deterministic=True)
ENDED = dt.date(2026, 12, 15)


def county(
    terms: dict[str, dict[str, Any]] | None = None, until: str | None = None, **more: Any
) -> Instance:
    """Return four villages, two of L001 and two of L002; a third lawyer has none."""
    people = [*tiny_content()["people"][:2]]
    people.append(people[0] | {"id": "L009", "name": "例壬"})
    people = [person | (terms or {}).get(person["id"], {}) for person in people]
    villages = tiny_content()["villages"]
    villages = [
        village | {"adviser": adviser} | ({"adviser_until": until} if n == 0 and until else {})
        for n, (village, adviser) in enumerate(
            zip(villages, ("L001", "L001", "L002", "L002"), strict=True)
        )
    ]
    return tiny_instance(people=people, villages=villages, posts=[], sites=[], **more)


def planned(instance: Instance, *, stage: Stage = Stage.ALL) -> tuple[Roster, Report]:
    outcome = solve(instance, load_rules("default"), limits=LIMITS, stage=stage)
    checked = verify(instance, load_rules("default"), outcome.roster)
    assert checked.hard == ()
    assert checked.terms == outcome.report.terms
    return outcome.roster, outcome.report


def advisers(roster: Roster) -> dict[str, str]:
    return {seat.village: seat.person for seat in roster.advisers}


def before_and_after(roster: Roster, village: str) -> list[tuple[str, bool]]:
    """Return who visits a village, and whether after the fifteenth."""
    return [(v.person, v.date > ENDED) for v in roster.visits if v.village == village]


@pytest.mark.parametrize(
    ("left", "changed"),
    [
        ("2026-12-15", True),
        ("2026-12-01", True),
        ("2026-12-30", True),
        ("2026-12-31", False),
        ("2027-03-31", False),
        ("2026-11-30", True),
    ],
)
def test_who_leaves_hands_over_the_own_villages_alone(left: str, changed: bool) -> None:
    instance = county({"L001": {"active_to": left}})
    first, second, third, fourth = (village.id for village in instance.villages)
    roster, report = planned(instance)
    seated = advisers(roster)
    assert (seated[third], seated[fourth]) == ("L002", "L002")
    assert ("L001" not in {seated[first], seated[second]}) is changed
    assert len(roster.visits) == 4
    assert report.unmet == ()
    for visit in roster.visits:
        assert visit.person != "L001" or f"{visit.date}" <= left


def test_visits_before_go_to_the_old_adviser_and_after_to_the_new_one() -> None:
    taken = [{"person": "L009", "first": "2026-12-16", "last": "2026-12-31"}]
    away = [{"person": "L001", "first": "2026-12-01", "last": "2026-12-15"}]
    for leave, who, is_late in ((taken, "L001", False), (away, "L009", True)):
        others = [{"person": "L002", "first": "2026-12-01", "last": "2026-12-31"}]
        instance = county({"L001": {"active_to": "2026-12-15"}}, leave=[*leave, *others])
        visited = before_and_after(planned(instance)[0], instance.villages[0].id)
        assert visited in ([], [(who, is_late)])
        if leave is away:
            assert visited


@pytest.mark.parametrize(("person", "day", "wrong"), [
    ("L001", 15, False), ("L001", 16, True), ("L009", 16, False), ("L009", 15, True),
    ("L002", 14, True), ("L002", 17, True),
])  # fmt: skip
def test_a_visit_by_the_wrong_one_is_a_breach(person: str, day: int, wrong: bool) -> None:
    instance = county({"L001": {"active_to": "2026-12-15"}})
    villages = [village.id for village in instance.villages]
    held = zip(villages, ("L009", "L009", "L002", "L002"), strict=True)
    date = dt.date(2026, 12, day)
    roster = Roster(
        month="2026-12",
        advisers=tuple(AdviserSeat(village=v, person=p) for v, p in held),
        visits=(Visit(village=villages[0], person=person, date=date, part=Part.AM),),
    )
    rules, facts = load_rules("default"), Facts(instance, "2026-12")
    hard = [b.rule for b in check(facts, rules, roster).breaches if b.level.value == "hard"]
    assert ("visit_by_adviser" in hard) is wrong


@pytest.mark.parametrize("code", ["keep_adviser", "mostly_present", "on_the_list"])
@pytest.mark.parametrize("who", ["L001", "L002", "L009"])
@pytest.mark.parametrize(
    "terms",
    [
        {"L001": {"active_to": "2026-12-15"}},
        {"L001": {"active_to": "2026-12-04"}, "L009": {"active_from": "2026-12-07"}},
        {"L001": {"active_to": "2026-12-20"}, "L009": {"active_from": "2026-12-29"}},
        {"L009": {"active_to": "2026-12-30"}},
    ],
)
def test_model_and_check_agree_on_seats(code: str, who: str, terms: dict[str, Any]) -> None:
    instance = county(terms, until="2026-12-10")
    facts = Facts(instance, "2026-12")
    (rule,) = [rule for rule in load_rules("default") if rule.code == code]
    seats = tuple(AdviserSeat(village=village.id, person=who) for village in instance.villages)
    roster = Roster(month="2026-12", advisers=seats)
    for level in ("hard", "soft"):
        assert disagreement(facts, at_level(rule, type(rule.level)(level)), roster) == ""
    assert amount_of(facts, rule, roster) <= 4


def test_a_successor_may_come_when_the_other_goes() -> None:
    terms = {"L001": {"active_to": "2026-12-18"}, "L009": {"active_from": "2026-12-19"}}
    instance = county(terms | {"L002": {"is_adviser": False}})
    roster, report = planned(instance)
    assert advisers(roster)[instance.villages[0].id] == "L009"
    assert all(v.person != "L009" or v.date > dt.date(2026, 12, 18) for v in roster.visits)
    assert [u for u in report.unmet if u.target == instance.villages[0].id] == []


def test_nobody_to_take_over_is_unmet() -> None:
    others = {"L002": {"is_adviser": False}, "L009": {"is_adviser": False}}
    instance = county({"L001": {"active_to": "2026-12-15"}} | others)
    roster, report = planned(instance)
    village = instance.villages[0].id
    assert village not in advisers(roster)
    assert before_and_after(roster, village) == [("L001", False)]
    assert village in {u.target for u in report.unmet if u.kind.value == "adviser"}


def test_the_term_in_one_village_ends_there_alone() -> None:
    instance = county(until="2026-12-15", pairs=[])
    first, second, *_ = (village.id for village in instance.villages)
    pinned = [{"kind": "adviser", "target": first, "person": "L009"}]
    roster, _ = planned(
        Instance.model_validate(instance.model_dump(mode="json") | {"pins": pinned})
    )
    assert advisers(roster)[first] == "L009"
    assert advisers(roster)[second] == "L001"
    assert before_and_after(roster, first)[0] in [("L001", False), ("L009", True)]


def test_a_month_planned_with_its_advisers_has_no_seat_for_who_leaves() -> None:
    instance = county({"L001": {"active_to": "2026-12-15"}})
    roster, _ = planned(instance, stage=Stage.MONTH)
    assert set(advisers(roster)) == {village.id for village in instance.villages[2:]}
    assert before_and_after(roster, instance.villages[0].id) == [("L001", False)]


def test_the_list_of_advisers_tells_both() -> None:
    instance = county({"L001": {"active_to": "2026-12-15"}})
    roster, report = planned(instance)
    lines = [row.cells[3] for row in adviser_sheet(build_view(instance, roster, report)).lines]
    told = [cell for cell in map(str, lines) if "任至12月15日，12月16日起接任" in cell]
    assert len(told) == 2


def test_the_next_month_knows_since_when_the_new_adviser_serves() -> None:
    instance = county({"L001": {"active_to": "2026-12-15"}}, until="2026-12-15")
    roster, _ = planned(instance)
    after = following(instance, roster).instance
    taken_over, kept = after.villages[1], after.villages[2]
    assert taken_over.adviser_since == dt.date(2026, 12, 16)
    assert after.villages[0].adviser_until is None
    assert kept.adviser_since == instance.villages[2].adviser_since


def test_a_pin_of_the_old_adviser_does_not_outlast_the_term() -> None:
    instance = county({"L001": {"active_to": "2026-12-15"}})
    pins = [
        {"kind": "adviser", "target": village.id, "person": village.adviser}
        for village in instance.villages
    ]
    first = instance.villages[0].id
    visit = {"kind": "visit", "target": first, "person": "L001", "date": "2026-12-03"}
    pins.append(visit | {"part": "am"})
    pinned = Instance.model_validate(instance.model_dump(mode="json") | {"pins": pins})
    roster, _ = planned(pinned)
    assert advisers(roster)[first] != "L001"
    assert before_and_after(roster, first) == [("L001", False)]
