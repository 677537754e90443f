"""The office's own workbook with its issues marked: cells coloured and commented, all listed in front.

Openpyxl is used since it alone keeps what a workbook has besides its values: formats, drop-downs,
comments, formulas. Other forms (.xls, .ods, CSV) become a workbook of their values.
"""

from __future__ import annotations

import warnings
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from models.formats.containers.archive import faults_of_file, faults_of_workbook
from models.formats.containers.whole_files import replacing
from models.formats.intake.issue_text import grouped
from models.formats.read import sheets_of
from models.formats.sheets import ISSUE_SHEET
from models.issues import InputError, Issue

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

MOST_XML_BYTES = 40 * 1024 * 1024
"""A workbook whose sheets are larger unpacked (about a million cells, 10 s) gets the list alone."""
MOST_CELLS = 1_000_000
"""The same for other forms."""
_AUTHOR = "值班 zhiban"
"""Of our comments, by which those of an earlier check are found and removed."""
_BEFORE = "\n原批注："
_RED, _YELLOW = "FFC7CE", "FFEB9C"
_HEADERS = ("序号", "类别", "工作表", "单元格", "填写的内容", "问题", "怎么改", "同类共")
_WIDTHS = (6, 8, 14, 9, 24, 60, 60, 8)


class _Mark(NamedTuple):
    """An issue with the word and colour that its kind has."""

    issue: Issue
    word: str
    colour: str


def write_marked_workbook(
    source: Path, target: Path, issues: Sequence[Issue], remarks: Sequence[Issue] = ()
) -> None:
    """Write the workbook of ``source`` with every issue and remark at its cell.

    The first sheet lists them all, grouped by kind, each with a link to its cell. Marks of an earlier
    check are removed, so that the workbook can be corrected and checked again and again. What cannot
    be opened, or is too large to mark within seconds, gets the list alone.

    Parameters
    ----------
    source
        What was checked: a workbook, a folder or zip of CSV files, or a JSON document.
    target
        The .xlsx file to write; replaced if it is there.
    issues, remarks
        As reading ``source`` told them.

    Raises
    ------
    OSError
        When the file cannot be written.
    """
    marks = [_Mark(found, "问题", _RED) for group in grouped(issues) for found in group]
    marks += [_Mark(found, "提示", _YELLOW) for group in grouped(remarks) for found in group]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of the extensions that it leaves out
        book, sheets = _own_workbook(source)
        for table, sheet in sheets.items():
            _mark_sheet(sheet, [mark for mark in marks if mark.issue.table == table])
        _write_list(book, marks, sheets)
        with replacing(target) as temporary:
            book.save(temporary)


def _own_workbook(source: Path) -> tuple[Workbook, dict[str, Worksheet]]:
    """Return the workbook of a source, and its sheets by the names that issues call them by."""
    from openpyxl import Workbook  # late: takes 0.2 s to load

    if not source.is_dir() and faults_of_file(source):
        return Workbook(), {}
    try:
        return _as_it_is(source) or _of_values(source)
    except InputError:  # it cannot be read, which is among the issues
        return Workbook(), {}


def _as_it_is(source: Path) -> tuple[Workbook, dict[str, Worksheet]] | None:
    """Open a workbook with all that it has; None if it is of another form or openpyxl cannot."""
    from openpyxl import Workbook, load_workbook

    if source.is_dir() or faults_of_workbook(source) or not zipfile.is_zipfile(source):
        return None
    with zipfile.ZipFile(source) as archive:
        if "xl/workbook.xml" not in archive.namelist():
            return None
        parts = (i.file_size for i in archive.infolist() if i.filename.startswith("xl/"))
        if sum(parts) > MOST_XML_BYTES:
            return Workbook(), {}
    try:
        book = load_workbook(source)
    except Exception:  # whatever its parsers raise at parts that calamine never looks at
        return None
    if ISSUE_SHEET in book.sheetnames:
        del book[ISSUE_SHEET]
    for sheet in book.worksheets:
        _unmark(sheet)
    return book, {sheet.title: sheet for sheet in book.worksheets}


