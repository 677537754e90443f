"""Chinese labels for codes in the data: figures, rules, coordinate sources."""

from __future__ import annotations

from dataclasses import dataclass

from models.goals import Goal


@dataclass(frozen=True, slots=True)
class Label:
    """A code in words."""

    zh: str
    en: str


_KPIS = {
    "villages": Label("村居数", "villages"),
    "adviser_coverage_percent": Label("法律顾问配备率", "villages with an adviser"),
    "effective_coverage_percent": Label(
        "有效覆盖率（应走访的有走访）", "villages visited when due"
    ),
    "priority_coverage_percent": Label("重点村居覆盖率", "priority villages advised and visited"),
    "advisers": Label("在任法律顾问", "advisers"),
    "duty_seats": Label("班次", "duty seats"),
    "duty_coverage_percent": Label("班次落实率", "duty seats planned"),
    "visits": Label("走访次数", "visits"),
    "lectures": Label("讲座场次", "lectures"),
    "mediator_seats_held": Label("在岗专职调解员", "mediator seats held"),
    "mean_adviser_minutes": Label("顾问到村平均分钟", "mean minutes from adviser to village"),
    "most_adviser_minutes": Label("顾问到村最长分钟", "most minutes from adviser to village"),
    "spread_adviser_minutes": Label("顾问到村分钟标准差", "deviation of these minutes"),
    "circle_villages_percent": Label("服务圈内村居占比", "villages inside the service circle"),
    "circle_people_percent": Label("服务圈内人口占比", "people inside the service circle"),
    "most_turns": Label("每人值班最多次数", "most turns of one person"),
    "fixed_stations": Label("村居固定站", "fixed stations in villages"),
    "villages_sharing": Label("共用固定站的村居", "villages that share another's station"),
    "mobile_points": Label("流动服务点", "villages with a mobile point"),
    "mean_walk_minutes": Label("共用村居平均步行分钟", "mean minutes on foot to a shared station"),
    "most_walk_minutes": Label("共用村居最长步行分钟", "most minutes on foot to a shared station"),
    "fewest_turns": Label("每人值班最少次数", "fewest turns of one person on the rota"),
}
_STAGES = {"seats": "顾问与调解员", "month": "当月"}
_SOURCES = (("real", "实测"), ("inferred", "推定"), ("synthetic", "生成"))


def kpi_label(name: str) -> Label:
    """Return the words of a figure, or its name where there are none."""
    return _KPIS.get(name, Label(name, name.replace("_", " ")))


def kpi_text(name: str, value: float | None) -> str | int | float:
    """Return a figure as people read it: per cent with its sign, "—" for what is not known."""
    if value is None:
        return "—"
    if name.endswith("_percent"):
        return f"{value:g}%"
    return int(value) if value == int(value) else round(value, 2)


def rule_label(code: str) -> str:
    """Return the Chinese name of a rule, or its code where no such rule is known."""
    from solver.rules import rule_types  # late: loads every rule

    rule = rule_types().get(code)
    return rule.zh if rule else code


def goal_label(decided_by: str) -> str:
    """Return a stage and goal in both languages: ``席位 覆盖 seats coverage``."""
    stage, _, name = decided_by.partition(" ")
    if not name:
        return ""
    return f"{_STAGES[stage]} {Goal[name.upper()].label} {decided_by}"


def stage_label(stage: str) -> str:
    """Return what a solve planned in Chinese: the standing seats, or the month."""
    return _STAGES.get(stage.removeprefix("repair").strip() or "month", stage)


def source_label(source: str) -> str:
    """Return 生成（synthetic-in-cell）: what a coordinate is, then its code."""
    word = next((zh for start, zh in _SOURCES if source.startswith(start)), "")
    return f"{word}（{source}）" if word else source
