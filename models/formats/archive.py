"""What a file is, judged by its first bytes, and whether its zip directory is sane.

Nothing is unpacked into memory here: the directory is read first, and the streams are
only measured against what the directory promises, in small pieces.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from models.formats import compound
from models.formats.messages import Spot, issue
from models.issues import Issue

MAX_BYTES = 200 * 1024 * 1024
"""Bytes that a file may have, and that its members may have together when unpacked."""
MAX_RATIO = 200
MAX_MEMBERS = 2_000
_RATIO_FROM = 1024 * 1024
"""Bytes below which the ratio does not matter: small sheets of blanks shrink a lot."""
_PIECE = 1 << 20
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
    """Return why a file is no workbook that may be opened safely."""
    spot = Spot(path.name)
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PK"):
        return _faults_of_zip(path)
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


def _faults_of_zip(path: Path) -> Issue | None:
    spot = Spot(path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = set(archive.namelist())
            abnormal = _abnormal(members) or _overlong(path, members)
            manifest = _manifest(archive, names) if not abnormal else b""
    except (zipfile.BadZipFile, OSError, NotImplementedError, zlib.error, ValueError):
        return issue("workbook_broken", spot)
    if abnormal:
        return issue("zip_bomb", spot, found=abnormal[0], found_en=abnormal[1])
    if b"encryption-data" in manifest or any(member.flag_bits & 1 for member in members):
        return issue("encrypted", spot)
    if not names & {"xl/workbook.xml", "content.xml"}:
        words = {"found": "看来是别的压缩文件", "found_en": "it looks like some other archive"}
        return issue("not_workbook", spot, **words)
    return None


def _manifest(archive: zipfile.ZipFile, names: set[str]) -> bytes:
    name = "META-INF/manifest.xml"
    return archive.read(name) if name in names else b""


def _abnormal(members: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """Judge the directory alone."""
    if len(members) > MAX_MEMBERS:
        return f"有 {len(members)} 个文件", f"it has {len(members)} members"
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MAX_BYTES:
        return f"解压后 {total >> 20} MB", f"{total >> 20} MB when unpacked"
    if total > _RATIO_FROM and total > MAX_RATIO * max(packed, 1):
        ratio = total // max(packed, 1)
        return f"压缩比 {ratio}", f"compression ratio {ratio}"
    return None


def _overlong(path: Path, members: list[zipfile.ZipInfo]) -> tuple[str, str] | None:
    """Find a member that unpacks to more than the directory promises."""
    with path.open("rb") as file:
        for member in members:
            if member.compress_type != zipfile.ZIP_DEFLATED:
                continue
            file.seek(member.header_offset + 26)
            lengths = file.read(4)
            file.seek(int.from_bytes(lengths[:2], "little"), 1)
            file.seek(int.from_bytes(lengths[2:], "little"), 1)
            if sum(_pieces(file.read(member.compress_size), member.file_size)) > member.file_size:
                return "目录所记大小不实", "its directory lies about sizes"
    return None


def _pieces(packed: bytes, promised: int) -> Iterator[int]:
    """Yield the lengths of the unpacked pieces, stopping just beyond what was promised."""
    stream = zlib.decompressobj(-15)
    total = 0
    while packed and total <= promised and not stream.eof:
        length = len(stream.decompress(packed, _PIECE))
        total += length
        yield length
        packed = stream.unconsumed_tail
