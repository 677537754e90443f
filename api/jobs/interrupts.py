"""When a child hears an interrupt: where what it has reached is not lost."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import CodeType, FrameType
from typing import Generic, TypeVar

Step = TypeVar("Step")


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let processes be started that hear no interrupt before they say ``hear_interrupts``.

    One that comes while they load waits.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hear_interrupts() -> None:
    """Hear interrupts from now on, the one that waits at once."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


@dataclass
class Interrupts(Generic[Step]):
    """Turns an interrupt into KeyboardInterrupt only where the solver then keeps its best plan.

    Elsewhere (a month is being built on seats already planned, a plan is being checked) it
    would lose the plan, so it waits for the next climb; when there is none, the plan is whole.
    """

    safe: tuple[CodeType, ...]
    tell: Callable[[Step], None]
    begun: bool = False
    waiting: bool = False

    def hear(self, _: int, frame: FrameType | None) -> None:
        """Answer SIGINT."""
        if self.begun and not self._is_safe(frame):
            self.waiting = True
            return
        self.waiting = False
        raise KeyboardInterrupt

    def progress(self, step: Step) -> None:
        """Pass a step on; a climb is under way."""
        self.begun = True
        self.tell(step)
        if self.waiting:
            self.waiting = False
            signal.raise_signal(signal.SIGINT)  # heard in the main thread, whoever steps

    def _is_safe(self, frame: FrameType | None) -> bool:
        while frame is not None:
            if frame.f_code in self.safe:
                return True
            frame = frame.f_back
        return False
