"""Rule profiles: named sets of rule numbers, each with its source line.

A profile is a TOML file in this folder: one table per rule, its numbers, and ``source``; the table
``rates`` says what services cost, ``reporting`` what reports are measured by. What it does not name
keeps its own default. An office overrides single numbers in the sheet 规则调整 or with
``--set RULE.FIELD=VALUE``.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from models.instance import RuleSetting
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.report import Level
from solver.modelling.rule import Rule
from solver.profiles.rates import RATES, Rates
from solver.profiles.reporting import REPORTING, Reporting
from solver.rules import enabled, rule_types

TABLE = "规则调整"


@cache
def profile_names() -> tuple[str, ...]:
    """Return the names of the shipped profiles."""
    files = resources.files(__name__).iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def profile_tables(name: str) -> dict[str, dict[str, Any]]:
    """Return rule code (or ``rates``) -> numbers and ``source`` of a profile.

    Raises
    ------
    InputError
        When there is no such profile.
    """
    if name not in profile_names():
        raise InputError([_unknown("unknown_profile", name, profile_names())])
    text = resources.files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    return {code: table for code, table in tomllib.loads(text).items() if isinstance(table, dict)}


def load_rules(profile: str, settings: Iterable[RuleSetting] = ()) -> tuple[Rule, ...]:
    """Return the enabled rules of a profile with an office's changes, in order of code.

    Raises
    ------
    InputError
        With every unknown rule or field and every value out of range, those of the rates too.
    """
    return enabled(every_rule(profile, settings))


def every_rule(profile: str, settings: Iterable[RuleSetting] = ()) -> tuple[Rule, ...]:
    """Return all rules of a profile with an office's changes, also those that are switched off.

    Raises
    ------
    InputError
        As ``load_rules`` does.
    """
    by_code, rates, _ = _load(profile, settings)
    rules = [rule.following(by_code.values()) for rule in by_code.values()]
    return tuple(rule.taking(rates.lent) for rule in rules)


def load_rates(profile: str, settings: Iterable[RuleSetting] = ()) -> Rates:
    """Return the rates of a profile with an office's changes.

    Raises
    ------
    InputError
        As ``load_rules`` does.
    """
    return _load(profile, settings)[1]


def load_reporting(profile: str, settings: Iterable[RuleSetting] = ()) -> Reporting:
    """Return what the reports of a profile are measured by, with an office's changes.

    Raises
    ------
    InputError
        As ``load_rules`` does.
    """
    return _load(profile, settings)[2]


def _load(
    profile: str, settings: Iterable[RuleSetting]
) -> tuple[dict[str, Rule], Rates, Reporting]:
    """Return every rule by code, the rates, and the numbers of reports."""
    types: dict[str, type[Rule | Rates | Reporting]] = {
        **rule_types(),
        RATES: Rates,
        REPORTING: Reporting,
    }
    values: dict[str, dict[str, Any]] = {code: {} for code in types}
    issues: list[Issue] = []
    try:
        tables = profile_tables(profile)
    except InputError as error:
        tables = {}
        issues += error.issues
    for code, table in tables.items():
        values[code] |= {field: value for field, value in table.items() if field != "source"}
    for setting in settings:
        issues += _place(types, values, setting)
    made: dict[str, Rule | Rates | Reporting] = {}
    for code, kind in types.items():
        try:
            made[code] = kind.model_validate(values[code])
        except ValidationError as error:
            issues += [_bad_value(code, details) for details in error.errors()]
    rules = {code: rule for code, rule in made.items() if isinstance(rule, Rule)}
    issues += [_not_hard(r) for r in rules.values() if not r.may_be_hard and r.level is Level.HARD]
    if issues:
        raise InputError(issues)
    rates, reporting = made[RATES], made[REPORTING]
    assert isinstance(rates, Rates)
    assert isinstance(reporting, Reporting)
    return rules, rates, reporting


_FIELDS = {
    "次数": ("turns", "most"),
    "上限": ("most", "turns", "hours"),
    "最多": ("most", "turns"),
    "下限": ("least",),
    "最少": ("least",),
    "小时": ("hours",),
    "小时数": ("hours",),
    "半天": ("half_days",),
    "半天数": ("half_days",),
    "天数": ("days", "most", "least"),
    "分钟": ("minutes",),
    "级别": ("level",),
    "权重": ("weight",),
}
"""Chinese names of rules' parameters; a rule has the first of them that it knows."""


def _place(
    types: Mapping[str, type[BaseModel]], values: dict[str, dict[str, Any]], setting: RuleSetting
) -> list[Issue]:
    """Put one change into ``values``, or say what is unknown; Chinese names are taken too."""
    named = (code for code, kind in types.items() if getattr(kind, "zh", None) == setting.rule)
    code = setting.rule if setting.rule in types else next(named, setting.rule)
    rule_type = types.get(code)
    if rule_type is None:
        return [_unknown("unknown_rule", setting.rule, tuple(types))]
    words = (_FIELDS.get(setting.field, ()), (setting.field,))
    name = next((w for ws in words for w in ws if w in rule_type.model_fields), setting.field)
    field = rule_type.model_fields.get(name)
    if field is None:
        return [
            _unknown(
                "unknown_rule_field",
                f"{setting.rule}.{setting.field}",
                tuple(rule_type.model_fields),
            )
        ]
    value: Any = setting.value
    if get_origin(field.annotation) is tuple:
        value = [word.strip() for word in value.replace("；", ";").split(";") if word.strip()]
    values[code][name] = value
    return []


def _unknown(code: str, value: str, known: tuple[str, ...]) -> Issue:
    """Return the issue ``code`` with the known words closest to ``value``."""
    close = (
        difflib.get_close_matches(value.rpartition(".")[2], known, n=3, cutoff=0.5) or known[:50]
    )
    return issue(code, Spot(TABLE), value, known="、".join(close), known_en=", ".join(close))


def _bad_value(code: str, details: Any) -> Issue:
    field = ".".join(str(part) for part in details["loc"])
    limits = "，".join(f"{k} {v}" for k, v in (details.get("ctx") or {}).items() if k != "error")
    return issue(
        "rule_value",
        Spot(TABLE, f"{code}.{field}"),
        str(details["input"]),
        limits=f"（{limits}）" if limits else "",
        limits_en=f" ({limits})" if limits else "",
    )


def _not_hard(rule: Rule) -> Issue:
    spot = Spot(TABLE, f"{rule.code}.level")
    return issue("demand_not_hard", spot, Level.HARD.value, rule=rule.zh, rule_en=rule.en)
