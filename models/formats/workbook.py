"""Workbooks: read with python-calamine, written with XlsxWriter, both imported on use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.formats import template_text
from models.formats.containers.whole_files import replacing
from models.formats.intake.cells import Raw, encode
from models.formats.intake.references import INSTANCE_REFERENCES
from models.formats.intake.tables import CellKind, Column, Table, instance_tables
from models.formats.sheet_cells import SETTING_HEADERS, RawSheet, column_letters
from models.formats.sheet_rows import EXAMPLE_MARK
from models.formats.sheet_settings import DATUM
from models.formats.sheets import MAX_COLUMNS, MAX_ROWS
from models.instance import Settings
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Row
from models.vocabulary import Datum

if TYPE_CHECKING:
    from python_calamine import CalamineSheet
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from models.formats.sheet_xml import Finding

FAR_ROW = 5_000
"""Rows that carry drop-downs, also below the data."""
_CREATED = dt.datetime(2026, 1, 1)
"""Written as the date of creation, so that the same content gives the same bytes."""
_WIDTHS = {
    CellKind.ID: 20.0,
    CellKind.TEXT: 18.0,
    CellKind.DATE: 12.0,
    CellKind.LIST: 20.0,
    CellKind.MAP: 22.0,
    CellKind.RECURRENCE: 20.0,
    CellKind.LINK: 24.0,
    CellKind.TERM: 16.0,
}
_STYLES: dict[str, dict[str, Any]] = {
    "header": {
        "bold": True,
        "bg_color": "#DCE6F1",
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
    },
    "required": {"font_color": "#C00000"},
    "text": {"num_format": 49},  # the built-in text format
    "date": {"num_format": "yyyy-mm-dd"},
    "plain": {},
    "example": {"font_color": "#808080", "italic": True, "bg_color": "#F2F2F2"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14},
}


def read_workbook(path: Path) -> tuple[list[RawSheet], list[Issue]]:
    """Read every sheet of a workbook, with issues about the sheets themselves.

    Raises
    ------
    InputError
        When the file is not a workbook, is damaged, encrypted or unsafe to open.
    """
    # Late: writing a template does not need the reader.
    from models.formats.containers.archive import faults_of_workbook
    from models.formats.sheet_xml import scan_workbook

    fault = faults_of_workbook(path)
    if fault:
        raise InputError([fault])
    findings = scan_workbook(path)
    sheets: list[RawSheet] = []
    issues = [_too_big(title, found) for title, found in findings.items() if found.is_too_big]
    if not issues:
        sheets = _calamine_sheets(path, findings)
    return sheets, issues


def _too_big(title: str, found: Finding) -> Issue:
    if found.is_too_wide:
        return issue("too_wide", Spot(title, found.first_far), limit=MAX_COLUMNS)
    return issue("too_many_rows", Spot(title, found.first_far), limit=MAX_ROWS)


def _calamine_sheets(path: Path, findings: dict[str, Finding]) -> list[RawSheet]:
    from python_calamine import (
        CalamineError,
        CalamineWorkbook,
        PasswordError,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    from models.formats.containers.epoch import epoch_of

    try:
        epoch = epoch_of(path)
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            sheets = []
            for meta in workbook.sheets_metadata:
                if meta.typ == SheetTypeEnum.WorkSheet:
                    source = workbook.get_sheet_by_name(meta.name)
                    sheet = _sheet(source, findings.get(meta.name))
                    sheet.epoch = epoch
                    sheet.is_hidden = meta.visible != SheetVisibleEnum.Visible
                    sheets.append(sheet)
            return sheets
    except PasswordError:
        raise InputError([issue("encrypted", Spot(path.name))]) from None
    except (CalamineError, OSError, ValueError, RuntimeError):
        raise InputError([issue("workbook_broken", Spot(path.name))]) from None
    except BaseException as error:
        # A panic inside calamine arrives as pyo3's PanicException, which is not an Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise InputError([issue("workbook_broken", Spot(path.name))]) from None


def _sheet(source: CalamineSheet, finding: Finding | None) -> RawSheet:
    left = source.start[1] if source.start else 0
    pad: list[Raw] = [None] * left
    rows: list[list[Raw]] = [[*pad, *row] for row in source.iter_rows()] if source.start else []
    for (row, column), text in (finding.texts if finding else {}).items():
        _put(rows, row, column, text)
    merged = [(a, b, c, d) for (a, b), (c, d) in source.merged_cell_ranges or []]
    made = RawSheet(source.name, rows, merged=merged)
    if finding:
        made.hidden_rows = [row for row in finding.hidden_rows if row < len(rows)]
        made.hidden_columns = finding.hidden_columns
    return made


def _put(rows: list[list[Raw]], row: int, column: int, text: str) -> None:
    """Insert a text that calamine omits: a formula without result, an error value."""
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line.extend([None] * (column + 1 - len(line)))
    line[column] = text


def write_tables(path: Path, tables: Iterable[tuple[Table, Sequence[Row]]]) -> None:
    """Write one sheet per table, with notes, drop-downs and formats."""
    with _new_workbook(path) as book:
        for table, rows in tables:
            sheet = book.add_worksheet(table.title)
            if table.is_settings:
                _write_settings(book, sheet, table, rows[0])
                continue
            _write_header(book, sheet, table)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(table.columns):
                    _write_cell(sheet, (number, place), encode(column, getattr(row, column.field)))


def write_template(path: Path | str) -> None:
    """Write the blank workbook: instructions, headers with notes, examples, drop-downs."""
    with _new_workbook(Path(path), is_small=True) as book:
        _write_instructions(book)
        for table in instance_tables():
            sheet = book.add_worksheet(table.title)
            if table.is_settings:
                _write_settings(book, sheet, table, Settings())
            else:
                _write_header(book, sheet, table)
                _write_example(book, sheet, table)


@contextmanager
def _new_workbook(path: Path, is_small: bool = False) -> Iterator[Workbook]:
    """Open a workbook in which every text stays a text, for a file that replaces ``path``.

    A small one is built in memory, avoiding seventy temporary files.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": is_small}
    with replacing(path) as temporary:
        book = Workbook(str(temporary), options)
        book.set_properties({"title": "值班 zhiban", "created": _CREATED})
        yield book
        try:
            book.close()
        except FileCreateError as error:
            raise error.args[0] from error  # the OSError that it hides, such as a full disk


