"""The Report: what is said about a roster, by the solve that made it and by the independent check."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field

from models.goals import GoalResult
from models.issues import Issue
from models.vocabulary import DayClass, Part, PinKind, PostKind, Term


class Level(Term):
    """How binding a rule is."""

    HARD = "hard", "硬性"
    WAIVABLE = "waivable", "原则上"
    SOFT = "soft", "尽量"


class Status(Term):
    """How a solve ended."""

    OPTIMAL = "optimal", "已是最佳方案"
    FEASIBLE = "feasible", "可用方案，未证明最佳"
    INTERRUPTED = "interrupted", "已中断，保留当时最好的方案"
    CHECKED = "checked", "仅核对"


class _ReportPart(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Breach(_ReportPart):
    """One place where a roster does not keep a rule.

    ``amount`` is in the rule's own unit (people, minutes, turns, …), always positive.
    """

    rule: str
    level: Level
    subject: str = Field(description="id of the person, village, site or slot concerned")
    amount: int = Field(gt=0)
    zh: str
    en: str


class Reason(_ReportPart):
    """Why some candidates could not take a demand: one group of people, one cause."""

    code: str = Field(
        description="rule code; 'spared' when nothing forbids it, 'unasked', 'no_adviser', 'no_slot', "
        "'interrupted'"
    )
    count: int
    zh: str
    en: str
    people: tuple[str, ...] = Field((), description="ids of at most 20 of the people meant")


class UnmetKind(Term):
    """What was left unmet."""

    ADVISER = "adviser", "法律顾问"
    MEDIATOR = "mediator", "专职调解员"
    DUTY = "duty", "值班"
    STANDBY = "standby", "备班"
    VISIT = "visit", "走访"
    LECTURE = "lecture", "讲座"
    PANEL = "panel", "专业调解"
    COMMITTEE = "committee", "调委会组成"
    TEAM = "team", "服务团搭配"
    LANGUAGE = "language", "语种"
    STATION_DUTY = "station_duty", "工作站值班"
    STATION = "station", "固定站"


class Unmet(_ReportPart):
    """A demand that stays empty, and why."""

    kind: UnmetKind
    target: str = Field(description="village, site or post id")
    date: dt.date | None = None
    part: Part | None = None
    missing: int = 1
    zh: str
    en: str
    reasons: tuple[Reason, ...] = ()


class Overbooked(_ReportPart):
    """A seat or slot that holds more people than it asks for, and who is too many."""

    kind: UnmetKind
    target: str = Field(description="village, site or post id")
    date: dt.date | None = None
    part: Part | None = None
    surplus: tuple[str, ...] = Field(description="ids of the people beyond the number asked for")
    zh: str
    en: str


class TurnShare(_ReportPart):
    """Turns of one class that were due to a person in the ledger's window and this month, and served.

    Without kind and class of day it is of all duties together, or of standing by.
    """

    kind: PostKind | None = None
    day_class: DayClass | None = None
    is_standby: bool = False
    entitled: float = Field(description="turns, by share and days available")
    served: int
    difference: float = Field(description="served - entitled")


class FirmShare(_ReportPart):
    """Seats of one post, for which firms name the person, that are due and given to one firm."""

    post: str
    firm: str
    listed: int = Field(description="people of the firm who may be named")
    exact: float = Field(description="seats × listed of the firm ÷ listed of all firms")
    due: int = Field(description="seats, by largest remainder")
    given: int
    days_ahead: int = Field(description="the firm names a person until so many days before")


class FairnessRow(_ReportPart):
    """Load of one person in the month, with what earlier months left."""

    person: str
    villages: int = 0
    turns: int = 0
    weekend_turns: int = 0
    night_turns: int = 0
    standby_turns: int = 0
    visits: int = 0
    lectures: int = 0
    hours: float = 0
    travel_minutes: int = 0
    carried_turns: int = Field(0, description="turns of the ledger window")
    shares: tuple[TurnShare, ...] = Field((), description="entitled and served, class by class")


class DifferenceRow(_ReportPart):
    """One assignment that differs from the pinned or published plan."""

    kind: PinKind
    target: str
    date: dt.date | None = None
    part: Part | None = None
    before: str = Field("", description="person id, empty if none")
    after: str = Field("", description="person id, empty if none")


class TownshipShortage(_ReportPart):
    """How many advisers one township lacks, and how many of its villages nobody on the list can take."""

    area: str = Field(description="area id")
    name: str
    advisers: int = Field(description="new advisers to be placed at the township's seat")
    villages: int = Field(description="villages left to new advisers")


class Shortage(_ReportPart):
    """Too few advisers for the cap: the proof, how many are missing, and where.

    Counted with the cap held and every other hard rule as it is.
    """

    cap: int = Field(description="villages per adviser, where the list names no number of its own")
    advisers: int = Field(description="people on the list who may advise a village here")
    villages: int
    most_served: int = Field(description="most villages that were given to them under the cap")
    most_served_bound: int = Field(description="proven: no plan serves more under the cap")
    missing: int = Field(description="new advisers with whom the cap holds")
    missing_bound: int = Field(description="proven: with fewer it does not hold")
    gap: float = Field(description="(missing - missing_bound) / max(1, missing)")
    townships: tuple[TownshipShortage, ...] = ()
    out_of_reach: tuple[str, ...] = Field(
        (), description="villages that stay without adviser however many are hired"
    )
    proof_zh: str
    proof_en: str
    zh: str
    en: str


class Report(_ReportPart):
    """Everything ``report.json`` holds. Lists are in a fixed order."""

    status: Status
    month: str
    goals: tuple[GoalResult, ...] = ()
    terms: dict[str, int] = Field(default_factory=dict, description="rule code -> total amount")
    breaches: tuple[Breach, ...] = ()
    unmet: tuple[Unmet, ...] = ()
    overbooked: tuple[Overbooked, ...] = ()
    shortage: Shortage | None = Field(
        None, description="null when every village can have an adviser within the cap"
    )
    kpis: dict[str, float | None] = Field(
        default_factory=dict, description="figures by name; null where it cannot be known"
    )
    fairness: tuple[FairnessRow, ...] = ()
    firm_shares: tuple[FirmShare, ...] = ()
    differences: tuple[DifferenceRow, ...] = ()
    estimated_days: bool = Field(
        False, description="workdays of the month come from no official notice"
    )
    remarks: tuple[Issue, ...] = Field(
        (), description="what is odd in the input and planned all the same"
    )
    notice: str = ""
    input_hash: str = ""
    profile: str = "default"
    seed: int = 0
    versions: dict[str, str] = Field(default_factory=dict)
    seconds: dict[str, float] = Field(default_factory=dict)
    peak_memory_mb: float = 0

    @property
    def hard(self) -> tuple[Breach, ...]:
        """The hard breaches."""
        return tuple(b for b in self.breaches if b.level is Level.HARD)

    def named_until(self, post: str, day: dt.date) -> dt.date:
        """Return the last day on which a firm may name its person for a slot of a post on a day."""
        ahead = (row.days_ahead for row in self.firm_shares if row.post == post)
        return day - dt.timedelta(days=max(ahead, default=0))

    @property
    def waivers(self) -> tuple[Breach, ...]:
        """The breaches of rules that hold 原则上: the waiver list."""
        return tuple(b for b in self.breaches if b.level is Level.WAIVABLE)
