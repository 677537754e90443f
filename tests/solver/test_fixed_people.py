"""A post of a fixed person (固定专人), without a pin a day."""

from __future__ import annotations

from models.people import Leave
from solver.profiles import load_rules
from solver.solve import Stage, solve
from solver.verify import verify
from tests.factories import tiny_content, tiny_instance

POST = tiny_content()["posts"][1] | {"fixed_people": ["L002"]}
"""Tuesdays and Thursdays, in the morning."""


def test_the_fixed_person_serves_and_others_only_while_away() -> None:
    leave = [Leave.model_validate({"person": "L002", "first": "2026-12-08", "last": "2026-12-10"})]
    instance = tiny_instance(posts=[POST], villages=[], leave=leave)
    rules = load_rules("default")
    roster = solve(instance, rules, stage=Stage.MONTH).roster
    others = [duty.date.day for duty in roster.duties if duty.person != "L002"]
    assert (len(roster.duties), others) == (10, [8, 10])
    waived = [
        b.subject for b in verify(instance, rules, roster).waivers if b.rule == "fixed_people"
    ]
    assert waived == ["Z001-咨询@20261208am", "Z001-咨询@20261210am"]
