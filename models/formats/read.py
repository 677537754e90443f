"""Reads an instance from a workbook, CSV files (folder or zip) or a JSON file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from models.formats.containers.archive import faults_of_file
from models.formats.csv_folder import read_csv_folder
from models.formats.csv_zip import is_csv_zip, read_csv_zip
from models.formats.document import instance_json, read_content, read_json, unknown_tables
from models.formats.intake.build import build_instance
from models.formats.intake.datum import convert_points
from models.formats.intake.row_drafts import Book
from models.formats.intake.row_places import RowPlaces
from models.formats.intake.tables import Table, instance_tables
from models.formats.sheet_cells import RawSheet
from models.formats.sheets import read_sheets
from models.instance import Instance
from models.issues import InputError, Issue


def read_instance(path: Path | str) -> Instance:
    """Read an instance from any of the three forms; see ``read_with_remarks``."""
    return read_with_remarks(path)[0]


def read_with_remarks(path: Path | str) -> tuple[Instance, tuple[Issue, ...]]:
    """Read an instance from any of the three forms, and what should be known of the reading.

    Parameters
    ----------
    path
        An .xlsx, .xls, .ods or .et workbook, a folder or zip of CSV files, or a .json file.

    Raises
    ------
    InputError
        With every issue found, each with its sheet, cell and value.
    """
    return read_with_places(path)[:2]


def read_with_places(path: Path | str) -> tuple[Instance, tuple[Issue, ...], RowPlaces]:
    """Read an instance, what should be known of the reading, and where each row stood.

    Raises
    ------
    InputError
        With every issue found, each with its sheet, cell and value.
    """
    book, extra = read_book(Path(path), instance_tables())
    book.issues.extend(unknown_tables(extra, book))
    return build_instance(book), tuple(book.remarks), RowPlaces(book)


def rebuilt(instance: Instance) -> Instance:
    """Return an instance made by a program, after a round trip through its own document.

    It has then passed every check of an upload, and its rows are in canonical order.

    Raises
    ------
    InputError
        With every issue found, each with its path in the document.
    """
    book = Book(instance_tables(), label=instance.settings.name)
    read_content(json.loads(instance_json(instance)), book)
    return build_instance(book)


Settling = Callable[[list[RawSheet]], tuple[list[RawSheet], list[Issue]]]
"""What is done to sheets before their tables are read, and the issues found by it."""


def read_book(
    path: Path,
    tables: tuple[Table, ...],
    passed_over: frozenset[str] = frozenset(),
    settle: Settling | None = None,
) -> tuple[Book, dict[str, object]]:
    """Read the tables of any form into drafts, and the other keys of a JSON document.

    Raises
    ------
    InputError
        When the file cannot be read at all.
    """
    book = Book(tables, label=path.name)
    if not path.is_dir():
        fault = faults_of_file(path)
        if fault:
            raise InputError([fault])
        if _is_json(path):
            return book, read_json(path, book)
    sheets, issues = sheets_of(path)
    book.issues.extend(issues)
    if settle is not None:
        sheets, issues = settle(sheets)
        book.issues.extend(issues)
    read_sheets(sheets, book, passed_over)
    convert_points(book)
    return book, {}


def sheets_of(path: Path) -> tuple[list[RawSheet], list[Issue]]:
    """Return the sheets of a workbook, or of a folder or zip of CSV files, and what is wrong with them.

    Raises
    ------
    InputError
        When it cannot be read at all.
    """
    if path.is_dir():
        return read_csv_folder(path)
    return read_csv_zip(path) if is_csv_zip(path) else _read_workbook(path)


def _is_json(path: Path) -> bool:
    if path.suffix.lower() == ".json":
        return True
    with path.open("rb") as file:
        head = file.read(64).removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith(b"{") and not head.startswith(b"{\\rtf")


def _read_workbook(path: Path) -> tuple[list[RawSheet], list[Issue]]:
    # Late: the workbook module is not needed for CSV and JSON.
    from models.formats.workbook import read_workbook

    return read_workbook(path)
