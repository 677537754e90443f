"""Cross-checks of an instance: one function per check, each yields every issue it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from models.formats.intake.row_drafts import Book, Draft
from models.issues import Issue
from models.messages import Spot, issue
from models.vocabulary import LimitKind, PinKind

_KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("wishes", ("person", "attitude", "date", "weekday", "part", "site", "village", "post")),
    ("limits", ("person", "kind", "post", "part")),
    ("successions", ("part", "post", "next_part", "next_post")),
    ("pins", ("kind", "target", "person", "date", "part")),
    ("held_around", ("person", "date", "part", "start", "place")),
    ("ledger", ("person", "month", "kind", "day_class", "site", "standby")),
    ("pairs", ("person", "place")),
    ("rules", ("rule", "field")),
    ("days", ("date",)),
)
"""What two rows of a table without ids must not share."""
_PERIODS = (
    ("posts", "valid_from", "valid_to"),
    ("people", "active_from", "active_to"),
    ("villages", "adviser_since", "adviser_until"),
    ("leave", "first", "last"),
)
_PLACED = ("areas", "villages", "sites", "firms", "people")
_PIN_COLUMNS = {
    "target": ("对象", "a target"),
    "person": ("人员编号", "a person"),
    "date": ("日期", "a date"),
    "part": ("时段", "a part of the day"),
}
_WINDOWS = (("am_start", "am_end"), ("pm_start", "pm_end"))


def required_tables(book: Book) -> Iterator[Issue]:
    """Areas, people, and villages or posts must be present and not empty."""
    for name in ("areas", "people"):
        if not book.rows(name):
            missing = name not in book.drafts
            code = "missing_sheet" if missing else "empty_table"
            spot = Spot(book.label if missing else book.title(name))
            yield issue(code, spot, word=book.title(name))
    if not book.rows("villages") and not book.rows("posts"):
        yield issue("nothing_to_plan", Spot(book.label))


def duplicate_ids(book: Book) -> Iterator[Issue]:
    """No two rows of a table share an id, nor do a village and a site; both cells are named.

    Pairs and conflicts name a village or a site by id alone.
    """
    places: dict[str, tuple[str, Draft]] = {}
    for table in book.tables:
        if "id" not in table.by_field:
            continue
        first = places if table.name in ("villages", "sites") else {}
        for draft in book.rows(table.name):
            word = draft.get("id")
            if not isinstance(word, str):
                continue
            title, seen = first.setdefault(word, (table.title, draft))
            if seen is not draft:
                words = {"word": word, "title": title, "other": seen.spot("id").cell}
                yield issue("duplicate_id", draft.spot("id"), word, **words)


def duplicate_rows(book: Book, keys: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[Issue]:
    """No two rows of a table without ids say the same thing."""
    for name, fields in keys:
        first: dict[tuple[Any, ...], Draft] = {}
        for draft in book.rows(name):
            if draft.row is None:
                continue
            seen = first.setdefault(tuple(draft.get(field) for field in fields), draft)
            if seen is not draft:
                other = seen.spot(fields[0]).cell
                yield issue("duplicate_row", draft.spot(fields[0]), other=other)


def area_cycles(book: Book) -> Iterator[Issue]:
    """No area is above itself; each cycle is reported once."""
    drafts = {d.get("id"): d for d in book.rows("areas") if d.get("id") is not None}
    parents = {code: draft.get("parent") for code, draft in drafts.items()}
    settled: set[Any] = set()
    for start in parents:
        chain: list[Any] = []
        code = start
        while code in parents and code not in settled and code not in chain:
            chain.append(code)
            code = parents[code]
        if code in chain:
            circle = " → ".join([*chain[chain.index(code) :], code])
            yield issue("area_cycle", drafts[code].spot("parent"), code, word=circle)
        settled.update(chain)


def periods(book: Book) -> Iterator[Issue]:
    """No period ends before it begins."""
    for name, first, last in _PERIODS:
        for draft in book.rows(name):
            begin, end = draft.get(first), draft.get(last)
            if begin is None or end is None or type(begin) is not type(end) or begin <= end:
                continue
            spot = draft.spot(last)
            yield issue("first_after_last", spot, str(end), first=begin, last=end)


def half_coordinates(book: Book) -> Iterator[Issue]:
    """Longitude and latitude come together."""
    for name in _PLACED:
        for draft in book.rows(name):
            if draft.row is None:
                continue
            lon, lat = draft.get("lon"), draft.get("lat")
            if (lon is None) != (lat is None):
                given, absent = (lon, "lat") if lat is None else (lat, "lon")
                yield issue("coordinate_half", draft.spot(absent), given)


def points(book: Book) -> Iterator[Issue]:
    """Every village, site and person has a point: its own, its firm's or an area's.

    Rows of one area that lack it for want of the area's are told once, and once for a book without
    any point. A row whose area is unknown or faulty is left to the other checks.
    """
    areas = {draft.get("id"): draft for draft in book.rows("areas")}
    firms = {draft.get("id"): draft for draft in book.rows("firms")}
    without: dict[Any, list[Draft]] = {}
    for name in ("villages", "sites", "people"):
        for draft in book.rows(name):
            firm = firms.get(draft.get("firm")) if name == "people" else None
            chains = [draft, *_above(draft, areas), *([firm, *_above(firm, areas)] if firm else [])]
            if draft.row is None or draft.get("area") not in areas:
                continue
            if all(link.row is not None and not _has_point(link) for link in chains):
                without.setdefault(draft.get("area"), []).append(draft)
    count = sum(map(len, without.values()))
    if count > 1 and not any(_has_point(draft) for name in _PLACED for draft in book.rows(name)):
        yield issue("no_points", next(iter(areas.values())).spot("lon"), count=count)
        return
    for area, drafts in without.items():
        if len(drafts) == 1:
            yield issue("no_point", drafts[0].spot("lon"), word=drafts[0].get("name"))
        else:
            words = {"word": areas[area].get("name"), "count": len(drafts)}
            yield issue("no_point_area", areas[area].spot("lon"), **words)


def _above(draft: Draft, areas: dict[Any, Draft]) -> list[Draft]:
    chain: list[Draft] = []
    code = draft.get("area")
    while code in areas and areas[code] not in chain:
        chain.append(areas[code])
        code = areas[code].get("parent")
    return chain


def _has_point(draft: Draft) -> bool:
    return draft.get("lon") is not None or draft.get("lat") is not None


def pins(book: Book) -> Iterator[Issue]:
    """Pins of duties, standbys and visits need date and part; without a person the date alone."""
    dated = {PinKind.DUTY, PinKind.STANDBY, PinKind.VISIT}
    for draft in book.rows("pins"):
        if draft.row is None:
            continue
        is_dated, is_closing = draft.get("kind") in dated, draft.get("person") is None
        needed = {
            "target": not (is_dated and is_closing),
            "person": not is_dated,
            "date": is_dated,
            "part": is_dated and not is_closing,
        }
        for field in (field for field, is_needed in needed.items() if is_needed):
            if draft.get(field) is None:
                zh, en = _PIN_COLUMNS[field]
                words = {"word": draft.get("kind").label, "missing": zh, "missing_en": en}
                yield issue("pin_incomplete", draft.spot(field), **words)


def times_of_day(book: Book) -> Iterator[Issue]:
    """Hours of leave and of duties held around the month come in pairs and are never zero."""
    for name in ("leave", "held_around"):
        for draft in book.rows(name):
            if draft.row is None:
                continue
            start, end = draft.get("start"), draft.get("end")
            if (start is None) != (end is None):
                yield issue("hours_half", draft.spot("end" if end is None else "start"))
            elif start is not None and start == end:
                yield issue("post_times_equal", draft.spot("end"), end)
            elif name == "held_around" and start is None and draft.get("part") is None:
                yield issue("held_around_no_time", draft.spot("part"))


def held_around(book: Book) -> Iterator[Issue]:
    """Check that duties held around the month are dated: no standing seats."""
    for draft in book.rows("held_around"):
        if draft.row is not None and draft.get("kind") in (PinKind.ADVISER, PinKind.MEDIATOR):
            yield issue("held_around_kind", draft.spot("kind"), draft.get("kind").label)


def conflicts(book: Book) -> Iterator[Issue]:
    """Check that a conflict names a village or a site."""
    for draft in book.rows("conflicts"):
        if draft.row is not None and not (draft.get("village") or draft.get("site")):
            yield issue("conflict_no_place", draft.spot("village"))


def wishes(book: Book) -> Iterator[Issue]:
    """Check that a wish names at least one of date, weekday, part, site, village and post."""
    for draft in book.rows("wishes"):
        named = ("date", "weekday", "part", "site", "village", "post")
        if draft.row is not None and all(draft.get(field) is None for field in named):
            yield issue("wish_empty", draft.spot("date"))


def limits(book: Book) -> Iterator[Issue]:
    """Check that a limit gives a number that its kind knows: weekends at most, hours at least."""
    unknown = {LimitKind.WEEKENDS: "least", LimitKind.HOURS: "most"}
    for draft in book.rows("limits"):
        if draft.row is None:
            continue
        least, most, kind = draft.get("least"), draft.get("most"), draft.get("kind")
        if least is None and most is None:
            yield issue("limit_empty", draft.spot("most"))
        elif least is not None and most is not None and least > most:
            yield issue("limit_order", draft.spot("most"), most, least=least, most=most)
        for field in ("post", "part") if kind in unknown else ():
            if draft.get(field) is not None:
                yield issue("limit_not_counted", draft.spot(field), word=kind.label)
        if kind in unknown and draft.get(unknown[kind]) is not None:
            yield issue("limit_not_counted", draft.spot(unknown[kind]), word=kind.label)


def successions(book: Book) -> Iterator[Issue]:
    """Check that a succession names something of both days."""
    for draft in book.rows("successions"):
        for part, post in (("part", "post"), ("next_part", "next_post")):
            if draft.row is not None and draft.get(part) is None and draft.get(post) is None:
                yield issue("succession_empty", draft.spot(part))


def optional_posts(book: Book) -> Iterator[Issue]:
    """Check that a post that may stay empty asks for no standby and no mix."""
    for draft in book.rows("posts"):
        if draft.row is not None and draft.get("optional"):
            for field in ("standby", "mix"):
                if draft.get(field):
                    yield issue("optional_post_asks", draft.spot(field))


def post_times(book: Book) -> Iterator[Issue]:
    """Check that a post has a part of the day and does not end when it starts."""
    for draft in book.rows("posts"):
        if draft.row is None:
            continue
        if not draft.get("parts"):
            yield issue("post_no_part", draft.spot("parts"))
        if draft.get("start") is not None and draft.get("start") == draft.get("end"):
            yield issue("post_times_equal", draft.spot("end"), draft.get("end"))


def merged_posts(book: Book) -> Iterator[Issue]:
    """Check that a post is merged into one of its own site that is not merged itself."""
    posts = {draft.get("id"): draft for draft in book.rows("posts") if draft.row is not None}
    for draft in posts.values():
        leader = posts.get(draft.get("merged_into"))
        if leader is None:
            continue
        if leader.get("merged_into") is not None:
            yield issue("merged_chain", draft.spot("merged_into"), leader.get("id"))
        elif leader.get("site") != draft.get("site"):
            yield issue("merged_elsewhere", draft.spot("merged_into"), leader.get("id"))


def post_mix(book: Book) -> Iterator[Issue]:
    """Check that the mix of a post agrees with its head counts."""
    for draft in book.rows("posts"):
        if draft.row is None:
            continue
        counts = [n for n in draft.get("head_counts").values() if n]
        total, limit = sum(draft.get("mix").values()), min([draft.get("head_count"), *counts])
        if total > limit:
            words = {"total": total, "limit": limit}
            yield issue("mix_too_large", draft.spot("mix"), total, **words)


def mediator_bounds(book: Book) -> Iterator[Issue]:
    """Check that the least number of mediators of a site is not above the largest."""
    for draft in book.rows("sites"):
        low, high = draft.get("mediators_min"), draft.get("mediators_max")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            spot = draft.spot("mediators_min")
            yield issue("mediators_order", spot, low, low=low, high=high)


def windows(book: Book) -> Iterator[Issue]:
    """Morning and afternoon end after they start; the night does not end when it starts."""
    columns = next(table for table in book.tables if table.is_settings).by_field
    for draft in book.rows("settings"):
        pairs = [(a, b) for a, b in _WINDOWS if _late(draft, a, b)]
        if draft.get("night_start") == draft.get("night_end") is not None:
            pairs.append(("night_start", "night_end"))
        for low, high in pairs:
            words = {"low_title": columns[low].title, "high_title": columns[high].title}
            fields = {"low_field": low, "high_field": high}
            times = {"low": draft.get(low), "high": draft.get(high)}
            yield issue("window_order", draft.spot(high), times["high"], **words, **fields, **times)


def _late(draft: Draft, low: str, high: str) -> bool:
    begin, end = draft.get(low), draft.get(high)
    return isinstance(begin, str) and isinstance(end, str) and begin >= end


def repeated(book: Book) -> Iterator[Issue]:
    """No two rows say the same thing."""
    return duplicate_rows(book, _KEYS)


CHECKS: tuple[Callable[[Book], Iterator[Issue]], ...] = (
    required_tables,
    duplicate_ids,
    repeated,
    area_cycles,
    periods,
    half_coordinates,
    points,
    pins,
    times_of_day,
    held_around,
    conflicts,
    wishes,
    limits,
    successions,
    optional_posts,
    post_times,
    merged_posts,
    post_mix,
    mediator_bounds,
    windows,
)
"""All cross-checks, in the order in which issues are told."""
