"""The base class of rules: parameters, level, goal, encoding, check, sentence, source."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, field_validator

from models.arrays import Flags
from models.goals import LADDER, Goal
from models.issues import Sentence
from models.report import Breach, FirmShare, Level
from models.vocabulary import PersonKind
from solver.modelling.choices import Block

if TYPE_CHECKING:
    from models.arrays import Ints
    from models.people import Person
    from models.places import Site, Village
    from solver.modelling.choices import Choices
    from solver.modelling.facts import Facts
    from solver.modelling.model import Model
    from solver.modelling.reading import Reading

UNBOUNDED = 1000
"""More turns than any month has."""

Price = Annotated[int, Field(ge=1, le=1000)]
"""What a unit counts, beside the rule's weight."""

Count = Annotated[int, Field(ge=0, le=1000)]
"""A whole number from 0 to 1,000."""


class Rule(BaseModel, ABC):
    """One condition or wish of the plan. The module's name is its code everywhere.

    ``encode`` adds the rule to a model, ``check`` finds its breaches in any roster; the two
    share no arithmetic. Whether a breach is forbidden, waived or priced is decided by the
    model from ``level``, never inside a rule. Nobody else knows a rule by its name: what the
    engine, the answers and the scenarios want to know of the rules, they ask every rule, and
    a rule that has nothing to say keeps the answer of this class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    zh: ClassVar[str]
    """Chinese name."""
    en: ClassVar[str]
    """English name."""
    blocks: ClassVar[frozenset[Block]]
    """The decisions the rule speaks about; it is encoded in models that have one of them."""
    is_broad: ClassVar[bool] = False
    """Whether it is asked first, before travel is measured: it refuses most pairs of a city."""
    keeps_one_place: ClassVar[bool] = False
    """Whether, kept, it leaves each person at most one choice at any moment; others may count on it."""
    may_be_hard: ClassVar[bool] = True
    """Whether it may be made hard; what asks for something that cannot always be had may not."""
    follows: ClassVar[frozenset[str]] = frozenset()
    """Fields taken from other rules or the rates unless set, see ``following`` and ``taking``."""

    level: Level
    goal: Goal
    weight: Annotated[int, Field(ge=0, le=1000)] = 1

    @field_validator("goal")
    @classmethod
    def _is_of_rules(cls, goal: Goal) -> Goal:
        if goal not in LADDER:
            message = "no goal of rules"
            raise ValueError(message)
        return goal

    @property
    def code(self) -> str:
        """The rule's name in workbook, report, API and benchmark columns."""
        return type(self).__module__.rpartition(".")[2]

    @property
    def rung(self) -> Goal:
        """The rung on which a breach is priced: a waivable rule stands on the waivable rung at latest."""
        if self.level is not Level.WAIVABLE:
            return self.goal
        return min(self.goal, Goal.WAIVABLE, key=LADDER.index)

    def applies_to(self, facts: Facts) -> bool:
        """Say whether the rule asks anything of this month; else models and reports leave it out."""
        return True

    def may_serve(self, facts: Facts, block: Block) -> Flags:
        """Return people × ``facts.areas``: False where this rule refuses every pair of them.

        Only spares work: ``amounts`` has the last word. Everybody everywhere by default.
        """
        return np.ones((len(facts.people), len(facts.areas)), dtype=bool)

    @property
    def judges_pairs(self) -> bool:
        """Whether it may refuse a pair by itself, whatever else is taken."""
        return type(self).amounts is not Rule.amounts

    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Return the breach amount that each pair has by itself, whatever else is taken.

        Hard: a pair with a positive amount is not offered at all, and keeps this rule as the
        reason.
        """
        return np.zeros(len(choices), dtype=np.int64)

    @abstractmethod
    def encode(self, model: Model) -> None:
        """Add the rule to ``model``."""

    @abstractmethod
    def check(self, facts: Facts, plan: Reading) -> Iterator[Breach]:
        """Yield every breach in ``plan``, written from the words."""

    def following(self, others: Iterable[Rule]) -> Self:
        """Return the rule with the fields in ``follows`` that are not set taken from the others."""
        return self.taking({f: value for other in others for f, value in other.lent.items()})

    def taking(self, lent: Mapping[str, Any]) -> Self:
        """Return the rule with the fields in ``follows`` that are not set taken from what is lent."""
        open_fields = self.follows - self.model_fields_set
        taken = {field: value for field, value in lent.items() if field in open_fields}
        return self.model_copy(update=taken) if taken else self

    @property
    def lent(self) -> Mapping[str, float]:
        """Numbers that rules which follow this one take over, by the name of the field."""
        return {}

    @property
    def bound(self) -> Sentence | None:
        """The number that holds people back, for reasons; None for a rule that has none."""
        return None

    @property
    def village_cap(self) -> int | None:
        """How many villages a person without a limit of their own may advise, None: no matter."""
        return None

    @property
    def circle_minutes(self) -> tuple[int, int] | None:
        """Minutes one way within which an adviser should live, in town and in the country."""
        return None

    @property
    def adviser_kinds(self) -> tuple[PersonKind, ...]:
        """Kinds of people who may advise a village, the usual one first; empty: no matter."""
        return ()

    @property
    def shared_months(self) -> int:
        """How many months of the ledger are shared out together with this one."""
        return 0

    def visits_due(self, facts: Facts, village: Village) -> int:
        """Return how many visits to a village the rule asks for in the month."""
        return 0

    def lectures_due(self, facts: Facts) -> frozenset[str]:
        """Return the ids of the villages where the rule asks for a lecture in the month."""
        return frozenset()

    def mediators_due(self, site: Site) -> int:
        """Return how many full-time mediators the rule asks for at a site."""
        return 0

    @property
    def station_numbers(self) -> Mapping[str, int]:
        """Numbers for whoever asks where stations belong.

        ``most_villages`` and ``least_matters`` of a fixed station, ``largest`` number of villages of
        a present one, ``least_duties`` a month.
        """
        return {}

    def matters(self, village: Village) -> int:
        """Return the consultations a month that a village brings to its station."""
        return 0

    def turns_left(self, person: Person, visits: int) -> int:
        """Return how many turns a person may take in a month beside so many visits."""
        return UNBOUNDED

    def firm_shares(self, plan: Reading) -> tuple[FirmShare, ...]:
        """Return what is due and given to each firm of the slots for which firms name people."""
        return ()

    def breach(self, subject: str, amount: int, zh: str, en: str) -> Breach:
        """Return a breach of this rule."""
        return Breach(
            rule=self.code, level=self.level, subject=subject, amount=amount, zh=zh, en=en
        )


class PairRule(Rule):
    """A rule that judges each pair of person and demand alone.

    Hard: a pair with a positive amount is not offered at all, and keeps this rule as the
    reason. Otherwise taking the pair costs its amount.
    """

    reason_zh: ClassVar[str]
    """Why a person was refused, after "n 人"."""
    reason_en: ClassVar[str]
    """Why a person was refused, after "n people"."""

    @abstractmethod
    def amounts(self, facts: Facts, choices: Choices) -> Ints:
        """Return the breach amount of every pair, 0 where the rule is kept."""

    def encode(self, model: Model) -> None:
        """Price every pair offered by its amount."""
        for choices in model.choices_of(self.blocks):
            model.cost(self, choices.column, self.amounts(model.facts, choices))
