"""The Comparison: everything ``comparison.json`` holds."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from models.issues import Issue, Sentence
from models.report import Reason, UnmetKind
from models.vocabulary import BilingualTerm, Part


class Verdict(BilingualTerm):
    """What is known of two solves of one goal; smaller is better."""

    BETTER = "better", "更好", "better"
    WORSE = "worse", "更差", "worse"
    SAME = "same", "相同", "the same"
    OPEN = "open", "无法区分", "not separated"
    OTHER = "other", "口径不同", "not measured alike"


class _ResultPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class GoalRow(_ResultPart):
    """One goal beside the base's."""

    stage: str
    name: str
    zh: str
    value: int
    bound: float
    base_value: int
    base_bound: float
    verdict: Verdict = Field(
        description="open: the bounds do not separate the two, or an earlier goal is open"
    )


class RuleRow(_ResultPart):
    """What a rule amounts to, in its own unit, beside the base's; None where it is switched off."""

    rule: str
    zh: str
    amount: int | None
    base_amount: int | None
    is_other: bool = Field(False, description="its numbers, level or weight are not the base's")


class TownshipRow(_ResultPart):
    """One township: what its villages and sites have; None where the stage does not plan it."""

    area: str
    name: str
    villages: int
    advised: int = Field(description="villages with an adviser")
    visited: int | None = Field(description="villages with a visit this month")
    mean_minutes: float | None = Field(description="from adviser to village; None without advisers")
    duty_seats: int | None
    duties_held: int | None
    mediators: int | None


class Load(_ResultPart):
    """What one person has to do."""

    villages: int = 0
    turns: int = 0
    visits: int = 0
    hours: float = 0
    travel_minutes: int = 0


class PersonRow(_ResultPart):
    """One person whose load is not the base's; None where the person is not there."""

    person: str
    name: str
    base: Load | None
    load: Load | None


class AdviserRow(_ResultPart):
    """One village whose adviser is not the base's."""

    village: str
    name: str
    area: str
    before: str = Field(description="person id, empty if none")
    before_name: str
    after: str = Field(description="person id, empty if none")
    after_name: str
    has_left: bool = Field(description="whether the one before is no longer there")


class UnmetRow(_ResultPart):
    """A demand that stays empty, and why."""

    kind: UnmetKind
    target: str
    date: dt.date | None = None
    part: Part | None = None
    missing: int
    base_missing: int
    zh: str
    en: str
    reasons: tuple[Reason, ...] = ()


class Money(_ResultPart):
    """What the month costs, in yuan."""

    villages: float
    duties: float
    standby: float
    lectures: float
    mediators: float
    total: float
    per_village: float = Field(description="total ÷ villages")
    fund: float | None = Field(description="a twelfth of the year's fund; None without one")
    left: float | None = Field(description="fund - total, negative when it does not suffice")
    uncounted: tuple[Sentence, ...] = Field((), description="what has no rate and is left out")


class Compared(_ResultPart):
    """One scenario with one seed."""

    name: str
    name_en: str
    seed: int
    run: str = Field(description="folder of the answer below runs/")
    is_base: bool
    sentences: tuple[Sentence, ...]
    status: str = Field(description="of the report; 'refused' when the solver would not start")
    issues: tuple[Issue, ...] = ()
    rank: int | None = Field(
        None, description="1 + scenarios of this seed that are proven better, goal after goal"
    )
    verdict: Verdict | None = Field(
        None, description="against the base, goal after goal, over what is measured alike"
    )
    decided_by: str = Field("", description="the goal that decides it")
    beaten_by: tuple[str, ...] = Field(
        (),
        description="scenarios of this seed that are proven better, over what the two measure "
        "alike; of two that share a rank, one may be proven better than the other",
    )
    goals: tuple[GoalRow, ...] = ()
    rules: tuple[RuleRow, ...] = ()
    asked: dict[str, int] = Field(default_factory=dict, description="what is asked for, counted")
    kpis: dict[str, float] = Field(default_factory=dict)
    townships: tuple[TownshipRow, ...] = ()
    people: tuple[PersonRow, ...] = ()
    advisers: tuple[AdviserRow, ...] = ()
    unmet: tuple[UnmetRow, ...] = ()
    now_met: tuple[UnmetRow, ...] = Field(
        (), description="what the base leaves empty and this does not"
    )
    money: Money | None = None


class Spread(_ResultPart):
    """One figure of one scenario over the seeds."""

    name: str
    figure: str
    least: float
    mean: float
    most: float


class Comparison(_ResultPart):
    """All scenarios of a question beside their base."""

    question: str
    question_en: str
    plan: str = Field(description="name of the base's instance")
    month: str
    stage: str
    deterministic: bool
    notice: str = Field(description="of the base's instance, shown with every result")
    notes: tuple[Sentence, ...]
    scenarios: tuple[Compared, ...]
    spreads: tuple[Spread, ...] = Field((), description="only with several seeds")
    missing: tuple[str, ...] = Field(
        (), description="scenarios not solved yet: the run was stopped"
    )
