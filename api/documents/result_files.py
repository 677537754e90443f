"""Writes all results of a plan into a folder; a failure leaves the folder unchanged."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from api.documents.file_names import CALENDARS, KINDS
from api.documents.view import View, build_view
from models.instance import Instance
from models.report import Report
from models.roster import Roster


def write_results(
    instance: Instance,
    roster: Roster,
    report: Report,
    out_dir: Path,
    stamp: dt.datetime,
    background: dict[str, Any] | None = None,
    earlier: Mapping[str, bytes] | None = None,
) -> list[Path]:
    """Write roster.json, report.json, both workbooks, the calendars and map.html; return their paths.

    All files are made in a temporary folder beside them first, on the same file system, and
    then take their places one by one. When anything fails, files already replaced are put
    back, and the folder is as it was. Calendars of an earlier run whose person or site has
    none now are removed, so that nobody follows a plan that no longer holds.

    Parameters
    ----------
    instance, roster, report
        The plan and what is said about it.
    out_dir
        Folder, made if it does not exist.
    stamp
        The time of the last change, written into the calendars; no clock is read.
    background
        GeoJSON with schematic county cells for the map, if there are any.
    earlier
        Calendars that people have, by file name; the new ones carry on from them.

    Raises
    ------
    OSError
        The folder cannot be written.
    """
    made = _missing_folders(out_dir)
    try:
        out_dir.mkdir(parents=True, exist_ok=True)
        # inside out_dir: a sibling may lie on another file system when out_dir is a mount
        with tempfile.TemporaryDirectory(prefix=".zhiban-", dir=out_dir) as stage:
            fresh = Path(stage) / "new"
            view = build_view(instance, roster, report)
            contents = _contents(view, stamp, background, earlier or {})
            names = [_put(fresh, name, content) for name, content in contents]
            _Replacement(fresh, Path(stage) / "old", out_dir).run(names, _stale(out_dir, names))
    except BaseException:
        for folder in made:
            _remove_if_empty(folder)
        raise
    return [out_dir / name for name in names]


def _contents(
    view: View,
    stamp: dt.datetime,
    background: dict[str, Any] | None,
    earlier: Mapping[str, bytes],
) -> Iterator[tuple[Path, bytes]]:
    # late: xlsxwriter, jinja2 and icalendar are only needed when something is written
    from api.documents.calendars import CalendarWriters
    from api.documents.map_page import render_page
    from api.documents.roster_workbook import render_public_workbook, render_workbook

    # calendars take most of the time of a city: other processes make them meanwhile
    with CalendarWriters(view, stamp) as calendars:
        yield Path("roster.json"), _json(view.roster)
        yield Path("report.json"), _json(view.report)
        yield Path("roster.xlsx"), render_workbook(view)
        yield Path("public.xlsx"), render_public_workbook(view)
        yield Path("map.html"), render_page(view, background).encode()
        yield from _carried(calendars, earlier, stamp) if earlier else calendars


def _carried(
    calendars: Iterable[tuple[Path, bytes]], earlier: Mapping[str, bytes], stamp: dt.datetime
) -> Iterator[tuple[Path, bytes]]:
    """Yield the calendars as next revisions of the earlier ones; of nobody's duties, all cancelled."""
    from models.formats.feeds.carried import carried_on  # late, as above

    left = dict(earlier)
    for path, content in calendars:
        old = left.pop(path.name, None)
        yield path, content if old is None else carried_on(old, content, stamp)
    for name, old in sorted(left.items()):
        yield Path(CALENDARS, name), carried_on(old, None, stamp)


def _json(document: Roster | Report) -> bytes:
    return (document.model_dump_json(indent=2) + "\n").encode()


def _put(folder: Path, name: Path, content: bytes) -> Path:
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    return name


def _stale(out_dir: Path, names: list[Path]) -> list[Path]:
    """Return calendars in our naming that an earlier run left and this one does not have."""
    found = {
        path.relative_to(out_dir)
        for kind in KINDS
        for path in (out_dir / CALENDARS).glob(f"{kind}-*.ics")
    }
    return sorted(found - set(names))


class _Replacement:
    """Replaces old files by new ones, all or none."""

    def __init__(self, fresh: Path, kept: Path, target: Path) -> None:
        self.fresh, self.kept, self.target = fresh, kept, target
        self.touched: list[Path] = []

    def run(self, names: list[Path], stale: list[Path]) -> None:
        """Replace ``names``, remove ``stale``; on failure put everything back and raise."""
        for name in (*names, *stale):
            self._keep(name)
        try:
            for name in names:
                (self.target / name).parent.mkdir(exist_ok=True)
                self.touched.append(name)
                os.replace(self.fresh / name, self.target / name)
            for name in stale:
                self.touched.append(name)
                (self.target / name).unlink()
        except BaseException:
            self._restore()
            raise

    def _keep(self, name: Path) -> None:
        """Copy the existing file."""
        if (self.target / name).is_file():
            (self.kept / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(self.target / name, self.kept / name)

    def _restore(self) -> None:
        for name in reversed(self.touched):
            if (self.kept / name).is_file():
                os.replace(self.kept / name, self.target / name)
            elif (self.target / name).is_file():
                (self.target / name).unlink()
        _remove_if_empty(self.target / CALENDARS)


def _missing_folders(folder: Path) -> list[Path]:
    """Return ``folder`` and those above it that do not exist yet, lowest first."""
    return [path for path in (folder, *folder.parents) if not path.exists()]


def _remove_if_empty(folder: Path) -> None:
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
