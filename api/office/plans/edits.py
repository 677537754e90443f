"""Plans changed by hand: rows exchanged, the whole checked before and after, the difference told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from pydantic import BaseModel, Field
from sqlalchemy.orm import Session

from api.actions.planning import rules_of
from api.office.context import Service
from api.office.plans.publication import added_hard
from models.formats.roster_table import check_rows
from models.instance import Instance
from models.report import Breach, Report
from models.roster import AdviserSeat, Duty, MediatorSeat, Roster, VillageStation, Visit
from models.store.plans.editing import Edit, edit_assignment
from models.store.plans.instances import get_instance
from models.store.plans.roster_queries import get_roster, roster_record
from models.store.plans.roster_rows import RosterRow
from solver.verify import verify

_TABLES: dict[type[RosterRow], str] = {
    AdviserSeat: "advisers",
    MediatorSeat: "mediators",
    Duty: "duties",
    Visit: "visits",
    VillageStation: "stations",
}


class Effect(BaseModel):
    """What edits do to a plan: the check of the whole, and what is new in it."""

    hard: int = Field(description="硬性违规数 hard breaches now")
    terms: dict[str, int] = Field(description="各规则分值的变化 change of each rule's amount")
    new: tuple[Breach, ...]
    gone: tuple[Breach, ...]


class Edited(Effect):
    """What an edit did to the plan, and the version that it made."""

    version: int


class CheckedEdits(NamedTuple):
    """A plan after edits, and what the independent check says of it as it was and as it is."""

    plan: Roster
    before: Report
    after: Report

    @property
    def effect(self) -> Effect:
        """The difference between the two reports."""
        return effect_of(self.before, self.after)

    @property
    def breaks_hard_rule(self) -> bool:
        """Whether the edits break a hard rule that was kept before."""
        return bool(added_hard(self.before.breaches, self.after.breaches))


def effect_of(old: Report, new: Report) -> Effect:
    """Return how the report of a plan differs from that of an earlier one."""
    was, now = set(old.breaches), set(new.breaches)
    changed = {
        code: new.terms.get(code, 0) - old.terms.get(code, 0) for code in old.terms | new.terms
    }
    return Effect(
        hard=len(new.hard),
        terms={code: amount for code, amount in changed.items() if amount},
        new=tuple(b for b in new.breaches if b not in was),
        gone=tuple(b for b in old.breaches if b not in now),
    )


def check_edits(instance: Instance, plan: Roster, edits: Iterable[Edit]) -> CheckedEdits:
    """Return the plan with rows exchanged, checked before and after.

    Raises
    ------
    InputError
        With every issue of new rows that name what the data do not have.
    """
    changed = edited(instance, plan, edits)
    rules = rules_of(instance)
    return CheckedEdits(changed, verify(instance, rules, plan), verify(instance, rules, changed))


def edited(instance: Instance, plan: Roster, edits: Iterable[Edit]) -> Roster:
    """Return the plan with rows exchanged. Raises InputError as ``check_edits`` does."""
    changed, nothing = plan, Roster(month=plan.month)
    for edit in edits:
        if edit.after is not None:
            new = _rows(nothing, Edit(None, edit.after))
            check_rows(nothing.model_copy(update=new), instance)
        changed = changed.model_copy(update=_rows(changed, edit))
    return changed


def check_edit(service: Service, roster: int, edit: Edit) -> CheckedEdits:
    """Return a roster with one row exchanged, checked before and after. See ``check_edits``."""
    with service.store.read() as session:
        plan = get_roster(session, roster)
        instance = get_instance(session, plan.instance)
    return check_edits(instance, plan, [edit])


def keep_edit(
    session: Session,
    roster: int,
    edit: Edit,
    checked: CheckedEdits,
    *,
    version: int,
    by: str,
    why: str,
) -> Edited:
    """Keep an edit of a draft that was checked. Raises as ``edit_assignment`` does."""
    made = edit_assignment(
        session, roster, edit, version=version, by=by, why=why, report=checked.after
    )
    return Edited(version=made, **checked.effect.model_dump())


def check_anew(service: Service, roster: int, *, is_current: bool) -> Report:
    """Check a roster by its own data, or by those that its area works with now; nothing is kept.

    Raises
    ------
    InputError
        With an issue for each row that names what the current data do not have.
    UnseenError
        The area has no data any more.
    """
    with service.store.read() as session:
        plan, area = get_roster(session, roster), roster_record(session, roster).area
        instance = get_instance(session, plan.instance)
    if is_current:
        instance = service.areas.data_at(area).instance
        check_rows(plan, instance)
    return verify(instance, rules_of(instance), plan)


def _rows(plan: Roster, edit: Edit) -> dict[str, tuple[Any, ...]]:
    """Return the tables of the plan that an edit changes."""
    rows: dict[str, tuple[Any, ...]] = {}
    if edit.before is not None:
        name = _TABLES[type(edit.before)]
        rows[name] = tuple(row for row in getattr(plan, name) if row != edit.before)
    if edit.after is not None:
        name = _TABLES[type(edit.after)]
        rows[name] = (*rows.get(name, getattr(plan, name)), edit.after)
    return rows
