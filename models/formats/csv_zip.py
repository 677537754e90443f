"""CSV files in a zip, for uploading and downloading a CSV folder with a browser.

Members are read in memory and never written to disk, so a malicious name can do no harm. They lie
at the top or in one folder. Names are UTF-8 or GB18030, as Chinese Windows writes them.
"""

from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

from models.formats.containers.archive import WORKBOOK_PARTS
from models.formats.containers.zips import UNREADABLE, faults_of_zip, names_of_zip
from models.formats.csv_folder import read_csv
from models.formats.sheet_cells import RawSheet
from models.issues import InputError, Issue
from models.messages import Spot, issue

_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_UTF8_NAME = 0x800
"""Flag of a member whose name is UTF-8; others are bytes that ``zipfile`` shows as code page 437."""


def is_csv_zip(path: Path) -> bool:
    """Whether a file is a zip of CSV files rather than a workbook."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return False
    names = names_of_zip(path)
    if names is None:
        return path.suffix.lower() == ".zip"
    return not WORKBOOK_PARTS & names and any(map(_is_csv, names))


def read_csv_zip(path: Path) -> tuple[list[RawSheet], list[Issue]]:
    """Read every CSV file of a zip, in the order of their names.

    Raises
    ------
    InputError
        The zip is damaged, unsafe, encrypted, or its CSV files lie in several folders.
    """
    fault = faults_of_zip(path)
    if fault:
        raise InputError([fault])
    try:
        with zipfile.ZipFile(path) as archive:
            return _read_members(archive)
    except UNREADABLE:
        raise InputError([issue("workbook_broken", Spot(path.name))]) from None


def zip_folder(folder: Path) -> bytes:
    """Return a zip of the files of a folder; the same files give the same bytes."""
    return zip_files((path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


def zip_files(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Return a zip of files given by name and content."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = zipfile.ZipInfo(name)  # of its own: it has a fixed date
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def _read_members(archive: zipfile.ZipFile) -> tuple[list[RawSheet], list[Issue]]:
    found = [(_name(member), member) for member in archive.infolist()]
    wanted = (pair for pair in found if _is_csv(pair[0]) and not _is_of_apple(pair[0]))
    members = sorted(wanted, key=lambda pair: pair[0])
    issues = _scattered([name for name, _ in members])
    issues += [
        issue("zip_method", Spot(name))
        for name, member in members
        if member.compress_type not in _METHODS
    ]
    if issues:
        raise InputError(issues)
    sheets: list[RawSheet] = []
    for name, member in members:
        try:
            sheets.append(read_csv(name.rpartition("/")[2], archive.read(member)))
        except InputError as error:
            issues.extend(error.issues)
    return sheets, issues


def _scattered(names: list[str]) -> list[Issue]:
    """Return an issue for every file outside the first one's folder, or nested deeper than one."""
    folders = [name.rpartition("/")[0] for name in names]
    return [
        issue("zip_folders", Spot(name), name)
        for name, folder in zip(names, folders, strict=True)
        if folder != folders[0] or set(folder) & set("/:") or folder in {".", ".."}
    ]


def _is_csv(name: str) -> bool:
    return name.lower().endswith(".csv")


def _is_of_apple(name: str) -> bool:
    """Whether macOS added this member to the zip by itself."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith("._")


def _name(member: zipfile.ZipInfo) -> str:
    """Return the member's name as originally written, with ``/`` between folders."""
    name = member.filename
    if not member.flag_bits & _UTF8_NAME:
        for encoding in ("utf-8", "gb18030"):
            with contextlib.suppress(UnicodeError):
                name = name.encode("cp437").decode(encoding)
                break
    return name.replace("\\", "/")
