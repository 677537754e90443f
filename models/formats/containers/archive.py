"""Detects a file's kind from its first bytes, and whether it is safe to open."""

from __future__ import annotations

import zipfile
from pathlib import Path

from models.formats.containers import compound
from models.formats.containers.zips import UNREADABLE, faults_of_zip
from models.issues import Issue
from models.messages import Spot, issue

MAX_BYTES = 200 * 1024 * 1024
"""Bytes that a file may have."""
WORKBOOK_PARTS = frozenset({"xl/workbook.xml", "content.xml"})
"""Members of which every packed workbook has one."""
_ENCRYPTED_OLE = "EncryptedPackage".encode("utf-16-le")
_KNOWN_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"<", "网页或 XML", "a web page or XML"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
)


def faults_of_file(path: Path) -> Issue | None:
    """Return why a file cannot be read at all, before its kind matters."""
    spot = Spot(path.name)
    if not path.exists():
        return issue("file_missing", spot)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            file.read(1)
    except OSError:
        return issue("file_unreadable", spot)
    if not size:
        return issue("file_empty", spot)
    return issue("file_too_large", spot, limit=MAX_BYTES >> 20) if size > MAX_BYTES else None


def faults_of_workbook(path: Path) -> Issue | None:
    """Return why a file is not a workbook that can be opened safely."""
    spot = Spot(path.name)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK"):
        return _faults_of_packed(path)
    if head != compound.MAGIC:
        return issue("not_workbook", spot, **_describe(head))
    data = path.read_bytes()
    if _ENCRYPTED_OLE in data:
        return issue("encrypted", spot)
    return None if compound.is_sound(data) else issue("workbook_broken", spot)


def _describe(head: bytes) -> dict[str, str]:
    for start, zh, en in _KNOWN_BYTES:
        if head.startswith(start):
            return {"found": f"看来是{zh}", "found_en": f"it looks like {en}"}
    return {"found": "看来是别的文件", "found_en": "it looks like some other file"}


def _faults_of_packed(path: Path) -> Issue | None:
    """Check a zip-based workbook; only the old formats are not zips."""
    spot = Spot(path.name)
    fault = faults_of_zip(path)
    if fault:
        return fault
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            manifest = _manifest(archive, names)
    except UNREADABLE:
        return issue("workbook_broken", spot)
    if b"encryption-data" in manifest:
        return issue("encrypted", spot)
    if not names & WORKBOOK_PARTS:
        words = {"found": "看来是别的压缩文件", "found_en": "it looks like some other archive"}
        return issue("not_workbook", spot, **words)
    return None


def _manifest(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    name = "META-INF/manifest.xml"
    return archive.read(name) if name in names else b""
