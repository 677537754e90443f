"""Notices what somebody changed on sheets that are only printed: it counts for nothing, and is said."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from api.documents.duty_sheets import internal_sheet
from api.documents.list_sheets import adviser_sheet
from api.documents.printed_sheet import Sheet
from api.documents.view import View, build_view
from api.documents.wall import shown_names
from api.documents.wall_sheets import month_sheet, public_sheet
from models.formats.intake.cells import Raw
from models.formats.sheet_cells import RawSheet, column_letters
from models.formats.sheets import HEADER_ROWS
from models.instance import Instance
from models.issues import Issue
from models.messages import Spot, issue
from models.report import Report, Status
from models.roster import Roster

_LIST = ("日期", "时段", "值班地点", "值班岗位", "值班人员")
"""Columns by which a printed list of duties is compared, whatever else it shows."""
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}$")
MOST = 20
"""Changed cells named of one workbook; more say the same."""


def printed_edits(
    instance: Instance, before: Roster, sheets: Sequence[RawSheet], public: Path, is_known: bool
) -> tuple[Issue, ...]:
    """Return an issue for each cell of a printed sheet that is not as the plan was printed.

    Parameters
    ----------
    instance, before
        The plan as it was printed.
    sheets
        The printed sheets of the edited workbook.
    public
        The public workbook beside it; nothing is said of one that is not there.
    is_known
        Whether ``before`` is the plan before the edit; if it is the edited one, a sheet can also differ
        because it was printed earlier.
    """
    view = build_view(instance, before, Report(status=Status.CHECKED, month=before.month))
    expected: dict[str, Sheet] = {}
    if before.instance == instance.content_hash:  # else names, phones or hours may have changed
        made = (public_sheet(view), month_sheet(view), adviser_sheet(view), internal_sheet(view))
        expected = {sheet.name: sheet.in_chinese() for sheet in made}
    duties = set(_duties(view))
    found = (
        edit
        for sheet in (*sheets, *_read(public))
        for edit in _edits(sheet, expected.get(sheet.title), duties)
    )
    told = islice(found, MOST)
    return tuple(told) if is_known else tuple(map(_differs, told))


def _differs(edit: Issue) -> Issue:
    return issue("printed_differs", Spot(edit.table, edit.cell), edit.value, sheet=edit.table)


def _duties(view: View) -> Iterator[tuple[str, ...]]:
    for duty in view.duties:
        what = (duty.day.date.isoformat(), duty.part.label, duty.site.name, duty.post_name)
        for name in (*shown_names(duty), *(card.name for card in duty.standbys)):
            yield (*what, name)


def _read(public: Path) -> list[RawSheet]:
    from models.formats.workbook import read_workbook  # late: mostly there is none

    return read_workbook(public)[0] if public.is_file() else []


def _edits(
    sheet: RawSheet, expected: Sheet | None, duties: set[tuple[str, ...]]
) -> Iterator[Issue]:
    texts = [[_text(cell) for cell in line.cells] for line in expected.lines] if expected else []
    first = _first(sheet, texts)
    if first is None:
        yield from _list_edits(sheet, duties)
        return
    for n, wanted in enumerate(texts):
        row = sheet.rows[first + n] if first + n < len(sheet.rows) else []
        for place, word in enumerate(wanted):
            now = _text(row[place]) if place < len(row) else ""
            if now != word:
                yield _edit(sheet, first + n, place, now, word)


def _first(sheet: RawSheet, texts: list[list[str]]) -> int | None:
    """Return the row where the printed lines begin: where most of them agree."""
    best, most = None, 0
    for first in range(min(HEADER_ROWS, len(sheet.rows))):
        rows = sheet.rows[first : first + len(texts)]
        same = sum(
            [_text(cell) for cell in row[: len(wanted)]] == wanted
            for row, wanted in zip(rows, texts, strict=False)
        )
        best, most = (first, same) if same > most else (best, most)
    return best if texts and most * 2 >= len(texts) else None


def _list_edits(sheet: RawSheet, duties: set[tuple[str, ...]]) -> Iterator[Issue]:
    """Yield the rows of a list of duties, laid out in another way, that are not of the plan."""
    header = next(
        (n for n, row in enumerate(sheet.rows[:HEADER_ROWS]) if set(_LIST) <= set(map(_text, row))),
        None,
    )
    if header is None:
        return
    places = {_text(cell): n for n, cell in enumerate(sheet.rows[header])}
    for index in range(header + 1, len(sheet.rows)):
        row = sheet.rows[index]
        cells = [_text(row[places[name]]) if places[name] < len(row) else "" for name in _LIST]
        key = (cells[0], cells[1][:2], *cells[2:])
        if _DAY.match(cells[0]) and cells[-1] and key not in duties:
            yield _edit(sheet, index, places[_LIST[-1]], cells[-1], "")


def _edit(sheet: RawSheet, row: int, column: int, now: str, was: str) -> Issue:
    spot = Spot(sheet.title, f"{column_letters(column)}{row + 1}")
    return issue("printed_edit", spot, now, sheet=sheet.title, was=was or "—")


def _text(cell: Raw) -> str:
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()
