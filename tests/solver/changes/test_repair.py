"""Repair after an absence: what it gives to whom, what it leaves alone, what it says is empty."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.formats.feeds.feed_changes import publish
from models.formats.feeds.feed_plan import planned_events
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit
from models.vocabulary import Part
from solver.changes.absence import Absence
from solver.changes.candidates import rank_slot
from solver.changes.repair import Repaired, repair
from solver.check import check
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.profiles import load_rules
from solver.rules.leave import OnLeave
from tests.factories import tiny_content, tiny_instance
from tests.strategies import Plan, plans

RULES = load_rules("default")
TUESDAY, THURSDAY = dt.date(2026, 12, 1), dt.date(2026, 12, 3)
STATION = "Z001-咨询"


def duty(person: str, day: dt.date = TUESDAY, post: str = STATION) -> Duty:
    return Duty(post=post, date=day, part=Part.AM, person=person)


def rows(roster: Roster) -> set[tuple[Any, ...]]:
    """Return what is held; which visit carries a lecture may change with a visit that moves."""
    duties = {(d.post, d.date, d.part, d.person, d.standby) for d in roster.duties}
    visits = {(v.village, v.date, v.part, v.person) for v in roster.visits}
    return duties | visits | {(s.site, s.person) for s in roster.mediators}


def differences(repaired: Repaired) -> list[tuple[str, str, str]]:
    return [(c.target, c.before, c.after) for c in repaired.changes]


def codes(repaired: Repaired) -> list[list[tuple[str, int]]]:
    return [[(r.code, r.count) for r in unmet.reasons] for unmet in repaired.unmet]


def without(facts: Facts, roster: Roster, absence: Absence) -> Roster:
    """Return the roster without what the absent person held in the absence."""
    away = facts.instance.model_copy(update={"leave": (absence.leave,)})
    alone = Facts(away, roster.month)

    def is_meant(**row: Any) -> bool:
        return any(OnLeave().check(alone, Reading(alone, Roster(month=roster.month, **row))))

    duties = tuple(d for d in roster.duties if not is_meant(duties=(d,)))
    visits = tuple(v for v in roster.visits if not is_meant(visits=(v,)))
    return roster.model_copy(update={"duties": duties, "visits": visits})


def hard_amounts(facts: Facts, roster: Roster) -> dict[str, int]:
    terms = check(facts, RULES, roster).terms
    return {r.code: terms.get(r.code, 0) for r in RULES if r.level is Level.HARD}


@given(plan=plans(), data=st.data())
def test_repair_adds_no_hard_breach_and_changes_nothing_without_need(
    plan: Plan, data: st.DataObject
) -> None:
    roster = plan.roster(*RULES)
    rows_held: list[Duty | Visit] = [*roster.duties, *roster.visits]
    held = [(row.person, row.date, row.part) for row in rows_held]
    people = [(p.id, plan.facts.days[0], None) for p in plan.facts.people]
    person, day, part = data.draw(st.sampled_from(held or people))
    absence = Absence(person, day, day, data.draw(st.sampled_from((part, None))))
    repaired = repair(plan.facts.instance, RULES, roster, absence)
    facts = Facts(repaired.instance, roster.month)
    freed = without(plan.facts, roster, absence)
    before, after = hard_amounts(facts, freed), hard_amounts(facts, repaired.roster)
    assert [code for code in before if after[code] > before[code]] == []
    assert repaired.breaches == ()
    assert all(goal.gap == 0 for goal in repaired.goals)
    freed = freed.model_copy(update={"mediators": repaired.roster.mediators})
    taken = [d for d in roster.duties if d not in freed.duties and not d.standby]
    alone = len(rows(roster)) - len(rows(freed)) == 1 == len(taken)
    alone = alone and not Reading(facts, freed).standbys[taken[0].slot]
    if alone and rank_slot(Reading(facts, freed), RULES, taken[0].slot).candidates:
        assert rows(freed) <= rows(repaired.roster)
    changed = rows(roster) ^ rows(repaired.roster)
    assert len(repaired.changes) <= len(changed) <= 2 * len(repaired.changes)


def test_a_colleague_takes_over_where_costs_tie() -> None:
    content = tiny_content()
    firms = ("F01", "F02", "F01")
    alike = {"kind": "lawyer", "area": "410105001", "lon": 113.69, "lat": 34.78}
    people = [p | alike | {"firm": f} for p, f in zip(content["people"], firms, strict=False)]
    instance = tiny_instance(people=people)
    roster = Roster(month="2026-12", duties=(duty("L001"),))
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert differences(repaired) == [(STATION, "L001", "L003")]
    assert repaired.roster.duties == (duty("L003"),)
    assert (repaired.unmet, repaired.breaches) == ((), ())


def test_what_reaches_into_the_absence_is_freed_whatever_its_part() -> None:
    post = {"id": "P", "site": "Z001", "name": "示例岗", "kind": "consultation", "holiday": "keep"}
    long = post | {"recurrence": f"{TUESDAY}", "parts": ["am"], "end": "17:00"}
    instance = tiny_instance(posts=[long])
    held = Duty(post="P", date=TUESDAY, part=Part.AM, person="L001")
    roster = Roster(month="2026-12", duties=(held,))
    for part, is_freed in ((Part.PM, True), (Part.AM, True), (Part.NIGHT, False)):
        repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY, part))
        assert ("L001" not in {duty.person for duty in repaired.roster.duties}) is is_freed


def test_the_repaired_input_knows_leave_and_shows_every_difference() -> None:
    roster = Roster(month="2026-12", duties=(duty("L001"), duty("L002", THURSDAY)))
    absence = Absence("L001", TUESDAY, TUESDAY, Part.AM)
    repaired = repair(tiny_instance(), RULES, roster, absence)
    facts = Facts(repaired.instance, "2026-12")
    assert [(row.person, row.first, row.part) for row in repaired.instance.leave] == [
        ("L001", TUESDAY, Part.AM)
    ]
    shown = [row for row in check(facts, RULES, repaired.roster).differences if row.date]
    assert tuple(shown) == repaired.changes
    assert duty("L002", THURSDAY) in repaired.roster.duties


def test_nobody_left_is_unmet_with_the_reasons_of_everyone() -> None:
    leave = [
        {"person": person, "first": "2026-12-01", "last": "2026-12-01"}
        for person in ("L002", "L003", "L004")
    ]
    roster = Roster(month="2026-12", duties=(duty("L001"),))
    instance = tiny_instance(leave=leave)
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert codes(repaired) == [[("leave", 4), ("kinds_admitted", 1)]]
    assert differences(repaired) == [(STATION, "L001", "")]
    assert [(goal.name, goal.value) for goal in repaired.goals] == []


def test_a_visit_moves_to_the_nearest_free_half_day_with_its_lecture() -> None:
    village = "410105001001"
    visit = Visit(village=village, person="L001", date=TUESDAY, part=Part.AM, lecture=True)
    seat = AdviserSeat(village=village, person="L001")
    roster = Roster(month="2026-12", advisers=(seat,), visits=(visit,))
    absence = Absence("L001", TUESDAY, TUESDAY + dt.timedelta(days=1))
    repaired = repair(tiny_instance(), RULES, roster, absence)
    moved = visit.model_copy(update={"date": THURSDAY})
    assert {v.model_copy(update={"part": Part.AM}) for v in repaired.roster.visits} == {moved}
    assert repaired.unmet == ()


def test_a_visit_without_another_half_day_is_unmet() -> None:
    village, last = "410105001001", dt.date(2026, 12, 31)
    visit = Visit(village=village, person="L001", date=last, part=Part.AM)
    seat = AdviserSeat(village=village, person="L001")
    roster = Roster(month="2026-12", advisers=(seat,), visits=(visit,))
    repaired = repair(tiny_instance(), RULES, roster, Absence("L001", last, last))
    assert codes(repaired) == [[("leave", 2)]]
    assert repaired.roster.visits == ()


def test_another_changes_only_where_a_demand_would_stay_empty() -> None:
    """L002 alone may sit at the station but is at the centre, where L003 can stand in."""
    content = tiny_content()
    posts = content["posts"][:2]
    posts[1] |= {"kinds": ["lawyer"]}
    people = content["people"][:3]
    roster = Roster(month="2026-12", duties=(duty("L001"), duty("L002", post="Z000-咨询")))
    instance = tiny_instance(posts=posts, people=people)
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert set(differences(repaired)) == {
        (STATION, "L001", "L002"),
        ("Z000-咨询", "L002", "L003"),
    }
    assert (repaired.unmet, repaired.breaches) == ((), ())


def test_what_was_empty_before_is_no_business_of_the_absence() -> None:
    content = tiny_content()
    posts = [content["posts"][1] | {"head_count": 2}]
    roster = Roster(month="2026-12", duties=(duty("L001"),))
    instance = tiny_instance(posts=posts)
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert len(repaired.roster.duties) == 1
    assert len(repaired.changes) == 1


def test_a_fixed_duty_of_the_absent_yields_and_that_of_another_does_not() -> None:
    content = tiny_content()
    posts = content["posts"][:2]
    posts[1] |= {"kinds": ["lawyer"]}
    roster = Roster(month="2026-12", duties=(duty("L001"), duty("L002", post="Z000-咨询")))
    pins = [
        {"kind": "duty", "target": d.post, "person": d.person, "date": d.date, "part": d.part}
        for d in roster.duties
    ]
    instance = tiny_instance(posts=posts, people=content["people"][:3], pins=pins)
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert repaired.roster.duties == (duty("L002", post="Z000-咨询"),)
    assert codes(repaired) == [[("kinds_admitted", 1), ("leave", 1), ("one_place_at_a_time", 1)]]


def test_a_frozen_slot_is_filled_anew_when_who_sat_there_is_away() -> None:
    roster = Roster(month="2026-12", duties=(duty("L001"),))
    held = {"kind": "duty", "target": duty("L001").post, "date": TUESDAY, "part": "am"}
    pins = [held | {"person": "L001"}, held]
    instance = tiny_instance(posts=tiny_content()["posts"][1:2], pins=pins)
    repaired = repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))
    assert [d.person for d in repaired.roster.duties] not in ([], ["L001"])


XINDU = load_rules("xindu")
VILLAGE, OTHER = "410105001001", "410105001002"


def december(day: int) -> dt.date:
    return dt.date(2026, 12, day)


def visited(days: tuple[int, ...], village: str = VILLAGE) -> tuple[Visit, ...]:
    """Return visits of L001 on the mornings of some days of December, the first with a lecture."""
    return tuple(
        Visit(village=village, person="L001", date=december(n), part=Part.AM, lecture=n == days[0])
        for n in days
    )


def repaired_visits(
    days: tuple[int, ...], absent: tuple[int, int], today: int | None = None, **tables: Any
) -> tuple[Repaired, set[int]]:
    """Repair a village visited on some days; return what came of it and the days visited then.

    Two visits are due; another village has one on the 9th.
    """
    seats = tuple(AdviserSeat(village=v, person="L001") for v in (VILLAGE, OTHER))
    visits = (*visited(days), *visited((9,), OTHER))
    roster = Roster(month="2026-12", advisers=seats, visits=visits)
    absence = Absence("L001", december(absent[0]), december(absent[1]))
    instance = tiny_instance(posts=[], **tables)
    known = None if today is None else december(today)
    repaired = repair(instance, XINDU, roster, absence, today=known)
    assert all(goal.value >= goal.bound for goal in repaired.goals)
    assert repaired.breaches == ()
    return repaired, {v.date.day for v in repaired.roster.visits if v.village == VILLAGE}


@pytest.mark.parametrize(
    ("days", "absent", "kept"),
    [
        ((8, 22), (8, 8), {22}),
        ((8, 22), (22, 22), {8}),
        ((8, 22), (7, 11), {22}),
        ((8, 22), (1, 21), {22}),
        ((21, 22), (22, 22), {21}),
        ((1, 31), (31, 31), {1}),
        ((8, 22), (8, 22), set()),
        ((8, 9), (8, 9), set()),
    ],
)
def test_an_absence_moves_its_own_visits_and_no_other(
    days: tuple[int, ...], absent: tuple[int, int], kept: set[int]
) -> None:
    repaired, now = repaired_visits(days, absent, today=1)
    assert kept <= now
    assert sum(v.village == VILLAGE for v in repaired.roster.visits) == 2
    assert repaired.unmet == ()
    assert not now & set(range(absent[0], absent[1] + 1))
    lectures = [v.village for v in repaired.roster.visits if v.lecture]
    assert sorted(lectures) == [VILLAGE, OTHER]


def test_an_adviser_away_for_most_of_the_month_keeps_the_seat_the_roster_gave() -> None:
    repaired, _ = repaired_visits((8, 22), (7, 31), today=1)
    assert {seat.person for seat in repaired.roster.advisers} == {"L001"}
    facts = Facts(repaired.instance, "2026-12")
    assert check(facts, XINDU, repaired.roster).terms["mostly_present"] == 0


def test_an_absence_that_begins_next_month_frees_the_night_that_ends_there() -> None:
    night = {**tiny_content()["posts"][1], "recurrence": "2026-12-31", "parts": ["night"]}
    instance = tiny_instance(posts=[night])
    held = Duty(post=night["id"], date=december(31), part=Part.NIGHT, person="L001")
    roster = Roster(month="2026-12", duties=(held,))
    new_year = dt.date(2027, 1, 1)
    repaired = repair(instance, RULES, roster, Absence("L001", new_year, new_year), today=TUESDAY)
    assert [d.person for d in repaired.roster.duties] not in ([], ["L001"])


@pytest.mark.parametrize(
    ("today", "moved"),
    [(None, set()), (1, {30}), (30, {30}), (31, set())],
)
def test_what_is_past_is_told_by_a_date_of_its_own(today: int | None, moved: set[int]) -> None:
    repaired, now = repaired_visits((2, 31), (31, 31), today)
    assert now == {2} | moved
    assert len(repaired.unmet) == 1 - len(moved)


def test_a_visit_lost_twice_is_told_twice() -> None:
    repaired, now = repaired_visits((30, 31), (30, 31))
    assert (now, [u.target for u in repaired.unmet]) == (set(), [VILLAGE, VILLAGE])


def test_a_duty_of_the_past_stays_empty_and_says_so() -> None:
    roster = Roster(month="2026-12", duties=(duty("L001"), duty("L001", THURSDAY)))
    absence = Absence("L001", TUESDAY, THURSDAY)
    repaired = repair(tiny_instance(), RULES, roster, absence, today=THURSDAY)
    assert codes(repaired) == [[("past", 0)]]
    assert [d.date for d in repaired.roster.duties] == [THURSDAY]
    assert repaired.roster.duties[0].person != "L001"


@pytest.mark.parametrize("part", [Part.PM, Part.NIGHT])
def test_a_duty_of_today_that_reaches_into_the_absence_is_no_past(part: Part) -> None:
    posts = [p | {"start": "09:00", "end": "23:00"} for p in tiny_content()["posts"]]
    instance = tiny_instance(posts=[p for p in posts if p["id"] == STATION])
    roster = Roster(month="2026-12", duties=(duty("L001"),))
    absence = Absence("L001", TUESDAY, TUESDAY, part)
    repaired = repair(instance, RULES, roster, absence, today=TUESDAY)
    assert [d.person for d in repaired.roster.duties] not in ([], ["L001"])
    assert repaired.unmet == ()


def test_what_a_colleague_gives_up_for_more_is_told_if_it_stays_empty() -> None:
    post = {**tiny_content()["posts"][1], "head_count": 1, "standby": 0}
    days = {"A": "2026-12-08", "B": "2026-12-08", "C": "2026-12-07"}
    hours = {"A": ("09:00", "12:00"), "B": ("20:00", "23:00"), "C": ("20:00", "13:00")}
    posts = [
        post | {"id": n, "recurrence": days[n], "start": start, "end": end, "parts": [part]}
        for (n, (start, end)), part in zip(hours.items(), ("am", "night", "night"), strict=True)
    ]
    people = [p for p in tiny_content()["people"] if p["id"] in ("L001", "L002")]
    instance = tiny_instance(posts=posts, people=people)
    parts = {"A": Part.AM, "B": Part.NIGHT, "C": Part.NIGHT}
    held = {"A": "L001", "B": "L001", "C": "L002"}
    rows_held = (
        Duty(post=n, date=december(7 if n == "C" else 8), part=parts[n], person=p)
        for n, p in held.items()
    )
    roster = Roster(month="2026-12", duties=tuple(rows_held))
    repaired = repair(
        instance, RULES, roster, Absence("L001", december(8), december(8)), today=TUESDAY
    )
    assert {d.post: d.person for d in repaired.roster.duties} == {"A": "L002", "B": "L002"}
    assert [u.target for u in repaired.unmet] == ["C"]


def mediated(last: int, **changes: Any) -> Repaired:
    """Repair the one mediator's seat of a station after M001 is away from 1 December."""
    people = [*tiny_content()["people"], tiny_content()["people"][4] | {"id": "M002"} | changes]
    sites = [
        site | {"mediators_min": int(site["id"] == "Z001")} for site in tiny_content()["sites"]
    ]
    instance = tiny_instance(people=people, sites=sites, posts=[])
    roster = Roster(month="2026-12", mediators=(MediatorSeat(site="Z001", person="M001"),))
    absence = Absence("M001", TUESDAY, december(last))
    return repair(instance, RULES, roster, absence)


