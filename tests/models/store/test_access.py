"""Users, tokens, browsers, failed sign-ins, repeated requests."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from models.store.database.clock import now
from models.store.database.errors import KeyReusedError
from models.store.database.log import log_of
from models.store.people.idempotency import KeptResponse, claim, forget_answers, keep_answer
from models.store.people.sign_ins import forget_old, swap_failures, take_handshake
from models.store.people.tokens import (
    api_token,
    feed_of_token,
    feed_token,
    feed_tokens,
    keep_api_token,
    keep_feed_token,
    replace_feed_token,
    revoke_api_tokens,
    revoke_feed_token,
    use_feed_token,
)
from models.store.people.users import disable_user, get_user, put_user
from models.store.tables.access_tables import BrowserSession, Handshake, IdempotencyKey, User
from models.store.tables.feed_tables import FeedToken
from models.store.tables.words import FeedKind, Role

HOUR = dt.timedelta(hours=1)
HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"


def user(name="liu", **fields):
    return User(
        **{"name": name, "role": Role.BUREAU, "area": "410105", "password_hash": HASH} | fields
    )


def test_feed_token_opens_its_calendar_until_revoked(store):
    with store.begin() as session:
        keep_feed_token(session, "mine", FeedKind.PERSON, "L001", "例甲", by="a")
        keep_feed_token(session, "other", FeedKind.PERSON, "L002", "例乙", by="a")
    with store.begin() as session:
        found = feed_of_token(session, "mine")
        assert found is not None
        assert (found.kind, found.target, found.name) == (FeedKind.PERSON, "L001", "例甲")
        assert feed_of_token(session, "min") is None
        assert revoke_feed_token(session, "mine", by="a", why="丢失手机")
        assert not revoke_feed_token(session, "mine", by="a")
        assert replace_feed_token(session, "other", "new", by="a")
        assert not replace_feed_token(session, "other", "newer", by="a")
    with store.read() as session:
        found = [feed_of_token(session, key) for key in ("mine", "other", "new", "newer")]
        assert [row and row.target for row in found] == [None, None, "L002", None]
        assert [row.hash for row in feed_tokens(session, FeedKind.PERSON, "L002")] == ["new"]
        told = [(row.action, row.why) for row in log_of(session, "feed:person:L001").rows]
    assert sorted(told) == [("issue_feed_token", ""), ("revoke_feed_token", "丢失手机")]


def test_feed_token_is_found_by_the_beginning_of_its_hash_and_knows_when_it_was_used(store):
    one, other = "0f" * 32, "0f" * 7 + "ff" * 25
    with store.begin() as session:
        for key in (one, other):
            keep_feed_token(session, key, FeedKind.PERSON, "L001", "例甲", by="a")
    with store.begin() as session:
        use_feed_token(session, one, at := now())
        found = [feed_token(session, key[:16]) for key in (one, other, "f" * 16)]
        assert [row and row.hash for row in found] == [one, other, None]
        assert revoke_feed_token(session, one, by="a")
        assert feed_token(session, one[:16]) is None
    with store.read() as session:
        kept = [session.get_one(FeedToken, key).last_used_at for key in (one, other)]
    assert kept == [at, None]


def test_api_token_acts_for_its_user_until_revoked(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
        for label, expires in [("one", None), ("two", now() + HOUR)]:
            keep_api_token(session, "liu", label, label=label, by="liu", expires_at=expires)

    def names():
        with store.read() as session:
            found = [api_token(session, key) for key in ("one", "two", "three")]
        return [row and (row[1].name, row[1].disabled_at is None) for row in found]

    assert names() == [("liu", True), ("liu", True), None]
    with store.begin() as session:
        assert revoke_api_tokens(session, "liu", label="one", by="root") == 1
    assert names() == [None, ("liu", True), None]
    with store.begin() as session:
        assert disable_user(session, "liu", by="root", why="离职")
        assert not disable_user(session, "liu", by="root")
    assert names() == [None, ("liu", False), None]


def test_user_is_changed_under_his_name_and_his_password_never_logged(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
        put_user(session, user(role=Role.OFFICE, password_hash=None), by="root", why="调岗")
    with store.read() as session:
        found = get_user(session, "liu")
        assert found is not None
        assert (found.role, found.password_hash) == (Role.OFFICE, HASH)
        assert get_user(session, "wang") is None
        entry = log_of(session, "user:liu").rows[0]
        assert entry.before is not None
        assert entry.after is not None
        assert (entry.before["role"], entry.after["role"]) == ("bureau", "office")
        assert "argon2" not in str([(e.before, e.after) for e in log_of(session).rows])


def test_failures_are_written_by_whoever_saw_the_last_count(store):
    first, second = (1, now()), (2, now())
    with store.begin() as session:
        assert swap_failures(session, "liu", (0, None), first)
        assert not swap_failures(session, "liu", (0, None), second)
        assert not swap_failures(session, "wang", first, second)
    with store.begin() as session:
        assert swap_failures(session, "liu", first, second)
        assert swap_failures(session, "liu", second, (0, None))
        assert swap_failures(session, "liu", (0, None), first)


def test_what_no_longer_counts_is_forgotten(store):
    at = now()
    old = {"seen_at": at - 13 * HOUR, "opened_at": at - 13 * HOUR, "user": "liu"}
    young = old | {"opened_at": at - 11 * HOUR}
    shake = {"nonce": "n", "verifier": "v", "target": "/"}
    with store.begin() as session:
        put_user(session, user(), by="root")
        session.add_all(
            [
                BrowserSession(token_hash="old", **old),
                BrowserSession(token_hash="young", **young),
                Handshake(state_hash="old", opened_at=at - 2 * HOUR, **shake),
                Handshake(state_hash="young", opened_at=at, **shake),
            ]
        )
        session.flush()
        forget_old(session, at, session_hours=12)
    with store.begin() as session:
        assert session.scalars(select(BrowserSession.token_hash)).all() == ["young"]
        assert take_handshake(session, "old") is None
        taken = take_handshake(session, "young")
        assert taken is not None
        assert take_handshake(session, "young") is None


def take(session, request="r1", user="liu", lifetime=HOUR):
    return claim(session, user, "key", request_hash=request, lifetime=lifetime)


def test_repeated_request_gets_the_first_answer(store):
    answer = KeptResponse(201, "已发布".encode())
    with store.begin() as session:
        assert take(session) is None
        keep_answer(session, "liu", "key", answer)
    with store.begin() as session:
        assert take(session) == answer
        assert take(session, user="wang") is None
    with pytest.raises(KeyReusedError) as caught, store.begin() as session:
        take(session, request="r2")
    assert caught.value.issue.code == "key_reused"


def test_key_of_a_failed_or_expired_request_is_free_again(store):
    with contextlib.suppress(ZeroDivisionError), store.begin() as session:
        take(session)
        1 / 0  # noqa: B018
    with store.begin() as session:
        assert take(session, lifetime=-HOUR) is None
        keep_answer(session, "liu", "key", KeptResponse(200, b""))
    with store.begin() as session:
        assert take(session, request="r2") is None
    with pytest.raises(KeyReusedError) as caught, store.begin() as session:
        take(session, request="r2")
    assert caught.value.issue.code == "key_at_work"


def test_expired_answers_are_forgotten_and_no_others(store):
    with store.begin() as session:
        take(session, user="old", lifetime=-HOUR)
        take(session, user="new")
        forget_answers(session)
    with store.read() as session:
        assert session.scalars(select(IdempotencyKey.user)).all() == ["new"]


def test_same_request_at_once_acts_once(store):
    gate, acted, answers = threading.Barrier(4), [], []

    def run():
        gate.wait()
        with store.begin() as session:
            answer = take(session)
            if answer is None:
                acted.append(1)
                answer = KeptResponse(201, b"done")
                keep_answer(session, "liu", "key", answer)
        answers.append(answer)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (acted, answers) == ([1], [KeptResponse(201, b"done")] * 4)


def test_naive_time_is_refused(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
    naive = dt.datetime(2026, 1, 1)
    with pytest.raises(StatementError, match="zone"), store.begin() as session:
        keep_api_token(session, "liu", "x", label="x", by="liu", expires_at=naive)
