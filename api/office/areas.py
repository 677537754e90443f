"""Which data an area works with, and where it lies: its own, or those of an area above it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import select

from api.access.action_places import Place
from api.access.denied import NoDataError, UnseenError
from models.area_codes import is_within
from models.instance import Instance
from models.store.database.store import Store
from models.store.people.users import areas_of_bureaus
from models.store.plans.instances import get_instance
from models.store.tables.plan_tables import CurrentInstance

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

    @property
    def place(self) -> Place:
        """Where the data lie, whole."""
        return Place.of_area(self.instance, self.area)


class Areas:
    """Finds the current data of areas; instances are immutable, so they are kept by hash."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.instance = lru_cache(maxsize=KEPT)(self._instance)
        self._parents = lru_cache(maxsize=KNOWN)(self._parents_in)

    def data(self, area: str) -> Data | None:
        """Return what an area works with, none before the first upload.

        Anybody may write any area into his data, so what they say of it counts only where its
        official code lies in the owner's. An area whose code tells nothing, or another's, is the
        owner's too if his data say so and no bureau stands nearer.
        """
        current = self._current()
        with self._store.read() as session:
            bureaus = {owner for owner, _, _ in current} | areas_of_bureaus(session)
        is_free = not any(is_within(area, bureau) for bureau in bureaus)
        # an area's own data first, then those of the nearest above it
        for owner, revision, key in sorted(current, key=lambda row: _order(area, row[0])):
            is_above = is_within(area, owner)
            instance = self.instance(key) if is_above or is_free else None
            if instance is not None and _tells(instance, owner, area, is_above=is_above):
                return Data(owner, revision, instance)
        return None

    def data_at(self, area: str) -> Data:
        """Return what an area works with.

        Raises
        ------
        NoDataError
            Before the first upload.
        UnseenError
            There are data above, but they do not know the area.
        """
        found = self.data(area)
        if found is None and any(is_within(area, owner) for owner, _, _ in self._current()):
            raise UnseenError
        if found is None:
            raise NoDataError(area)
        return found

    def others(self, area: str) -> Iterator[Instance]:
        """Yield the data that all other areas work with."""
        yield from (self.instance(key) for owner, _, key in self._current() if owner != area)

    def inside(self, area: str) -> frozenset[str]:
        """Return an area and all that are known to lie in it."""
        current = self._current()
        known = {code for owner, _, key in current for code in (owner, *self._parents(key))}
        official = {code for code in known if is_within(code, area)}
        # a code that tells nothing lies where the data say of those whose it is
        found = self.data(area)
        others = set(found.instance.area_by_id) - official if found else set()
        return frozenset({area} | official | {c for c in others if self.place(c).is_inside(area)})

    def speaks_for(self, owner: str, county: str) -> bool:
        """Tell whether the data of ``owner`` may say who an id of a county means.

        It lies in one with the county by its code, or nobody else's data tell of the county.
        """
        if is_within(county, owner) or is_within(owner, county):
            return True
        home = self.data(county)
        return home is not None and home.area == owner

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

    def place_of_firm(self, area: str, firm: str) -> Place | None:
        """Return where a firm's things lie, none for a firm that the data do not know."""
        found = self.data(area)
        known = found.instance.firm_by_id.get(firm) if found else None
        return Place(known.area, found.place.parents, firm=known.id) if found and known else None

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


def _order(area: str, owner: str) -> tuple[bool, int, str]:
    """Order owners of data by how near they lie above ``area``; a longer code is a smaller area."""
    is_above = is_within(area, owner)
    return not is_above, -len(owner.rstrip("0")) if is_above else 0, owner


def _tells(instance: Instance, owner: str, area: str, *, is_above: bool) -> bool:
    """Tell whether the data of ``owner`` are those that ``area`` works with."""
    is_known = area in instance.area_by_id and (is_above or owner in instance.ancestors(area))
    return owner == area or is_known
