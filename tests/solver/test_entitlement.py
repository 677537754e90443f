"""Turns go by entitlement: newcomers, part-timers, leavers, people who were away; ledgers of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.calendar import month_days
from models.instance import Instance, RuleSetting
from solver.check import check
from solver.entitlement import turn_shares
from solver.modelling.facts import Facts
from solver.modelling.reading import Reading
from solver.profiles import load_rules
from solver.rules.fair_share import FairShare
from tests.solver.offices import dealt, office, planned, served, turns_of

FIVE = ["L1", "L2", "L3", "L4", "L5"]
FOUR, SIX = FIVE[:4], [*FIVE, "L6"]
PLAIN: dict[str, dict[str, object]] = {person: {} for person in FIVE}
AUTUMN = ("2026-09", "2026-10", "2026-11")


def _office(six: dict[str, object], before: dict[str, int], **more: object) -> Instance:
    """Return five colleagues with two turns a month, and L6: 13 turns in December."""
    return office(PLAIN | {"L6": six}, {**served(FIVE, 2), "L6": before}, **more)


def _away(months: int, turns: int = 2) -> dict[str, int]:
    known = ("2026-06", "2026-07", "2026-08", "2026-09", "2026-10", "2026-11")
    return dict.fromkeys(known[: 6 - months], turns)


NEWCOMERS = {
    "this month": ({"active_from": "2026-12-01"}, {}),
    "in the middle of the last": ({"active_from": "2026-11-16"}, {"2026-11": 1}),
    "last month": ({"active_from": "2026-11-01"}, {"2026-11": 2}),
    "two months ago": ({"active_from": "2026-10-01"}, {"2026-10": 2, "2026-11": 2}),
    "three months ago": ({"active_from": "2026-09-01"}, dict.fromkeys(AUTUMN, 2)),
    "nobody wrote down when": ({}, {}),
    "nobody wrote down when, one turn so far": ({}, {"2026-11": 2}),
}
AWAY = {
    "one month, by rows of zero": ({}, _away(1) | {"2026-11": 0}),
    "two months, without rows": ({}, _away(2)),
    "three months, without rows": ({}, _away(3)),
    "the whole window, by rows of zero": ({}, dict.fromkeys(_away(0), 0)),
}


@pytest.mark.parametrize(
    ("six", "before"), [*NEWCOMERS.values(), *AWAY.values()], ids=[*NEWCOMERS, *AWAY]
)
def test_who_came_late_or_was_away_serves_like_the_others(six, before):
    turns = turns_of(planned(_office(six, before)))
    assert sum(turns.values()) == 13
    assert {turns[p] for p in SIX} == {2, 3}


@pytest.mark.parametrize("months", [1, 2, 3])
def test_leave_in_earlier_months_is_not_made_up_for(months):
    first = f"2026-{12 - months:02d}-01"
    leave = [{"person": "L6", "first": first, "last": "2026-11-30"}]
    turns = turns_of(planned(_office({}, _away(months), leave=leave)))
    assert {turns[p] for p in SIX} == {2, 3}


def test_two_newcomers_serve_like_the_others():
    people = {p: {"active_from": "2026-11-01"} if p in ("L5", "L6") else {} for p in SIX}
    ledger = {**served(FOUR, 2), **served(["L5", "L6"], 2, ("2026-11",))}
    assert set(turns_of(planned(office(people, ledger))).values()) == {2, 3}


def test_newcomer_of_weekends():
    ledger = {**served(FIVE, 1), "L6": {"2026-11": 1}}
    people = PLAIN | {"L6": {"active_from": "2026-11-01"}}
    assert set(turns_of(planned(office(people, ledger, "周末"))).values()) == {1, 2}


def test_newcomer_among_people_of_four_turns_a_month():
    people = PLAIN | {"L5": {"active_from": "2026-11-20"}}
    ledger = {**served(FOUR, 4, AUTUMN), "L5": {"2026-11": 1}}
    turns = turns_of(planned(office(people, ledger, "工作日")))
    assert set(turns.values()) == {4, 5}


@pytest.mark.parametrize(("share", "before", "most"), [(0.5, 1, 1), (0.25, 0, 1), (0.75, 1, 2)])
def test_part_timer_who_came_last_month_has_the_part(share, before, most):
    six = {"active_from": "2026-11-01", "share": share}
    turns = turns_of(planned(_office(six, {"2026-11": before})))
    assert 1 <= turns["L6"] <= most
    assert {turns[p] for p in FIVE} <= {2, 3}


@pytest.mark.parametrize(("share", "turns"), [(0.25, {1, 2}), (0.5, {2, 3}), (0.75, {3, 4})])
def test_part_timer_keeps_the_part_month_after_month(share, turns):
    people = PLAIN | {"L2": {"share": share}}
    ledger: dict[str, dict[str, int]] = {p: {} for p in FIVE}
    for month in (*AUTUMN, "2026-12"):
        roster = planned(office(people, ledger, "工作日", month))
        for person in FIVE:
            ledger[person][month] = turns_of(roster)[person]
    total = {person: sum(own.values()) for person, own in ledger.items()}
    entitled = sum(total.values()) * share / (4 + share)
    assert abs(total["L2"] - entitled) <= 1
    assert max(total[p] for p in FIVE if p != "L2") - min(total[p] for p in FIVE if p != "L2") <= 1
    assert all(ledger["L2"][month] in turns for month in ledger["L2"])


def test_half_timer_who_served_in_full_is_given_time():
    people = PLAIN | {"L2": {"share": 0.5}}
    past = {"L1": (5, 4, 4), "L2": (3, 3, 4), "L3": (5, 4, 4), "L4": (5, 3, 5), "L5": (4, 4, 4)}
    ledger = {p: dict(zip(AUTUMN, turns, strict=True)) for p, turns in past.items()}
    turns = turns_of(planned(office(people, ledger, "工作日")))
    assert turns["L2"] == 0
    assert {sum(past[p]) + turns[p] for p in FIVE if p != "L2"} == {18, 19}


def test_turns_exactly_by_share_stay_by_share_the_month_after():
    people = PLAIN | {"L4": {"share": 0.5}, "L5": {"share": 0.5}}
    ledger = {**served(FIVE[:3], 8, ("2026-11",)), **served(["L4", "L5"], 4, ("2026-11",))}
    turns = turns_of(planned(office(people, ledger, "工作日")))
    assert {turns["L4"], turns["L5"]} <= {2, 3, 4}
    assert {turns[p] for p in FIVE[:3]} <= {5, 6}


@pytest.mark.parametrize(
    ("last", "most"), [("2026-12-10", 1), ("2026-12-18", 2), ("2026-12-04", 1)]
)
def test_leaver_serves_for_the_days_in_office(last, most):
    turns = turns_of(planned(_office({"active_to": last}, served(["L6"], 2)["L6"])))
    assert turns["L6"] <= most
    assert {turns[p] for p in FIVE} <= {2, 3}


def test_leave_in_the_month_takes_its_part_of_the_turns():
    leave = [{"person": "L6", "first": "2026-12-01", "last": "2026-12-23"}]
    turns = turns_of(planned(_office({}, served(["L6"], 2)["L6"], leave=leave)))
    assert turns["L6"] == 1


def test_standby_is_shared_out_as_turns_are():
    roster = planned(office(PLAIN, {}, "工作日", post={"standby": 1}))
    assert set(turns_of(roster).values()) == {4, 5}
    assert set(turns_of(roster, standby=True).values()) == {4, 5}


def test_several_classes_are_fair_each_and_together():
    instance = office(PLAIN, {}, "每天", post={"kinds": []})
    facts, roster = Facts(instance, "2026-12"), planned(instance)
    classes: dict[object, dict[str, int]] = {}
    for duty in roster.duties:
        slot = facts.slots[facts.slot_idx[duty.slot]]
        for name in (slot.turn_class, "all"):
            own = classes.setdefault(name, dict.fromkeys(FIVE, 0))
            own[duty.person] += 1
    assert len(classes) == 3
    assert all(max(own.values()) - min(own.values()) <= 1 for own in classes.values())


def test_check_tells_a_heap_on_the_newcomer_from_a_fair_month():
    instance = _office({"active_from": "2026-12-01"}, {})
    rules = load_rules("default")
    fair, heaped = planned(instance), dealt(instance, ["L6", "L1", "L6", "L2", "L6", "L3"])
    facts = Facts(instance, "2026-12")
    amounts = [check(facts, rules, roster).terms[FairShare().code] for roster in (fair, heaped)]
    assert amounts[0] < amounts[1]


def test_report_tells_entitled_served_and_difference_by_class():
    instance = _office({"active_to": "2026-12-10"}, served(["L6"], 2)["L6"])
    rows = check(Facts(instance, "2026-12"), load_rules("default"), planned(instance)).fairness
    told = {row.person: row.shares for row in rows}
    assert [share.kind for share in told["L6"]] == ["consultation", None]
    leaver, others = told["L6"][0], [told[p][0] for p in FIVE]
    # 72 turns before and 13 now; 193 days of 5 × 214 + 193
    assert leaver.entitled == pytest.approx(85 * 193 / 1263, abs=0.06)
    assert {share.entitled for share in others} == {round(85 * 214 / 1263, 1)}
    assert all(abs(share.difference) <= 1 for share in (leaver, *others))
    assert sum(share.difference for share in (leaver, *others)) == pytest.approx(0, abs=0.4)


def test_turns_are_due_from_those_who_may_hold_the_post_alone():
    people = PLAIN | {"L6": {"is_duty": False}, "N": {"kind": "notary"}}
    instance = office(people, {}, post={"standby": 1})
    rows = check(Facts(instance, "2026-12"), load_rules("default"), planned(instance)).fairness
    assert [row.person for row in rows] == FIVE
    assert all([s.is_standby for s in row.shares] == [False, True, False] for row in rows)
    assert {share.entitled for row in rows for share in row.shares} == {2.6}


@settings(max_examples=12, deadline=None)
@given(
    shares=st.lists(st.sampled_from([0.25, 0.5, 0.75, 1.0]), min_size=3, max_size=6),
    came=st.lists(st.sampled_from([None, "2026-10-05", "2026-11-16", "2026-12-02"]), min_size=6),
    gone=st.sampled_from([None, "2026-12-09", "2026-12-23"]),
    first=st.integers(1, 3),
)
def test_fairness_promised_is_kept_month_after_month(shares, came, gone, first):
    """Whoever is given a turn, and whoever is not, ends near what is due; see the rule's promise."""
    people: dict[str, dict[str, object]] = {"L0": {"active_to": gone} if gone else {}}
    for n, (share, since) in enumerate(zip(shares, came, strict=False), 1):
        people[f"L{n}"] = {"share": share} | ({"active_from": since} if since else {})
    ledger: dict[str, dict[str, int]] = {person: {} for person in people}
    rules = load_rules("default", [RuleSetting(rule="fair_share", field="total_weight", value="0")])
    for month in ("2026-10", "2026-11", "2026-12")[-first:]:
        here = {
            p: told
            for p, told in people.items()
            if str(told.get("active_from", month))[:7] <= month
        }
        instance = office(here, {p: ledger[p] for p in here}, "工作日", month, rules=[NO_TOTAL])
        roster = planned(instance)
        shares_of = turn_shares(
            Facts(instance, month), rules, Reading(Facts(instance, month), roster)
        )
        weights = [
            _share_days(told, month, min(months_of(ledger), default=month))
            for told in here.values()
        ]
        mean = sum(weights) / len(weights)
        for person, weight in zip(here, weights, strict=True):
            bound = (
                (1 + weight / mean) / 2 + 0.1 + 0.05
            )  # a tenth of a turn, and figures of one digit
            rows = shares_of.get(person, ())
            off = [row.difference for row in rows if abs(row.difference) > bound]
            assert not off, (month, person, people, ledger, turns_of(roster), bound, off)
            ledger[person][month] = turns_of(roster)[person]


NO_TOTAL = {"rule": "fair_share", "field": "total_weight", "value": "0"}


def months_of(ledger: dict[str, dict[str, int]]) -> list[str]:
    return [month for own in ledger.values() for month in own]


def _share_days(told: Mapping[str, object], month: str, since: str) -> float:
    """Return share × days in office from the first of ``since`` to the end of ``month``."""
    first = max(
        dt.date.fromisoformat(f"{since}-01"),
        dt.date.fromisoformat(str(told.get("active_from", "2000-01-01"))),
    )
    last = min(
        month_days(month)[-1], dt.date.fromisoformat(str(told.get("active_to", "2099-01-01")))
    )
    return float(str(told.get("share", 1))) * ((last - first).days + 1)
