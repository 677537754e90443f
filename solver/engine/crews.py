"""Crews of workers that run calls in parallel: the parts of a large plan, or scenarios.

Both kinds stand behind ``concurrent.futures.Executor``: processes of this machine, or the
workers of a dask cluster on many. A worker that dies costs time, never the result.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from models.issues import InputError
from models.messages import Spot, issue

Name = TypeVar("Name", bound=Hashable)
Result = TypeVar("Result")

TRIES = 5
"""How often a call is given to another worker after its own died, before this process makes it."""

WAIT_SECONDS = 20
"""How long a cluster may take to answer and to have a worker."""


class Crew(Protocol):
    """Workers that take calls; leaving the context lets them go."""

    size: int

    def __enter__(self) -> Self:
        """Start work."""
        ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Release the workers, without waiting after an interrupt."""
        ...

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Give a call to the next free worker."""
        ...

    def renew(self) -> None:
        """Replace workers that died."""
        ...


class LocalCrew:
    """Processes of this machine."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __enter__(self) -> Self:
        """Start the processes."""
        self._others = set(multiprocessing.active_children())
        self._pool: Executor = self._started()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """End the processes; after Ctrl-C by force, as waiting took minutes on a city."""
        if kind is not None:
            for child in set(multiprocessing.active_children()) - self._others:
                child.kill()
        # the pool detects that it is broken and joins its dead processes
        self._pool.shutdown(wait=True, cancel_futures=True)

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Give a call to the next free process."""
        return self._pool.submit(call, *args)

    def renew(self) -> None:
        """Start new processes: the death of one breaks the pool for all."""
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = self._started()

    def _started(self) -> ProcessPoolExecutor:
        # spawned, not forked: a fork carries the model of a province along, and engines' threads
        spawn = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.size, mp_context=spawn, initializer=_begin)


class ClusterCrew:
    """The workers of a dask cluster: ``dask scheduler``, then ``dask worker ADDRESS --nthreads 1``.

    The scheduler gives the calls of a dead worker to others by itself.

    Raises
    ------
    InputError
        When dask is not installed, nobody answers at the address, or no worker comes.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client  # an extra, and slow to load
        except ImportError:
            raise InputError([issue("no_dask", Spot(cell="--cluster"), address)]) from None
        try:
            self._client = Client(address, timeout=WAIT_SECONDS, set_as_default=False)
            self._client.wait_for_workers(1, timeout=WAIT_SECONDS)
        except (OSError, ValueError, TimeoutError):
            raise InputError([issue("no_cluster", Spot(cell="--cluster"), address)]) from None
        self.size = sum(self._client.nthreads().values())

    def __enter__(self) -> Self:
        """Connect to the workers."""
        self._pool = self._client.get_executor(retries=TRIES)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Cancel pending calls and disconnect; the cluster stays."""
        self._pool.shutdown(wait=kind is None)
        self._client.close()

    def submit(self, call: Callable[..., Result], *args: Any) -> Future[Result]:
        """Give a call to the scheduler."""
        future: Future[Result] = self._pool.submit(call, *args)
        return future

    def renew(self) -> None:
        """Nothing to do: the scheduler has replaced them."""


def shared_out(
    crew: Crew,
    call: Callable[..., Result],
    names: Iterable[Name],
    arguments: Callable[[Name, Sequence[Name]], tuple[Any, ...]],
) -> Iterator[tuple[Name, Result]]:
    """Keep the crew busy with calls; yield each name with its result as it is done.

    ``arguments`` of a call are asked for when it is given to a worker, with the names still
    waiting, its own first. A call whose worker died is given to another, at last made here.
    """
    waiting, tries, is_broken = deque(names), Counter[Name](), False
    running: dict[Future[Result], Name] = {}
    while waiting or running:
        while waiting and len(running) < crew.size:
            given = arguments(waiting[0], tuple(waiting))
            name = waiting.popleft()
            running[_given(crew, call, given, tries[name])] = name
        done, _ = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            name = running.pop(future)
            if isinstance(future.exception(), BrokenExecutor):
                is_broken = True
                tries[name] += 1
                waiting.appendleft(name)
            else:
                yield name, future.result()
        # the death of one breaks the pool for all: every call under way ends so
        if is_broken and not running:
            crew.renew()
            is_broken = False


def _given(
    crew: Crew, call: Callable[..., Result], arguments: tuple[Any, ...], tries: int
) -> Future[Result]:
    """Give a call to the crew; one that outlived too many workers is made here."""
    if tries < TRIES:
        try:
            return crew.submit(call, *arguments)
        except BrokenExecutor:
            crew.renew()
            return crew.submit(call, *arguments)
    done: Future[Result] = Future()
    done.set_result(call(*arguments))
    return done


def _begin() -> None:
    """Leave Ctrl-C to the parent, which keeps what was reached, and end when it is gone.

    A pool's process notices the death of a killed parent only after its call: minutes of work for nobody.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
