"""The questions that are answered by optimisation: ``zhiban ask FILE QUESTION``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from api.actions.asking import check_place, lines_of, write_answer
from api.commands.options import (
    AsJson,
    Changes,
    File,
    Month,
    Out,
    Profile,
    Seconds,
    Seed,
    read_both,
    read_input,
)
from api.commands.terminal import say
from models.goals import Goal
from scenarios.optimised.terms import Counted, Form, NewSiteKind
from solver.limits import Stage

if TYPE_CHECKING:
    from models.instance import Instance
    from models.roster import Roster
    from scenarios.optimised.answer import Answer

app = typer.Typer()


class Questions(TyperGroup):
    """The questions, of which each tells its own help, also where no input is named yet."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Let ``ask QUESTION --help`` show the question's own help."""
        is_asked = "--help" in args[1:] and args[0] in self.commands
        return super().parse_args(ctx, ["-", *args] if is_asked else args)


ask_app = typer.Typer(
    cls=Questions,
    help="规划问题：求最优并给出证明。Questions answered by optimisation, with proof.",
)
app.add_typer(ask_app, name="ask")

StageAsked = Annotated[
    Stage, typer.Option("--stage", help="顾问与调解员，或当月（顾问照现任）。Seats, or the month.")
]


@ask_app.callback()
def ask(context: typer.Context, file: File) -> None:
    """规划问题：先给输入，再给问题。Questions answered by optimisation: the input, then the question."""
    context.obj = file


@ask_app.command("fewest-advisers")
def fewest_advisers(
    context: typer.Context,
    profile: Profile = None,
    changes: Changes = None,
    time_limit: Seconds = 5,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """全覆盖最少还需几名顾问、在哪些乡镇。The fewest advisers for full coverage, and where."""
    from api.actions.planning import rules_of
    from scenarios.optimised.fewest_advisers import fewest_advisers as answer
    from solver.engine.highs import Effort

    check_place(context.obj, "fewest-advisers", out)
    instance = read_input(context.obj, None, profile, changes)
    found = answer(instance, rules_of(instance), Effort(time_limit))
    _tell(found, "fewest-advisers", out, as_json)


@ask_app.command("best-sites")
def best_sites(
    context: typer.Context,
    new: Annotated[int, typer.Option("--new", help="新设几个。New sites at most.")] = 3,
    kind: Annotated[
        NewSiteKind, typer.Option(help="固定站或流动服务点。What is set up.")
    ] = NewSiteKind.FIXED,
    form: Annotated[Form, typer.Option(help="覆盖最多或路途最短。Cover or median.")] = Form.COVER,
    counted: Annotated[
        Counted, typer.Option("--count", help="按村居或按人口。Villages or people.")
    ] = Counted.VILLAGES,
    profile: Profile = None,
    changes: Changes = None,
    time_limit: Seconds = 60,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """新站点设在哪里最好，有人可值班才算。The best new sites that somebody can serve."""
    from api.actions.planning import rules_of
    from scenarios.optimised.best_sites import best_sites as answer
    from solver.engine.highs import Effort

    check_place(context.obj, "best-sites", out)
    instance = read_input(context.obj, None, profile, changes)
    found = answer(instance, rules_of(instance), Effort(time_limit), new, kind, form, counted)
    _tell(found, "best-sites", out, as_json)


@ask_app.command("trade-off")
def trade_off(
    context: typer.Context,
    first: Annotated[Goal, typer.Option(help="让出的目标。The goal given up.")] = Goal.STABILITY,
    second: Annotated[Goal, typer.Option(help="换来的目标。The goal gained.")] = Goal.TRAVEL,
    points: Annotated[int, typer.Option(help="曲线点数。Points of the curve.")] = 9,
    stage: StageAsked = Stage.ADVISERS,
    month: Month = None,
    profile: Profile = None,
    changes: Changes = None,
    time_limit: Seconds = 120,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """两个目标之间的取舍曲线，如换顾问与路途。The curve between two goals, as changes and travel."""
    from api.actions.planning import rules_of
    from scenarios.optimised.trade_off import trade_off as answer
    from solver.engine.highs import Effort

    check_place(context.obj, "trade-off", out)
    instance = read_input(context.obj, month, profile, changes)
    goals, effort = (first, second), Effort(time_limit)
    found = answer(instance, rules_of(instance), effort, goals, points, stage)
    _tell(found, "trade-off", out, as_json)


@ask_app.command("prices")
def prices(
    context: typer.Context,
    goals: Annotated[
        list[Goal] | None, typer.Option("--goal", help="看哪个目标，可多次。Goals to price.")
    ] = None,
    stage: StageAsked = Stage.ADVISERS,
    month: Month = None,
    profile: Profile = None,
    changes: Changes = None,
    time_limit: Seconds = 300,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """哪些规则卡住了，各放宽一个单位值多少。What binds, and what one unit of each is worth."""
    from api.actions.planning import rules_of
    from scenarios.optimised.prices import USUAL_GOALS
    from scenarios.optimised.prices import prices as answer
    from solver.engine.highs import Effort

    check_place(context.obj, "prices", out)
    instance = read_input(context.obj, month, profile, changes)
    asked, effort = goals or USUAL_GOALS, Effort(time_limit)
    _tell(answer(instance, rules_of(instance), effort, asked, stage), "prices", out, as_json)


@ask_app.command("resilience")
def resilience(
    context: typer.Context,
    roster: Annotated[
        Path | None,
        typer.Option(help="已发布的排班；不给则先排一份。The roster; else one is made."),
    ] = None,
    most: Annotated[int, typer.Option(help="最多几人同时请假。People ill at a time.")] = 5,
    draws: Annotated[int, typer.Option(help="模拟次数。Draws.")] = 40,
    days: Annotated[int, typer.Option(help="每人病几天。Days everybody is away.")] = 7,
    seed: Seed = 1,
    profile: Profile = None,
    changes: Changes = None,
    out: Out = None,
    as_json: AsJson = False,
) -> None:
    """最多几人同时请假仍能全覆盖。How many people can fall ill before coverage breaks."""
    from api.actions.planning import rules_of
    from scenarios.optimised.resilience import resilience as answer

    check_place(context.obj, "resilience", out)
    instance, published = _published(context.obj, roster, profile, changes, seed)
    found = answer(instance, rules_of(instance), published, most, draws, days, seed)
    _tell(found, "resilience", out, as_json)


def _published(
    file: Path, roster: Path | None, profile: str | None, changes: list[str] | None, seed: int
) -> tuple[Instance, Roster]:
    """Return the input and its roster, planned now where none is given."""
    from api.actions.planning import plan
    from solver.limits import Limits

    if roster is not None:
        return read_both(file, roster, None, profile, changes)
    instance = read_input(file, None, profile, changes)
    limits = Limits(seed=seed, deterministic=True)
    return instance, plan(instance, Stage.ALL, limits, lambda _: None).roster


def _tell(answer: Answer, question: str, out: Path | None, as_json: bool) -> None:
    """Print an answer, and write it if requested."""
    if out is not None:
        write_answer(answer, question, out)
    if as_json:
        sys.stdout.write(answer.model_dump_json(indent=2) + "\n")
        return
    say(lines_of(answer))
    if out is not None:
        say(f"已写出 written: {out}")
