"""What every rule and profile must say about itself, and what loading them refuses."""

from __future__ import annotations

import inspect
import re
import tomllib
from collections import Counter
from importlib import import_module, resources

import pytest

from models.instance import RuleSetting
from models.issues import InputError
from models.report import Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block
from solver.modelling.demand import DemandRule
from solver.modelling.rule import PairRule
from solver.profiles import load_rules, profile_names, profile_tables
from solver.profiles.rates import RATES, Rates
from solver.profiles.reporting import REPORTING, Reporting
from solver.rules import rule_types

CODES = tuple(rule_types())
DEMANDS = {code for code, kind in rule_types().items() if issubclass(kind, DemandRule)}
NEVER_HARD = {code for code, kind in rule_types().items() if not kind.may_be_hard}
HAN = re.compile(r"[\u4e00-\u9fff]")


def _set(rule: str, field: str, value: str) -> RuleSetting:
    return RuleSetting(rule=rule, field=field, value=value)


def _issues(*settings: RuleSetting, profile: str = "default") -> list[tuple[str, str, str]]:
    with pytest.raises(InputError) as error:
        load_rules(profile, settings)
    return [(issue.code, issue.value, issue.mend_en) for issue in error.value.issues]


@pytest.mark.parametrize("code", CODES)
def test_rule_says_words_formula_and_source(code):
    text = inspect.getdoc(rule_types()[code])
    words, formula, source = re.split(r"\bFormula[^:]*:|^Source:", text, flags=re.MULTILINE)
    assert min(len(words.split()), len(formula.split())) >= 4
    assert len(source.split()) >= 3


@pytest.mark.parametrize("code", CODES)
def test_rule_module_opens_with_one_sentence(code):
    text = import_module(f"solver.rules.{code}").__doc__
    assert "\n" not in text
    assert re.fullmatch(r"[A-Z][^.]*\.", text)


@pytest.mark.parametrize("code", CODES)
def test_rule_code_is_the_name_of_its_module(code):
    rule = rule_types()[code]()
    assert rule.code == code
    assert rule.blocks


def test_rule_names_are_chinese_and_english_and_unique():
    types = rule_types().values()
    assert all(HAN.search(t.zh) and not HAN.search(t.en) for t in types)
    assert set(Counter(t.zh for t in types).values()) == {1}
    assert set(Counter(t.en for t in types).values()) == {1}


def test_pair_rules_give_their_reason_in_both_languages():
    pairs = [t for t in rule_types().values() if issubclass(t, PairRule)]
    assert all(
        HAN.search(t.reason_zh) and t.reason_en.startswith(("are", "have", "do", "lack"))
        for t in pairs
    )
    assert set(Counter(t.reason_zh for t in pairs).values()) == {1}


def test_demands_are_never_hard_by_default():
    demands = {code: rule_types()[code]().level for code in DEMANDS}
    assert Level.HARD not in demands.values()
    assert DEMANDS < NEVER_HARD
    assert {"one_adviser_per_village", "head_count", "monthly_visit"} <= set(demands)


@pytest.mark.parametrize("name", profile_names())
def test_profile_numbers_belong_to_a_rule_and_carry_a_source(name):
    text = resources.files("solver.profiles").joinpath(f"{name}.toml").read_text(encoding="utf-8")
    assert HAN.search(tomllib.loads(text)["zh"])
    known = rule_types() | {RATES: Rates, REPORTING: Reporting}
    for code, table in profile_tables(name).items():
        numbers = set(table) - {"source"}
        assert len(table["source"]) > 10
        assert numbers
        assert numbers <= set(known[code].model_fields)


@pytest.mark.parametrize("name", profile_names())
def test_profile_loads_every_rule_in_order_of_code(name):
    switched_on = [_set("station_cover", "weight", "1")]
    assert tuple(rule.code for rule in load_rules(name, switched_on)) == CODES


def test_rules_about_stations_stand_and_fall_with_their_demand():
    """Siting is planned where the profile or the office asks for it."""
    loaded = {name: {rule.code for rule in load_rules(name)} for name in profile_names()}
    siting = {code for code, t in rule_types().items() if t.blocks == {Block.STATIONS}}
    assert len(siting) == 7
    assert siting & DEMANDS == {"station_cover"}
    assert {name for name, codes in loaded.items() if codes & siting} == {"suzhou"}
    assert loaded["suzhou"] >= siting


def test_profiles_differ_where_their_sources_do():
    hours = {
        name: {r.code: r for r in load_rules(name)}["monthly_visit"].hours
        for name in profile_names()
    }
    assert {name for name, h in hours.items() if h != 4} == {"xindu"}


def test_setting_changes_one_number_and_weight_0_switches_a_rule_off():
    rules = load_rules(
        "default",
        [
            _set("villages_per_adviser", "most", "6"),
            _set("villages_per_adviser", "level", "硬性"),
            _set("fair_load", "weight", "0"),
            _set("kinds_admitted", "advisers", "律师；grassroots"),
        ],
    )
    by_code = {rule.code: rule for rule in rules}
    changed = by_code["villages_per_adviser"]
    assert (changed.most, changed.level) == (6, Level.HARD)
    assert by_code["kinds_admitted"].advisers == (PersonKind.LAWYER, PersonKind.GRASSROOTS)
    known = {rule.code for rule in load_rules("default")}
    assert known - set(by_code) == {"fair_load"}


@pytest.mark.parametrize("code", sorted(NEVER_HARD))
def test_what_may_not_be_possible_cannot_be_made_hard(code):
    with pytest.raises(InputError) as error:
        load_rules("default", [_set(code, "level", "hard")])
    (issue,) = error.value.issues
    assert (issue.code, issue.cell) == ("demand_not_hard", f"{code}.level")
    assert rule_types()[code].zh in issue.zh


def test_no_rule_stands_on_the_rung_of_starts():
    assert [code for code, *_ in _issues(_set("spacing", "goal", "likeness"))] == ["rule_value"]


def test_everything_wrong_is_told_at_once_with_suggestions():
    found = _issues(
        _set("vilages_per_adviser", "most", "5"),
        _set("villages_per_adviser", "mots", "5"),
        _set("monthly_cap", "turns", "many"),
        _set("weekly_cap", "turns", "-1"),
        _set("head_count", "level", "hard"),
        _set("spacing", "days", "15"),
    )
    codes = ["unknown_rule", "unknown_rule_field", "rule_value", "rule_value", "rule_value"]
    assert [code for code, _, _ in found] == [*codes, "demand_not_hard"]
    assert found[0][1] == "vilages_per_adviser"
    assert "villages_per_adviser" in found[0][2]
    assert found[1][1] == "villages_per_adviser.mots"
    assert found[1][2].startswith("Known: most")


def test_unknown_profile_suggests_the_shipped_ones():
    (found,) = _issues(profile="henan")
    assert found[:2] == ("unknown_profile", "henan")
    assert "henan_jinshui" in found[2]


def test_unknown_word_without_a_neighbour_lists_what_there_is():
    (found,) = _issues(_set("zzzz", "most", "5"))
    assert "allowed_pairs" in found[2]
