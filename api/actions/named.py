"""Names that people write: a person, village or site is named as people call it, or by its id."""

from __future__ import annotations

from typing import overload

from models.formats.intake.named_rows import index_of
from models.instance import Instance
from models.issues import InputError
from models.messages import Spot, issue

_SHOWN = 5


@overload
def meant(instance: Instance, table: str, word: str) -> str: ...
@overload
def meant(instance: Instance, table: str, word: None) -> None: ...
def meant(instance: Instance, table: str, word: str | None) -> str | None:
    """Return the id that a word names in a table of the instance; ids and unknown words stay.

    Raises
    ------
    InputError
        When the name fits several rows, each of them named.
    """
    if word is None or any(row.id == word for row in getattr(instance, table)):
        return word
    rows = index_of(instance).find(word, (table,)).rows
    if len(rows) > 1:
        shown = "、".join(f"{row.name}（{row.id}）" for row in rows[:_SHOWN])
        title = type(instance).model_fields[table].title
        words = {"word": word, "title": title, "count": len(rows), "shown": shown}
        raise InputError([issue("several_fit", Spot(), word, **words)])
    return rows[0].id if rows else word
