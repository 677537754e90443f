"""Real administrative geography: codes, names, kinds and points, read from tables.

The bundled tables hold the five seed areas; ``scenarios/geo/SOURCES.md`` gives source
and licence of each. Tables of the whole country in the same columns can be read from a
folder. Codes are text and rows are joined on the parent column, because a few zones do
not nest by prefix.
"""

from __future__ import annotations

import csv
import difflib
import gzip
import json
import unicodedata
import zlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any, NamedTuple, Self

from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.vocabulary import AreaLevel, Terrain

BUNDLED = Path(__file__).parents[1] / "geo"
"""Folder of the bundled tables."""

SEED_AREAS = ("410105", "3205", "3403", "3402", "53")
"""Codes of the bundled areas: Jinshui, Suzhou, Bengbu, Wuhu, Yunnan."""

ATTRIBUTION = (
    "Contains data from GeoNames (geonames.org, CC BY 4.0), Vonng/adcode (CC BY 4.0), "
    "Administrative-divisions-of-China, Tudigong and Natural Earth; modified, partly synthetic."
)
"""What must be shown wherever the geography is passed on (CC BY 4.0)."""

Point = tuple[float, float] | None
"""Longitude and latitude in degrees, WGS84; None if unknown."""


class CityRecord(NamedTuple):
    """One row of ``cities.csv.gz``."""

    code: str
    name: str
    province_code: str
    province_name: str


class CountyRecord(NamedTuple):
    """One row of ``counties.csv.gz``; ``population`` is of the 2020 census."""

    code: str
    name: str
    city_code: str
    point: Point
    coordinate_source: str
    population: int | None
    is_zone: bool


class TownshipRecord(NamedTuple):
    """One row of ``townships.csv.gz``; ``kind`` is street, town, township or other."""

    code: str
    name: str
    kind: str
    county_code: str
    point: Point
    coordinate_source: str


class VillageRecord(NamedTuple):
    """One row of a village table; ``kind`` is community, village or a quasi- form of them."""

    code: str
    name: str
    kind: str
    township_code: str
    point: Point
    coordinate_source: str


@dataclass(frozen=True)
class Selection:
    """An area with everything inside it, each level in the order of the codes."""

    code: str
    name: str
    level: AreaLevel
    counties: tuple[CountyRecord, ...]
    townships: tuple[TownshipRecord, ...]
    villages: tuple[VillageRecord, ...]


@dataclass(frozen=True)
class Geography:
    """Cities, counties and townships by code; villages are read when an area is selected."""

    cities: dict[str, CityRecord]
    counties: dict[str, CountyRecord]
    townships: dict[str, TownshipRecord]
    village_table: Path
    is_bundled: bool = False

    @classmethod
    def load(cls, directory: Path | None = None) -> Self:
        """Read the tables of ``directory``, or the bundled ones.

        Raises
        ------
        InputError
            If a table is missing, cannot be read or lacks a column.
        """
        folder = directory or BUNDLED
        return cls(
            cities={row.code: row for row in _cities(folder / "cities.csv.gz")},
            counties={row.code: row for row in _counties(folder / "counties.csv.gz")},
            townships={row.code: row for row in _townships(folder / "townships.csv.gz")},
            village_table=_village_table(folder),
            is_bundled=directory is None,
        )

    def select(self, code: str) -> Selection:
        """Return the province, city, county or township of ``code`` and all it contains.

        Zero-padded codes (``320500``, ``410105001000``) and full-width digits are
        understood.

        Raises
        ------
        InputError
            If no such area is in the tables; the issue names close codes.
        """
        names = self._names()
        found = next((c for c in _spellings(code) if c in names), None)
        if found is None:
            raise InputError([_unknown_area(code, names, is_bundled=self.is_bundled)])
        level, name = names[found]
        counties = self._counties_of(found, level)
        inside = {county.code for county in counties}
        townships = tuple(
            t
            for t in self.townships.values()
            if t.county_code in inside and (level is not AreaLevel.TOWNSHIP or t.code == found)
        )
        villages = _villages(self.village_table, {t.code for t in townships})
        return Selection(found, name, level, counties, townships, tuple(villages))

    def _names(self) -> dict[str, tuple[AreaLevel, str]]:
        """Level and name of every code that can be selected."""
        cities = self.cities.values()
        names = {c.province_code: (AreaLevel.PROVINCE, c.province_name) for c in cities}
        names |= {c.code: (AreaLevel.CITY, c.name) for c in cities}
        names |= {c.code: (AreaLevel.COUNTY, c.name) for c in self.counties.values()}
        names |= {t.code: (AreaLevel.TOWNSHIP, t.name) for t in self.townships.values()}
        if self.is_bundled:  # Zhengzhou with one district would pass for the whole city
            return {code: name for code, name in names.items() if code.startswith(SEED_AREAS)}
        return names

    def _counties_of(self, code: str, level: AreaLevel) -> tuple[CountyRecord, ...]:
        """Counties inside the area, or the one that holds the township."""
        counties = self.counties.values()
        if level is AreaLevel.PROVINCE:
            cities = {c.code for c in self.cities.values() if c.province_code == code}
            return tuple(c for c in counties if c.city_code in cities)
        if level is AreaLevel.CITY:
            return tuple(c for c in counties if c.city_code == code)
        county = self.townships[code].county_code if level is AreaLevel.TOWNSHIP else code
        return (self.counties[county],) if county in self.counties else ()


