"""What must never get worse: more people, a larger circle, a higher cap; judged with the bounds.

Priority comes before coverage: to serve one more village of priority may leave two others empty. So the
two goals are compared in their order, as everywhere.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.goals import Goal
from models.instance import Instance
from scenarios.compare.result import Verdict
from scenarios.compare.side import Side
from scenarios.compare.verdicts import overall, verdicts
from scenarios.whatif.runs import Run, answer_to
from solver.limits import Limits, Stage
from tests.instance_tables import tables
from tests.scenarios.changes.making import change
from tests.solver.test_known_optimum import small

MONTH = "2026-12"
DRAWN = tables(MONTH)
STAGES = {Stage.ADVISERS: "seats", Stage.MONTH: "month"}


def changed(instance: Instance, code: str, **fields: Any) -> Instance:
    return change(code, **fields).apply(instance)


def side(instance: Instance, stage: Stage) -> Side:
    answer = answer_to(Run(instance, stage, Limits(deterministic=True)), None)
    assert answer.roster is not None
    assert answer.report is not None
    return Side(instance, answer.roster, answer.report)


def coverage(after: Instance, before: Instance, stage: Stage) -> Verdict:
    """Return what is known of coverage, priority villages first, after beside before."""
    known = verdicts(side(after, stage), side(before, stage))
    found = [known[STAGES[stage], goal] for goal in (Goal.PRIORITY, Goal.COVERAGE)]
    # these months are small enough to be proven
    assert not {Verdict.OPEN, Verdict.OTHER} & set(found)
    return next((verdict for verdict in found if verdict is not Verdict.SAME), Verdict.SAME)


NOT_WORSE = {Verdict.BETTER, Verdict.SAME}


@pytest.mark.parametrize("stage", list(STAGES))
@settings(max_examples=12)
@given(DRAWN, st.sampled_from((0.4, 1.0)), st.integers(1, 9))
def test_more_people_never_lower_coverage(
    stage: Stage, content: dict[str, Any], share: float, seed: int
):
    before = small(content)
    after = changed(before, "add_people", share=share, seed=seed)
    assert len(after.people) > len(before.people)
    assert coverage(after, before, stage) in NOT_WORSE


@settings(max_examples=12)
@given(DRAWN, st.integers(0, 12), st.integers(0, 12))
def test_a_larger_circle_never_lowers_coverage(content: dict[str, Any], one: int, other: int):
    drawn = small(content, pins=[])
    near, far = (
        changed(drawn, "circle", everywhere=minutes, hard=True) for minutes in sorted((one, other))
    )
    assert coverage(far, near, Stage.ADVISERS) in NOT_WORSE


@settings(max_examples=12)
@given(DRAWN, st.integers(0, 3), st.integers(0, 3), st.booleans())
def test_a_lower_cap_never_raises_coverage(
    content: dict[str, Any], one: int, other: int, personal: bool
):
    drawn = small(content, pins=[])
    low, high = (
        changed(drawn, "cap", most=most, hard=True, personal=personal)
        for most in sorted((one, other))
    )
    assert coverage(high, low, Stage.ADVISERS) in NOT_WORSE


@settings(max_examples=8)
@given(DRAWN, st.sampled_from(("cap", "circle")), st.integers(0, 9))
def test_what_holds_in_principle_leaves_coverage_as_it_is(
    content: dict[str, Any], code: str, number: int
):
    before = small(content)
    field = "most" if code == "cap" else "everywhere"
    after = changed(before, code, **{field: number})
    assert coverage(after, before, Stage.ADVISERS) is Verdict.SAME


@settings(max_examples=6)
@given(DRAWN, st.sampled_from(("hours", "cap")), st.integers(2, 4))
def test_what_only_allows_more_is_never_worse(content: dict[str, Any], code: str, number: int):
    compare_relaxed(content, code, number)


@pytest.mark.slow
@settings(max_examples=150)
@given(DRAWN, st.sampled_from(("hours", "cap")), st.integers(2, 4))
def test_what_only_allows_more_is_never_worse_often(
    content: dict[str, Any], code: str, number: int
):
    compare_relaxed(content, code, number)


def compare_relaxed(content: dict[str, Any], code: str, number: int) -> None:
    """Solve a month, then one that allows more from its plan, which stays possible."""
    before = small(content, pins=[])
    if code == "cap":
        before = changed(before, "cap", most=1, hard=True, personal=True)
    fields: dict[str, dict[str, Any]] = {
        "hours": {"factor": float(number)},
        "cap": {"most": number, "hard": True, "personal": True},
    }
    base, made = solved_after(before, changed(before, code, **fields[code]))
    assert overall(made, base).verdict is not Verdict.WORSE


def solved_after(before: Instance, after: Instance) -> tuple[Side, Side]:
    """Return the plan of an instance and, from that plan, the one of another."""
    limits = Limits(deterministic=True)
    base = answer_to(Run(before, Stage.ALL, limits), None)
    made = answer_to(Run(after, Stage.ALL, limits), base.roster)
    assert base.roster
    assert base.report
    assert made.roster
    assert made.report
    return Side(before, base.roster, base.report), Side(after, made.roster, made.report)


def test_better_seats_do_not_cost_a_relaxed_month_its_coverage():
    """From an office whose hours were tripled: seats nearer by left three more visits unmade."""
    here = Path(__file__).parent / "hours-tripled.json"
    before = Instance.model_validate_json(here.read_text(encoding="utf-8"))
    base, made = solved_after(before, changed(before, "hours", factor=3.0))
    assert len(made.report.unmet) <= len(base.report.unmet)
    assert overall(made, base).verdict is Verdict.BETTER


def test_the_properties_can_fail():
    """Three villages within 8 minutes of one lawyer who may take two: each change moves coverage."""
    content = {
        "areas": [{"id": "A", "name": "示例乡", "level": "township", "lon": 113, "lat": 34}],
        "people": [
            {"id": "L0", "name": "例甲", "kind": "lawyer", "area": "A", "monthly_hours": 100}
        ],
        "villages": [{"id": f"V{n}", "name": f"示例村{n}", "area": "A"} for n in range(3)],
        "pairs": [{"person": "L0", "place": f"V{n}", "minutes": 5 + n} for n in range(3)],
    }
    drawn = Instance.model_validate(content)
    caps = [changed(drawn, "cap", most=most, hard=True) for most in (1, 2, 3)]
    circles = [changed(drawn, "circle", everywhere=most, hard=True) for most in (4, 5, 7)]
    for worse, better in zip((*caps, *circles), (*caps[1:], None, *circles[1:], None), strict=True):
        if better is not None:
            assert coverage(better, worse, Stage.ADVISERS) is Verdict.BETTER
            assert coverage(worse, better, Stage.ADVISERS) is Verdict.WORSE
    assert (
        coverage(changed(caps[0], "add_people", count=1), caps[0], Stage.ADVISERS) is Verdict.BETTER
    )