def _style(book: Workbook, *names: str) -> Format:
    """Return the format that combines the named styles; equal ones are shared."""
    return book.add_format({k: v for name in names for k, v in _STYLES[name].items()})


def _write_cell(
    sheet: Worksheet, place: tuple[int, int], value: Raw, style: Format | None = None
) -> None:
    """Write one cell; a text never becomes a formula, a number keeps all its digits."""
    row, column = place
    if isinstance(value, dt.date):
        # Without a style of its own the cell takes the date format of the column.
        sheet.write_datetime(row, column, dt.datetime.combine(value, dt.time()), style)
    elif isinstance(value, (int, float)) and float(f"{value:.16G}") == value:
        sheet.write_number(row, column, value, style)
    elif value is not None:
        sheet.write_string(row, column, value if isinstance(value, str) else repr(value), style)


def _write_header(book: Workbook, sheet: Worksheet, table: Table) -> None:
    styles = {kind: _style(book, _style_name(kind)) for kind in CellKind}
    header, required = _style(book, "header"), _style(book, "header", "required")
    for place, column in enumerate(table.columns):
        width = max(
            28.0 if column.field == "name" else _WIDTHS.get(column.kind, 10.0),
            2.2 * len(column.title) + 2,
        )
        sheet.set_column(place, place, width, styles[column.kind])
        sheet.write_string(0, place, column.title, required if column.required else header)
        sheet.write_comment(0, place, _note(column), {"x_scale": 1.8, "y_scale": 1.2})
        _write_drop_down(sheet, place, column, _names_for(table, column))
    sheet.freeze_panes(1, 1)
    _set_page(sheet)


def _set_page(sheet: Worksheet) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _style_name(kind: CellKind) -> str:
    if kind in {CellKind.INT, CellKind.FLOAT, CellKind.BOOL}:
        return "plain"
    return "date" if kind is CellKind.DATE else "text"


def _note(column: Column) -> str:
    need = "必填 required" if column.required else "选填 optional"
    example = f"例：{column.example}" if column.example != "" else ""
    parts = [f"{column.field}（{need}）", column.note, example]
    if column.words:
        parts.append("可填：" + "、".join(column.words))
    return "\n".join(part for part in parts if part)


