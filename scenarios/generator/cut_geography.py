"""Cut the bundled geography tables out of the national ones.

Run ``python -m scenarios.generator.cut_geography --from DIR``, where ``DIR`` holds ``cities.csv.gz``,
``counties.csv.gz``, ``townships.csv.gz``, ``villages_seed.csv.gz`` and
``seed_county_cells.geojson``. The same input always gives the same bytes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

from scenarios.generator.geography import BUNDLED, SEED_AREAS

Table = list[dict[str, str]]

COLUMNS = {
    "cities": ("code", "name", "province_code", "province_name"),
    "counties": (
        *("code", "name", "city_code", "lon", "lat", "coordinate_source"),
        *("population_2020", "is_statistical_zone"),
    ),
    "townships": ("code", "name", "kind", "county_code", "lon", "lat", "coordinate_source"),
    "villages": (
        *("code", "name", "committee_kind", "township_code", "lon", "lat"),
        "coordinate_source",
    ),
}
"""Columns kept of each table, in their order."""

CELLS_NOTICE = (
    "示意底图：最近地点分区，不是行政区划界线，不得作为界线绘制或引用。"
    "Schematic background of nearest-place cells: not administrative boundaries."
)
"""Notice that travels with the schematic background."""


def cut(source: Path, target: Path) -> None:
    """Write the tables of the seed areas from folder ``source`` into folder ``target``."""
    counties = _read(source / "counties.csv.gz", lambda r: r["code"].startswith(SEED_AREAS))
    cities = {row["city_code"] for row in counties}
    codes = {row["code"] for row in counties}
    townships = _read(source / "townships.csv.gz", lambda r: r["county_code"] in codes)
    places = {row["code"] for row in townships}
    tables = {
        "cities": _read(source / "cities.csv.gz", lambda r: r["code"] in cities),
        "counties": counties,
        "townships": townships,
        "villages": _read(source / "villages_seed.csv.gz", lambda r: r["township_code"] in places),
    }
    target.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        (target / f"{name}.csv.gz").write_bytes(_packed(rows, COLUMNS[name]))
    cells = _cells((source / "seed_county_cells.geojson").read_text("utf-8"), codes)
    (target / "county_cells.geojson").write_text(cells, "utf-8")


def _read(path: Path, is_kept: Callable[[dict[str, str]], bool]) -> Table:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if is_kept(row)]
    return sorted(rows, key=lambda row: row["code"])


def _packed(rows: Table, columns: Iterable[str]) -> bytes:
    """Return the table as gzipped CSV without a time stamp, so that the bytes are reproducible."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return gzip.compress(text.getvalue().encode(), compresslevel=9, mtime=0)


def _cells(text: str, codes: set[str]) -> str:
    """Return the background cells with no more than the county's code, one per line."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": feature["properties"]["code"]},
            "geometry": feature["geometry"],
        }
        for feature in json.loads(text)["features"]
        if feature["properties"]["code"] in codes
    ]
    lines = ",\n".join(json.dumps(feature, separators=(",", ":")) for feature in features)
    notice = json.dumps(CELLS_NOTICE, ensure_ascii=False)
    return f'{{"type":"FeatureCollection","notice":{notice},"features":[\n{lines}\n]}}\n'


def main() -> None:
    """Read the folders from the command line and cut."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--from", dest="source", type=Path, required=True)
    parser.add_argument("--to", dest="target", type=Path, default=BUNDLED)
    arguments = parser.parse_args()
    cut(arguments.source, arguments.target)


if __name__ == "__main__":
    main()
