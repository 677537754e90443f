"""Ids count within a county: calendars and bookings of two counties are told apart.

What was published keeps its revisions, under new identities; links go on opening the same calendar.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from functools import lru_cache
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_KEY, _EVENT = 121, 500
_Key = Callable[[str, str], str]
"""Returns the key of a table and id."""
_Data = tuple[_Key, dict[str, dict[str, Any]]]
"""What gives keys in an instance's data, and its rows by table and id."""


def upgrade() -> None:
    """Widen the columns of keys, add who a booking is, and rewrite what is kept."""
    with op.batch_alter_table("assignments") as table:
        table.add_column(sa.Column("who", sa.String(_KEY), nullable=True))
        table.add_column(sa.Column("licence", sa.String(64), nullable=True))
        table.drop_index(op.f("ix_assignments_person_date"))
        table.create_index(op.f("ix_assignments_who_date"), ["who", "date"])
        table.create_index(op.f("ix_assignments_licence_date"), ["licence", "date"])
    connection = op.get_bind()
    events, versions = _taken(connection, "feed_rows"), _taken(connection, "feed_versions")
    _widen("feed_places", target=(60, _KEY), key=(255, _EVENT))
    _widen("feed_rows", key=(255, _EVENT), slot=(255, _EVENT))
    _widen("feed_versions", target=(60, _KEY))
    _widen("feed_tokens", target=(60, _KEY))
    documents = _table(connection, "instances")

    @lru_cache(maxsize=2)  # every change of a row has left a document, some of them of a city
    def data(instance: str) -> _Data:
        found = sa.select(documents.c.document).where(documents.c.hash == instance)
        return _keys(connection.execute(found).scalar_one())

    rosters = {row.id: row.instance for row in _all(connection, "rosters")}
    _tell_who(connection, lambda roster: data(rosters[roster]))
    _rewrite_events(connection, events, versions, lambda roster: data(rosters[roster])[0])
    _rewrite_tokens(connection, data)


def _widen(name: str, **columns: tuple[int, int]) -> None:
    with op.batch_alter_table(name) as table:
        for column, (old, new) in columns.items():
            table.alter_column(
                column, existing_type=sa.String(old), type_=sa.String(new), existing_nullable=False
            )


def _all(connection: sa.Connection, name: str) -> list[sa.Row[Any]]:
    return list(connection.execute(sa.select(_table(connection, name))))


def _table(connection: sa.Connection, name: str) -> sa.Table:
    return sa.Table(name, sa.MetaData(), autoload_with=connection)


def _keys(document: bytes) -> _Data:
    content = json.loads(zlib.decompress(document))
    tables = {
        name: {row["id"]: row for row in content.get(name, ())}
        for name in ("areas", "people", "sites", "villages", "posts")
    }
    own = content.get("settings", {}).get("area") or ""

    def key(table: str, id_: str) -> str:
        row = tables[table].get(id_, {})
        if table == "posts":  # a post lies where its site does
            row = tables["sites"].get(row.get("site", ""), {})
        return f"{_county(tables['areas'], row.get('area', own))}/{id_}"

    return key, tables


def _county(areas: dict[str, Any], area: str) -> str:
    is_official = area.isascii() and area.isdigit() and len(area) in (6, 9, 12)
    if is_official and area[4:].strip("0"):
        return area[:6]
    above: str | None = area
    for _ in areas:
        if above not in areas or areas[above].get("level") == "county":
            break
        above = areas[above].get("parent")
    return above if above in areas and above else area


def _tell_who(connection: sa.Connection, of_roster: Callable[[int], _Data]) -> None:
    table = _table(connection, "assignments")
    people = sa.select(table.c.roster, table.c.person).where(table.c.person.is_not(None)).distinct()
    for row in connection.execute(people.order_by(table.c.roster)).all():
        key, tables = of_roster(row.roster)
        number = "".join(tables["people"].get(row.person, {}).get("licence_no", "").split()).upper()
        told = {
            "who": key("people", row.person),
            "licence": hashlib.sha256(number.encode()).hexdigest() if number else None,
        }
        same = (table.c.roster == row.roster, table.c.person == row.person)
        connection.execute(sa.update(table).where(*same).values(**told))


