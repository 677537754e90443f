"""Whether a zip is safe to open: its directory is sane and matches its members.

Nothing is unpacked into memory here: the directory is read first, and the streams are only measured
against the sizes it states, in small pieces.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from models.issues import Issue
from models.messages import Spot, issue

MAX_UNPACKED = 200 * 1024 * 1024
"""Bytes that the members may have together when unpacked."""
MAX_RATIO = 200
MAX_MEMBERS = 2_000
UNREADABLE = (zipfile.BadZipFile, OSError, NotImplementedError, zlib.error, ValueError)
"""What Python raises for a zip that is damaged."""
_MAX_DIRECTORY = MAX_MEMBERS * 1024
"""Bytes of the directory itself, which is read as a whole."""
_RATIO_FROM = 1024 * 1024
"""Bytes below which the ratio does not matter: small sheets of blanks shrink a lot."""
_PIECE = 1 << 20
_TAIL = 22 + 0xFFFF + 76
"""Bytes from the end in which the records that tell the directory's size lie."""

Finding = tuple[str, str]
"""What is wrong, in Chinese and English."""


def faults_of_zip(path: Path) -> Issue | None:
    """Return why a zip cannot be opened safely: damaged, a bomb, encrypted."""
    spot = Spot(path.name)
    try:
        abnormal = _huge_directory(path)
        if not abnormal:
            with zipfile.ZipFile(path) as archive:
                members = archive.infolist()
            abnormal = _abnormal(members, path.stat().st_size) or _overlong(path, members)
    except UNREADABLE:
        return issue("workbook_broken", spot)
    if abnormal:
        return issue("zip_bomb", spot, found=abnormal[0], found_en=abnormal[1])
    return issue("encrypted", spot) if any(m.flag_bits & 1 for m in members) else None


def names_of_zip(path: Path) -> frozenset[str] | None:
    """Return the names of the members as Python shows them; None for what cannot be opened."""
    try:
        if _huge_directory(path):
            return None
        with zipfile.ZipFile(path) as archive:
            return frozenset(archive.namelist())
    except UNREADABLE:
        return None


def _huge_directory(path: Path) -> Finding | None:
    """Check the size of the directory, from its end records, before it is read."""
    with path.open("rb") as file:
        file.seek(-min(_TAIL, path.stat().st_size), 2)
        tail = file.read()
    end = tail.rfind(b"PK\x05\x06")
    told = tail[end + 12 : end + 16]
    if tail[max(0, end - 76) :].startswith(b"PK\x06\x06"):
        told = tail[end - 36 : end - 28]  # the zip64 end record comes first
    size = int.from_bytes(told, "little") if end >= 0 else 0
    if size <= _MAX_DIRECTORY:
        return None
    return f"目录有 {size >> 10} KB", f"a directory of {size >> 10} KB"


def _abnormal(members: list[zipfile.ZipInfo], size: int) -> Finding | None:
    """Check the directory alone."""
    if len(members) > MAX_MEMBERS:
        return f"有 {len(members)} 个文件", f"it has {len(members)} members"
    total = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if total > MAX_UNPACKED:
        return f"解压后 {total >> 20} MB", f"{total >> 20} MB when unpacked"
    if total > _RATIO_FROM and total > MAX_RATIO * max(packed, 1):
        ratio = total // max(packed, 1)
        return f"压缩比 {ratio}", f"compression ratio {ratio}"
    if packed > size:
        return "各文件的内容互相重叠", "its members overlap"
    return None


def _overlong(path: Path, members: list[zipfile.ZipInfo]) -> Finding | None:
    """Find a member that unpacks to more than the directory states."""
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
    """Yield the lengths of the unpacked pieces, stopping just past the stated size."""
    stream = zlib.decompressobj(-15)
    total = 0
    while packed and total <= promised and not stream.eof:
        length = len(stream.decompress(packed, _PIECE))
        total += length
        yield length
        packed = stream.unconsumed_tail
