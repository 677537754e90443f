"""What the log says of those who are refused: who, from where, for what; never a secret."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.logs import JsonLines
from tests.api.service.hostile.conftest import Settled
from tests.api.service.hostile.world import HERE, World


@contextmanager
def log() -> Iterator[list[dict[str, Any]]]:
    """Yield what is logged meanwhile, as it stands in the file, read line by line."""
    written, told = io.StringIO(newline=""), []
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger("zhiban")
    level, root.propagate = root.level, False  # a lone surrogate breaks what pytest would capture
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield told
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        root.propagate = True
        told += [json.loads(line) for line in written.getvalue().splitlines()]


def requests(told: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = ("status", "user", "client", "route", "ids")
    return [tuple(line.get(name) for name in names) for line in told]


def test_whoever_is_refused_is_named_with_what_was_asked(world: World, settled: Settled) -> None:
    roster = settled.here["roster"]
    with log() as told:
        world.ask("b-bureau", "GET", f"/rosters/{roster}/rows")
        world.ask("a-firm", "GET", f"/areas/{HERE.code}/data")
        world.ask(None, "GET", f"/areas/{HERE.code}/users")
        world.ask("a-bureau", "POST", f"/rosters/{roster}/withdraw", json={})
        world.ask("a-bureau", "GET", f"/areas/{HERE.code}/data")
    here = f"area={HERE.code}"
    assert requests(told) == [
        (404, "b-bureau", "127.0.0.1", "/api/v1/rosters/{roster}/rows", f"roster={roster}"),
        (404, "a-firm", "127.0.0.1", "/api/v1/areas/{area}/data", here),
        (401, "", "127.0.0.1", "/api/v1/areas/{area}/users", here),
        (409, "a-bureau", "127.0.0.1", "/api/v1/rosters/{roster}/withdraw", f"roster={roster}"),
        (200, None, None, "/api/v1/areas/{area}/data", None),
    ]


def test_no_secret_is_written(world: World) -> None:
    secrets = ("A" * 43, "zb_" + "B" * 43, "geheim-geheim", "k-of-a-request")
    with log() as told:
        world.ask(None, "GET", f"/feeds/{secrets[0]}.ics")
        world.tokens["thief"] = secrets[1]
        world.ask("thief", "GET", f"/areas/{HERE.code}/data")
        sign_in = {"name": secrets[2], "password": secrets[2]}
        world.ask(None, "POST", "/session", json=sign_in)
        key = {"Idempotency-Key": secrets[3] * 20}
        world.ask("a-bureau", "POST", f"/areas/{HERE.code}/solves", json={}, headers=key)
    assert [line["status"] for line in told] == [404, 401, 401, 422]
    text = json.dumps(told)
    assert [secret for secret in secrets if secret in text] == []


SIGNS = ("\r\n", "\x85", "\u2028", "\x9b2J", "\x1b[2J", "\u202e", "\udfff")


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
def test_a_name_makes_no_line_of_its_own(world: World, sign: str) -> None:
    forged = f"x{sign}" + json.dumps({"level": "INFO", "status": 200})
    with log() as told:
        world.ask("a-bureau", "GET", f"/areas/{quote(forged, safe='', errors='replace')}/data")
        logging.getLogger("zhiban.test").warning("read %s", forged)
    assert len(told) == 2
    assert told[0]["status"] == 422
    assert told[1]["message"] == f"read {forged}"
    line = logging.makeLogRecord({"msg": forged, "levelno": logging.INFO})
    assert JsonLines().format(line).isprintable()


def test_a_failure_of_the_database_names_no_values(world: World) -> None:
    query = text("INSERT INTO api_tokens (hash, user, label) VALUES (:hash, 'nobody', 'x')")
    with pytest.raises(IntegrityError) as caught, world.store.begin() as session:
        session.execute(query, {"hash": "$argon2id$geheim"})
    assert "geheim" not in str(caught.value)
