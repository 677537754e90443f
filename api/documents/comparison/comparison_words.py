"""Words of a comparison that the page says and the document only names by a code."""

from __future__ import annotations

from api.documents.comparison.comparison_sheets import ASKED
from api.documents.labels import Label, kpi_label
from models.goals import LADDER, Goal
from scenarios.compare.result import Verdict
from solver.limits import Stage

COST = "cost"
"""Figure of the money in the spreads over the seeds."""

VERDICTS = {
    Verdict.BETTER: Label("更好（已证明）", "proven better"),
    Verdict.WORSE: Label("更差（已证明）", "proven worse"),
    Verdict.SAME: Label("相同（已证明）", "proven the same"),
    Verdict.OPEN: Label("不能断定有差别", "not shown to differ"),
    Verdict.OTHER: Label("口径不同，不能相比", "not measured alike"),
}
"""What a verdict says to somebody who has never seen the tool."""

GOALS = {
    Goal.PRIORITY: Label("没有顾问或走访的重点村居", "priority villages without adviser or visit"),
    Goal.COVERAGE: Label(
        "没有顾问的村居，空缺的岗位、走访与讲座",
        "villages without an adviser, seats, visits and lectures that stay empty",
    ),
    Goal.TIERS: Label(
        "由后备人员、志愿者、专家承担的席位与班次",
        "seats and duties of reserves, volunteers, experts",
    ),
    Goal.OVERLOAD: Label("超出每人村居上限的村居", "villages above the cap per adviser"),
    Goal.WAIVABLE: Label(
        "没有做到的原则性规则，如服务圈、工时、备班",
        "rules held in principle that are not kept: service circle, hours, standby",
    ),
    Goal.STABILITY: Label(
        "与现任顾问或已公布安排不同之处", "changes of adviser or of what was published"
    ),
    Goal.FAIRNESS: Label("村居与值班分担不均的程度", "how unevenly villages and turns are shared"),
    Goal.TRAVEL: Label(
        "路途分钟与专业不匹配的合计", "minutes of travel and mismatch of speciality"
    ),
    Goal.PREFERENCE: Label(
        "没有满足的意愿、赶集日与值班间隔", "wishes, market days and spacing not met"
    ),
}
"""What each goal counts; less is better."""

STAGES: dict[str, Label] = {
    Stage.ALL: Label("顾问、调解员与当月", "seats and month"),
    Stage.ADVISERS: Label("顾问与调解员（未排当月）", "seats only, the month is not planned"),
    Stage.MONTH: Label("当月（顾问、调解员不变）", "the month, seats as they are"),
}


def goal_words() -> dict[str, list[str]]:
    """Return name in Chinese and meaning in both languages of every goal, by its code."""
    return {g.value: [g.label, GOALS[g].zh, GOALS[g].en] for g in LADDER}


def verdict_words() -> dict[str, list[str]]:
    """Return every verdict in both languages, by its code."""
    return {verdict.value: [words.zh, words.en] for verdict, words in VERDICTS.items()}


def figure_words(names: set[str]) -> dict[str, list[str]]:
    """Return figures in both languages, by name; ``asked:…`` is what is asked for."""
    return {name: list(_figure(name)) for name in sorted(names)}


def _figure(name: str) -> tuple[str, str]:
    if name == COST:
        return "月费用（元）", "cost of the month, yuan"
    if name.startswith("asked:"):
        code = name.removeprefix("asked:")
        return ASKED.get(code, (code, code))
    label = kpi_label(name)
    return label.zh, label.en