def _names_for(table: Table, column: Column) -> str:
    """Return the formula of the names that a column of ids may take, "" if it takes other things.

    Posts of one name stand at many sites, so these are listed by their ids.
    """
    ref = next((r for r in INSTANCE_REFERENCES if r[:2] == (table.name, column.field)), None)
    target = next((t for t in instance_tables() if ref and ref.targets == (t.name,)), None)
    if target is None:
        return ""
    field = "id" if target.name == "posts" else "name"
    letters = column_letters([c.field for c in target.columns].index(field))
    first, last = f"{target.title}!${letters}$2", f"${letters}${FAR_ROW + 1}"
    return f"=OFFSET({first},0,0,MAX(1,COUNTA({first}:{last})),1)"


def _write_drop_down(sheet: Worksheet, place: int, column: Column, names: str) -> None:
    """Add a drop-down of the column's words, or of names in another sheet, where others may stand."""
    if names:
        options: dict[str, Any] = {"validate": "list", "source": names, "show_error": False}
        sheet.data_validation(1, place, FAR_ROW, place, options)
        return
    words: list[Any] = list(range(1, 8)) if column.field == "weekday" else list(column.words)
    if not words or column.kind is CellKind.MAP:
        return
    options = {"validate": "list", "source": words, "error_type": "warning", "ignore_blank": True}
    options |= {"error_title": "请核对", "error_message": "可填：见下拉列表。Choose from the list."}
    options["show_error"] = column.kind is not CellKind.LIST
    sheet.data_validation(1, place, FAR_ROW, place, options)


def _write_example(book: Workbook, sheet: Worksheet, table: Table) -> None:
    """Write the grey example row; its first cell carries the mark."""
    styles = {kind: _style(book, _style_name(kind), "example") for kind in CellKind}
    for place, column in enumerate(table.columns):
        value = column.example
        if place == 0:
            value = f"{EXAMPLE_MARK}{value}"
        elif column.kind is CellKind.DATE and value:
            value = dt.date.fromisoformat(value)
        _write_cell(sheet, (1, place), "" if value is None else value, styles[column.kind])


def _write_settings(book: Workbook, sheet: Worksheet, table: Table, row: Row) -> None:
    header, text, wrap = _style(book, "header"), _style(book, "text"), _style(book, "wrap")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 30, text)
    sheet.set_column(2, 2, 50, wrap)
    for place, title in enumerate(SETTING_HEADERS):
        sheet.write_string(0, place, title, header)
    for number, column in enumerate(table.columns, 1):
        sheet.write_string(number, 0, column.title, header)
        _write_cell(sheet, (number, 1), encode(column, getattr(row, column.field)), text)
        example = f"例：{column.example}" if column.example != "" else ""
        sheet.write_string(number, 2, "；".join(p for p in (column.note, example) if p), wrap)
    last = len(table.columns) + 1
    for place, word, style in (
        (0, DATUM[0], header),
        (1, Datum.WGS84.label, text),
        (2, DATUM[1], wrap),
    ):
        sheet.write_string(last, place, word, style)
    words = {"validate": "list", "source": [member.label for member in Datum]}
    sheet.data_validation(last, 1, last, 1, words)
    sheet.freeze_panes(1, 1)
    _set_page(sheet)


def _write_instructions(book: Workbook) -> None:
    sheet = book.add_worksheet(template_text.SHEET)
    title, wrap, header = (_style(book, name) for name in ("title", "wrap", "header"))
    for place, width in enumerate((14, 14, 44, 16, 52)):
        sheet.set_column(place, place, width)
    lines = [*template_text.HOW_ZH, "", *template_text.HOW_EN, ""]
    titles = {template_text.HOW_ZH[0], template_text.HOW_EN[0]}
    for number, line in enumerate(lines):
        sheet.merge_range(number, 0, number, 4, line, title if line in titles else wrap)
    start = len(lines)
    for place, word in enumerate(("工作表", "是否必填", "用途", "need", "use")):
        sheet.write_string(start, place, word, header)
    for number, table in enumerate(instance_tables(), start + 1):
        (need_zh, need_en), use_zh, use_en = template_text.USES[table.name]
        for place, word in enumerate((table.title, need_zh, use_zh, need_en, use_en)):
            sheet.write_string(number, place, word, wrap)
    _set_page(sheet)