@pytest.mark.parametrize(("last", "sits"), [(31, "M002"), (16, "M002"), (15, "M001"), (1, "M001")])
def test_the_seat_of_a_mediator_away_for_most_of_the_month_is_repaired(
    last: int, sits: str
) -> None:
    repaired = mediated(last)
    assert [seat.person for seat in repaired.roster.mediators] == [sits]
    assert differences(repaired) == ([("Z001", "M001", "M002")] if sits == "M002" else [])
    assert (repaired.unmet, repaired.breaches) == ((), ())


def test_a_mediators_seat_that_nobody_can_take_is_unmet_with_reasons() -> None:
    repaired = mediated(31, kind="notary")
    assert repaired.roster.mediators == ()
    assert differences(repaired) == [("Z001", "M001", "")]
    assert [(u.kind.value, u.target) for u in repaired.unmet] == [("mediator", "Z001")]
    assert ("kinds_admitted", 5) in codes(repaired)[0]


def standing(standbys: str, head_count: int = 1, **changes: Any) -> Repaired:
    """Repair a slot that L001 holds, by people who stand by for it, when L001 falls ill."""
    content = tiny_content()
    posts = [p | {"standby": len(standbys), "head_count": head_count} for p in content["posts"]]
    instance = tiny_instance(posts=[p for p in posts if p["id"] == STATION], **changes)
    more = [duty(f"L00{n}").model_copy(update={"standby": True}) for n in standbys]
    roster = Roster(month="2026-12", duties=(duty("L001"), *more))
    return repair(instance, RULES, roster, Absence("L001", TUESDAY, TUESDAY))


