"""The scope and limits of a solve; cheap for the command line to import."""

from __future__ import annotations

from dataclasses import dataclass

from models.vocabulary import Term


class Stage(Term):
    """What to plan."""

    ALL = "all", "全部"
    ADVISERS = "advisers", "顾问与调解员席位"
    MONTH = "month", "当月"


@dataclass(frozen=True)
class Limits:
    """How long and how to solve.

    ``seconds`` of wall time for the whole; ``deterministic`` counts work instead, so that the
    same input, seed and versions give the same roster on any machine. ``workers`` processes
    climb the parts of a large plan side by side, or those of a dask ``cluster`` at its address;
    the plan does not depend on their number. Counties that share people are planned as one up
    to ``cut`` columns of the model, and apart with improved borders beyond (None: as measured).
    """

    seconds: float = 60.0
    seed: int = 1
    deterministic: bool = False
    workers: int = 1
    cluster: str = ""
    cut: int | None = None


USUAL = Limits()
"""The limits of a solve that names none."""
