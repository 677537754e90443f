"""Base class of Changes to rule numbers: office settings on top of the profile."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator

from models.instance import Instance, RuleSetting
from models.issues import InputError, Issue
from models.report import Level
from scenarios.changes.base import Change, with_rules
from solver.modelling.rule import Rule
from solver.profiles import every_rule, load_rates, load_rules
from solver.profiles.rates import RATES

Settings = dict[str, dict[str, object]]
"""Code of a rule -> its field -> the new value."""


class RuleChange(Change, ABC):
    """A Change of numbers of rules."""

    @abstractmethod
    def settings(self, instance: Instance) -> Settings:
        """Return the new settings; empty if no parameter is given."""

    def faults(self, instance: Instance) -> Iterator[Issue]:
        """Nothing given, rules that the profile switches off, and invalid values."""
        settings = self.settings(instance)
        if not settings:
            fields = ", ".join(type(self).model_fields)
            yield self.refusal("change_nothing", fields=fields)
            return
        try:
            rules = load_rules(instance.settings.profile, with_all(instance, settings).rules)
        except InputError as error:
            yield from error.issues
            return
        known = {rule.code for rule in rules}
        for code in settings.keys() - known - {RATES}:
            if "weight" not in settings[code]:
                yield self.refusal("change_rule_off", rule=code)

    def changed(self, instance: Instance) -> Instance:
        """Return the instance with the settings."""
        return with_all(instance, self.settings(instance))


def with_all(instance: Instance, settings: Settings) -> Instance:
    """Return the instance with these settings, without those that only repeat the profile."""
    for code, values in settings.items():
        instance = with_rules(instance, code, values)
    for row in instance.rules:
        if row.field in settings.get(row.rule, {}):
            rest = tuple(other for other in instance.rules if other is not row)
            now = _numbers(instance, instance.rules)
            if now is not None and now == _numbers(instance, rest):
                instance = instance.model_copy(update={"rules": rest})
    return instance


def _numbers(instance: Instance, rows: Iterable[RuleSetting]) -> tuple[object, ...] | None:
    """Return all rules and rates under these settings, None if they do not fit."""
    profile, known = instance.settings.profile, tuple(rows)
    try:
        return (*load_rules(profile, known), load_rates(profile, known))
    except InputError:
        return None


def rules_by_code(instance: Instance) -> dict[str, Rule]:
    """Return the enabled rules of an instance by code."""
    return {r.code: r for r in load_rules(instance.settings.profile, instance.rules)}


def the_rule(instance: Instance, is_meant: Callable[[Rule], bool]) -> Rule:
    """Return the rule, even if it is switched off."""
    rules = every_rule(instance.settings.profile, instance.rules)
    return next(rule for rule in rules if is_meant(rule))


def level_of(hard: bool) -> dict[str, object]:
    """Return the setting that makes a rule hard, nothing if it stays as it is."""
    return {"level": Level.HARD.value} if hard else {}


def moved(before: object, after: object) -> str:
    """Return ``5→4``, or one number where nothing changes."""
    same = before == after
    return _number(after) if same else f"{_number(before)}→{_number(after)}"


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