def told(repaired: Repaired) -> list[tuple[str, str, str]]:
    return [(c.kind.value, c.before, c.after) for c in repaired.changes]


def test_who_stands_by_is_called_and_replaced() -> None:
    repaired = standing("4")
    assert told(repaired)[0] == ("duty", "L001", "L004")
    ((kind, before, after),) = told(repaired)[1:]
    assert (kind, before) == ("standby", "L004")
    assert after in {"L002", "L003"}
    assert (repaired.unmet, repaired.breaches) == ((), ())


def test_of_two_who_stand_by_the_better_is_called_and_the_other_stays() -> None:
    wide = {"person": "L003", "attitude": "avoid", "site": "Z001", "weight": 5}
    repaired = standing("34", wishes=[wide])
    assert told(repaired) == [("duty", "L001", "L004"), ("standby", "L004", "L002")]


def test_a_standby_on_leave_is_not_called() -> None:
    leave = [{"person": "L004", "first": "2026-12-01", "last": "2026-12-01"}]
    repaired = standing("4", leave=leave)
    assert told(repaired)[0][:2] == ("duty", "L001")
    assert told(repaired)[0][2] in {"L002", "L003"}


def test_a_place_of_a_standby_that_nobody_can_take_is_unmet() -> None:
    away = [{"person": p, "first": "2026-12-01", "last": "2026-12-01"} for p in ("L002", "L003")]
    repaired = standing("4", leave=away)
    assert told(repaired) == [("duty", "L001", "L004"), ("standby", "L004", "")]
    assert [unmet.kind.value for unmet in repaired.unmet] == ["standby"]


