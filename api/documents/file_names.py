"""File names that every system accepts: letters, digits, Chinese, hyphen and underscore."""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Mapping

CALENDARS = "calendars"
"""Folder of the calendars."""

KINDS = ("person", "site", "village", "firm")
"""First words of their names."""

_LONGEST_ID, _LONGEST_NAME = 40, 16
"""Characters kept; with prefix and suffix at most 195 bytes, file systems take 255."""


def calendar_names(kind: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return ``<kind>-<id>-<name>.ics`` for every id, without characters that mean something in a path.

    An id that had to be changed, or that differs from another only in capitals (one file on
    Windows), gets eight hex digits of its SHA-256, so that two ids never share a file.

    Parameters
    ----------
    kind
        First part of the name, for example ``person``.
    names
        Display name by id.
    """
    plain = {identity: _plain(identity, _LONGEST_ID) for identity in names}
    shared = Counter(text.casefold() for text in plain.values())
    found = {}
    for identity, text in plain.items():
        unique = text == identity and shared[text.casefold()] == 1
        digest = "" if unique else hashlib.sha256(identity.encode()).hexdigest()[:8]
        label = _plain(names[identity], _LONGEST_NAME).strip("_")
        found[identity] = "-".join(part for part in (kind, text, digest, label) if part) + ".ics"
    return found


def _plain(text: str, longest: int) -> str:
    kept = unicodedata.normalize("NFC", text)[:longest]
    return "".join(c if c in "-_" or unicodedata.category(c)[0] in "LN" else "_" for c in kept)
