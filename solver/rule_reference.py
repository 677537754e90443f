"""The rule reference as a page, made from the rules themselves: ``zhiban rules --markdown``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any

from solver.modelling.rule import Rule
from solver.profiles import profile_names, profile_tables
from solver.profiles.rates import RATES, Rates
from solver.profiles.reporting import REPORTING, Reporting
from solver.rules import rule_types
from solver.year.kpis import FIGURES as FIGURES_OF_REPORT

HEAD = """# 规则 Rules

一条规则一个文件，文件名即代码。本页由 `zhiban rules --markdown > solver/rules/README.md` 生成，测试保证不过时。
One rule is one file; the file's name is its code. This page is generated; a test keeps it current.

级别 level: `hard` 硬性（从不违反），`waivable` 原则上（违反列入豁免清单），`soft` 尽量（计入目标）。
目标顺序 goals in order: priority → coverage → tiers → overload → waivable → stability → fairness → travel → preference.
"""

FIGURES = """## 指标 Figures of the report

- 法律顾问配备率 `adviser_coverage_percent`: villages with an adviser ÷ villages.
- 有效覆盖率 `effective_coverage_percent`: villages that have an adviser and are visited ÷ villages due a visit this month.
- 重点村居覆盖率 `priority_coverage_percent`: the same of priority villages, those not due a visit counted by their adviser.
- 班次落实率 `duty_coverage_percent`: duty seats filled by the plan ÷ duty seats asked for. Planned, not attended.
- 服务圈内占比 `circle_villages_percent`, `circle_people_percent`: villages (people) whose adviser lives within the minutes
  of `service_circle` ÷ villages with an adviser and a known way.
- 顾问到村分钟 `mean_`, `most_`, `spread_adviser_minutes`: one way; the spread is the standard deviation.

A figure that cannot be known (no coordinates, nothing due, a stage not planned) is shown as —, never as 0 or 100 %.
"""


def rule_reference() -> str:
    """Return the page: every rule with words, formula, source and numbers, then the profiles."""
    rules = [rule_type.model_validate({}) for rule_type in rule_types().values()]
    parts = [HEAD, *(part for rule in rules for part in _rule(rule)), *_rates(), *_reporting()]
    parts += [FIGURES, "## 规则方案 Profiles\n"]
    parts += [part for name in profile_names() for part in _profile(name)]
    return "\n".join(parts)


def _rule(rule: Rule) -> Iterator[str]:
    yield f"## {rule.code} · {rule.zh}\n"
    yield f"{rule.en} · `{rule.level.value}` · {rule.rung.value}\n"
    yield inspect.cleandoc(type(rule).__doc__ or "") + "\n"
    yield _defaults(rule.model_dump(mode="json", exclude={"level", "goal"}))


def _rates() -> Iterator[str]:
    yield f"## {RATES} · 费率\n"
    yield inspect.cleandoc(Rates.__doc__ or "") + "\n"
    yield _defaults(Rates().model_dump(mode="json"))


def _reporting() -> Iterator[str]:
    yield f"## {REPORTING} · 月报\n"
    yield inspect.cleandoc(Reporting.__doc__ or "") + "\n"
    yield _defaults(Reporting().model_dump(mode="json"))
    for figure in FIGURES_OF_REPORT:
        yield f"- {figure.zh} `{figure.code}`: {figure.meaning}"
    yield ""


def _defaults(numbers: dict[str, Any]) -> str:
    shown = ", ".join(f"`{name} = {value}`" for name, value in numbers.items())
    return f"默认 defaults: {shown}\n"


def _profile(name: str) -> Iterator[str]:
    yield f"### {name}\n"
    for code, table in profile_tables(name).items():
        numbers = ", ".join(
            f"{field} = {value}" for field, value in table.items() if field != "source"
        )
        yield f"- `{code}`: {numbers} ({table['source']})"
    yield ""
