"""What somebody does to a cell of a draft: put a person there, empty it, move a visit, undo.

A change is worked out against the draft as it is now. Others may have changed it since it was
looked at: what they did elsewhere stays, and where they did it in the same place, both are told.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Literal, NamedTuple

from api.office.conflicts import ConflictError
from api.office.context import Service
from api.office.open_plans import OpenPlan
from api.office.plans.edits import edited
from api.office.plans.merging import place_of
from models.issues import InputError
from models.messages import issue
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, Visit, slot_id
from models.store.database.errors import StaleError, WrongStageError
from models.store.plans.editing import Edit, EditAction, EditStep, LoggedEdit, edit_rows, edits_made
from models.store.plans.roster_rows import RosterRow, rows_of
from models.vocabulary import Part

CellKind = Literal["slot", "standby", "village", "site", "visit"]
TRIES = 5
"""How often a change is worked out anew when somebody else is quicker."""


class Cell(NamedTuple):
    """A place of a plan: a slot, who stands by for it, a village, a site, a visit.

    ``target`` is the id of slot, village or site; of a visit it is made like a slot's, of the
    village, date and part.
    """

    kind: CellKind
    target: str

    def rows(self, plan: Roster) -> tuple[RosterRow, ...]:
        """Return what the plan has there."""
        table = _TABLES[self.kind]
        return tuple(row for row in getattr(plan, table) if self.holds(row))

    def holds(self, row: RosterRow) -> bool:
        """Whether a row of a plan stands there."""
        match row:
            case Duty():
                kind: CellKind = "standby" if row.standby else "slot"
                return (kind, row.slot) == self
            case AdviserSeat():
                return ("village", row.village) == self
            case MediatorSeat():
                return ("site", row.site) == self
            case Visit():
                return visit_cell(row) == self
            case _:
                return False


_TABLES: dict[CellKind, str] = {
    "slot": "duties",
    "standby": "duties",
    "village": "advisers",
    "site": "mediators",
    "visit": "visits",
}


class MeanwhileError(ConflictError):
    """Somebody else has changed the same place since it was looked at."""

    def __init__(self, theirs: Sequence[LoggedEdit], version: int) -> None:
        self.theirs, self.version = tuple(theirs), version
        super().__init__(issue("edited_meanwhile", who=self.theirs[-1].by))


class Steps(NamedTuple):
    """What one person may undo and do again, the next one last."""

    done: tuple[LoggedEdit, ...]
    undone: tuple[LoggedEdit, ...]


Working = Callable[[OpenPlan], Sequence[Edit]]
"""Works a change out against a draft."""


def visit_cell(visit: Visit) -> Cell:
    """Return the cell of a visit."""
    return Cell("visit", slot_id(visit.village, visit.date, visit.part))


def assigning(cell: Cell, person: str, replacing: str | None) -> Working:
    """Return how a person comes into a cell, in the place of another or beside whoever is there.

    Who stood by for a slot gives that up to hold it; the visits of an adviser who is replaced
    go along.
    """

    def work(open_plan: OpenPlan) -> Sequence[Edit]:
        plan = open_plan.plan
        gone = _held(cell, plan, replacing) if replacing else None
        edits = [Edit(gone, _row(open_plan, cell, person))]
        if cell.kind == "slot":
            ready = Cell("standby", cell.target).rows(plan)
            edits += [Edit(row, None) for row in ready if _person(row) == person]
        if cell.kind == "village" and replacing:
            own = [v for v in plan.visits if (v.village, v.person) == (cell.target, replacing)]
            edits += [Edit(v, v.model_copy(update={"person": person})) for v in own]
        return edits

    return work


def emptying(cell: Cell, person: str) -> Working:
    """Return how a person leaves a cell; an adviser's visits to the village go too."""

    def work(open_plan: OpenPlan) -> Sequence[Edit]:
        plan = open_plan.plan
        edits = [Edit(_held(cell, plan, person), None)]
        if cell.kind == "village":
            own = [v for v in plan.visits if (v.village, v.person) == (cell.target, person)]
            edits += [Edit(visit, None) for visit in own]
        return edits

    return work


def moving(cell: Cell, date: dt.date, part: Part) -> Working:
    """Return how a visit comes to another half day."""

    def work(open_plan: OpenPlan) -> Sequence[Edit]:
        rows = cell.rows(open_plan.plan)
        if not rows:
            raise InputError([issue("not_there", who=cell.target)])
        there = {"date": date, "part": part, "start": None}  # it begins with its new half day
        return [Edit(row, row.model_copy(update=there)) for row in rows]

    return work


def visiting(cell: Cell, person: str, date: dt.date, part: Part) -> Working:
    """Return how one more visit to a village is added."""
    return lambda _: [Edit(None, Visit(village=cell.target, person=person, date=date, part=part))]


def several(*parts: Working) -> Working:
    """Return how several changes are made in one step."""
    return lambda open_plan: [edit for part in parts for edit in part(open_plan)]


