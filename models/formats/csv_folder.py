"""A folder of CSV files, one ``<sheet title>.csv`` per table.

Written as UTF-8 with BOM, which Excel and WPS open correctly; read as UTF-8, UTF-16 with
BOM or GB18030, separated by comma, semicolon or tab. A text that a spreadsheet could mistake for a
formula is prefixed with an apostrophe (see ``cells``).
"""

from __future__ import annotations

import csv
import io
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from models.formats.containers.archive import faults_of_file
from models.formats.intake.cells import CSV_GUARDED, Raw, encode
from models.formats.intake.tables import Table
from models.formats.sheet_cells import SETTING_HEADERS, RawSheet
from models.issues import InputError, Issue
from models.messages import Spot, issue
from models.rows import Row

_ENCODINGS = ("utf-8-sig", "gb18030")
_DELIMITERS = ",;\t"


def read_csv_folder(folder: Path) -> tuple[list[RawSheet], list[Issue]]:
    """Read every CSV file of a folder, in the order of their names.

    Raises
    ------
    InputError
        When the folder has no CSV file.
    """
    files = sorted(f for f in folder.iterdir() if f.suffix.lower() == ".csv" and f.is_file())
    if not files:
        raise InputError([issue("folder_empty", Spot(folder.name))])
    sheets: list[RawSheet] = []
    issues: list[Issue] = []
    for file in files:
        try:
            sheets.append(_read_file(file))
        except InputError as error:
            issues.extend(error.issues)
    return sheets, issues


def _read_file(file: Path) -> RawSheet:
    fault = faults_of_file(file)
    if fault and fault.code != "file_empty":
        raise InputError([fault])
    return read_csv(file.name, file.read_bytes())


def read_csv(name: str, data: bytes) -> RawSheet:
    """Read one file from its bytes; its name without ``.csv`` is the sheet's title.

    Raises
    ------
    InputError
        Its encoding is unknown, or a quotation mark is not closed.
    """
    text = _decode(data, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[list[Raw]] = []
    try:
        for row in reader:
            rows.append(list(row))
    except csv.Error:
        raise InputError([issue("csv_broken", Spot(name, f"A{len(rows) + 1}"))]) from None
    return RawSheet(name[: -len(".csv")], rows, label=name)


def _decode(data: bytes, name: str) -> str:
    encodings = ("utf-16",) if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else _ENCODINGS
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError([issue("encoding_unknown", Spot(name))])


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return max(_DELIMITERS, key=first.count)


def write_tables(tables: Iterable[tuple[Table, Sequence[Row]]], folder: Path) -> None:
    """Write one file per table, empty ones included, so that no old file is left behind."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name[:40]}-", dir=folder.parent))
    try:
        for table, rows in tables:
            data = _csv_text(table, rows).encode("utf-8-sig")
            (temporary / f"{table.title}.csv").write_bytes(data)
        folder.mkdir(exist_ok=True)
        for file in sorted(temporary.iterdir()):
            file.replace(folder / file.name)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _csv_text(table: Table, rows: Sequence[Row]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    if table.is_settings:
        writer.writerow(SETTING_HEADERS)
        for column in table.columns:
            value = encode(column, getattr(rows[0], column.field), CSV_GUARDED)
            writer.writerow([column.title, value, column.note])
        return out.getvalue()
    writer.writerow([column.title for column in table.columns])
    for row in rows:
        values = (getattr(row, column.field) for column in table.columns)
        cells = (encode(c, v, CSV_GUARDED) for c, v in zip(table.columns, values, strict=True))
        writer.writerow(list(cells))
    return out.getvalue()
