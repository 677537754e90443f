"""solve(instance, rules) -> Outcome: both stages, checked and explained."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np

from models.arrays import Ints
from models.formats.intake.remarks import remarks
from models.goals import LADDER, Goal, GoalResult
from models.instance import Instance
from models.issues import InputError
from models.report import Breach, Report, Shortage, Status, Unmet, UnmetKind
from models.roster import AdviserSeat, Roster
from solver.answers.explain import Explainer
from solver.answers.precheck import pins_not_offered, precheck, with_implied_pins
from solver.answers.shortage import shortage
from solver.check import check
from solver.engine.greedy import better
from solver.engine.highs import CUT, GRACE, Effort
from solver.engine.interrupts import may_stop
from solver.engine.ladder import OnProgress
from solver.engine.memory import peak_memory_mb
from solver.engine.parts import Parts
from solver.engine.split import StagePart
from solver.limits import USUAL, Limits, Stage
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, pinned_start, read_roster, seats_model
from solver.modelling.starts import columns_of, constructed, start_from, unlike
from solver.versions import versions

SEATS_SHARE = 0.4
"""Share of the time for the seats where the month is planned too; alone they have all of it."""


GRACE_SHARE = 0.1
"""How much longer than its time a goal may take for its first steps."""


@dataclass(frozen=True)
class Outcome:
    """What a solve returned: the best roster and the report on it."""

    roster: Roster
    report: Report


def solve(
    instance: Instance,
    rules: Iterable[Rule],
    month: str | None = None,
    stage: Stage = Stage.ALL,
    limits: Limits = USUAL,
    on_progress: OnProgress = lambda progress: None,
    start: Roster | None = None,
) -> Outcome:
    """Plan a month. A shortage is never an error: it is listed in ``report.unmet``.

    Parameters
    ----------
    instance
        What to plan with.
    rules
        Enabled rules, see ``solver.profiles.load_rules``.
    month
        ``YYYY-MM``; default: the instance's.
    stage
        Seats, month, or both. ``MONTH`` takes each village's present adviser.
    limits
        Time and seed.
    on_progress
        Told value, bound and gap as they move.
    start
        A plan of the same or a like instance to start from. It binds nothing and counts in no goal of
        the rules; of equally good plans the nearest to it is taken. The plan is never worth less, goal after
        goal: seats are planned before the month, and where better seats leave a month that is worse on an
        earlier goal than that of the start, its seats are kept and their later goals stay open.

    Raises
    ------
    InputError
        When fixed pins break hard rules among themselves.
    KeyboardInterrupt
        When interrupted before there was anything to keep; later the best plan is returned.
    """
    month = month or instance.settings.month
    work = _SolveRun(instance, tuple(rules), month, limits, on_progress, start)
    precheck(work.facts, work.rules)
    if stage is not Stage.MONTH:
        share = 1.0 if stage is Stage.ADVISERS else SEATS_SHARE
        work.run("seats", share, seats_model)
    else:
        work.roster = work.roster.model_copy(update={"advisers": present_advisers(work.facts)})
    # who interrupts the seats wants them now; the month is another run
    if stage is not Stage.ADVISERS and not work.interrupted:
        advisers = work.roster.advisers
        work.run("month", 1.0, lambda facts, rules: month_model(facts, rules, advisers))
        if start is not None and stage is Stage.ALL and not work.interrupted:
            work.keep_better_seats(start)
    return work.outcome()


def present_advisers(facts: Facts) -> tuple[AdviserSeat, ...]:
    """Return each village's adviser as the instance names it, while in office and to the month's end."""
    first, known = facts.days[0], facts.instance.person_by_id
    return tuple(
        AdviserSeat(village=village.id, person=village.adviser)
        for village in facts.villages
        if village.adviser in known
        and village.id not in facts.leaving
        and facts.is_active(known[village.adviser], first)
    )


@dataclass
class _SolveRun:
    """A solve under way."""

    instance: Instance
    rules: tuple[Rule, ...]
    month: str
    limits: Limits
    on_progress: OnProgress
    start: Roster | None = None
    goals: list[GoalResult] = field(default_factory=list)
    models: dict[Block, Model] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    interrupted: bool = False
    reached: dict[str, tuple[Model, Ints]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.began = time.monotonic()
        self.facts = Facts(with_implied_pins(self.instance, self.month), self.month)
        self.roster = Roster(month=self.month, instance=self.instance.content_hash)
        self._count("build", self.began)

    def run(
        self, name: str, share: float, build: Callable[[Facts, tuple[Rule, ...]], Model]
    ) -> None:
        """Build and climb one stage; what it reached goes into the roster."""
        parts: Parts | None = None
        try:
            with may_stop():
                model, parts = self._begin(name, share, build)
                began = time.monotonic()
                parts.climb()
        except KeyboardInterrupt:
            self.interrupted = True
            if parts is None or {result.name for result in parts.results} <= {Goal.PRIORITY.value}:
                if not self.goals:
                    raise
                return  # before coverage there is no plan of this stage worth keeping
        self._count("solve", began)
        self.goals += parts.results
        self.models |= dict.fromkeys(model.choices, model)
        self.reached[name] = model, parts.values
        self._read(model, parts.values)

    def _begin(
        self, name: str, share: float, build: Callable[[Facts, tuple[Rule, ...]], Model]
    ) -> tuple[Model, Parts]:
        """Build one stage; return its model and the parts to be climbed."""
        began = time.monotonic()
        model = build(self.facts, self.rules)
        matrix = model.matrix()
        start = pinned_start(model, matrix)
        impossible = [] if matrix.admits(start) else pins_not_offered(model)
        if impossible:
            raise InputError(impossible)
        prices = [(goal, model.price(goal)) for goal in LADDER]
        if self.start is not None:
            columns = columns_of(model, self.start)
            prices.append((Goal.LIKENESS, unlike(model, columns)))
        begun = constructed(model, matrix, prices)
        if self.start is not None:
            begun = better(prices, start_from(model, matrix, columns), begun)
        self._count("build", began)
        columns = np.arange(len(start), dtype=np.int64)
        labels = model.regions(), model.owners()
        whole = StagePart(columns, matrix, prices, start, *labels)
        return model, Parts(name, whole, self._effort(share), self.on_progress, begun)

    def keep_better_seats(self, start: Roster) -> None:
        """Plan the month on the seats of the start where its own month is better than the one planned."""
        seats, own = self.reached["seats"]
        held = start_from(seats, seats.matrix(), columns_of(seats, start))
        kept = read_roster(self.facts, self.rules, [(seats, held)], self.roster)
        month = month_model(self.facts, self.rules, kept.advisers)
        matrix = month.matrix()
        begun = start_from(month, matrix, columns_of(month, start))
        if not matrix.admits(begun) or _worth((seats, held), (month, begun)) >= _worth(
            (seats, own), self.reached["month"]
        ):
            return
        self.roster = kept
        self.goals = [_reaching(goal, seats, held) for goal in self.goals if goal.stage == "seats"]
        self.run("month", 1.0, lambda facts, rules: month_model(facts, rules, kept.advisers))

    def outcome(self) -> Outcome:
        """Check, explain and report."""
        began = time.monotonic()
        checked = check(self.facts, self.rules, self.roster, self._planned())
        self._count("check", began)
        began = time.monotonic()
        explainer = Explainer(self.facts, self.rules, self.models, self.interrupted)
        unmet = explainer.unmet(self.roster)
        self._count("explain", began)
        lacking = self._shortage(checked.breaches, unmet)
        # how near to the start an equally good plan comes is no matter of its worth
        proven = all(goal.gap == 0 for goal in self.goals if goal.name != Goal.LIKENESS.value)
        status = (
            Status.INTERRUPTED
            if self.interrupted
            else Status.OPTIMAL
            if proven
            else Status.FEASIBLE
        )
        report = Report(
            status=status,
            month=self.month,
            goals=tuple(self.goals),
            terms=checked.terms,
            breaches=checked.breaches,
            unmet=unmet,
            overbooked=checked.overbooked,
            firm_shares=checked.firm_shares,
            shortage=lacking,
            kpis=checked.kpis,
            fairness=checked.fairness,
            differences=checked.differences,
            estimated_days=self.facts.month_is_estimated,
            remarks=remarks(self.instance, self.month),
            notice=self.instance.settings.notice,
            input_hash=self.instance.content_hash,
            profile=self.instance.settings.profile,
            seed=self.limits.seed,
            versions=versions(),
            seconds={name: round(spent, 3) for name, spent in self.seconds.items()},
            peak_memory_mb=peak_memory_mb(),
        )
        return Outcome(self.roster, report)

    def _planned(self) -> Stage:
        """Return the stage that was planned; an interrupted solve may have done the seats alone."""
        if Block.DUTIES not in self.models:
            return Stage.ADVISERS
        return Stage.ALL if Block.ADVISERS in self.models else Stage.MONTH

    def _shortage(self, breaches: Iterable[Breach], unmet: Iterable[Unmet]) -> Shortage | None:
        """Ask how many advisers are missing where the seats just planned show a lack."""
        caps = {rule.code for rule in self.rules if rule.village_cap is not None}
        over = any(breach.rule in caps for breach in breaches)
        lacks = over or any(demand.kind is UnmetKind.ADVISER for demand in unmet)
        if self.interrupted or Block.ADVISERS not in self.models or not lacks:
            return None
        began = time.monotonic()
        try:
            with may_stop():
                return shortage(self.facts, self.rules, self._effort(1.0))
        except KeyboardInterrupt:
            self.interrupted = True
            return None
        finally:
            self._count("shortage", began)

    def _effort(self, share: float) -> Effort:
        limits = self.limits
        spent = 0.0 if limits.deterministic else time.monotonic() - self.began
        seconds = max(1.0, share * (limits.seconds - spent))
        cut = CUT if limits.cut is None else limits.cut
        grace = min(GRACE, GRACE_SHARE * limits.seconds)
        repeatable = limits.deterministic, limits.seed
        return Effort(seconds, *repeatable, limits.workers, limits.cluster, cut, grace)

    def _read(self, model: Model, values: Ints) -> None:
        self.roster = read_roster(self.facts, self.rules, [(model, values)], self.roster)

    def _count(self, phase: str, began: float) -> None:
        self.seconds[phase] = self.seconds.get(phase, 0.0) + time.monotonic() - began


__all__ = ["Limits", "Outcome", "Stage", "solve"]


def _worth(seats: tuple[Model, Ints], month: tuple[Model, Ints]) -> list[int]:
    """Return what a plan costs goal after goal, of each goal the seats before the month."""
    stages = (seats, month)
    return [int(model.price(goal) @ values) for goal in LADDER for model, values in stages]


def _reaching(goal: GoalResult, seats: Model, values: Ints) -> GoalResult:
    """Return the result of a goal for other seats; what was proven for any seats still holds."""
    rung = next((rung for rung in LADDER if rung.value == goal.name), None)
    # what is no goal of rules is how near the seats are to the start: they are its own
    value = 0 if rung is None else int(seats.price(rung) @ values)
    gap = (value - goal.bound) / max(1, abs(value))
    return goal.model_copy(update={"value": value, "gap": max(0.0, gap)})
