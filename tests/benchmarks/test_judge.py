"""The judge of a trial finds what a fault could have broken."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from benchmarks.faults.judge import complaints
from models.store.database.store import Store
from models.vocabulary import Part
from tests.models.store.samples import EAST, WEST, duty, published


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path) as opened:
        published(opened, EAST, duty(EAST, 1, Part.AM, "L001"), duty(EAST, 2, Part.PM, "L002"))
        published(opened, WEST, duty(WEST, 1, Part.AM, "L003"))
        yield opened


BROKEN = {
    "calendar lost": "DELETE FROM feed_places; DELETE FROM feed_rows WHERE area = '410105'",
    "calendar kept": "UPDATE rosters SET stage = 'withdrawn' WHERE area = '410106'",
    "booked twice": "UPDATE assignments SET who = '410105/L001', licence = NULL",
    "revision lost": "UPDATE rosters SET revision = 3 WHERE area = '410105'",
    "said twice": "INSERT INTO log (at, by, action, target, why)"
    " SELECT at, by, action, target, why FROM log WHERE action = 'publish'",
}
FOUND = {
    "calendar lost": "published 1 times, in the calendars 0 times",
    "calendar kept": "published 0 times, in the calendars 1 times",
    "booked twice": "410105/L001 is booked twice on 2026-12-01 am",
    "revision lost": "410105 2026-12: revisions [3]",
    "said twice": "publish roster:1: told 0 times, in the log 2 times",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_found(store: Store, name: str):
    before = set(complaints(store, []))
    with store.begin() as session:
        for statement in BROKEN[name].split("; "):
            session.execute(text(statement))
    new = set(complaints(store, [])) - before
    assert [complaint for complaint in new if FOUND[name] in complaint]


def test_what_no_office_asked_for_is_found(store: Store):
    assert set(complaints(store, [])) == {
        "drafts told [], made [1, 2]",
        "publish roster:1: told 0 times, in the log 1 times",
        "publish roster:2: told 0 times, in the log 1 times",
    }
