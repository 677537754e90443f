"""Line numbers of values in a TOML file, which the standard parser does not report.

A line inside a text or list of several lines may look like a key; such a line counts only where the
same key does not occur earlier in the same table.
"""

from __future__ import annotations

import re
from collections import defaultdict

Path = tuple[str | int, ...]
"""Keys and positions in lists, outermost first: ``("scenario", 0, "name")``."""

_HEADER = re.compile(r"^\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"""^\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*=""")
_PART = re.compile(r"""\s*(?:"([^"]*)"|'([^']*)'|([\w-]+))\s*""")


class Lines:
    """The lines of the tables and keys of a TOML text, from 1."""

    def __init__(self, text: str) -> None:
        self._at: dict[Path, int] = {}
        lists: dict[Path, int] = defaultdict(lambda: -1)
        table: Path = ()
        for number, line in enumerate(text.splitlines(), 1):
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                table = _table(header[2], header[1] == "[[", lists)
                self._at.setdefault(table, number)
            elif key:
                self._at.setdefault((*table, _word(key)), number)

    def of(self, path: Path) -> int:
        """Return the line of a value, or of the innermost table around it that has one; 1 at worst."""
        while path and path not in self._at:
            path = path[:-1]
        return self._at.get(path, 1)


def shown(path: Path) -> str:
    """Return a path in readable form: ``scenario[0].change[1].most``."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.removeprefix(".")


def _table(header: str, is_list: bool, lists: dict[Path, int]) -> Path:
    """Return the path of a table; ``[[a]]`` begins the next of the list a, ``[a.b]`` is in its last."""
    path: Path = ()
    words = [_word(found) for found in _PART.finditer(header)]
    for n, word in enumerate(words):
        path = (*path, word)
        if is_list and n == len(words) - 1:
            lists[path] += 1
        if path in lists:
            path = (*path, lists[path])
    return path


def _word(found: re.Match[str]) -> str:
    return next(group for group in found.groups() if group is not None)