def change(
    service: Service,
    roster: int,
    working: Working,
    *,
    seen: int,
    by: str,
    cell: Cell | None = None,
    action: EditAction = "edit_assignment",
) -> OpenPlan:
    """Change a draft and return it as it is then; the check begins when somebody asks for it.

    Parameters
    ----------
    seen
        The version at which whoever changes it looked at it.
    cell
        Where it is changed, beside the places of its rows.

    Raises
    ------
    MeanwhileError
        Others have changed the same place since.
    InputError, StoreError
        See ``edit_rows`` and ``check_edits``.
    """
    for _ in range(TRIES):
        now = service.open_plans.get(roster)
        if not now.is_draft:
            raise WrongStageError("edit_not_draft")
        newer = changes_since(service, roster, seen) if seen < now.version else ()
        if cell is not None:
            _refuse_overtaken(now, newer, cell.holds)
        edits = working(now)
        places = {place_of(row) for edit in edits for row in edit if row is not None}
        _refuse_overtaken(now, newer, lambda row: place_of(row) in places)  # noqa: B023
        changed = edited(now.instance, now.plan, edits)
        step = EditStep(tuple(edits), by, action=action)
        try:
            with service.store.begin() as session:
                version = edit_rows(
                    session, roster, step, version=now.version, instance=now.instance
                )
        except StaleError:
            continue
        made = replace(now, version=version, plan=changed)
        service.open_plans.remember(made)
        return made
    raise StaleError(now.version, service.open_plans.version(roster))


def changes_since(service: Service, roster: int, seen: int) -> tuple[LoggedEdit, ...]:
    """Return the edits of a draft since a version, oldest first; each made one version."""
    with service.store.read() as session:
        made = edits_made(session, roster)
    newer = service.open_plans.version(roster) - seen
    return tuple(made[-newer:]) if newer > 0 else ()


def steps_of(service: Service, roster: int, by: str) -> Steps:
    """Return what somebody may undo and redo of a draft: each their own edits."""
    with service.store.read() as session:
        made = edits_made(session, roster, by)
    done: list[LoggedEdit] = []
    undone: list[LoggedEdit] = []
    for edit in made:
        if edit.action == "undo_edit" and done:
            undone.append(done.pop())
        elif edit.action == "redo_edit" and undone:
            done.append(undone.pop())
        elif edit.action == "edit_assignment":
            done.append(edit)
            undone.clear()
    return Steps(tuple(done), tuple(undone))


def undo(service: Service, roster: int, *, by: str) -> OpenPlan:
    """Undo the last edit that somebody made of a draft, by its inverse.

    Raises
    ------
    ConflictError
        There is none, or what it made is not there any more.
    """
    done = steps_of(service, roster, by).done
    if not done:
        raise ConflictError(issue("nothing_to_undo"))
    return _again(service, roster, done[-1].after, done[-1].inverse, by, "undo_edit")


def redo(service: Service, roster: int, *, by: str) -> OpenPlan:
    """Make again what somebody undid last. Raises as ``undo`` does."""
    undone = steps_of(service, roster, by).undone
    if not undone:
        raise ConflictError(issue("nothing_to_redo"))
    edit = undone[-1]
    gone = [Edit(row, None) for row in edit.before]
    edits = (*gone, *(Edit(None, row) for row in edit.after))
    return _again(service, roster, edit.before, edits, by, "redo_edit")


def _again(
    service: Service,
    roster: int,
    needed: Sequence[RosterRow],
    edits: Sequence[Edit],
    by: str,
    action: EditAction,
) -> OpenPlan:
    """Make edits that need some rows as they were left."""

    def work(now: OpenPlan) -> Sequence[Edit]:
        if not set(needed) <= set(rows_of(now.plan)):
            raise ConflictError(issue("undo_overtaken"))
        return edits

    seen = service.open_plans.version(roster)
    return change(service, roster, work, seen=seen, by=by, action=action)


def _refuse_overtaken(
    now: OpenPlan, newer: Sequence[LoggedEdit], is_meant: Callable[[RosterRow], bool]
) -> None:
    theirs = [edit for edit in newer if any(map(is_meant, (*edit.before, *edit.after)))]
    if theirs:
        raise MeanwhileError(theirs, now.version)


def _held(cell: Cell, plan: Roster, person: str) -> RosterRow:
    found = next((row for row in cell.rows(plan) if _person(row) == person), None)
    if found is None:
        raise ConflictError(issue("not_there", who=person))
    return found


def _person(row: RosterRow) -> str | None:
    return getattr(row, "person", None)


def _row(open_plan: OpenPlan, cell: Cell, person: str) -> RosterRow:
    """Return the row that puts a person into a cell."""
    if cell.kind == "village":
        return AdviserSeat(village=cell.target, person=person)
    if cell.kind == "site":
        return MediatorSeat(site=cell.target, person=person)
    if cell.kind == "visit":
        raise ConflictError(issue("not_there", who=person))
    facts = open_plan.facts
    if cell.target not in facts.slot_idx:
        raise InputError([issue("unknown_slot", value=cell.target)])
    slot = facts.slots[facts.slot_idx[cell.target]]
    is_standby = cell.kind == "standby"
    return Duty(
        post=slot.post.id, date=slot.date, part=slot.part, person=person, standby=is_standby
    )
