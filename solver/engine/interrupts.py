"""Ctrl-C while an engine works: the engines are C++ and hear no signal until they return."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import TypeVar

POLL_SECONDS = 0.2
"""A lock waited for without end cannot be interrupted on Windows."""

_PREFIX = "zhiban-engine"
_Result = TypeVar("_Result")


def interruptible(call: Callable[[], _Result], stop: Callable[[], None] = lambda: None) -> _Result:
    """Return ``call()``, run in a thread of its own so that Ctrl-C is heard at once.

    Parameters
    ----------
    call
        An engine call that releases the interpreter lock (CP-SAT and HiGHS do).
    stop
        Asks the engine to end. HiGHS through scipy cannot be asked: its thread is left
        behind, see ``is_left_behind``.

    Raises
    ------
    KeyboardInterrupt
        Ctrl-C came; what ``call`` would have returned is lost.
    """
    if threading.current_thread() is not threading.main_thread():
        return call()  # only the main thread hears signals
    answer: Future[_Result] = Future()
    threading.Thread(target=_work, args=(call, answer), name=_PREFIX, daemon=True).start()
    try:
        while not answer.done():
            wait([answer], timeout=POLL_SECONDS)
    except KeyboardInterrupt:
        stop()
        raise
    return answer.result()


def is_left_behind() -> bool:
    """Say whether an interrupted engine still runs; a normal exit of Python could then crash in it."""
    return any(thread.name == _PREFIX for thread in threading.enumerate())


def _work(call: Callable[[], _Result], answer: Future[_Result]) -> None:
    try:
        answer.set_result(call())
    except BaseException as error:
        answer.set_exception(error)
