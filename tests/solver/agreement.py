"""Does the encoding of a rule say what its check says? Asked of a real CP-SAT model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from models.arrays import Ints
from models.report import Level
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from solver.engine.cp_sat import constrain
from solver.engine.highs import Effort
from solver.engine.matrix import Matrix
from solver.modelling.choices import Block
from solver.modelling.facts import Facts
from solver.modelling.model import Model
from solver.modelling.reading import Reading
from solver.modelling.rule import Rule
from solver.modelling.stages import month_model, read_roster, seats_model, taken_columns
from tests.strategies import Plan

EFFORT = Effort(seconds=30)
Assignment = AdviserSeat | MediatorSeat | Duty | Visit | VillageStation


def roster_values(model: Model, matrix: Matrix, roster: Roster) -> Ints | None:
    """Return the values of a roster, None if it takes a pair the model does not offer."""
    values = np.zeros(len(matrix.upper), dtype=np.int64)
    columns = taken_columns(model, roster)
    values[columns] = 1
    plain = {visit.model_copy(update={"lecture": False}) for visit in roster.visits}
    rows = {
        Block.ADVISERS: set(roster.advisers),
        Block.MEDIATORS: set(roster.mediators),
        Block.DUTIES: set(roster.duties),
        Block.VISITS: plain,
        Block.STATIONS: {row for row in roster.stations if row.host is not None},
    }
    wanted = sum(len(rows[block]) for block in model.choices)
    return matrix.close(values) if len(columns) == wanted else None


def at_level(rule: Rule, level: Level) -> Rule:
    """Return the rule at a level; in this test even a demand may be hard."""
    return rule.model_copy(update={"level": level})


def contradictions(plan: Plan, rule: Rule, liking: Ints) -> Iterator[str]:
    """Yield how encode and check of a rule contradict each other on a drawn plan.

    Asked are the drawn roster, soft and hard, the rosters on the hard rule's edge, and the
    roster that the hard model chooses when left alone.
    """
    facts, drawn = plan.facts, plan.roster(rule)
    hard, soft = at_level(rule, Level.HARD), at_level(rule, Level.SOFT)
    yield disagreement(facts, soft, drawn)
    for roster in (drawn, *edges(facts, hard, drawn)):
        yield disagreement(facts, hard, roster)
    chosen = solved(facts, hard, liking)
    if chosen is not None and amount_of(facts, hard, chosen):
        yield f"the hard model chooses {chosen!r}"


def amount_of(facts: Facts, rule: Rule, roster: Roster) -> int:
    """Return what the check finds, in the rule's own unit."""
    return sum(breach.amount for breach in rule.check(facts, Reading(facts, roster)))


def disagreement(facts: Facts, rule: Rule, roster: Roster) -> str:
    """Return how model and check differ on a roster, empty if they agree.

    Both stages are asked and added up, since the check sees the whole roster at once.
    """
    amount = amount_of(facts, rule, roster)
    stages = seats_model(facts, [rule]), month_model(facts, [rule], roster.advisers)
    costs = [cost_of(model, roster) for model in stages if model.rules]
    is_feasible = None not in costs
    found = f"check: {amount} x {rule.weight}, model: {costs}, {roster!r}"
    if rule.level is Level.HARD:
        return "" if is_feasible == (amount == 0) else found
    cost = sum(cost or 0 for cost in costs)
    return "" if is_feasible and cost == amount * rule.weight else found


def cost_of(model: Model, roster: Roster) -> int | None:
    """Return the least cost CP-SAT finds with all choices fixed to the roster, None if infeasible.

    Raises
    ------
    AssertionError
        When ``Model.close``, which fills slacks without a solver, gives another answer.
    """
    matrix = model.matrix()
    values = roster_values(model, matrix, roster)
    if values is None:
        return None
    decided = np.concatenate([choices.column for choices in model.choices.values()])
    price = model.price(model.rules[0].rung)
    answer = constrain(_fixed(matrix, decided, values), price, EFFORT)
    assert matrix.admits(values) == (answer.values is not None), "close and CP-SAT differ"
    if answer.values is None:
        return None
    cost = int(price @ answer.values)
    assert cost == int(price @ values), "close and CP-SAT price differently"
    return cost


def edges(facts: Facts, rule: Rule, roster: Roster) -> Iterator[Roster]:
    """Yield rosters on the edge of a rule: the most of ``roster`` that keeps it, and one row more.

    A hard rule is seldom broken by exactly one unit in a random roster; here it always is.
    Rules that the empty roster breaks have no such edge.
    """
    clean, over = Roster(month=roster.month), None
    if amount_of(facts, rule, clean):
        return
    rows: list[Assignment] = [*roster.advisers, *roster.mediators, *roster.duties, *roster.visits]
    rows += [row for row in roster.stations if row.host is not None]
    for row in rows:
        seated = {(seat.village, seat.person) for seat in clean.advisers}
        if isinstance(row, Visit) and (row.village, row.person) not in seated:
            continue  # the month offers visits to advisers in office only
        larger = _with(clean, row)
        if amount_of(facts, rule, larger):
            over = larger
        else:
            clean = larger
    yield clean
    if over is not None:
        yield over


def solved(facts: Facts, rule: Rule, liking: Ints) -> Roster | None:
    """Return the roster CP-SAT likes most among those the hard models admit, None if there is none.

    ``liking`` is repeated over the choices; the larger, the more a choice is wanted.
    """
    roster = Roster(month=facts.month)
    for is_month in (False, True):
        model = seats_model(facts, [rule])
        if is_month:
            model = month_model(facts, [rule], roster.advisers)
        matrix = model.matrix()
        price = np.zeros(len(matrix.upper), dtype=np.int64)
        decided = np.concatenate([choices.column for choices in model.choices.values()])
        price[decided] = -np.resize(liking, len(decided))
        answer = constrain(matrix, price, EFFORT)
        if answer.values is None:
            return None
        roster = read_roster(facts, [rule], [(model, answer.values)], roster)
    return roster


def _fixed(matrix: Matrix, columns: Ints, values: Ints) -> Matrix:
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[columns] = upper[columns] = values[columns]
    return replace(matrix, lower=lower, upper=upper)


def _with(roster: Roster, row: Assignment) -> Roster:
    tables = {AdviserSeat: "advisers", MediatorSeat: "mediators", Duty: "duties", Visit: "visits"}
    tables[VillageStation] = "stations"
    name = tables[type(row)]
    return roster.model_copy(update={name: (*getattr(roster, name), row)})
