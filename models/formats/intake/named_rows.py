"""Puts ids where names were written, and says what fits nothing or several rows."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from models.formats.intake.given_ids import give_ids
from models.formats.intake.name_index import Bearer, Found, NameIndex
from models.formats.intake.references import (
    INSTANCE_REFERENCES,
    PIN_TARGETS,
    Reference,
    known_ids,
)
from models.formats.intake.row_drafts import Book, Draft
from models.instance import Instance
from models.issues import Issue
from models.messages import issue
from models.places import Area
from models.vocabulary import AreaLevel, PinKind

_ORDER = ("areas", "settings", "firms", "people", "villages", "sites", "posts")
"""Tables whose ids others need, first to last."""
_LEVELS = {
    "省": AreaLevel.PROVINCE,
    "自治区": AreaLevel.PROVINCE,
    "市": AreaLevel.CITY,
    "州": AreaLevel.CITY,
    "盟": AreaLevel.CITY,
    "县": AreaLevel.COUNTY,
    "区": AreaLevel.COUNTY,
}
_BESIDE = ("area", "firm", "site")
_ROLES = {("villages", "adviser"): "adviser", ("held_around", "person"): "duty"}
_SHOWN = 5


class Naming:
    """Resolves the names of one book, table after table."""

    def __init__(self, book: Book) -> None:
        """Work on the drafts of ``book``; nothing is indexed before a name is met."""
        self.book = book
        self.known = known_ids(book)
        self._index: NameIndex | None = None

    def settle(self) -> Iterator[Issue]:
        """Give ids, put ids for names, and yield what fits nothing or several rows."""
        rest = [t.name for t in self.book.tables if t.name not in _ORDER]
        # Areas refer to one another, so they need their ids first; others take those of their place.
        self._number("areas")
        for table in (*_ORDER, *rest):
            for ref in INSTANCE_REFERENCES:
                if ref.table == table:
                    yield from self._settle(ref)
            self._number(table)
            self._index = None  # what stands where has changed
        yield from self._settle_pins()

    def _number(self, table: str) -> None:
        if give_ids(self.book, table):
            self.known, self._index = known_ids(self.book), None

    def _settle(self, ref: Reference) -> Iterator[Issue]:
        known = [self.known.ids[target] for target in ref.targets]
        for draft in self.book.rows(ref.table):
            value = draft.get(ref.field)
            if isinstance(value, (tuple, list)):
                if all(any(w in ids for ids in known) for w in value if isinstance(w, str)):
                    continue
                yield from self._settle_words(draft, ref, [w for w in value if isinstance(w, str)])
            elif isinstance(value, str) and not any(value in ids for ids in known):
                yield from self._settle_words(draft, ref, [value], is_one=True)

    def _settle_words(
        self, draft: Draft, ref: Reference, words: list[str], is_one: bool = False
    ) -> Iterator[Issue]:
        meant: list[str] = []
        for word in words:
            row, issues = self._meant(draft, ref, word)
            yield from issues
            meant.append(row.id if row else word)
        draft.put(ref.field, meant[0] if is_one else tuple(dict.fromkeys(meant)))

    def _meant(self, draft: Draft, ref: Reference, word: str) -> tuple[Bearer | None, list[Issue]]:
        if any(word in self.known.ids[target] for target in ref.targets):
            return None, []
        ask = partial(self.index.find, targets=ref.targets)
        beside = [
            str(draft.get(field)) for field in _BESIDE if draft.get(field) and field != ref.field
        ]
        role = _ROLES.get((ref.table, ref.field)) or _pin_role(ref.table, draft)
        found = ask(word, beside=beside, role=role)
        if len(found.rows) == 1:
            return found.rows[0], self._taken(draft, ref, word, found)
        if found.rows:
            return None, [self._several(draft, ref, word, found)]
        if ref == ("areas", "parent", ("areas",)) and (made := self._add_area(draft, word)):
            return made, []
        parts = [part for part in word.replace("，", "、").split("、") if part]
        if len(parts) > 1 and all(ask(part).rows or self._is_id(part, ref) for part in parts):
            words = {"word": word, "count": len(parts)}
            return None, [issue("two_in_cell", draft.spot(ref.field), word, **words)]
        return None, list(self.known.check(draft, ref.field, word, ref.targets))

    def _is_id(self, word: str, ref: Reference) -> bool:
        return any(word in self.known.ids[target] for target in ref.targets)

    def _several(self, draft: Draft, ref: Reference, word: str, found: Found) -> Issue:
        shown = "、".join(f"{row.name}（{row.id}）" for row in found.rows[:_SHOWN])
        title = "、".join(self.known.titles[target] for target in ref.targets)
        words = {"word": word, "title": title, "count": len(found.rows), "shown": shown}
        return issue("several_fit", draft.spot(ref.field), word, **words)

    def _taken(self, draft: Draft, ref: Reference, word: str, found: Found) -> list[Issue]:
        if not found.is_exact:
            words = {"word": word, "name": found.rows[0].name, "id": found.rows[0].id}
            self.book.remark(issue("taken_as", draft.spot(ref.field), word, **words))
        return []

    def _add_area(self, draft: Draft, word: str) -> Bearer | None:
        """Add an area that only stands as the parent of another, such as the city of a county."""
        level = next((_LEVELS[tail] for tail in _LEVELS if word.endswith(tail)), None)
        if level is None:
            return None
        made = Draft(draft.index, draft.origin, {"name": word, "level": level}, None)
        self.book.unnumbered.append(("areas", made))
        give_ids(self.book, "areas")
        row = Area(id=str(made.values["id"]), name=word, level=level)
        made.row = row
        self.book.drafts["areas"].append(made)
        self.known.ids["areas"].add(row.id)
        self._index = None
        spot = draft.spot("parent")
        self.book.remark(issue("area_added", spot, word, word=word, level=level.label))
        return Bearer(row.id, word)

    def _settle_pins(self) -> Iterator[Issue]:
        """Settle what pins aim at: a village, a site or a post, as their kind says."""
        for draft in self.book.rows("pins"):
            kind, target = draft.get("kind"), draft.get("target")
            if kind in PIN_TARGETS and isinstance(target, str):
                ref = Reference("pins", "target", (PIN_TARGETS[kind],))
                if target not in self.known.ids[ref.targets[0]]:
                    yield from self._settle_words(draft, ref, [target], is_one=True)

    @property
    def index(self) -> NameIndex:
        """The index of the names read so far."""
        if self._index is None:
            parents = {d.get("id"): d.get("parent") for d in self.book.rows("areas")}
            self._index = NameIndex(
                {
                    name: [_named(d, parents) for d in self.book.rows(name)]
                    for name in self.known.ids
                }
            )
        return self._index


def _pin_role(table: str, draft: Draft) -> str | None:
    if table != "pins":
        return None
    return "adviser" if draft.get("kind") in {PinKind.ADVISER, PinKind.VISIT} else "duty"


def _named(draft: Draft, parents: dict[object, object]) -> Bearer:
    within: list[str] = [str(draft.get(f)) for f in ("firm", "site") if draft.get(f)]
    area = draft.get("area") or draft.get("parent")
    while area is not None and area not in within:
        within.append(str(area))
        area = parents.get(area)
    roles = {r for r, f in (("adviser", "is_adviser"), ("duty", "is_duty")) if draft.get(f)}
    return Bearer(
        str(draft.get("id")), str(draft.get("name") or ""), frozenset(within), frozenset(roles)
    )


def index_of(instance: Instance) -> NameIndex:
    """Return the names of an instance, for the command line, rosters and requests."""
    sites = {site.id: site for site in instance.sites}
    rows: dict[str, list[Bearer]] = {}
    for table in ("areas", "villages", "sites", "posts", "firms", "people"):
        for row in getattr(instance, table):
            site = sites.get(getattr(row, "site", None) or "")
            above = [getattr(row, "area", None), getattr(row, "parent", None), site and site.area]
            area = next((code for code in above if code), None)
            within = {*instance.ancestors(area), getattr(row, "firm", None), site and site.id}
            rows.setdefault(table, []).append(
                Bearer(row.id, row.name, frozenset(str(w) for w in within if w))
            )
    return NameIndex(rows)
