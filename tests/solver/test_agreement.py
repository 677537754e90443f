"""Encode agrees with check: the property that makes one rule out of two descriptions."""

from __future__ import annotations

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from models.report import Level
from models.roster import Visit
from models.vocabulary import Part
from solver.reading import Reading
from solver.rules import rule_types
from solver.rules.visit_by_adviser import VisitByAdviser
from solver.stages import month_model, roster_values
from tests.rule_numbers import rules_of
from tests.solver.agreement import at_level, disagreement
from tests.strategies import plans


@pytest.mark.parametrize("code", rule_types())
@given(data=st.data())
def test_model_and_check_agree(code, data):
    rule = data.draw(rules_of(rule_types()[code]))
    plan = data.draw(plans())
    roster = plan.roster(rule)
    for level in (Level.HARD, Level.SOFT):
        leveled = at_level(rule, level)
        event(f"{level.value}: {'broken' if plan.breaks(leveled) else 'kept'}")
        assert disagreement(plan.facts, leveled, roster) == ""


@given(plan=plans(), data=st.data())
def test_model_offers_the_visits_that_the_check_admits(plan, data):
    rule = VisitByAdviser()
    roster = plan.roster(rule)
    visit = Visit(
        village=data.draw(st.sampled_from(plan.facts.villages)).id,
        person=data.draw(st.sampled_from(plan.facts.people)).id,
        date=data.draw(st.sampled_from(plan.facts.days)),
        part=data.draw(st.sampled_from(Part)),
    )
    # one adviser a village, since the month is planned for one
    seated = tuple({seat.village: seat for seat in roster.advisers}.values())
    roster = roster.model_copy(update={"advisers": seated, "visits": (visit,)})
    model = month_model(plan.facts, [rule], seated)
    is_offered = roster_values(model, model.matrix(), roster) is not None
    assert is_offered == (not list(rule.check(plan.facts, Reading(plan.facts, roster))))
