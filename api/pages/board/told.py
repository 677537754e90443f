"""Edits as people are told them: which place, who before, who after, by whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api.office.open_plans import OpenPlan
from models.issues import Sentence
from models.roster import Duty, MediatorSeat, Visit
from models.store.plans.editing import LoggedEdit
from models.store.plans.roster_rows import RosterRow


@dataclass(frozen=True)
class ToldEdit:
    """One edit in words."""

    by: str
    before: tuple[Sentence, ...]
    after: tuple[Sentence, ...]


def told_edit(open_plan: OpenPlan, edit: LoggedEdit) -> ToldEdit:
    """Return an edit in words."""
    return ToldEdit(edit.by, _all(open_plan, edit.before), _all(open_plan, edit.after))


def told_row(open_plan: OpenPlan, row: RosterRow) -> Sentence:
    """Return a row in words: when, where, who."""
    instance = open_plan.instance
    known = instance.person_by_id.get(getattr(row, "person", None) or "")
    who = known.name if known else getattr(row, "person", None) or ""
    if isinstance(row, Duty):
        post = instance.post_by_id.get(row.post)
        site = instance.site_by_id.get(post.site) if post else None
        place = f"{site.name} {post.name}" if site and post else row.post
        role, role_en = ("备班", "standby") if row.standby else ("", "")
        return _told(row, place, who, role, role_en)
    if isinstance(row, Visit):
        return _told(row, _village(open_plan, row.village), who, "走访", "visit")
    if isinstance(row, MediatorSeat):
        found = instance.site_by_id.get(row.site)
        place = found.name if found else row.site
        return Sentence(f"{place} 调解员 {who}", f"{place}, mediator {who}")
    place = _village(open_plan, row.village)
    return Sentence(f"{place} 顾问 {who}", f"{place}, adviser {who}")


def _all(open_plan: OpenPlan, rows: Sequence[RosterRow]) -> tuple[Sentence, ...]:
    return tuple(told_row(open_plan, row) for row in rows)


def _told(row: Duty | Visit, place: str, who: str, role: str, role_en: str) -> Sentence:
    day = f"{row.date.month}月{row.date.day}日{row.part.label}"
    return Sentence(
        " ".join(filter(None, (day, place, role, who))),
        " ".join(filter(None, (f"{row.date:%d %b} {row.part.value}", place, role_en, who))),
    )


def _village(open_plan: OpenPlan, village: str) -> str:
    known = open_plan.instance.village_by_id.get(village)
    return known.name if known else village
