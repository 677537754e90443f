"""Users, tokens, attempts to sign in, repeated requests."""

from __future__ import annotations

import contextlib
import datetime as dt
import threading

import pytest
from sqlalchemy import select
from sqlalchemy.exc import StatementError

from models.store.access_tables import ApiToken, IdempotencyKey, User
from models.store.clock import now
from models.store.errors import KeyReusedError
from models.store.feed_tables import FeedToken
from models.store.idempotency import Answer, claim, forget_answers, keep_answer
from models.store.log import log_of
from models.store.tokens import (
    feed_of_token,
    issue_api_token,
    issue_feed_token,
    revoke_api_tokens,
    revoke_feed_tokens,
    token_hash,
    user_of_token,
)
from models.store.users import (
    disable_user,
    failures_since,
    forget_attempts,
    get_user,
    put_user,
    record_attempt,
)
from models.store.words import FeedKind, Role

HOUR = dt.timedelta(hours=1)
HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdHNhbHQ$aGFzaGhhc2g"


def user(name="liu", **fields):
    return User(
        **{"name": name, "role": Role.BUREAU, "area": "410105", "password_hash": HASH} | fields
    )


def test_feed_token_opens_its_calendar_until_revoked_and_is_not_kept(store):
    with store.begin() as session:
        secret = issue_feed_token(session, FeedKind.PERSON, "L001", by="a")
        other = issue_feed_token(session, FeedKind.PERSON, "L002", by="a")
    with store.begin() as session:
        assert feed_of_token(session, secret) == (FeedKind.PERSON, "L001")
        assert feed_of_token(session, secret[:-1]) is None
        assert session.scalars(select(FeedToken.hash)).all().count(token_hash(secret)) == 1
        assert secret not in str([row.__dict__ for row in log_of(session).rows])
        assert revoke_feed_tokens(session, FeedKind.PERSON, "L001", by="a") == 1
        assert revoke_feed_tokens(session, FeedKind.PERSON, "L001", by="a") == 0
    with store.read() as session:
        assert feed_of_token(session, secret) is None
        assert feed_of_token(session, other) == (FeedKind.PERSON, "L002")
    assert len(secret) == 43  # 256 bits


def test_api_token_acts_for_its_user_until_revoked_expired_or_disabled(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
        issued = [
            issue_api_token(session, "liu", label=label, by="liu", expires_at=expires)
            for label, expires in [("one", None), ("two", now() + HOUR), ("old", now() - HOUR)]
        ]

    def names():
        with store.read() as session:
            found = [user_of_token(session, secret) for secret in issued]
        return [row.name if row else None for row in found]

    assert names() == ["liu", "liu", None]
    with store.begin() as session:
        assert revoke_api_tokens(session, "liu", label="one", by="root") == 1
        assert issued[0] not in session.scalars(select(ApiToken.hash)).all()
    assert names() == [None, "liu", None]
    with store.begin() as session:
        assert disable_user(session, "liu", by="root", why="离职")
        assert not disable_user(session, "liu", by="root")
    assert names() == [None, None, None]


def test_user_is_changed_under_his_name_and_his_password_never_logged(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
        put_user(session, user(role=Role.TOWNSHIP, password_hash=None), by="root", why="调岗")
    with store.read() as session:
        found = get_user(session, "liu")
        assert found is not None
        assert (found.role, found.password_hash) == (Role.TOWNSHIP, HASH)
        assert get_user(session, "wang") is None
        entry = log_of(session, "user:liu").rows[0]
        assert entry.before is not None
        assert entry.after is not None
        assert (entry.before["role"], entry.after["role"]) == ("bureau", "township")
        assert "argon2" not in str([(e.before, e.after) for e in log_of(session).rows])


def test_failed_attempts_count_since_the_last_success(store):
    with store.begin() as session:
        for name, success in [("liu", False), ("liu", True), ("liu", False), ("wang", False)]:
            record_attempt(session, name, "10.0.0.1", success=success)
            session.flush()
    with store.begin() as session:
        since = now() - HOUR
        assert failures_since(session, since, name="liu") == 1
        assert failures_since(session, since, name="nobody") == 0
        assert failures_since(session, since, source="10.0.0.1") == 3
        assert failures_since(session, now() + HOUR, source="10.0.0.1") == 0
        forget_attempts(session, now() + HOUR)
        assert failures_since(session, since, source="10.0.0.1") == 0


def take(session, request="r1", user="liu", lifetime=HOUR):
    return claim(session, user, "key", request_hash=request, lifetime=lifetime)


def test_repeated_request_gets_the_first_answer(store):
    answer = Answer(201, "已发布".encode())
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
        keep_answer(session, "liu", "key", Answer(200, b""))
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
                answer = Answer(201, b"done")
                keep_answer(session, "liu", "key", answer)
        answers.append(answer)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (acted, answers) == ([1], [Answer(201, b"done")] * 4)


def test_naive_time_is_refused(store):
    with store.begin() as session:
        put_user(session, user(), by="root")
    naive = dt.datetime(2026, 1, 1)
    with pytest.raises(StatementError, match="zone"), store.begin() as session:
        issue_api_token(session, "liu", label="x", by="liu", expires_at=naive)
