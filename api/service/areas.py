"""Which data an area works with, and where it lies: its own, or those of an area above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from api.access.places import Place
from models.instance import Instance
from models.store.instances import get_instance
from models.store.plan_tables import CurrentInstance
from models.store.store import Store

KEPT = 8
"""Instances kept in memory; one of a city takes some ten megabytes."""
KNOWN = 1024
"""Instances of which the areas alone are kept in memory."""


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
        self._parents = lru_cache(maxsize=KNOWN)(self._parents_in)

    def data(self, area: str) -> Data | None:
        """Return what an area works with, none before the first upload."""
        # an area's own data, then those of whoever knows it
        for owner, revision, key in sorted(self._current(), key=lambda row: row[0] != area):
            if owner == area or area in self._parents(key):
                return Data(owner, revision, self.instance(key))
        return None

    def inside(self, area: str) -> frozenset[str]:
        """Return the area and every area known to lie in it, each judged by the data it works with."""
        current = self._current()
        judges: dict[str, Mapping[str, str | None]] = {}
        for _, _, key in current:
            parents = self._parents(key)
            judges = dict.fromkeys(parents, parents) | judges
        judges |= {owner: self._parents(key) for owner, _, key in current}
        below = {c for c, parents in judges.items() if Place(c, parents).is_inside(area)}
        return frozenset(below | {area})

    def place(self, area: str) -> Place:
        """Return where an area lies; one that no data know lies in itself alone."""
        found = self.data(area)
        return Place.of_area(found.instance, area) if found else Place(area)

    def place_of_person(self, area: str, person: str) -> Place | None:
        """Return where a person's things lie, none for a stranger."""
        found = self.data(area)
        if found is None or person not in found.instance.person_by_id:
            return None
        return Place.of_person(found.instance, person)

    def _instance(self, key: str) -> Instance:
        with self._store.read() as session:
            return get_instance(session, key)

    def _current(self) -> list[tuple[str, int, str]]:
        """Return area, revision and content hash of all data in use."""
        with self._store.read() as session:
            rows = session.scalars(select(CurrentInstance).order_by(CurrentInstance.area)).all()
            return [(row.area, row.revision, row.instance) for row in rows]

    def _parents_in(self, key: str) -> Mapping[str, str | None]:
        return {area.id: area.parent for area in self.instance(key).areas}
