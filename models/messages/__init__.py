"""The message catalogue: what users read when input is refused or something fails.

One table per code in the TOML files of this folder, grouped by subject: the sentence in Chinese
and English (``zh``, ``en``, without a full stop) and how to mend it (``mend_zh``, ``mend_en``,
with one). Names in braces are filled in by ``issue``.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from models.issues import Issue

_SHOWN = 60
"""Characters of a value that an issue shows."""
_LONGEST = 2_000
"""Characters of any one word that is filled into a sentence."""


class Message(NamedTuple):
    """What is wrong and how to mend it, in both languages; names in braces are filled in."""

    zh: str
    en: str
    mend_zh: str
    mend_en: str


class Spot(NamedTuple):
    """Where an issue is: sheet, file or table, and cell or path."""

    table: str = ""
    cell: str = ""


_NOWHERE = Spot()


@cache
def catalogue() -> Mapping[str, Message]:
    """Return every message by its code, read once and only when something is wrong."""
    return {
        code: Message(**texts)
        for file in sorted(Path(__file__).parent.glob("*.toml"))
        for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }


def issue(code: str, spot: Spot = _NOWHERE, value: object = "", **words: object) -> Issue:
    """Return the issue ``code`` at ``spot``; ``words`` are filled into its sentences.

    Raises
    ------
    KeyError
        The catalogue has no such code, or its sentences name a word that is not given.
    """
    filled = {name: _cut(word) for name, word in words.items()}
    zh, en, mend_zh, mend_en = (text.format_map(filled) for text in catalogue()[code])
    return Issue(
        code=code,
        table=str(_cut(spot.table)),
        cell=str(_cut(spot.cell)),
        value=shorten(value),
        zh=zh,
        en=en,
        mend_zh=mend_zh,
        mend_en=mend_en,
    )


def shorten(value: object) -> str:
    """Show a value on one line of at most 60 characters, control characters spelled out.

    A path is shown whole: its end says most.
    """
    if isinstance(value, Path):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    shown = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text[: _SHOWN + 1])
    return shown if len(shown) <= _SHOWN else shown[: _SHOWN - 1] + "…"


def _cut(word: object) -> object:
    """Return a word unchanged unless it is too long to have been typed by hand."""
    return f"{word[:_LONGEST]}…" if isinstance(word, str) and len(word) > _LONGEST else word
