"""Which data an area works with, and where it lies: its own, or those of an area above it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from api.access.places import Place
from models.area_codes import is_within
from models.instance import Instance
from models.store.instances import get_instance
from models.store.plan_tables import CurrentInstance
from models.store.store import Store
from models.store.users import areas_of_bureaus

KEPT = 8
"""Instances kept in memory; one of a city takes some ten megabytes."""


@dataclass(frozen=True)
class Data:
    """The current data of ``area``, which is asked about or lies above; ``revision`` counts changes."""

    area: str
    revision: int
    instance: Instance


class Areas:
    """Finds the current data of areas; instances are immutable, so they are kept by hash."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.instance = lru_cache(maxsize=KEPT)(self._instance)

    def data(self, area: str) -> Data | None:
        """Return what an area works with, none before the first upload.

        Anybody may write any area into his data, so what they say of it counts only where its
        official code lies in the owner's. An area whose code tells nothing, or another's, is the
        owner's too if his data say so and no bureau stands nearer.
        """
        with self._store.read() as session:
            rows = session.scalars(select(CurrentInstance)).all()
            current = [(row.area, row.revision, row.instance) for row in rows]
            bureaus = {row.area for row in rows} | areas_of_bureaus(session)
        is_free = not any(is_within(area, bureau) for bureau in bureaus)
        # an area's own data first, then those of the nearest above it
        for owner, revision, key in sorted(current, key=lambda row: _order(area, row[0])):
            is_above = is_within(area, owner)
            instance = self.instance(key) if is_above or is_free else None
            if instance is not None and _tells(instance, owner, area, is_above=is_above):
                return Data(owner, revision, instance)
        return None

    def place(self, area: str) -> Place:
        """Return where an area lies; one that no data know lies in itself alone."""
        found = self.data(area)
        return Place.of_area(found.instance, area) if found else Place(area)

    def inside(self, area: str) -> set[str]:
        """Return an area and all that its data know to lie in it, and that are not another's."""
        found = self.data(area)
        if found is None:
            return {area}
        parents = Place.of_area(found.instance, area).parents
        told = {code for code in parents if Place(code, parents).is_inside(area)}
        # an official code speaks for itself; of others the data of all areas are asked
        return {area} | {c for c in told if is_within(c, area) or self.place(c).is_inside(area)}

    def place_of_person(self, area: str, person: str) -> Place | None:
        """Return where a person's things lie, none for a stranger."""
        found = self.data(area)
        if found is None or person not in found.instance.person_by_id:
            return None
        return Place.of_person(found.instance, person)

    def _instance(self, key: str) -> Instance:
        with self._store.read() as session:
            return get_instance(session, key)


def _order(area: str, owner: str) -> tuple[bool, int, str]:
    """Order owners of data by how near they lie above ``area``; a longer code is a smaller area."""
    is_above = is_within(area, owner)
    return not is_above, -len(owner.rstrip("0")) if is_above else 0, owner


def _tells(instance: Instance, owner: str, area: str, *, is_above: bool) -> bool:
    """Tell whether the data of ``owner`` are those that ``area`` works with."""
    is_known = area in instance.area_by_id and (is_above or owner in instance.ancestors(area))
    return owner == area or is_known
