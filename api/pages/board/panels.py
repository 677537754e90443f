"""The panel of a cell: who is there, who else could be, at what price, and why not the others."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from api.access.denied import UnseenError
from api.office.open_plans import OpenPlan
from api.office.plans.by_hand import Cell, CellKind
from api.pages.board import board_words as words
from api.pages.board.asked import Asked
from api.pages.board.board import MayRead, address_of
from api.pages.board.board_doors import ShownPlan
from api.pages.board.grid import Line
from api.pages.board.views import Views
from api.pages.frame.page import page
from api.routes.answering.running import InService, Today
from models.issues import Sentence
from models.roster import Visit
from models.slots import Slot
from models.store.plans.pins import pins_of
from models.vocabulary import Part
from solver.changes.candidates import rank, rank_slot
from solver.changes.half_days import rank_half_days
from solver.modelling.reading import Reading
from solver.rules import rule_types

router = APIRouter(prefix="/office/{area}/rosters/{roster}")
SHOWN = 10
"""Candidates shown at first."""
Target = Annotated[str, Query(max_length=200)]
PersonId = Annotated[str, Query(max_length=60)]


@router.get("/cell")
def show_cell(
    request: Request,
    open_plan: ShownPlan,
    asked: Asked,
    service: InService,
    today: Today,
    grant: MayRead,
    kind: CellKind,
    target: Target,
    replacing: PersonId = "",
    all: Annotated[bool, Query()] = False,
) -> HTMLResponse:
    """Show the panel of a cell, as a page of its own where no script opens it beside the board."""
    cell = Cell(kind, target)
    report = service.open_plans.last_report(open_plan.roster)
    with service.store.read() as session:
        pins = pins_of(session, open_plan.area, open_plan.plan.month)
    line = Views(open_plan, report, pins, asked, today).line_of(cell)
    if line is None:
        raise UnseenError
    return _panel(request, open_plan, asked, cell, line, replacing, shown=1000 if all else SHOWN)


def _panel(
    request: Request,
    open_plan: OpenPlan,
    asked: Asked,
    cell: Cell,
    line: Line,
    replacing: str,
    *,
    shown: int,
) -> HTMLResponse:
    people = open_plan.instance.person_by_id
    return page(
        request,
        "board/cell.html",
        plan=open_plan,
        asked=asked,
        here=address_of(open_plan),
        cell=cell,
        line=line,
        shown=shown,
        words=words,
        names={key: person.name for key, person in people.items()},
        rules={code: rule.zh for code, rule in rule_types().items()},
        **_heads(open_plan, cell, line),
        **_offers(open_plan, cell, line, replacing),
    )


def slot_words(slot: Slot) -> tuple[Sentence, Sentence]:
    """Return when a slot is, and where it is and how many it needs."""
    day = f"{slot.date.month}月{slot.date.day}日{slot.part.label}"
    clock = f"{slot.start:%H:%M}–{slot.end:%H:%M}"
    place = f"{slot.site.name} {slot.post.name}"
    under = f"{place}，{clock}，需 {slot.head_count} 人"
    under_en = f"{place}, {clock}, needs {slot.head_count}"
    return Sentence(day, f"{slot.date:%d %b}, {slot.part.value}"), Sentence(under, under_en)


def _heads(open_plan: OpenPlan, cell: Cell, line: Line) -> dict[str, Any]:
    """Return the title of a panel, and the line below it."""
    facts = open_plan.facts
    if cell.kind in ("slot", "standby"):
        title, under = slot_words(facts.slots[facts.slot_idx[cell.target]])
        ready = Sentence(f"{title.zh} 备班", f"{title.en}, standby")
        return {"title": ready if cell.kind == "standby" else title, "under": under}
    if cell.kind == "visit" and line.date and line.part:
        day = f"{line.date.month}月{line.date.day}日{line.part.label}"
        title = Sentence(f"{line.place} 走访", f"Visit to {line.place}")
        return {"title": title, "under": Sentence(day, f"{line.date:%d %b} {line.part.value}")}
    role = {"village": ("法律顾问", "adviser"), "site": ("专职调解员", "mediators")}[cell.kind]
    title = Sentence(f"{line.place} {role[0]}", f"{line.place}: {role[1]}")
    return {"title": title, "under": Sentence("", "")}


def _offers(open_plan: OpenPlan, cell: Cell, line: Line, replacing: str) -> dict[str, Any]:
    """Return who could come into a cell, or to which half days its visit could go."""
    plan = open_plan.reading()
    offers: dict[str, Any] = dict.fromkeys(("ranking", "half_days", "visitor", "replaced"))
    visit = _visit_meant(open_plan, cell, line)
    if visit is not None:
        is_new = cell.kind == "village"
        offers["half_days"] = rank_half_days(plan, open_plan.rules, visit, is_new=is_new)
        offers["visitor"] = visit.person
    if cell.kind != "visit":
        offers["ranking"] = ranking = _ranking(open_plan, plan, cell, replacing or None)
        offers["replaced"] = ranking.replaced
    known = open_plan.instance.person_by_id.get(offers["replaced"] or "")
    told = offers["ranking"] or offers["half_days"]
    return offers | {"replaced_name": known.name if known else "", "refused": told.refused}


def _ranking(open_plan: OpenPlan, plan: Reading, cell: Cell, replacing: str | None) -> Any:
    if cell.kind == "standby":
        return rank_slot(plan, open_plan.rules, cell.target, replacing, standby=True)
    return rank(plan, open_plan.rules, cell.kind, cell.target, replacing)


def _visit_meant(open_plan: OpenPlan, cell: Cell, line: Line) -> Visit | None:
    """Return the visit of a cell, or one more to a village by its adviser."""
    if cell.kind == "visit":
        rows = cell.rows(open_plan.plan)
        return rows[0] if rows and isinstance(rows[0], Visit) else None
    if cell.kind != "village" or not line.people:
        return None
    first = open_plan.facts.days[0]
    return Visit(village=cell.target, person=line.people[0].id, date=first, part=Part.AM)
