"""Which passwords are refused, how they are kept and compared."""

from __future__ import annotations

from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import given
from hypothesis import strategies as st

import api.access.passwords
from api.access.passwords import LONGEST, SHORTEST, Passwords, check_password
from models.issues import InputError
from tests.api.conftest import CHEAP

GOOD = "红旗渠 seven lamps"


def refused(password: str, name: str = "clerk") -> set[str]:
    try:
        check_password(password, name)
    except InputError as error:
        issues = error.issues
    else:
        issues = ()
    assert all(i.zh and i.en and i.mend_zh and i.mend_en and not i.value for i in issues)
    return {issue.code for issue in issues}


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        (GOOD, set()),
        ("abcdefghi jk"[:SHORTEST], set()),
        ("abcdefghi jk"[: SHORTEST - 1], {"password_length"}),
        ("abcdefgh" * (LONGEST // 8), set()),
        ("abcdefgh" * (LONGEST // 8) + "a", {"password_length"}),
        ("410105199001011234", {"password_digits"}),
        ("４１０１０５１９９００１０１１２３４", {"password_digits"}),
        ("PassWord1234", {"password_common"}),
        ("abababababab", {"password_common"}),
        ("xx CLERK 2026 yy", {"password_name"}),
        ("11111111111", {"password_length", "password_digits", "password_common"}),
    ],
)
def test_check_password_names_every_fault(password, codes):
    assert refused(password) == codes


def test_common_passwords_are_ones_that_length_lets_through():
    listed = Path(api.access.passwords.__file__).with_name("common_passwords.txt").read_text()
    assert {len(word) < SHORTEST or word != word.casefold() for word in listed.split()} == {False}


def test_right_password_fits_and_wrong_one_does_not(passwords):
    stored = passwords.hash(GOOD)
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored
    assert passwords.hash(GOOD) != stored
    assert passwords.compare(stored, GOOD) == (True, None)
    assert passwords.compare(stored, GOOD + " ") == (False, None)


def test_composed_and_decomposed_letters_are_the_same_password(passwords):
    assert passwords.compare(passwords.hash("café au lait 12"), "cafe\u0301 au lait 12").is_right


@pytest.mark.parametrize("stored", [None, "", "plain text", "$argon2id$broken"])
def test_nothing_fits_a_missing_or_broken_hash(passwords, stored):
    for password in (GOOD, "nobody has this password", "", "\ud800", "\0"):
        assert passwords.compare(stored, password) == (False, None)


def test_hash_is_renewed_when_parameters_change():
    stored = Passwords(CHEAP).hash(GOOD)
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=64, parallelism=1))
    right, new = stronger.compare(stored, GOOD)
    assert right
    assert new is not None
    assert "t=2" in new
    assert stronger.compare(new, GOOD) == (True, None)
    assert stronger.compare(stored, "wrong") == (False, None)


def test_default_parameters_are_those_of_rfc_9106():
    assert "$v=19$m=65536,t=3,p=4$" in Passwords().hash(GOOD)


@given(st.text(st.characters(exclude_categories=[]), max_size=40))
def test_any_text_can_be_a_password(password):
    found = Passwords(CHEAP)
    assert found.compare(found.hash(password), password).is_right
