"""Tokens: 256 random bits, a marked shape, hashes at rest."""

from __future__ import annotations

import base64
import hashlib

from hypothesis import given
from hypothesis import strategies as st

from api.access.tokens import csrf_token, has_token_shape, hash_token, is_same, new_token


def test_token_has_256_random_bits_behind_its_prefix():
    made = {new_token() for _ in range(200)}
    assert len(made) == 200
    for token in made:
        assert token.startswith("zb_")
        assert len(base64.urlsafe_b64decode(token[3:] + "=")) == 32
        assert has_token_shape(token)


def test_hash_is_sha256():
    assert hash_token("zb_x") == hashlib.sha256(b"zb_x").hexdigest()


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_other_text_has_no_token_shape_and_breaks_nothing(text):
    assert not has_token_shape(text)
    assert len(hash_token(text)) == 64
    assert is_same(text, text)
    assert not is_same(text, text + "x")


def test_csrf_token_belongs_to_one_session_and_does_not_show_it():
    one, other = new_token(), new_token()
    assert csrf_token(one) == csrf_token(one)
    assert csrf_token(one) != csrf_token(other)
    assert one[3:] not in csrf_token(one)
