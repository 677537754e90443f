from __future__ import annotations

import hashlib
import re
from collections.abc import Callable

import pytest

from api.access.denied import UnseenError
from api.access.tokens import hash_token
from api.office.people.feed_links import new_link_token
from models.store.database.store import Store
from tests.api.feeds.events import PERSON, SITE
from tests.api.feeds.published import PublishedFeeds


@pytest.fixture
def store(open_store: Callable[[], Store]) -> PublishedFeeds:
    return PublishedFeeds(open_store())


def test_token_has_256_bits_and_is_safe_in_a_url():
    tokens = {new_link_token() for _ in range(100)}
    assert len(tokens) == 100
    assert [token for token in tokens if not re.fullmatch(r"[A-Za-z0-9_-]{43}", token)] == []


def test_hash_is_sha_256_and_exists_for_any_text():
    assert hash_token("abc") == hashlib.sha256(b"abc").hexdigest()
    assert [len(hash_token(text)) for text in ("", "例", "\ud800", "a" * 10**6)] == [64] * 4


def test_token_is_not_kept_only_its_hash(store, tmp_path):
    token = store.issue(PERSON)
    store.store.close()  # what is in memory goes into the files
    kept = b"".join(file.read_bytes() for file in (tmp_path / "store0").iterdir())
    assert (token.encode() in kept, hash_token(token).encode() in kept) == (False, True)
    assert store.opened(token) == [PERSON]


def test_revoked_token_opens_nothing_and_the_others_still_do(store):
    mine, office = store.issue(PERSON), store.issue(PERSON)
    assert (store.revoke(mine), store.revoke(mine)) == (True, False)
    assert store.opened(mine, office) == [None, PERSON]


def test_rotated_token_opens_the_same_and_the_old_one_nothing(store):
    old = store.issue(SITE)
    new = store.rotate(old)
    assert store.opened(old, new) == [None, SITE]


def test_revoked_or_unknown_token_cannot_be_rotated(store):
    token = store.issue(PERSON)
    store.revoke(token)
    for text in (token, "unknown"):
        with pytest.raises(UnseenError):
            store.rotate(text)
    assert store.revoke("unknown") is False
