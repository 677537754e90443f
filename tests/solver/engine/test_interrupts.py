"""Where an interrupt may stop the work: there at once, elsewhere at the next such place."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import pytest

from models.report import Status
from solver import solve as solving
from solver.engine.interrupts import may_stop, stop_where_allowed
from solver.limits import Limits
from solver.profiles import load_rules
from tests.solver.rich_instance import rich_instance

REPEATABLE = Limits(30, deterministic=True)


@pytest.fixture
def allowed_only() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    stop_where_allowed()
    yield
    with suppress(KeyboardInterrupt), may_stop():
        pass  # what still waits
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


@pytest.mark.usefixtures("allowed_only")
def test_an_interrupt_stops_at_once_where_it_may() -> None:
    with pytest.raises(KeyboardInterrupt), may_stop():
        interrupt()
    with may_stop():
        pass  # nothing waits any more


@pytest.mark.usefixtures("allowed_only")
def test_an_interrupt_elsewhere_waits_for_the_next_place() -> None:
    reached = []
    interrupt()
    interrupt()
    with pytest.raises(KeyboardInterrupt), may_stop():
        reached.append("inside")
    assert reached == []
    with may_stop():
        reached.append("the next one")
    assert reached == ["the next one"]


@pytest.mark.usefixtures("allowed_only")
def test_an_inner_place_leaves_the_outer_one_open() -> None:
    def nested() -> None:
        with may_stop():
            with may_stop():
                pass
            interrupt()

    with pytest.raises(KeyboardInterrupt):
        nested()


@pytest.mark.usefixtures("allowed_only")
def test_a_second_interrupt_does_not_stop_the_keeping() -> None:
    kept = []

    def impatient() -> None:
        with may_stop():
            try:
                interrupt()
            finally:
                interrupt()
                kept.append("the best")

    with pytest.raises(KeyboardInterrupt):
        impatient()
    assert kept == ["the best"]
    with pytest.raises(KeyboardInterrupt), may_stop():
        pytest.fail("the second one waits")


def test_without_asking_for_it_an_interrupt_stops_anywhere() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt()


@pytest.mark.usefixtures("allowed_only")
@pytest.mark.parametrize(
    ("name", "status", "stages"),
    [
        ("seats_model", None, set()),
        ("month_model", Status.INTERRUPTED, {"seats"}),
        ("check", Status.OPTIMAL, {"seats", "month"}),
    ],
)
def test_an_interrupt_between_the_climbs_loses_nothing(
    monkeypatch: pytest.MonkeyPatch, name: str, status: Status | None, stages: set[str]
) -> None:
    """It arrives as one stage is being built, before there is a plan or after, or as the plan is checked."""
    do: Callable[..., Any] = getattr(solving, name)

    def interrupted(*arguments: Any) -> Any:
        interrupt()
        return do(*arguments)

    monkeypatch.setattr(solving, name, interrupted)
    instance = rich_instance()
    rules = load_rules(instance.settings.profile, instance.rules)
    if status is None:
        with pytest.raises(KeyboardInterrupt):
            solving.solve(instance, rules, limits=REPEATABLE)
        return
    outcome = solving.solve(instance, rules, limits=REPEATABLE)
    assert outcome.report.status is status
    assert {goal.stage for goal in outcome.report.goals} == stages
    assert outcome.roster.advisers
    assert {breach.rule for breach in outcome.report.hard} <= {"pins"}  # of the month not begun
