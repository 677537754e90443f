"""Ranked candidates: what is said of each equals what the independent check finds afterwards."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.goals import LADDER, Goal
from models.issues import InputError
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster
from solver.changes.candidates import Ranking, rank_site, rank_slot, rank_village
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.profiles import load_rules
from tests.factories import tiny_content, tiny_instance
from tests.strategies import Plan, plans

RULES = load_rules("default")
SLOT = "Z001-咨询@20261201am"


def by_goal(facts: Facts, rules: Iterable[Rule], roster: Roster) -> dict[Goal, int]:
    """Return weight × amount by goal, as the independent check finds it."""
    terms, total = check(facts, rules, roster).terms, dict.fromkeys(LADDER, 0)
    for rule in rules:
        if rule.level is not Level.HARD:
            total[rule.rung] += rule.weight * terms.get(rule.code, 0)
    return total


def hard_amounts(facts: Facts, roster: Roster) -> dict[str, int]:
    terms = check(facts, RULES, roster).terms
    return {
        r.code: terms.get(r.code, 0) for r in RULES if r.level is Level.HARD and r.code != "pins"
    }


def with_holder(
    roster: Roster, facts: Facts, slot: str, gone: str | None, person: str | None
) -> Roster:
    """Return the roster with one holder of a slot changed; None: given up. Nobody stands by as well."""
    kept = [d for d in roster.duties if (d.slot, d.person, d.standby) != (slot, person, True)]
    if gone is not None:
        kept.remove(next(d for d in kept if (d.slot, d.person, d.standby) == (slot, gone, False)))
    at = facts.slots[facts.slot_idx[slot]]
    if person is not None:
        kept.append(Duty(post=at.post.id, date=at.date, part=at.part, person=person))
    return roster.model_copy(update={"duties": tuple(kept)})


def without(roster: Roster, slot: str, person: str) -> Roster:
    """Return the roster without what a person has of a slot."""
    kept = (d for d in roster.duties if (d.slot, d.person) != (slot, person))
    return roster.model_copy(update={"duties": tuple(kept)})


def with_adviser(roster: Roster, village: str, gone: str | None, person: str | None) -> Roster:
    """Return the roster with the adviser of a village changed, who takes over the visits."""
    seats = [s for s in roster.advisers if (s.village, s.person) != (village, gone)]
    visits = [v for v in roster.visits if (v.village, v.person) != (village, gone)]
    if person is not None:
        seats.append(AdviserSeat(village=village, person=person))
        own = (v for v in roster.visits if (v.village, v.person) == (village, gone))
        visits += [v.model_copy(update={"person": person}) for v in own]
    made = tuple(dict.fromkeys(visits))  # whoever stood in at that very hour visits once
    return roster.model_copy(update={"advisers": tuple(seats), "visits": made})


def assert_as_checked(
    facts: Facts,
    before: Roster,
    after: dict[str | None, Roster],
    said: Ranking,
    freed: dict[str, Roster] | None = None,
) -> None:
    """Compare every candidate's costs, and every refusal, with the check of the whole roster.

    ``after`` is by person; under None stands the roster with the place given up. ``freed`` is that
    without what the person gives up too.
    """
    costs, hard = by_goal(facts, RULES, before), hard_amounts(facts, after[None])
    had = hard_amounts(facts, before)
    for candidate in said.candidates:
        now = by_goal(facts, RULES, after[candidate.person])
        assert candidate.costs == {goal: now[goal] - costs[goal] for goal in LADDER}
        broken = hard_amounts(facts, after[candidate.person])
        assert [code for code in hard if broken[code] > max(hard[code], had[code])] == []
    for reason in said.refused:
        for person in reason.people:
            least = hard_amounts(facts, freed[person]) if freed else hard
            assert hard_amounts(facts, after[person])[reason.code] > least[reason.code]
    named = {c.person for c in said.candidates} | {p for r in said.refused for p in r.people}
    assert named == set(after) - {None}


@given(plan=plans(), data=st.data())
def test_costs_of_a_slot_are_what_the_check_finds(plan: Plan, data: st.DataObject) -> None:
    facts, roster = plan.facts, plan.roster(*RULES)
    held = sorted({duty.slot for duty in roster.duties})
    slot = data.draw(st.sampled_from(held or [s.id for s in facts.slots]))
    reading = Reading(facts, roster)
    said = rank_slot(reading, RULES, slot)
    people = [p.id for p in facts.people if p.id not in reading.holders[slot]]
    after = {p: with_holder(roster, facts, slot, said.replaced, p) for p in (None, *people)}
    freed = {p: without(after[p], slot, p) for p in people}
    assert_as_checked(facts, roster, after, said, freed)
    ready = [c.person for c in said.candidates if c.person in reading.standbys[slot]]
    assert [c.person for c in said.candidates if c.is_standby] == ready
    assert [c.person for c in said.candidates][: len(ready)] == ready


@given(plan=plans(), data=st.data())
def test_costs_of_a_village_are_what_the_check_finds(plan: Plan, data: st.DataObject) -> None:
    facts, roster = plan.facts, plan.roster(*RULES)
    village = data.draw(st.sampled_from(facts.villages)).id
    reading = Reading(facts, roster)
    said = rank_village(reading, RULES, village)
    people = [None, *(p.id for p in facts.people if p.id not in reading.advisers[village])]
    after = {p: with_adviser(roster, village, said.replaced, p) for p in people}
    assert_as_checked(facts, roster, after, said)


@given(plan=plans(), data=st.data())
def test_costs_of_a_mediators_seat_are_what_the_check_finds(
    plan: Plan, data: st.DataObject
) -> None:
    facts, roster = plan.facts, plan.roster(*RULES)
    site = data.draw(st.sampled_from(facts.sites)).id
    reading = Reading(facts, roster)
    seated = reading.mediators[site]
    gone = data.draw(st.sampled_from([None, *seated]))
    said = rank_site(reading, RULES, site, gone)
    kept = [seat for seat in roster.mediators if (seat.site, seat.person) != (site, gone)]
    people = [None, *(p.id for p in facts.people if p.id not in seated)]
    taken = {p: [] if p is None else [MediatorSeat(site=site, person=p)] for p in people}
    after = {p: roster.model_copy(update={"mediators": (*kept, *taken[p])}) for p in people}
    assert_as_checked(facts, roster, after, said)


def test_the_firm_of_the_holder_comes_first_where_costs_tie() -> None:
    people = [
        p.model_copy(update={"firm": firm, "lon": 113.69, "lat": 34.78, "area": "410105001"})
        for p, firm in zip(tiny_instance().people[:3], ("F01", "F02", "F01"), strict=True)
    ]
    facts = Facts(tiny_instance(people=people), "2026-12")
    duty = Duty(post="Z001-咨询", date="2026-12-01", part="am", person="L001")
    ranking = rank_slot(Reading(facts, Roster(month="2026-12", duties=(duty,))), RULES, SLOT)
    found = [(c.person, c.is_same_firm, c.costs[Goal.COVERAGE]) for c in ranking.candidates]
    assert (ranking.replaced, found) == ("L001", [("L003", True, 0), ("L002", False, 0)])


def test_an_empty_seat_gains_coverage_and_the_unfit_are_grouped() -> None:
    leave = [{"person": "L001", "first": "2026-12-01", "last": "2026-12-01"}]
    facts = Facts(tiny_instance(leave=leave), "2026-12")
    ranking = rank_slot(Reading(facts, Roster(month="2026-12")), RULES, SLOT)
    # the station's one duty of the month is met as well
    assert {c.costs[Goal.COVERAGE] for c in ranking.candidates} == {-2}
    assert [(r.code, r.people) for r in ranking.refused] == [
        ("kinds_admitted", ("M001",)),
        ("leave", ("L001",)),
    ]


def test_who_needs_a_waiver_stands_last() -> None:
    content = tiny_content()
    posts = [post | {"gender": "female"} for post in content["posts"]]
    genders = ("male", "male", "female")
    people = [p | {"gender": g} for p, g in zip(content["people"], genders, strict=False)]
    facts = Facts(tiny_instance(posts=posts, people=people), "2026-12")
    ranking = rank_slot(Reading(facts, Roster(month="2026-12")), RULES, SLOT)
    found = [(c.person, c.waives) for c in ranking.candidates]
    assert found[0] == ("L003", ())
    assert sorted(found[1:]) == [("L001", ("gender_required",)), ("L002", ("gender_required",))]


def test_unknown_ids_are_issues() -> None:
    plan = Reading(Facts(tiny_instance(), "2026-12"), Roster(month="2026-12"))
    with pytest.raises(InputError) as slot:
        rank_slot(plan, RULES, "nope")
    with pytest.raises(InputError) as village:
        rank_village(plan, RULES, "nope")
    with pytest.raises(InputError) as holder:
        rank_slot(plan, RULES, SLOT, replaced="L001")
    with pytest.raises(InputError) as site:
        rank_site(plan, RULES, "nope")
    with pytest.raises(InputError) as mediator:
        rank_site(plan, RULES, "Z001", replaced="M001")
    errors = (slot, village, holder, site, mediator)
    codes = [error.value.issues[0].code for error in errors]
    assert codes == [
        "unknown_slot",
        "unknown_village",
        "unknown_holder",
        "unknown_site",
        "unknown_mediator",
    ]
