"""Day 0 of the serial dates of a workbook: 1899-12-30, or 1904-01-01 if the file says so.

Excel on old Macs counted from 1904. The file says it in ``workbookPr/@date1904`` (ECMA-376, part 1,
18.2.28), in the record DATEMODE ([MS-XLS] 2.4.77, ``Date1904``), or in ``table:null-date``
(OpenDocument 1.3, part 3, 9.4.2).
"""

from __future__ import annotations

import datetime as dt
import re
import struct
import zipfile
from pathlib import Path

from models.formats.containers.compound import MAGIC
from models.formats.intake.moments import EPOCH, EPOCH_1904

_XLSX = re.compile(rb"<(?:\w+:)?workbookPr\b[^>]*\bdate1904\s*=\s*[\"'](?:1|true|on)[\"']")
_ODS = re.compile(rb"<table:null-date\b[^>]*\btable:date-value=\"(\d{4})-(\d\d)-(\d\d)\"")
_GLOBALS = re.compile(rb"\x09\x08.\x00\x00\x06\x05\x00", re.DOTALL)
"""The record BOF of the workbook's globals, BIFF8."""
_EOF, _DATE_MODE = 0x0A, 0x22
_MOST_RECORDS = 10_000


def epoch_of(path: Path) -> dt.date:
    """Return day 0 of the serial dates of a workbook."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            if "xl/workbook.xml" in names:
                data = archive.read("xl/workbook.xml")
                return EPOCH_1904 if _XLSX.search(data) else EPOCH
            null = _ODS.search(archive.read("content.xml")) if "content.xml" in names else None
            return dt.date(int(null[1]), int(null[2]), int(null[3])) if null else EPOCH
    data = path.read_bytes()
    is_1904 = data.startswith(MAGIC) and _counts_from_1904(data)
    return EPOCH_1904 if is_1904 else EPOCH


def _counts_from_1904(data: bytes) -> bool:
    """Walk the records of the workbook's globals until the one that says it."""
    start = _GLOBALS.search(data)
    position = start.start() if start else len(data)
    for _ in range(_MOST_RECORDS):
        if position + 4 > len(data):
            return False
        kind, length = struct.unpack_from("<2H", data, position)
        if kind == _DATE_MODE:
            return data[position + 4 : position + 6] == b"\x01\x00"
        if kind == _EOF:
            return False
        position += 4 + length
    return False
