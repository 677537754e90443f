"""Which numbers may be shown: office phones, never a mobile or an identity number, however spelled.

Clerks type numbers into any cell, and spreadsheets respell them: ``139 1234 5678``, ``(139)1234-5678``,
``０１３９…``, ``+86 139…``, ``1.3912345678E+10``. A number is judged by its digits alone: those that are
left without blanks, dots, brackets, hyphens of every kind, leading zeros and the country's code.

Source: mobile numbers have 11 digits and begin with 13 to 19 (电信网编号计划, 2017); citizens' identity
numbers have 17 digits and a check digit or X, the birth date in the 7th to 14th (GB 11643-1999).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

HIDDEN = "（号码不公开）"
"""What stands in the place of a number."""

FEWEST_DIGITS = 4
"""In what is a number at all: ``1.4E+10``."""

_CHINESE = dict(zip("〇零一二三四五六七八九幺", "001234567891", strict=True))
_HYPHENS = "".join(c for c in map(chr, range(0x3200)) if unicodedata.category(c) == "Pd")
_BETWEEN = (
    rf"[\s.()\[\]{{}}<>·•・。_*'\"+~\u00ad\u200b-\u200f\u2060\ufeff−⁃ー─{re.escape(_HYPHENS)}]"
)
"""What may stand between the digits of one number, after NFKC: blanks, dots, brackets, hyphens."""
_RUN = re.compile(rf"[+(\[]*\d(?:{_BETWEEN}{{0,4}}\d)*(?:{_BETWEEN}{{0,2}}[Xx](?![A-Za-z]))?")
_SCIENTIFIC = re.compile(r"(?<![\d.])\d(?:\.\d+)?[Ee]\+?(?:10|17)(?!\d)")
_TOKEN = re.compile(r"\d+[Xx]?|(?<=\d)[Xx]|[Xx]$")
_MOBILE = re.compile(r"0*(?:86)?0*1[3-9]\d{9}")
_IDENTITY = re.compile(
    r"0*[1-9]\d{5}(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
)


def office_phone(*numbers: str, private: str = "") -> str:
    """Return the first of ``numbers`` that may be posted in public, else an empty string.

    A clerk may have typed a mobile number into the column of office numbers: anything
    that looks like a mainland mobile, or equals the ``private`` number, is passed over.
    """
    return next((text for text in numbers if text and _is_office(text, private)), "")


def has_private_number(text: str) -> bool:
    """Whether a mobile or identity number stands in a text, in any spelling."""
    return HIDDEN in text or next(_found(text), None) is not None


@lru_cache(maxsize=2**14)  # the same names occur in thousands of rows
def without_private_numbers(text: str) -> str:
    """Return a text with every mobile and identity number in it replaced by a remark."""
    spans = list(_found(text))
    if not spans:
        return text
    plain, parts, last = unicodedata.normalize("NFKC", text), [], 0
    for start, end in spans:
        parts += [plain[last:start], HIDDEN]
        last = end
    return "".join([*parts, plain[last:]])


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each private number in the text after NFKC."""
    if sum(map(str.isnumeric, text)) < FEWEST_DIGITS:
        return  # most names
    plain = unicodedata.normalize("NFKC", text)
    digits = "".join(map(_as_digit, plain))
    last = 0
    found = [*_scientific(digits), *_spelled(digits)]
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= last:
            yield start, end
            last = end


def _scientific(text: str) -> Iterator[tuple[int, int]]:
    for match in _SCIENTIFIC.finditer(text):
        if _is_private(f"{int(float(match[0]))}"):
            yield match.span()


def _spelled(text: str) -> Iterator[tuple[int, int]]:
    """Yield numbers written with digits: a whole run of them, or neighbouring groups of three and more."""
    for run in _RUN.finditer(text):
        tokens = [(run.start() + m.start(), run.start() + m.end()) for m in _TOKEN.finditer(run[0])]
        joined = "".join(text[a:b] for a, b in tokens)
        if _is_private(joined):
            is_bracketed = any(mark in run[0] for mark in ")]")
            yield run.start() if is_bracketed else tokens[0][0], tokens[-1][1]
        else:
            yield from _grouped(text, tokens)


def _grouped(text: str, tokens: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the neighbouring groups of digits that make a number together."""
    first = 0
    while first < len(tokens):
        for last in range(first, min(first + 6, len(tokens))):
            groups = [text[a:b] for a, b in tokens[first : last + 1]]
            is_usual = all(len(group) > 2 for group in groups[groups[0] in ("86", "0") :])
            if is_usual and _is_private("".join(groups)):
                yield tokens[first][0], tokens[last][1]
                first = last
                break
        first += 1


def _is_private(number: str) -> bool:
    return bool(_MOBILE.fullmatch(number) or _IDENTITY.fullmatch(number))


def _as_digit(character: str) -> str:
    """Return the ASCII digit that a character stands for, or itself."""
    if character in _CHINESE:
        return _CHINESE[character]
    value = unicodedata.digit(character, None) if not character.isascii() else None
    return character if value is None else str(value)


def _is_office(number: str, private: str) -> bool:
    hidden = _digits(private)
    return not has_private_number(number) and not (hidden and hidden in _digits(number))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
