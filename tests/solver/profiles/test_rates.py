"""Rates: those of the profile, with the office's own on top."""

from __future__ import annotations

import pytest

from models.instance import RuleSetting
from models.issues import InputError
from models.vocabulary import PersonKind
from solver.profiles import load_rates, load_rules
from solver.profiles.rates import Rates


def test_rates_come_from_the_profile():
    assert load_rates("default") == Rates()
    assert load_rates("suzhou") == Rates(village_year=10_000)
    assert load_rates("yunnan_2019").fund_year == 4_480_000


def test_an_office_sets_its_own_and_rules_stay():
    own = [
        RuleSetting(rule="rates", field="duty_half_day", value="150.5"),
        RuleSetting(rule="rates", field="paid", value="律师；notary"),
    ]
    rates = load_rates("suzhou", own)
    assert (rates.village_year, rates.duty_half_day) == (10_000, 150.5)
    assert rates.paid == (PersonKind.LAWYER, PersonKind.NOTARY)
    priced = {"monthly_pay"}  # it takes what is paid from the rates
    others = [
        tuple(rule for rule in load_rules("suzhou", rows) if rule.code not in priced)
        for rows in (own, ())
    ]
    assert others[0] == others[1]


@pytest.mark.parametrize("load", [load_rates, load_rules])
def test_rates_that_do_not_fit_are_told_with_everything_else(load):
    wrong = [
        RuleSetting(rule="rates", field="lecture", value="-1"),
        RuleSetting(rule="rates", field="lectures", value="1"),
        RuleSetting(rule="monthly_cap", field="turns", value="many"),
    ]
    with pytest.raises(InputError) as caught:
        load("default", wrong)
    found = sorted((issue.code, issue.cell) for issue in caught.value.issues)
    assert found == [
        ("rule_value", "monthly_cap.turns"),
        ("rule_value", "rates.lecture"),
        ("unknown_rule_field", ""),
    ]
