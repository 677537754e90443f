"""Field types shared by all rows of an instance, and the row base class.

Every row is flat: scalars, tuples of words and ``word:number`` maps. That makes one
generic codec enough for workbook, CSV folder and JSON (``models.formats``).
``title`` is the Chinese header, ``description`` the note, ``examples`` what the
template shows.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from models.phones import without_private_numbers
from models.spellings import language_meant


class Row(BaseModel):
    """One row of one table: frozen, no unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def printable(text: str) -> str:
    """Return a text unchanged; control characters and line breaks are refused.

    They break calendars, files and sheets. Raises ValueError.
    """
    if text.isprintable():  # fast path: a province has half a million texts
        return text
    bad = [c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp", "Cs"}]
    if bad:
        codes = " ".join(f"U+{ord(c):04X}" for c in bad[:3])
        message = f"control_characters {codes}"
        raise ValueError(message)
    return text


def spoken(text: str) -> str:
    """Return the usual name of a language."""
    return language_meant(text) or text


def _half_width(value: Any) -> Any:
    """Turn full-width digits and letters (２０２６－１２) into ordinary ones."""
    return unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else value


Id = Annotated[
    str,
    BeforeValidator(_half_width),
    StringConstraints(min_length=1, max_length=60, pattern=r"^[^\s,;:@/\\|]+$"),
    AfterValidator(printable),
]
"""Identifier: 1–60 characters without blanks and ``, ; : @ / \\ |``; full-width becomes half-width."""

PrivateText = Annotated[str, StringConstraints(max_length=200), AfterValidator(printable)]
"""Text of at most 200 characters on one line that may be a private number; it is shown nowhere."""

Text = Annotated[PrivateText, AfterValidator(without_private_numbers)]
"""Free text of at most 200 characters on one line; mobile and identity numbers in it are hidden."""

Why = Annotated[
    str,
    Field(max_length=400),
    AfterValidator(printable),
    AfterValidator(without_private_numbers),
]
"""Why something is done, on one line; the log keeps it, but no mobile or identity number in it."""
Language = Annotated[Text, AfterValidator(spoken)]
"""A language or dialect; other names of the same one become its usual name (客家方言 → 客家话)."""


Name = Annotated[Text, StringConstraints(min_length=1, max_length=80)]
"""Display name, 1–80 characters on one line."""

Clock = Annotated[
    str, BeforeValidator(_half_width), StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")
]
"""Time of day, ``HH:MM`` in Asia/Shanghai."""

LINK = r"^https://[A-Za-z0-9.-]+(:\d{1,5})?([/?#][!#-;=?-\[\]_a-z~]*)?$"
"""Pattern of a web address that everybody may be shown: https, no name or password before the host."""

Link = Annotated[str, BeforeValidator(_half_width), StringConstraints(max_length=500, pattern=LINK)]
"""Web address, ``https://…``, at most 500 characters; full-width becomes half-width."""

Month = Annotated[
    str, BeforeValidator(_half_width), StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")
]
"""Calendar month, ``YYYY-MM``."""

Longitude = Annotated[float, Field(ge=73.0, le=136.0)]
"""Degrees east, WGS84, within China; a latitude here is out of range, so swaps are caught."""

Latitude = Annotated[float, Field(ge=3.0, le=54.0)]
"""Degrees north, WGS84, within China."""
