"""The commands for the morning somebody is ill: who else could, and the month repaired."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.actions.named import meant
from api.commands.options import (
    AsJson,
    File,
    RosterFile,
    Strict,
    finish,
    print_json,
    read_both,
)
from api.commands.terminal import say
from models.issues import InputError
from models.messages import issue

if TYPE_CHECKING:
    from models.instance import Instance
    from models.report import Report
    from solver.changes.candidates import Candidate, Ranking
    from solver.changes.repair import Repaired

app = typer.Typer()

SHOWN_CANDIDATES = 12


@app.command()
def candidates(
    file: File,
    roster: RosterFile,
    slot: Annotated[
        str | None,
        typer.Option(help="班次，如 “12月8日上午 某某站 咨询”，或代码 岗位@20261201am。A slot."),
    ] = None,
    village: Annotated[
        str | None, typer.Option(help="村居，代码或名称。A village, by id or name.")
    ] = None,
    site: Annotated[
        str | None,
        typer.Option(help="站点，编号或名称，找专职调解员。A site, for a mediator's seat."),
    ] = None,
    replacing: Annotated[str | None, typer.Option(help="替换谁，编号或姓名。Whose place.")] = None,
    as_json: AsJson = False,
) -> None:
    """列出可以顶替的人选，按代价排序。Rank who else could take a slot, a village or a seat."""
    from api.actions.planning import rules_of
    from api.actions.slot_words import slot_named
    from solver.changes.candidates import rank
    from solver.modelling.facts import Facts
    from solver.modelling.reading import Reading

    asked = {"slot": slot, "village": village, "site": site}
    named = [(kind, target) for kind, target in asked.items() if target is not None]
    if len(named) != 1 or (replacing and village is not None):
        raise InputError([issue("candidates_of_what")])
    instance, read = read_both(file, roster)
    kind, target = named[0]
    is_slot = kind == "slot"
    target = (
        slot_named(instance, read.month, target) if is_slot else meant(instance, f"{kind}s", target)
    )
    replacing = meant(instance, "people", replacing)
    plan, rules = Reading(Facts(instance, read.month), read), rules_of(instance)
    ranking = rank(plan, rules, kind, target, replacing)
    if as_json:
        print_json(_ranking_document(ranking))
    else:
        say("\n".join(_ranking_lines(instance, ranking)))


@app.command()
def repair(
    file: File,
    roster: RosterFile,
    person: Annotated[str, typer.Option(help="谁缺勤，编号或姓名。Who is away.")],
    first: Annotated[str, typer.Option("--from", help="缺勤首日 YYYY-MM-DD。First day.")],
    out: Annotated[Path, typer.Option(help="结果文件夹。Folder for the results.")],
    last: Annotated[
        str | None, typer.Option("--to", help="末日（含），默认同首日。Last day.")
    ] = None,
    part: Annotated[
        str | None, typer.Option(help="上午、下午或夜间，默认全天。am, pm, night.")
    ] = None,
    today: Annotated[
        str | None,
        typer.Option(
            help="今天的日期，之前的不再改；默认系统日期，不晚于缺勤首日。"
            "What lies before this day is past; by default today, or the first day if that is earlier."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """有人临时缺勤：只改必须改的。Somebody is away: change only what must change."""
    from api.actions.absences import absence_of, check_places, repair_month, today_of
    from api.actions.updating import calendars_in

    check_places(file, roster, out)
    instance, read = read_both(file, roster)
    person = meant(instance, "people", person)
    absence = absence_of(instance, read.month, person, (first, last), part)
    earlier, at = calendars_in(roster.parent), dt.datetime.now(dt.UTC)
    day = today_of(today, absence)
    repaired, report = repair_month(instance, read, absence, out, day, earlier, at)
    if as_json:
        print_json(_repair_document(repaired))
    else:
        say("\n".join(_repair_lines(repaired, report)))
        say(f"已写出 written: {out}")
    raise typer.Exit(1 if repaired.breaches or report.hard else 0)


@app.command()
def name(
    file: File,
    roster: RosterFile,
    out: Annotated[Path, typer.Option(help="结果文件夹。Folder for the results.")],
    names: Annotated[
        Path | None, typer.Option(help="填好的“机构派人”表。The sheet filled in by firms.")
    ] = None,
    by_office: Annotated[
        bool,
        typer.Option("--by-office", help="其余未派的按方案人选派定。Name the rest as planned."),
    ] = False,
    as_json: AsJson = False,
    fail_on_unmet: Strict = False,
) -> None:
    """机构派人：把机构派定的人员写入排班。Enter the people that firms name for their slots."""
    from api.actions.absences import check_places
    from api.actions.firm_names import name_people
    from api.actions.updating import calendars_in

    check_places(file, roster, out)
    instance, read = read_both(file, roster)
    earlier, at = calendars_in(roster.parent), dt.datetime.now(dt.UTC)
    report = name_people(instance, read, names, out, earlier, at, by_office=by_office)
    finish(report, as_json, fail_on_unmet)


def _ranking_document(ranking: Ranking) -> dict[str, Any]:
    return {
        "target": ranking.target,
        "replaced": ranking.replaced,
        "candidates": [
            {
                "person": c.person,
                "name": c.name,
                "costs": {goal.value: cost for goal, cost in c.costs.items()},
                "waives": list(c.waives),
                "is_same_firm": c.is_same_firm,
                "is_standby": c.is_standby,
                "minutes": c.minutes,
                "turns": c.turns,
                "carried": c.carried,
            }
            for c in ranking.candidates
        ],
        "refused": [reason.model_dump(mode="json") for reason in ranking.refused],
    }


def _ranking_lines(instance: Instance, ranking: Ranking) -> list[str]:
    from api.actions.slot_words import target_words

    known = instance.person_by_id
    gone = (
        f"{known[ranking.replaced].name} {ranking.replaced}" if ranking.replaced else "空缺 empty"
    )
    lines = [
        f"{target_words(instance, ranking.target)}    现任 holder: {gone}    人选 candidates: {len(ranking.candidates)}"
    ]
    lines += [
        f"  {n}. {_candidate_line(c)}"
        for n, c in enumerate(ranking.candidates[:SHOWN_CANDIDATES], start=1)
    ]
    left = len(ranking.candidates) - SHOWN_CANDIDATES
    lines += [f"  … 还有 {left} 人，见 --json    {left} more, see --json"] if left > 0 else []
    for reason in ranking.refused:
        names = "、".join(known[person].name for person in reason.people if person in known)
        lines.append(f"  - {reason.zh}：{names}    {reason.en}")
    return lines


def _candidate_line(c: Candidate) -> str:
    changed = {goal: cost for goal, cost in c.costs.items() if cost}
    costs = "，".join(f"{goal.label} {goal.value} {cost:+}" for goal, cost in changed.items())
    line = (
        f"{c.name} {c.person}：{costs or '无代价 no cost'}；单程 {c.minutes} 分钟 min，"
        f"本月 {c.turns} 次 turns，往月 {c.carried} 次 carried"
    )
    line += "，本班备班 standby of this slot" if c.is_standby else ""
    line += "，同所 same firm" if c.is_same_firm else ""
    return line + (f"，须豁免 waives {'、'.join(c.waives)}" if c.waives else "")


def _repair_document(repaired: Repaired) -> dict[str, Any]:
    lists = {
        name: [row.model_dump(mode="json") for row in getattr(repaired, name)]
        for name in ("changes", "unmet", "goals", "breaches")
    }
    return {**lists, "seconds": repaired.seconds}


def _repair_lines(repaired: Repaired, report: Report) -> list[str]:
    from api.documents.sentences import difference_words
    from api.documents.view import build_view

    lines = [f"改动 changes: {len(repaired.changes)}    缺岗 unmet: {len(repaired.unmet)}"]
    view = build_view(repaired.instance, repaired.roster, report)
    lines += [f"  {difference_words(view, change)}" for change in repaired.changes]
    for unmet in repaired.unmet:
        lines.append(f"  ! {unmet.zh} / {unmet.en}")
        lines += [f"      {reason.zh}    {reason.en}" for reason in unmet.reasons]
    # old breaches too: they decide the exit code
    lines += [f"  ! {breach.zh} / {breach.en} [{breach.rule}]" for breach in report.hard]
    worst = max((goal.gap for goal in repaired.goals), default=0.0)
    spent = sum(repaired.seconds.values())
    return [*lines, f"差距 largest gap of any goal: {worst:.3%}    {spent:.2f} 秒 s"]
