"""Makes the instances of a question: every scenario is made and checked before any is solved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.formats.read import rebuilt
from models.instance import Instance
from models.issues import InputError, Issue, Sentence
from scenarios.changes.base import Change
from scenarios.whatif.question import Question, Step
from solver.profiles import load_rules

BASE = Sentence("基准", "base")
"""What the base is called beside the scenarios."""

MOST_ROWS = 1_000_000
"""Rows of what changes may make; some that double the people, one after another, would fill any memory."""


@dataclass(frozen=True)
class PreparedScenario:
    """One scenario with one seed: its name, what it changes, the instance to solve."""

    name: str
    name_en: str
    seed: int
    sentences: tuple[Sentence, ...]
    instance: Instance


def prepare(question: Question, base: Instance) -> list[PreparedScenario]:
    """Return the base and every scenario, seed by seed, the base first.

    Each instance has passed every check of an upload and has its rows in the canonical order, so
    that what is solved is what its document holds.

    Raises
    ------
    InputError
        With every Issue of every scenario that cannot be made, each with its line.
    """
    month = question.head.month or base.settings.month
    settings = base.settings.model_copy(update={"month": month})
    load_rules(settings.profile, base.rules)
    builder = _ScenarioBuilder(rebuilt(base.model_copy(update={"settings": settings})))
    made = []
    for seed in question.head.seeds:
        instance, said = builder.made((), question.steps, seed)
        made.append(PreparedScenario(BASE.zh, BASE.en, seed, said, instance))
        for variant in question.variants:
            instance, said = builder.made(question.steps, variant.steps, seed)
            made.append(PreparedScenario(variant.name, variant.name_en, seed, said, instance))
    if builder.issues:
        raise InputError(list(dict.fromkeys(builder.issues)))
    return made


Made = tuple[Instance, tuple[Sentence, ...]]


class _ScenarioBuilder:
    """Makes each instance once, whatever scenarios and seeds ask for it."""

    def __init__(self, base: Instance) -> None:
        self.issues: list[Issue] = []
        self._known: dict[tuple[Change, ...], Made] = {(): (base, ())}

    def made(self, first: Sequence[Step], then: Sequence[Step], seed: int) -> Made:
        """Return the base after both runs of steps, and what the second run did in words."""
        instance, said = self._after([*first, *then], seed)
        return instance, said[len(self._after(first, seed)[1]) :]

    def _after(self, steps: Sequence[Step], seed: int) -> Made:
        changes = tuple(step.seeded(seed) for step in steps)
        if changes not in self._known:
            instance, said = self._after(steps[:-1], seed)
            self._known[changes] = self._one_more(instance, said, steps[-1], changes[-1])
        return self._known[changes]

    def _one_more(
        self, instance: Instance, said: tuple[Sentence, ...], step: Step, change: Change
    ) -> Made:
        """Return the instance after one more change; what cannot be made stays as it was."""
        try:
            checked = rebuilt(change.apply(instance))
        except InputError as error:
            self.issues += [_placed(found, step) for found in error.issues]
            return instance, said
        if sum(checked.counts().values()) > MOST_ROWS:
            self.issues.append(
                _placed(change.refusal("change_too_many_rows", most=MOST_ROWS), step)
            )
            return instance, said
        return checked, (*said, change.sentence(instance))


def _placed(found: Issue, step: Step) -> Issue:
    """Return an issue at the line of the parameter it names, else of the change, its own path after it."""
    table, cell = step.fields.get(found.cell, step.spot)
    is_path = found.cell.startswith("$")
    return found.model_copy(
        update={"table": table, "cell": f"{cell} {found.cell}" if is_path else cell}
    )
