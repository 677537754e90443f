"""Encode agrees with check: the property that makes one rule out of two descriptions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.roster import Visit
from models.vocabulary import Part
from solver.modelling.stages import month_model
from solver.rules import rule_types
from solver.rules.visit_by_adviser import VisitByAdviser
from tests.rule_numbers import rules_of
from tests.solver.agreement import amount_of, contradictions, roster_values
from tests.strategies import LIKINGS, plans


@pytest.mark.parametrize("code", rule_types())
@given(data=st.data())
def test_model_and_check_agree(code, data):
    rule = data.draw(rules_of(rule_types()[code]))
    plan, liking = data.draw(plans()), data.draw(LIKINGS)
    assert [text for text in contradictions(plan, rule, np.array(liking)) if text] == []


@given(plan=plans(), data=st.data())
def test_model_offers_the_visits_that_the_check_admits(plan, data):
    rule = VisitByAdviser()
    visit = Visit(
        village=data.draw(st.sampled_from(plan.facts.villages)).id,
        person=data.draw(st.sampled_from(plan.facts.people)).id,
        date=data.draw(st.sampled_from(plan.facts.days)),
        part=data.draw(st.sampled_from(Part)),
    )
    roster = plan.roster().model_copy(update={"visits": (visit,)})
    model = month_model(plan.facts, [rule], roster.advisers)
    is_offered = roster_values(model, model.matrix(), roster) is not None
    assert is_offered == (amount_of(plan.facts, rule, roster) == 0)
