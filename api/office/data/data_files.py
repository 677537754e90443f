"""The data of an area as a file, in each form in which they may be uploaded again."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

from models.formats.csv_zip import zip_folder
from models.formats.write import write_csv_folder, write_json, write_workbook
from models.instance import Instance

FormName = Literal["xlsx", "json", "csv"]


def data_file(instance: Instance, form: FormName) -> bytes:
    """Return a workbook, a JSON document or a zip of CSV files."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"data.{form}")
        if form == "xlsx":
            write_workbook(instance, path)
        elif form == "json":
            write_json(instance, path)
        else:
            write_csv_folder(instance, path)
            return zip_folder(path)
        return path.read_bytes()