def _unmark(sheet: Worksheet) -> None:
    """Remove the marks of an earlier check, and give back the comments that stood there."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == _AUTHOR:
                before = cell.comment.text.partition(_BEFORE)[2]
                cell.comment = Comment(before, "") if before else None
                cell.fill = PatternFill()


def _of_values(source: Path) -> tuple[Workbook, dict[str, Worksheet]]:
    """Return a workbook of the values of another form, such as .xls or CSV."""
    from openpyxl import Workbook
    from openpyxl.workbook.child import INVALID_TITLE_REGEX

    book = Workbook()
    made: dict[str, Worksheet] = {}
    sheets, _ = sheets_of(source)
    if sum(len(row) for sheet in sheets for row in sheet.rows) > MOST_CELLS:
        return book, made
    for sheet in sheets:
        if sheet.title != ISSUE_SHEET:
            copy = book.create_sheet(INVALID_TITLE_REGEX.sub("_", sheet.title)[:31])
            made[sheet.label or sheet.title] = copy
            for number, row in enumerate(sheet.rows, 1):
                for place, value in enumerate(row, 1):
                    _put(copy.cell(number, place), value)
    return book, made


def _put(cell: Cell, value: Any) -> None:
    """Write a value; a text never becomes a formula."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("�", value)
        cell.data_type = "s"
    elif value is not None:
        cell.value = value


def _mark_sheet(sheet: Worksheet, marks: Iterable[_Mark]) -> None:
    """Colour and comment the cells of one sheet; the first mark of a cell gives the colour."""
    found: dict[str, list[_Mark]] = {}
    for mark in marks:
        sheet.sheet_properties.tabColor = _RED
        address = _anchor(sheet, mark.issue.cell)
        if address:
            found.setdefault(address, []).append(mark)
    for address, here in found.items():
        _mark_cell(sheet[address], here)


def _anchor(sheet: Worksheet, address: str) -> str:
    """Return the cell that a mark is put on: of a range or merged cells the first; "" if none."""
    from openpyxl.utils.cell import coordinate_from_string
    from openpyxl.utils.exceptions import CellCoordinatesException

    first = address.partition(":")[0]
    try:
        coordinate_from_string(first)
    except CellCoordinatesException:
        return ""
    merged = next((area for area in sheet.merged_cells.ranges if first in area), None)
    return str(merged.start_cell.coordinate) if merged else first


def _mark_cell(cell: Cell, marks: Sequence[_Mark]) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    text = "\n".join(f"{mark.word}：{mark.issue.detail_zh}" for mark in marks)
    lines = sum(1 + len(line) // 22 for line in text.split("\n"))
    if cell.comment is not None:
        text += f"{_BEFORE}{cell.comment.text}"
    cell.fill = PatternFill("solid", fgColor=marks[0].colour)
    cell.comment = Comment(text, _AUTHOR, width=330, height=30 + 20 * lines)


def _write_list(book: Workbook, marks: Sequence[_Mark], sheets: dict[str, Worksheet]) -> None:
    """Write the sheet in front: what was found, kind after kind."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(ISSUE_SHEET, 0)
    if not sheets:  # a workbook of the list alone still has the empty sheet it was made with
        del book[book.sheetnames[1]]
    book.active = 0
    sheet["A1"], sheet["A1"].font = _heading(marks, sheets), Font(bold=True)
    for place, (title, width) in enumerate(zip(_HEADERS, _WIDTHS, strict=True), 1):
        sheet.cell(3, place, title).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = width
    kinds = Counter((mark.word, mark.issue.code) for mark in marks)
    for number, mark in enumerate(marks, 1):
        told = mark.issue
        words = (told.table, told.cell, told.value, f"{told.zh}。", told.mend_zh)
        count = kinds[mark.word, told.code]
        for place, word in enumerate((number, mark.word, *words, count), 1):
            _put(sheet.cell(number + 3, place), word)
            sheet.cell(number + 3, place).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.cell(number + 3, 2).fill = PatternFill("solid", fgColor=mark.colour)
        if told.table in sheets:
            _link(sheet.cell(number + 3, 4), sheets[told.table], told.cell)
    sheet.freeze_panes = "A4"


def _heading(marks: Sequence[_Mark], sheets: dict[str, Worksheet]) -> str:
    faults = [mark.issue.code for mark in marks if mark.colour == _RED]
    text = f"共 {len(faults)} 处问题（{len(set(faults))} 种），{len(marks) - len(faults)} 条提示。"
    if not sheets:
        return text
    return f"{text}问题涂红、提示涂黄，说明见单元格批注；在本文件中改好后可以直接再检查。"


def _link(cell: Cell, sheet: Worksheet, address: str) -> None:
    from openpyxl.worksheet.hyperlink import Hyperlink

    title = sheet.title.replace("'", "''")
    goal = f"'{title}'!{_anchor(sheet, address) or 'A1'}"
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=goal)
    cell.style = "Hyperlink"
