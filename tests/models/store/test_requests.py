"""Requests in both databases: every state, every move, races, pages, the log."""

from __future__ import annotations

import threading

import pytest

from models.store.database.errors import DecidedError, NotFoundError, RepeatedError, StaleError
from models.store.database.log import log_of
from models.store.people.requests import MOVES, Move, ask, get_request, move, requests
from models.store.tables.request_tables import Request
from models.store.tables.words import RequestKind, RequestState
from tests.models.store.samples import EAST, WEST

PATHS = {
    RequestState.OFFERED: (),
    RequestState.OPEN: (Move.AGREE,),
    RequestState.DRAFTED: (Move.AGREE, Move.DRAFT),
    RequestState.ACCEPTED: (Move.AGREE, Move.ACCEPT),
    RequestState.REFUSED: (Move.REFUSE,),
    RequestState.DECLINED: (Move.DECLINE,),
    RequestState.WITHDRAWN: (Move.WITHDRAW,),
}
TABLE = """
          agree decline  withdraw  refuse  draft   accept   confirm
offered   open  declined withdrawn refused -       -        -
open      -     -        withdrawn refused drafted accepted -
drafted   -     -        withdrawn refused drafted accepted accepted
accepted  -     -        -         -       -       -        -
refused   -     -        -         -       -       -        -
declined  -     -        -         -       -       -        -
withdrawn -     -        -         -       -       -        -
"""
HEAD, *ROWS = [line.split() for line in TABLE.splitlines() if line]


def swap(day: int = 7, **fields) -> Request:
    duty = {"post": "Z000-咨询", "date": f"2026-12-{day:02}", "part": "am", "person": "L001"}
    given = {"owner": EAST, "area": EAST, "person": "L001", "colleague": "L002", "why": ""}
    return Request(**{"kind": RequestKind.SWAP, "duty": duty, **given, **fields})


def asked(store, *path: Move, **fields) -> int:
    """Ask, and bring the request along a path."""
    with store.begin() as session:
        key = ask(session, swap(**fields), by="L001").id
        for step in path:
            move(session, key, step, by="office")
    return key


def test_table_names_every_state_and_move():
    assert [row[0] for row in ROWS] == [state.value for state in RequestState]
    assert HEAD == [how.value for how in Move] == [how.value for how in MOVES]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_every_move_from_every_state(store, row):
    name, *cells = row
    for number, (how, cell) in enumerate(zip(HEAD, cells, strict=True)):
        key = asked(store, *PATHS[RequestState(name)], day=number + 1)
        if cell == "-":
            with pytest.raises(DecidedError) as caught, store.begin() as session:
                move(session, key, Move(how), by="office")
            assert (caught.value.issue.value, caught.value.issue.code) == (name, "decided")
        else:
            with store.begin() as session:
                move(session, key, Move(how), by="office", why="因故")
        with store.read() as session:
            assert get_request(session, key).state.value == (name if cell == "-" else cell)


def test_every_move_is_logged_with_both_states(store):
    key = asked(store, Move.AGREE)
    with store.begin() as session:
        done = move(session, key, Move.REFUSE, by="office", why="人手不足", version=2)
        assert (done.version, done.answer) == (3, "人手不足")
    with store.read() as session:
        told = [
            (e.action, e.by, e.why, e.before and e.before["state"], e.after and e.after["state"])
            for e in log_of(session, f"request:{key}").rows
        ]
    assert told == [
        ("refuse", "office", "人手不足", "open", "refused"),
        ("agree", "office", "", "offered", "open"),
        ("ask", "L001", "", None, "offered"),
    ]


def test_request_that_was_changed_since_it_was_read_is_left_alone(store):
    key = asked(store, Move.AGREE)
    with pytest.raises(StaleError), store.begin() as session:
        move(session, key, Move.ACCEPT, by="office", version=1)
    with pytest.raises(NotFoundError) as nothing, store.begin() as session:
        move(session, key + 1, Move.ACCEPT, by="office")
    assert nothing.value.issue.code == "no_request"
    with store.read() as session:
        assert get_request(session, key).state is RequestState.OPEN


def test_same_duty_is_asked_about_once_until_it_is_decided(store):
    key = asked(store)
    with pytest.raises(RepeatedError), store.begin() as session:
        ask(session, swap(colleague=None), by="L001")
    with store.begin() as session:
        ask(session, swap(owner=WEST), by="L001")
        move(session, key, Move.WITHDRAW, by="L001")
    assert asked(store, colleague="L003") == 3


def test_office_and_asker_at_once_decide_once(store):
    key = asked(store, Move.AGREE)
    gate, done, refused = threading.Barrier(2), [], []

    def run(how):
        gate.wait()
        try:
            with store.begin() as session:
                move(session, key, how, by="x")
            done.append(how)
        except DecidedError:
            refused.append(how)

    threads = [threading.Thread(target=run, args=[how]) for how in (Move.ACCEPT, Move.WITHDRAW)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done + refused) == [Move.ACCEPT, Move.WITHDRAW]
    with store.read() as session:
        found = get_request(session, key)
    assert (found.state, found.version) == (MOVES[done[0]][1], 3)


def test_requests_are_paged_by_area_people_and_state(store):
    mine = [asked(store, day=day) for day in (1, 2, 3)]
    other = asked(store, area=WEST, person="L003", colleague=None)

    def listed(**asked_for):
        with store.read() as session:
            page = requests(session, **{"areas": [EAST, WEST], **asked_for})
        return [row.id for row in page.rows], page.next

    assert listed() == ([other, *reversed(mine)], None)
    assert listed(areas=[WEST]) == ([other], None)
    assert listed(people=["L003"]) == ([other], None)
    assert listed(people=["L002"], limit=2) == ([mine[2], mine[1]], mine[1])
    assert listed(people=["L002"], before=mine[1]) == ([mine[0]], None)
    assert listed(states=[RequestState.OPEN]) == ([other], None)
    assert listed(people=[]) == ([], None)
