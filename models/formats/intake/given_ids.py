"""Ids for rows that have none, the same from month to month.

A person with a licence keeps the id of the licence; everything else that of its name in its place.
So the same person or place has the same id in next month's workbook, wherever the row stands.
"""

from __future__ import annotations

import hashlib
import re

from models.formats.intake.row_drafts import Book, Draft
from models.spellings import folded

_REFUSED = re.compile(r"[\s,;:@/\\|]+")
_LONGEST_NAME = 40
_PLACES = {
    "areas": ("parent",),
    "firms": ("area",),
    "people": ("firm", "area"),
    "villages": ("area",),
    "sites": ("area",),
    "posts": ("site",),
}
"""The fields that say where a row is; the first that is filled counts."""


def give_ids(book: Book, table: str) -> bool:
    """Give an id to every row of ``table`` that was read without one; say whether any was."""
    waiting = [draft for name, draft in book.unnumbered if name == table]
    book.unnumbered = [(name, draft) for name, draft in book.unnumbered if name != table]
    if not waiting:
        return False
    taken = {draft.get("id") for draft in book.rows(table)}
    for draft in waiting:
        made = given = _id_of(table, draft)
        count = 1
        while given in taken:
            count += 1
            given = f"{made}-{count}"
        taken.add(given)
        draft.put("id", given)
    return True


def _id_of(table: str, draft: Draft) -> str:
    licence = folded(str(draft.get("licence_no") or "")) if table == "people" else ""
    if licence:
        return f"P-{_digest(licence, 6)}"
    name = folded(str(draft.get("name") or ""))
    place = next((str(draft.get(f)) for f in _PLACES[table] if draft.get(f)), "")
    label = _REFUSED.sub("", name)[:_LONGEST_NAME]
    return f"{label}-{_digest(f'{name}|{folded(place)}', 4)}"


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]
