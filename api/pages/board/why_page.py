"""Why a roster is as it is: one sentence with numbers, everybody's reasons, the cheapest ways to mend it."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.denied import UnseenError
from api.office.context import Service
from api.office.open_plans import OpenPlan
from api.office.plans.by_hand import Cell
from api.pages.board import board_words as words
from api.pages.board.asked import Asked
from api.pages.board.board import MayRead, address_of, state_of
from api.pages.board.board_doors import ShownPlan
from api.pages.board.panels import slot_words
from api.pages.board.told import told_row
from api.pages.frame.page import page
from api.routes.answering.running import InService
from models.issues import Sentence
from models.report import Reason, Report
from solver.answers.why_station import station_lines
from solver.changes.candidates import Candidate, Ranking, rank, rank_slot
from solver.changes.ways import hand_overs, relaxations
from solver.modelling.reading import Reading
from solver.profiles import profile_tables
from solver.rules import rule_types

router = APIRouter(prefix="/office/{area}/rosters/{roster}")
WhyKind = Literal["slot", "standby", "village", "site", "person", "visit"]


@dataclass(frozen=True)
class ReasonRow:
    """One group of people, what keeps them away, and where that is written."""

    reason: Reason
    names: tuple[str, ...]
    rule: Sentence
    source: str


@router.get("/why")
def show_why(
    request: Request,
    open_plan: ShownPlan,
    asked: Asked,
    service: InService,
    grant: MayRead,
    kind: WhyKind,
    target: Annotated[str, Query(max_length=200)],
) -> HTMLResponse:
    """Answer for a name, a cell or a village."""
    return page(
        request,
        "board/why.html",
        plan=open_plan,
        asked=asked,
        here=address_of(open_plan),
        words=words,
        names={p.id: p.name for p in open_plan.instance.people},
        **_found(service, open_plan, kind, target),
    )


def _found(service: Service, open_plan: OpenPlan, kind: WhyKind, target: str) -> dict[str, Any]:
    if kind == "visit":  # the adviser's visit is explained with the village
        kind, target = "village", target.rpartition("@")[0]
    if kind == "person":
        return _of_person(open_plan, state_of(service, open_plan).report, target)
    return _of_cell(open_plan, Cell(kind, target))


def _of_person(open_plan: OpenPlan, report: Report, target: str) -> dict[str, Any]:
    person = open_plan.instance.person_by_id.get(target)
    if person is None:
        raise UnseenError
    plan = open_plan.reading()
    load = next((row for row in report.fairness if row.person == target), None)
    turns, visits = len(plan.turns_of(target)), len(plan.visits_of[target])
    villages = len(plan.villages_of[target])
    before, minutes = (load.carried_turns, load.travel_minutes) if load else (0, 0)
    due = sum(share.entitled for share in load.shares if share.kind is None) if load else 0.0
    zh = f"{person.name}（{person.kind.label}）本月值班 {turns} 次、走访 {visits} 次，任 {villages} 个村居的顾问；"
    zh += f"此前累计 {before} 次，应得约 {due:.1f} 次，本月路途 {minutes} 分钟。"
    en = f"{person.name}: {turns} turns and {visits} visits this month, adviser of {villages}; "
    en += f"{before} turns before, about {due:.1f} due, {minutes} minutes of travel this month."
    rows = list(_rows_of(open_plan, target))
    told = [breach for breach in report.breaches if breach.subject == target]
    return _answer(Sentence(zh, en), cell=None) | {"rows": rows, "breaches": told}


def _rows_of(open_plan: OpenPlan, person: str) -> Iterator[Sentence]:
    plan = open_plan.plan
    for table in (plan.duties, plan.visits, plan.advisers, plan.mediators):
        for row in table:
            if row.person == person:
                yield told_row(open_plan, row)


def _of_cell(open_plan: OpenPlan, cell: Cell) -> dict[str, Any]:
    """Return what the page shows of a slot, a village or a site. Raises InputError as ``rank`` does."""
    plan = open_plan.reading()
    rules = open_plan.rules
    if cell.kind == "standby":
        ranking = rank_slot(plan, rules, cell.target, standby=True)
    else:
        ranking = rank(plan, rules, cell.kind, cell.target)
    found = _answer(_sentence(open_plan, plan, cell, ranking), cell=cell)
    found |= {"ranking": ranking, "reasons": list(_reasons(open_plan, ranking.refused))}
    found["rows"] = [told_row(open_plan, row) for row in cell.rows(open_plan.plan)]
    if cell.kind == "village" and open_plan.plan.stations:
        lines = station_lines(open_plan.facts, plan, None, cell.target)
        found["rows"] += [Sentence(*line) for line in lines]
    if cell.kind == "slot" and not ranking.candidates:
        found["exchanges"] = hand_overs(plan, rules, cell.target, ranking.refused)
        found["slots"] = {one.slot: _title(open_plan, one.slot) for one in found["exchanges"]}
    if cell.kind != "standby":
        found["relaxed"] = relaxations(plan, rules, cell.kind, cell.target, ranking)
    return found


def _answer(sentence: Sentence, cell: Cell | None) -> dict[str, Any]:
    return {
        "sentence": sentence,
        "cell": cell,
        "rows": [],
        "breaches": [],
        "ranking": None,
        "reasons": [],
        "exchanges": [],
        "slots": {},
        "relaxed": [],
    }


def _sentence(open_plan: OpenPlan, plan: Reading, cell: Cell, ranking: Ranking) -> Sentence:
    """Say in one sentence who is there and how the next best compares, or why nobody is."""
    facts, what = open_plan.facts, _what(open_plan, cell)
    gone = ranking.replaced or next((_person(row) for row in cell.rows(open_plan.plan)), None)
    known = open_plan.instance.person_by_id
    best = ranking.candidates[0] if ranking.candidates else None
    count, refused = len(ranking.candidates), sum(reason.count for reason in ranking.refused)
    if ranking.replaced is None and best is None:
        first = ranking.refused[0] if ranking.refused else None
        zh = f"{what.zh}空着：{refused} 人都不能安排" + (f"，主要是{first.zh}。" if first else "。")
        en = f"{what.en} is empty: none of {refused} may take it" + (
            f"; {first.en}." if first else "."
        )
        return Sentence(zh, en)
    told, told_en = _best(best) if best else ("", "")
    if ranking.replaced is None:
        return Sentence(
            f"{what.zh}空着：{count} 人可以安排，最合适的是{told}；{refused} 人不能。",
            f"{what.en} is empty: {count} could take it, best {told_en}; {refused} may not.",
        )
    assert gone is not None
    minutes = facts.minutes(gone, _place(open_plan, cell))
    turns, name = len(plan.turns_of(gone)), known[gone].name if gone in known else gone
    zh = f"{what.zh}由 {name} 承担：单程 {minutes} 分钟，本月值班 {turns} 次，此前 {facts.turns_before.get(gone, 0)} 次。"
    zh += f"另有 {count} 人可以接替，最合适的是{told}；" if best else "没有别人可以接替；"
    en = f"{what.en}: {name}, {minutes} min one way, {turns} turns this month. "
    en += f"{count} others could take over, best {told_en}; " if best else "Nobody else could; "
    return Sentence(f"{zh}{refused} 人不能。", f"{en}{refused} may not.")


def _best(one: Candidate) -> tuple[str, str]:
    """Return a candidate and the first goals that would change."""
    changed = words.changed_goals(one.costs)[:2]
    zh = "、".join(f"{g.label}{'变差' if cost > 0 else '改善'} {abs(cost)}" for g, cost in changed)
    en = ", ".join(
        f"{g.value} {'worse' if cost > 0 else 'better'} by {abs(cost)}" for g, cost in changed
    )
    minutes = f"单程 {one.minutes} 分钟", f"{one.minutes} min"
    return (
        f" {one.name}（{minutes[0]}，{zh or '目标不变'}）",
        f"{one.name} ({minutes[1]}, {en or 'no goal changes'})",
    )


def _reasons(open_plan: OpenPlan, refused: tuple[Reason, ...]) -> Iterator[ReasonRow]:
    sources = profile_tables(open_plan.instance.settings.profile)
    known = open_plan.instance.person_by_id
    types = rule_types()
    for reason in refused:
        rule = types.get(reason.code)
        text = inspect.cleandoc(rule.__doc__ or "") if rule else ""
        source = sources.get(reason.code, {}).get("source") or text.partition("Source:")[2].strip()
        names = tuple(known[p].name if p in known else p for p in reason.people)
        title = Sentence(rule.zh, rule.en) if rule else Sentence("", "")
        yield ReasonRow(reason, names, title, source)


def _what(open_plan: OpenPlan, cell: Cell) -> Sentence:
    if cell.kind in ("slot", "standby"):
        return _title(open_plan, cell.target)
    instance = open_plan.instance
    place = instance.village_by_id.get(cell.target) or instance.site_by_id.get(cell.target)
    name = place.name if place else cell.target
    role = ("的顾问", ", adviser") if cell.kind == "village" else ("的调解员", ", mediators")
    return Sentence(f"{name}{role[0]}", f"{name}{role[1]}")


def _title(open_plan: OpenPlan, slot: str) -> Sentence:
    facts = open_plan.facts
    number = facts.slot_idx.get(slot)
    if number is None:
        return Sentence(slot, slot)
    found = facts.slots[number]
    title, _ = slot_words(found)
    place = f"{found.site.name} {found.post.name}"
    return Sentence(f"{title.zh} {place}", f"{title.en}, {place}")


def _place(open_plan: OpenPlan, cell: Cell) -> int:
    facts = open_plan.facts
    if cell.kind == "village":
        return facts.village_place(cell.target)
    site = cell.target
    if cell.kind in ("slot", "standby"):
        site = facts.slots[facts.slot_idx[cell.target]].site.id
    return facts.site_place(site)


def _person(row: Any) -> str | None:
    return getattr(row, "person", None)
