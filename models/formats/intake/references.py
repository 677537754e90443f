"""Which fields refer to rows of other tables, and the check that those rows exist."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from models.formats.intake.row_drafts import Book, Draft
from models.issues import Issue
from models.messages import issue
from models.vocabulary import PinKind

_HINT_WORK = 200_000
"""Comparisons spent on "did you mean" within one input; a comparison takes about 20 µs."""


class Reference(NamedTuple):
    """``table.field`` holds ids of one of ``targets``."""

    table: str
    field: str
    targets: tuple[str, ...]


INSTANCE_REFERENCES = (
    Reference("settings", "area", ("areas",)),
    Reference("areas", "parent", ("areas",)),
    Reference("villages", "area", ("areas",)),
    Reference("villages", "adviser", ("people",)),
    Reference("sites", "area", ("areas",)),
    Reference("sites", "villages", ("villages",)),
    Reference("posts", "site", ("sites",)),
    Reference("posts", "serves", ("sites",)),
    Reference("posts", "merged_into", ("posts",)),
    Reference("posts", "fixed_people", ("people",)),
    Reference("firms", "area", ("areas",)),
    Reference("people", "firm", ("firms",)),
    Reference("people", "area", ("areas",)),
    Reference("people", "serves_areas", ("areas",)),
    Reference("people", "duty_areas", ("areas",)),
    Reference("leave", "person", ("people",)),
    Reference("wishes", "person", ("people",)),
    Reference("wishes", "site", ("sites",)),
    Reference("wishes", "village", ("villages",)),
    Reference("wishes", "post", ("posts",)),
    Reference("limits", "person", ("people",)),
    Reference("limits", "post", ("posts",)),
    Reference("successions", "post", ("posts",)),
    Reference("successions", "next_post", ("posts",)),
    Reference("conflicts", "person", ("people",)),
    Reference("conflicts", "village", ("villages",)),
    Reference("conflicts", "site", ("sites",)),
    Reference("pins", "person", ("people",)),
    Reference("held_around", "person", ("people",)),
    Reference("held_around", "place", ("villages", "sites")),
    Reference("ledger", "person", ("people",)),
    Reference("ledger", "site", ("sites",)),
    Reference("lectures", "village", ("villages",)),
    Reference("pairs", "person", ("people",)),
    Reference("pairs", "place", ("villages", "sites")),
)
ROSTER_REFERENCES = (
    Reference("advisers", "village", ("villages",)),
    Reference("advisers", "person", ("people",)),
    Reference("mediators", "site", ("sites",)),
    Reference("mediators", "person", ("people",)),
    Reference("duties", "post", ("posts",)),
    Reference("duties", "person", ("people",)),
    Reference("duties", "firm", ("firms",)),
    Reference("visits", "village", ("villages",)),
    Reference("visits", "person", ("people",)),
    Reference("stations", "village", ("villages",)),
    Reference("stations", "host", ("villages",)),
)
PIN_TARGETS = {
    PinKind.ADVISER: "villages",
    PinKind.VISIT: "villages",
    PinKind.MEDIATOR: "sites",
    PinKind.DUTY: "posts",
    PinKind.STANDBY: "posts",
}


class KnownIds:
    """The ids of every table, and a bounded search for the closest one."""

    def __init__(self, ids: dict[str, set[str]], titles: dict[str, str]) -> None:
        """Keep the ids and Chinese titles by table name."""
        self.ids = ids
        self.titles = titles
        self._work = _HINT_WORK
        self._hints: dict[tuple[str, tuple[str, ...]], dict[str, str]] = {}
        self._absent: set[str] = set()

    def check(
        self, draft: Draft, field: str, word: str, targets: tuple[str, ...]
    ) -> Iterator[Issue]:
        """Yield an issue if ``word`` is no id of ``targets``; one for all when these have no rows."""
        if any(word in self.ids[target] for target in targets):
            return
        title = "、".join(self.titles[target] for target in targets)
        if not any(self.ids[target] for target in targets):
            if title not in self._absent:
                self._absent.add(title)
                yield issue("nothing_to_refer", draft.spot(field), word, word=word, title=title)
            return
        words = self._hint(word, targets) | {"word": word, "title": title}
        yield issue("dangling", draft.spot(field), word, **words)

    def _hint(self, word: str, targets: tuple[str, ...]) -> dict[str, str]:
        key = (word, targets)
        if key not in self._hints:
            ids = sorted(set[str]().union(*(self.ids[target] for target in targets)))
            close = difflib.get_close_matches(word, ids, 1, 0.75) if self._spend(ids) else []
            self._hints[key] = {
                "hint": f"是不是“{close[0]}”？" if close else "",
                "hint_en": f"Maybe {close[0]}. " if close else "",
            }
        return self._hints[key]

    def _spend(self, ids: list[str]) -> bool:
        self._work -= len(ids)
        return self._work > 0


def known_ids(book: Book) -> KnownIds:
    """Collect the ids of a book, including rows with other faults."""
    ids = {
        table.name: {str(draft.get("id")) for draft in book.rows(table.name)}
        for table in book.tables
        if "id" in table.by_field
    }
    return KnownIds(ids, {table.name: table.title for table in book.tables})


def dangling(book: Book, references: Iterable[Reference], known: KnownIds) -> Iterator[Issue]:
    """Yield an issue for every id that names no row of its target table."""
    for table, field, targets in references:
        for draft in book.rows(table):
            value = draft.get(field)
            for word in value if isinstance(value, (tuple, list)) else (value,):
                if isinstance(word, str):
                    yield from known.check(draft, field, word, targets)