def township_terrain(township: TownshipRecord, villages: Collection[VillageRecord]) -> Terrain:
    """Return town for a street, and for a zone or farm most of whose committees are communities."""
    if township.kind == "street":
        return Terrain.TOWN
    communities = sum(village.kind.endswith("community") for village in villages)
    is_zone = township.kind == "other" and 2 * communities > len(villages)
    return Terrain.TOWN if is_zone else Terrain.COUNTRY


def village_terrain(village: VillageRecord, township: Terrain) -> Terrain:
    """Return town for a community in a town-like township; villages are always country."""
    is_town = township is Terrain.TOWN and village.kind.endswith("community")
    return Terrain.TOWN if is_town else Terrain.COUNTRY


def background_cells(county_codes: Collection[str]) -> dict[str, Any]:
    """Return the schematic background of some counties as GeoJSON with its notice.

    The cells are nearest-place cells, **not boundaries**: draw them soft, without line
    and label, and show ``notice`` and ``attribution`` beside them.
    """
    cells: dict[str, Any] = json.loads((BUNDLED / "county_cells.geojson").read_text("utf-8"))
    chosen = [f for f in cells["features"] if f["properties"]["code"] in county_codes]
    return {**cells, "features": chosen, "attribution": ATTRIBUTION}


def _cities(path: Path) -> Iterator[CityRecord]:
    for row in _rows(path, ("code", "name", "province_code", "province_name")):
        yield CityRecord(*row)


def _counties(path: Path) -> Iterator[CountyRecord]:
    columns = ("code", "name", "city_code", "lon", "lat", "coordinate_source")
    for row in _rows(path, (*columns, "population_2020", "is_statistical_zone")):
        code, name, city, lon, lat, source, population, zone = row
        people = int(population) if population.isdigit() else None
        yield CountyRecord(code, name, city, _point(lon, lat), source, people, zone == "1")


def _townships(path: Path) -> Iterator[TownshipRecord]:
    columns = ("code", "name", "kind", "county_code", "lon", "lat", "coordinate_source")
    for code, name, kind, county, lon, lat, source in _rows(path, columns):
        yield TownshipRecord(code, name, kind, county, _point(lon, lat), source)


def _villages(path: Path, townships: Collection[str]) -> Iterator[VillageRecord]:
    columns = ("code", "name", "committee_kind", "township_code", "lon", "lat", "coordinate_source")
    for code, name, kind, township, lon, lat, source in _rows(path, columns):
        if township in townships:
            yield VillageRecord(code, name, kind, township, _point(lon, lat), source)


def _point(lon: str, lat: str) -> Point:
    try:
        return float(lon), float(lat)
    except ValueError:
        return None


def _village_table(folder: Path) -> Path:
    names = ("villages.csv.gz", "villages_china.csv.gz", "villages_seed.csv.gz")
    return next((folder / n for n in names if (folder / n).is_file()), folder / names[0])


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the named columns of a gzipped CSV table, all as text."""
    try:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header = next(reader, [])
            missing = [name for name in columns if name not in header]
            if missing:
                raise InputError(
                    [issue("geography_columns", Spot(path.name, "1"), ", ".join(missing))]
                )
            yield from map(itemgetter(*map(header.index, columns)), filter(None, reader))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, IndexError) as error:
        raise InputError([issue("geography_table", Spot(path.name))]) from error


def _spellings(code: str) -> tuple[str, ...]:
    """Return the ways to read a code: as written, and with its padding zeros removed."""
    text = unicodedata.normalize("NFKC", code).strip()
    cuts = [text[:n] for n in (9, 6, 4, 2) if len(text) > n and not text[n:].strip("0")]
    return (text, *cuts)


def _unknown_area(
    asked: str, names: dict[str, tuple[AreaLevel, str]], *, is_bundled: bool
) -> Issue:
    text = asked.strip()
    close = [c for c, (_, name) in names.items() if text and text == name]
    close += difflib.get_close_matches(text, names, n=5, cutoff=0.5)
    shown = "、".join(f"{c} {names[c][1]}" for c in dict.fromkeys(close)) or "、".join(SEED_AREAS)
    # the bundled tables hold a few areas only
    code = "unknown_area" if is_bundled else "unknown_area_in_tables"
    return issue(code, value=text, close=shown)
