"""The place of an action: its area and those above it, its owner, and where the person serves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Self

from models.area_codes import is_within
from models.instance import Instance


@dataclass(frozen=True)
class Place:
    """What an action touches.

    Parameters
    ----------
    area
        Code of the area it belongs to; None belongs nowhere and is nobody's.
    parents
        Parent of every area known; it says what lies inside what.
    person, firm, user
        The one person, firm or account it is about, where it is about one.
    serves
        Areas in which that person serves, besides the place itself.
    """

    area: str | None
    parents: Mapping[str, str | None] = field(default_factory=dict, repr=False, compare=False)
    person: str | None = None
    firm: str | None = None
    user: str | None = None
    serves: tuple[str, ...] = ()

    @classmethod
    def of_area(cls, instance: Instance, area: str) -> Self:
        """Return the place of what belongs to an area: data, plans, rules."""
        return cls(area, _parents(instance))

    @classmethod
    def of_person(cls, instance: Instance, person_id: str, area: str | None = None) -> Self:
        """Return the place of one person's things: leave, wishes, or a duty served in ``area``.

        Without ``area`` it is the area the person belongs to. Who names no areas of service
        serves the whole instance.

        Raises
        ------
        KeyError
            When the instance has no such person.
        """
        person = instance.person_by_id[person_id]
        serves = person.serves_areas + person.duty_areas or _roots(instance)
        return cls(
            area=area if area is not None else person.area,
            parents=_parents(instance),
            person=person.id,
            firm=person.firm,
            serves=serves,
        )

    def is_inside(self, area: str | None) -> bool:
        """Whether the place lies in ``area`` or anywhere below it, by the data or its official code."""
        return area is not None and any(is_within(a, area) for a in self._upwards(self.area))

    def is_shared_with(self, area: str | None) -> bool:
        """Whether the person also serves in ``area``."""
        return any(above in self.serves for above in self._upwards(area))

    def _upwards(self, area: str | None) -> Iterator[str]:
        """Yield the area and those above it, lowest first; a cycle is followed once."""
        seen: set[str] = set()
        while area is not None and area not in seen:
            seen.add(area)
            yield area
            area = self.parents.get(area)


def _parents(instance: Instance) -> Mapping[str, str | None]:
    return {code: area.parent for code, area in instance.area_by_id.items()}


def _roots(instance: Instance) -> tuple[str, ...]:
    """Return the top-level areas of the instance."""
    known = instance.area_by_id
    return tuple(code for code, area in known.items() if area.parent not in known)