def test_a_standby_who_falls_ill_is_replaced_and_the_holder_stays() -> None:
    instance = tiny_instance(posts=[p | {"standby": 1} for p in tiny_content()["posts"]])
    ready = duty("L004").model_copy(update={"standby": True})
    roster = Roster(month="2026-12", duties=(duty("L001"), ready))
    repaired = repair(instance, RULES, roster, Absence("L004", TUESDAY, TUESDAY))
    ((kind, before, after),) = told(repaired)
    assert (kind, before) == ("standby", "L004")
    assert after in {"L002", "L003"}


def test_calendars_of_holder_and_standby_both_change() -> None:
    repaired = standing("4")
    instance, noon = repaired.instance, dt.datetime(2026, 11, 30, 12, tzinfo=dt.UTC)
    ready = duty("L004").model_copy(update={"standby": True})
    before = planned_events(instance, Roster(month="2026-12", duties=(duty("L001"), ready)), noon)
    changes = publish(before, planned_events(instance, repaired.roster, noon), noon)
    shown = {(e.person[-4:], e.kind.value, e.sequence): e.is_cancelled for e in changes}
    assert shown["L001", "duty", 1] is True
    assert shown["L004", "duty", 1] is False
    assert sum(kind == "standby" for _, kind, _ in shown) == 1
