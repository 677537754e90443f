"""Writes an instance as a workbook, a folder of CSV files or a JSON document.

Each format is imported on use, so that writing a blank template is fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from models.formats.intake.tables import Table, instance_tables
from models.instance import Instance
from models.rows import Row


def write_workbook(instance: Instance, path: Path | str) -> None:
    """Write ``instance`` as an .xlsx workbook with one sheet per table."""
    from models.formats.workbook import write_tables

    write_tables(Path(path), _content(instance))


def write_template(path: Path | str) -> None:
    """Write the blank workbook that offices fill."""
    from models.formats.workbook import write_template as write

    write(path)


def write_csv_folder(instance: Instance, folder: Path | str) -> None:
    """Write ``instance`` as one CSV file per table."""
    from models.formats import csv_folder

    csv_folder.write_tables(_content(instance), Path(folder))


def write_json(instance: Instance, path: Path | str) -> None:
    """Write ``instance`` as the canonical JSON document."""
    from models.formats import document

    document.write_json(instance, path)


def _content(instance: Instance) -> list[tuple[Table, Sequence[Row]]]:
    return [
        (table, [instance.settings] if table.is_settings else getattr(instance, table.name))
        for table in instance_tables()
    ]
