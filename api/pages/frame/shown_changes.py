"""What differs between two plans, as rows that a reader of either language understands."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from typing import NamedTuple

from models.instance import Instance
from models.report import DifferenceRow
from models.vocabulary import Part, PinKind

_MOVED = re.compile(r"^(\d{4}-\d{2}-\d{2}) (\S+)(?: (.+))?$")


class Moment(NamedTuple):
    """A part of a day."""

    day: dt.date
    part: Part | None


class ShownChange(NamedTuple):
    """One change: what and where it is, who held it and who does; a visit may move to ``then``."""

    kind: PinKind
    where: str
    when: Moment | None
    then: Moment | None
    before: str
    after: str


def shown_changes(instance: Instance, rows: Iterable[DifferenceRow]) -> list[ShownChange]:
    """Return changes with names in place of ids, in their order."""
    return [_shown(instance, row) for row in rows]


def person_name(instance: Instance, person: str) -> str:
    """Return a person's name, the id of one whom the data do not know."""
    known = instance.person_by_id.get(person)
    return known.name if known else person


def place_name(instance: Instance, target: str) -> str:
    """Return the name of a village or site, of a post with its site."""
    place = instance.village_by_id.get(target) or instance.site_by_id.get(target)
    if place is not None:
        return place.name
    post = instance.post_by_id.get(target)
    if post is None:
        return target
    site = instance.site_by_id.get(post.site)
    return f"{site.name} {post.name}" if site else post.name


def _shown(instance: Instance, row: DifferenceRow) -> ShownChange:
    before, after, then = row.before, row.after, None
    moved = _MOVED.match(row.after) if row.kind is PinKind.VISIT else None
    if moved is not None:
        day, part, other = moved.groups()
        then, after = Moment(dt.date.fromisoformat(day), Part.meant_by(part)), other or row.before
    return ShownChange(
        row.kind,
        place_name(instance, row.target),
        Moment(row.date, row.part) if row.date else None,
        then,
        "、".join(person_name(instance, one) for one in before.split(";") if one),
        "、".join(person_name(instance, one) for one in after.split(";") if one),
    )
