"""Further spellings of the vocabulary: what offices write for a word, from ``spellings.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

_REMARK = re.compile(r"(?<=.)\([^()]*\)$")
"""Brackets behind a word: 开庭（梅州中院）."""


def folded(text: str) -> str:
    """Normalise width, case and blanks, for comparing words."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


@cache
def spellings(kind: str) -> Mapping[str, str]:
    """Return the name of the member each further spelling of a word list stands for."""
    text = Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8")
    members = tomllib.loads(text).get(kind, {})
    return {folded(word): name for name, words in members.items() for word in words}


@lru_cache(maxsize=4096)
def member_meant(kind: str, text: str) -> str | None:
    """Return the name of the member that ``text`` means; a remark in brackets is passed over."""
    known, plain = spellings(kind), folded(text)
    return known.get(plain) or known.get(_REMARK.sub("", plain))


def without_remark(text: str) -> str:
    """Return a folded word without the remark in brackets behind it."""
    return _REMARK.sub("", folded(text))


@cache
def _languages() -> Mapping[str, str]:
    text = Path(__file__).with_name("spellings.toml").read_text(encoding="utf-8")
    return {
        folded(word): name
        for name, words in tomllib.loads(text)["Languages"].items()
        for word in words
    }


@lru_cache(maxsize=4096)
def language_meant(text: str) -> str | None:
    """Return the usual name of a language that is written another way."""
    return _languages().get(folded(text))
