"""Interrupts: when they may stop the work, and how they reach an engine.

The engines are C++ and see no signal until they return.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

POLL_SECONDS = 0.2
"""A lock waited for without end cannot be interrupted on Windows."""

_PREFIX = "zhiban-engine"
_Result = TypeVar("_Result")


class _Stop:
    """Whether an interrupt may stop the main thread now, and whether one is waiting to."""

    allowed = False
    waiting = False

    def hear(self, _: int = 0, __: FrameType | None = None) -> None:
        """Handle SIGINT. Of several interrupts within one ``may_stop`` the first one counts."""
        self.waiting = not self.allowed
        if self.allowed:
            self.allowed = False
            raise KeyboardInterrupt


_STOP = _Stop()


def stop_where_allowed() -> None:
    """From now on, interrupts stop this process only within ``may_stop``; others wait for the next one.

    For a process whose answer must not be lost. Without this call an interrupt stops the work
    anywhere, as Python does by itself.
    """
    signal.signal(signal.SIGINT, _STOP.hear)


@contextmanager
def may_stop() -> Iterator[None]:
    """Mark work that an interrupt may stop: whoever does it catches KeyboardInterrupt and keeps its best.

    Raises
    ------
    KeyboardInterrupt
        On entry, when an interrupt has been waiting; later, when one arrives.
    """
    before, _STOP.allowed = _STOP.allowed, True
    try:
        if _STOP.waiting:
            _STOP.hear()
        yield
    finally:
        _STOP.allowed = before


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
