"""The container of .xls and .et (OLE2 compound file): whether its sector chains are finite.

A reader that follows a circular chain never returns, so the tables of the container are walked
first. Reference: [MS-CFB], sections 2.2 to 2.6.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER_BYTES = 512
_LAST_SECTOR = 0xFFFFFFFA
"""Numbers above mean free, end of chain, FAT or DIFAT."""


def is_sound(data: bytes) -> bool:
    """Return whether every chain of the container ends and stays inside the file.

    Parameters
    ----------
    data
        The whole file.
    """
    try:
        return _is_sound(data)
    except (struct.error, IndexError):
        return False


def _is_sound(data: bytes) -> bool:
    shift, mini_shift = struct.unpack_from("<2H", data, 30)
    if shift not in {9, 12} or mini_shift != 6:
        return False
    size = 1 << shift
    mini_start, _, difat_start, _ = struct.unpack_from("<4I", data, 60)
    fat_sectors = [n for n in struct.unpack_from("<109I", data, 76) if n < _LAST_SECTOR]
    seen: set[int] = set()
    while difat_start < _LAST_SECTOR:
        if difat_start in seen:
            return False
        seen.add(difat_start)
        *more, difat_start = _numbers(data, difat_start, size)
        fat_sectors += [n for n in more if n < _LAST_SECTOR]
    if len(set(fat_sectors)) < len(fat_sectors):
        return False
    fat = [number for sector in fat_sectors for number in _numbers(data, sector, size)]
    if has_circle(fat) or not fat:
        return False
    mini = [n for sector in _chain(fat, mini_start) for n in _numbers(data, sector, size)]
    return not has_circle(mini)


def _numbers(data: bytes, sector: int, size: int) -> tuple[int, ...]:
    start = (sector + 1) * max(size, _HEADER_BYTES)
    return struct.unpack_from(f"<{size // 4}I", data, start)


def _chain(fat: Sequence[int], start: int) -> list[int]:
    chain = []
    while start < _LAST_SECTOR:
        chain.append(start)
        start = fat[start]
    return chain


def has_circle(following: Sequence[int]) -> bool:
    """Return whether some chain of sector numbers runs in a circle."""
    checked = bytearray(len(following))
    for start in range(len(following)):
        path, current = [], start
        while current < len(following) and not checked[current]:
            checked[current] = 1
            path.append(current)
            current = following[current]
        if current < len(following) and current in set(path):
            return True
    return False
