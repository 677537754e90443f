"""From the tables of an older program, with data in them, to those of this one."""

from __future__ import annotations

import base64
import datetime as dt
import json
import zlib
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import MetaData, Table, insert, select, text

from models.store.backup import backup, restore
from models.store.database.connections import FILE, address, writing_engine
from models.store.database.errors import ClashError
from models.store.database.store import Store, _make_file
from models.store.database.upgrade import alembic_config, head, version
from models.store.feeds.calendar_states import feed_events, open_feed
from models.store.people.requests import ask
from models.store.people.tokens import feed_of_token
from models.store.plans.drafts import copy_draft
from models.store.plans.instances import document_hash
from models.store.plans.publishing import publish
from models.store.plans.roster_queries import rosters
from models.store.tables.every_table import METADATA
from models.store.tables.feed_tables import FeedRow
from models.store.tables.request_tables import Request
from models.store.tables.words import FeedKind, RequestKind, RosterState
from models.vocabulary import Part
from tests.models.store.samples import AT, EAST, WEST, draft, duty

EARLY = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

OLD = "0001"
DOCUMENT = "{}"
KEY = document_hash(DOCUMENT)
CONTENT = {
    "instances": {
        "hash": KEY,
        "area": "410105",
        "document": zlib.compress(DOCUMENT.encode()),
        "created_by": "a",
    },
    "rosters": {
        "id": 1,
        "area": "410105",
        "month": "2026-12",
        "instance": KEY,
        "stage": "published",
        "revision": 1,
        "version": 2,
        "report": zlib.compress(b"{}"),
        "created_by": "a",
    },
    "feed_tokens": {
        "hash": "mine",
        "kind": "person",
        "target": "L001",
        "name": "例甲",
        "created_by": "a",
    },
    "log": {"by": "a", "action": "publish", "target": "roster:1", "why": "十二月"},
}


def fill(place: str) -> dict[str, list[str]]:
    """Make a database of the old version with a row in some tables; return every row of it."""
    url = address(place)
    if url.get_backend_name() == "sqlite":
        _make_file(Path(str(url.database)))
    engine = writing_engine(url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), OLD)
        for name, row in CONTENT.items():
            table = Table(name, MetaData(), autoload_with=connection)
            time = AT.replace(tzinfo=None) if url.get_backend_name() == "sqlite" else AT
            times = {c: time for c in ("created_at", "published_at", "at") if c in table.columns}
            connection.execute(insert(table).values(**row, **times))
        rows = rows_of(connection)
    engine.dispose()
    return rows


def rows_of(connection) -> dict[str, list[str]]:
    found = {}
    for name in CONTENT:
        table = Table(name, MetaData(), autoload_with=connection)
        rows = connection.execute(select(table)).mappings()
        new = {"last_used_at", "base", "is_checked"}
        found[name] = [repr({k: v for k, v in row.items() if k not in new}) for row in rows]
    return found


def test_older_database_is_brought_up_with_all_its_rows(empty):
    before = fill(empty)
    with Store.open(empty) as store:
        with store.read() as session:
            connection = session.connection()
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert version(connection) == head() != OLD
            assert compare_metadata(context, METADATA) == []
            assert rows_of(connection) == before
            found = feed_of_token(session, "mine")
            assert found is not None
            assert (found.created_at, found.last_used_at) == (AT, None)
        leave = {"person": "L001", "first": "2026-12-07", "last": "2026-12-08"}
        with store.begin() as session:
            given = {"kind": RequestKind.LEAVE, "owner": "410105", "area": "410105", "why": ""}
            made = ask(session, Request(person="L001", leave=leave, **given), by="a")
        assert (made.id, made.leave) == (1, leave)


def test_older_backup_comes_back_in_the_new_tables(tmp_path):
    old = tmp_path / "old"
    before = fill(str(old))
    counts = restore(old / FILE, str(tmp_path / "new"))
    assert (counts["feed_tokens"], counts["requests"]) == (1, 0)
    with Store.open(str(tmp_path / "new")) as store:
        with store.read() as session:
            assert rows_of(session.connection()) == before
        assert backup(store, tmp_path / "again.db") == counts


OLDER = Path(__file__).parent / "older"
"""What earlier versions of the tables kept, written by the program of their time."""
FLAGS = {"standby", "lecture", "cancelled"}
LATER = AT + dt.timedelta(days=9)


def load(place: str, old: str) -> None:
    """Make a database of an old version with the rows that its program wrote."""
    url = address(place)
    is_sqlite = url.get_backend_name() == "sqlite"
    if is_sqlite:
        _make_file(Path(str(url.database)))
    engine = writing_engine(url)

    def value(name, kept):
        if isinstance(kept, dict):
            return base64.b64decode(kept["base64"])
        if kept is not None and name in FLAGS:
            return bool(kept)
        is_time = isinstance(kept, str) and len(kept) == 26 and kept[10] == " "
        return f"{kept}+00" if is_time and not is_sqlite else kept

    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), old)
        for name, rows in json.loads((OLDER / f"v{old}.json").read_text()).items():
            for row in rows:
                names = ", ".join(row), ", ".join(f":{column}" for column in row)
                statement = text(f"INSERT INTO {name} ({names[0]}) VALUES ({names[1]})")
                connection.execute(statement, {key: value(key, row[key]) for key in row})
        for name in () if is_sqlite else ("rosters", "assignments"):
            connection.execute(text(f"SELECT setval('{name}_id_seq', 1000)"))
    engine.dispose()


def test_calendars_of_ids_without_a_county_go_on(empty):
    """Links open what they opened; the next publication of the same plan changes no event.

    But a visit now lasts the four hours that it counts, and ends an hour later than it did.
    """

    def told(session):
        return {
            (row.key, row.slot): (json.loads(row.body), row.cancelled, row.starts)
            for row in session.scalars(select(FeedRow))
        }

    load(empty, "0003")
    with Store.open(empty) as store:
        with store.look() as connection:
            opened = {key: open_feed(connection, key) for key in ("person", "site", "township")}
        assert {key: (feed.target, feed.tag) for key, feed in opened.items()} == {
            "person": (f"{EAST}/L001", 3),  # one more than it was: a phone reads it anew
            "site": (f"{EAST}/Z000", 3),
            "township": (f"{EAST}002", 2),
        }
        with store.read() as session:
            before = told(session)
            mine = feed_events(session, FeedKind.PERSON, f"{EAST}/L001", since=EARLY)
            assert sorted(e.is_cancelled for e in mine) == [False, False, True]
            (current,) = rosters(session, stages={RosterState.PUBLISHED}).rows
        with store.begin() as session:
            again = copy_draft(session, current.id, by="test")
            publish(session, again.id, by="test", at=LATER)
        for body, is_cancelled, _ in before.values():
            if body["village"] and not is_cancelled:
                assert body["end"] == "2026-12-03T17:00:00+08:00"
                body |= {"end": "2026-12-03T18:00:00+08:00", "sequence": body["sequence"] + 1}
                body["firm"] = ""  # a word of events that is newer than they are
                body["last_modified"] = LATER.isoformat().replace("+00:00", "Z")
        with store.read() as session:
            assert told(session) == before
        with store.begin() as session:
            west = draft(session, WEST, duty(WEST, 2, Part.NIGHT, "L001"))
        with pytest.raises(ClashError), store.begin() as session:
            publish(session, west, by="test")
