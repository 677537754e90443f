"""Waiting after failures: grows, ends, is never skipped by asking in parallel."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.access.accounts import NO_FAILURES
from api.access.denied import SlowDownError
from api.access.throttle import FREE, LONGEST_S, Throttle, address_key, name_key


def is_let_through(throttle: Throttle, key: str) -> bool:
    try:
        throttle.reserve(key)
    except SlowDownError as caught:
        refused = caught
    else:
        return True
    assert 1 <= refused.wait_seconds <= LONGEST_S
    return False


def test_five_are_free_then_waits_double_up_to_a_minute(accounts, clock):
    throttle = Throttle(accounts, clock)
    waits = []
    for _ in range(13):
        wait = throttle.wait_s("k")
        waits.append(wait)
        clock.advance(seconds=wait)
        throttle.reserve("k")
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60]


def test_attempts_while_waiting_do_not_prolong_the_wait(accounts, clock):
    throttle = Throttle(accounts, clock)
    while is_let_through(throttle, "k"):
        pass
    for _ in range(50):
        assert not is_let_through(throttle, "k")
    clock.advance(seconds=1)
    assert is_let_through(throttle, "k")


def test_an_hour_of_quiet_or_the_right_password_begin_anew(accounts, clock):
    throttle = Throttle(accounts, clock)
    for _ in range(FREE):
        throttle.count("k")
    assert throttle.wait_s("k") == 1
    throttle.forget("k")
    assert accounts.failures("k") == NO_FAILURES
    for _ in range(FREE + 10):
        throttle.count("k")
    clock.advance(hours=1, seconds=1)
    assert throttle.wait_s("k") == 0
    throttle.count("k")
    assert accounts.failures("k").count == 1


def test_a_clock_set_back_does_not_lock_out(accounts, clock):
    throttle = Throttle(accounts, clock)
    for _ in range(FREE):
        throttle.count("k")
    clock.advance(days=-30)
    assert throttle.wait_s("k") == 1


def test_parallel_attempts_get_no_more_guesses_than_a_row_of_them(accounts, clock):
    throttle = Throttle(accounts, clock)
    with ThreadPoolExecutor(8) as pool:
        through = list(pool.map(lambda _: is_let_through(throttle, "k"), range(40)))
    assert sum(through) == FREE
    assert accounts.failures("k").count == FREE


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([0, 0, 0, 1, 5, 61]), max_size=25), st.integers(0, 10**9))
def test_nobody_is_ever_locked_out_for_more_than_a_minute(accounts, clock, pauses, run):
    throttle, key = Throttle(accounts, clock), f"k{run}"
    throttle.forget(key)
    for pause in pauses:
        clock.advance(seconds=pause)
        is_let_through(throttle, key)
    clock.advance(seconds=LONGEST_S)
    assert is_let_through(throttle, key)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("192.0.2.7", "address:192.0.2.7"),
        ("::ffff:192.0.2.7", "address:192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "address:2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "address:2001:db8:1:2::/64"),
        ("testclient", "address:unknown"),
        ("", "address:unknown"),
    ],
)
def test_addresses_are_counted_by_what_one_household_has(address, key):
    assert address_key(address) == key


def test_names_are_not_kept_in_clear():
    assert "clerk" not in name_key("clerk")