def _taken(connection: sa.Connection, name: str) -> list[dict[str, Any]]:
    """Take all rows out of a table; what points to them goes first."""
    if name == "feed_rows":
        connection.execute(sa.delete(_table(connection, "feed_places")))
    rows = [dict(row) for row in connection.execute(sa.select(_table(connection, name))).mappings()]
    connection.execute(sa.delete(_table(connection, name)))
    return rows


def _rewrite_events(
    connection: sa.Connection,
    events: list[dict[str, Any]],
    versions: list[dict[str, Any]],
    of_roster: Callable[[int], _Key],
) -> None:
    rows, places = _table(connection, "feed_rows"), _table(connection, "feed_places")
    tags = {(v["kind"], v["target"]): v for v in versions}
    states: dict[tuple[str, str], tuple[int, Any]] = {}
    for event in sorted(events, key=itemgetter("roster")):
        key = of_roster(event["roster"])
        before = json.loads(event["body"])
        body = _scoped(before, key)
        event |= {
            "key": body["key"],
            "slot": body["slot"],
            "body": json.dumps(body, ensure_ascii=False),
        }
        connection.execute(sa.insert(rows).values(**event))
        old = dict(zip(_calendars(body), _calendars(before), strict=True))
        for calendar, before_calendar in old.items():
            place = dict(zip(("kind", "target"), calendar, strict=True))
            connection.execute(sa.insert(places).values(key=body["key"], **place))
            if found := tags.get(before_calendar):
                known = states.get(calendar, (0, found["changed"]))
                tag, changed = found["tag"] + 1, found["changed"]
                states[calendar] = max(known[0], tag), max(known[1], changed)
    for (kind, target), (tag, changed) in states.items():
        state = {"kind": kind, "target": target, "tag": tag, "changed": changed}
        connection.execute(sa.insert(_table(connection, "feed_versions")).values(**state))


def _scoped(event: dict[str, Any], key: _Key) -> dict[str, Any]:
    """Return an event with the keys of its county, in its identity too."""
    sites = event.get("sites") or ()
    person, village = event.get("person") or "", event.get("village") or ""
    told = dict(event, sites=[key("sites", site) for site in sites])
    told["person"] = key("people", person) if person else ""
    told["village"] = key("villages", village) if village else ""
    kind, *rest = event["key"].split("|")
    if kind == "visit":
        rest[1] = key("villages", rest[1])
    else:
        rest.insert(0, key("posts", rest[0].rpartition("@")[0]).partition("/")[0])
    if "trace" in rest and rest[-2] in ("sites", "village"):
        rest[-1] = key("sites" if rest[-2] == "sites" else "villages", rest[-1])
    told["key"] = "|".join((kind, *rest))
    slot = (*rest[:4], "place") if kind == "visit" else rest[:2]
    told["slot"] = "|".join((kind, *slot))
    return told


def _calendars(event: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if event.get("person"):
        yield "person", event["person"]
    yield from (("site", site) for site in event.get("sites") or ())
    if event.get("township"):
        yield "township", event["township"]
    if event.get("village"):
        yield "village", event["village"]


def _rewrite_tokens(connection: sa.Connection, data: Callable[[str], _Data]) -> None:
    """Let a link open the calendar in the county of its maker, else in one county that has the id."""
    tokens, users = _table(connection, "feed_tokens"), _all(connection, "users")
    areas = {user.name: user.area for user in users}
    of_kind = {"person": "people", "site": "sites", "village": "villages"}
    targets: dict[str, str] = {}
    for row in _all(connection, "current_instances"):
        key, tables = data(row.instance)
        for token in connection.execute(sa.select(tokens)).all():
            table = of_kind.get(token.kind)
            if table is None or token.target not in tables[table]:
                continue
            if token.hash not in targets or areas.get(token.created_by) == row.area:
                targets[token.hash] = key(table, token.target)
    for token_hash, target in targets.items():
        told = sa.update(tokens).where(tokens.c.hash == token_hash)
        connection.execute(told.values(target=target))
