"""Posts that an office merged: one person holds them together, and the slot counts once."""

from __future__ import annotations

from typing import Any

import pytest

from models.formats.read import rebuilt
from models.issues import InputError
from models.slots import expand
from models.vocabulary import PersonKind
from solver.profiles import load_rules
from solver.solve import Stage, solve
from tests.factories import tiny_instance


def post(code: str, **more: Any) -> dict[str, Any]:
    row = {"id": code, "site": "Z000", "name": code, "kind": "consultation"}
    return row | {"recurrence": "2026-12-10", "parts": ["am"]} | more


def slots(*posts: dict[str, Any]) -> dict[str, Any]:
    return {slot.id: slot.post for slot in expand(tiny_instance(posts=posts), "2026-12")}


def test_one_person_holds_merged_posts_and_nothing_is_left_empty():
    posts = [post("P1", kind="reception", kinds=["lawyer"]), post("P2", merged_into="P1")]
    people = [p for p in tiny_instance().people if p.id == "L001"]
    instance = tiny_instance(posts=posts, people=people, villages=[])
    outcome = solve(instance, load_rules("default"), stage=Stage.MONTH)
    assert [(d.post, d.person) for d in outcome.roster.duties] == [("P1", "L001")]
    assert [u for u in outcome.report.unmet if u.kind.value == "duty"] == []
    assert instance.post_names["P1"] == "P1、P2"


def test_whoever_holds_both_is_admitted_to_both():
    merged = slots(
        post("P1", kind="reception", languages=["粤语"]),
        post("P2", merged_into="P1", languages=["客家话"], practice_years=3, gender="female"),
    )
    (held,) = merged.values()
    assert held.kinds == (PersonKind.LAWYER, PersonKind.GRASSROOTS)
    assert (held.languages, held.practice_years) == (("粤语", "客家话"), 3)
    assert held.gender is not None


@pytest.mark.parametrize(
    ("more", "ids"),
    [
        ({"parts": ["am", "pm"]}, ["P1@20261210am", "P2@20261210pm"]),
        ({"recurrence": "2026-12-11"}, ["P1@20261210am", "P2@20261211am"]),
        ({}, ["P1@20261210am"]),
    ],
)
def test_a_merged_post_stands_alone_where_the_other_has_no_slot(more, ids):
    assert list(slots(post("P1"), post("P2", merged_into="P1", **more))) == ids


@pytest.mark.parametrize(
    ("posts", "code"),
    [
        ([post("P1", site="Z001"), post("P2", merged_into="P1")], "merged_elsewhere"),
        ([post("P1", merged_into="P1")], "merged_chain"),
        (
            [post("P0"), post("P1", merged_into="P0"), post("P2", merged_into="P1")],
            "merged_chain",
        ),
        ([post("P1"), post("P2", merged_into="P9")], "dangling"),
    ],
)
def test_posts_that_cannot_be_merged_are_refused(posts, code):
    with pytest.raises(InputError) as refused:
        rebuilt(tiny_instance(posts=posts))
    assert [found.code for found in refused.value.issues] == [code]
