"""Whole commands, timed, with the memory of the process and all its children together.

Peak memory is the largest sum of resident memory (RSS) over the process tree at one moment,
sampled every 50 ms. Pages that forked workers share are counted in each of them, so the sum is
never too small for what it saw; ``RUSAGE_CHILDREN`` would give the largest single process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.machine import ROOT

SAMPLE_SECONDS = 0.05
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20
ZHIBAN = ("-m", "api.commands.cli")


@dataclass(frozen=True)
class Timed:
    """A command that ended: exit code, seconds, peak MB of its tree, output, workers killed."""

    code: int
    seconds: float
    peak_memory_mb: float
    out: str
    killed: int = 0


def timed(words: Sequence[str], kill_after: float | None = None) -> Timed:
    """Run ``python`` with ``words`` from the checkout's root.

    Parameters
    ----------
    words
        What follows ``python``.
    kill_after
        Seconds after which the largest child is killed, as a crash would.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as said:
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        )
        watch = _Watch(process.pid, began, kill_after)
        watch.start()
        code = process.wait()
        seconds = time.perf_counter() - began
        watch.stop()
        said.seek(0)
        return Timed(code, seconds, round(watch.peak_mb, 1), said.read(), watch.killed)


class _Watch(threading.Thread):
    """Samples a process tree until told to stop; kills one child when asked to."""

    def __init__(self, pid: int, began: float, kill_after: float | None) -> None:
        super().__init__(daemon=True)
        self.peak_mb = 0.0
        self.killed = 0
        self._pid = pid
        self._ended = threading.Event()
        self._kill_at = None if kill_after is None else began + kill_after

    def run(self) -> None:
        """Sample."""
        while not self._ended.is_set():
            memory = tree_mb(self._pid)
            self.peak_mb = max(self.peak_mb, sum(memory.values()))
            if self._kill_at is not None and time.perf_counter() >= self._kill_at:
                self._kill({pid: mb for pid, mb in memory.items() if pid != self._pid})
            self._ended.wait(SAMPLE_SECONDS)

    def stop(self) -> None:
        """End sampling."""
        self._ended.set()
        self.join()

    def _kill(self, children: dict[int, float]) -> None:
        """Kill the largest child; without one yet, try again at the next sample."""
        if children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(max(children, key=children.__getitem__), signal.SIGKILL)
                self.killed, self._kill_at = 1, None


def tree_mb(root: int) -> dict[int, float]:
    """Return resident MB of a process and its descendants by id; empty without ``/proc``."""
    parent: dict[int, int] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            # the command's name, in brackets, may hold spaces
            parent[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    tree = {root} & parent.keys()
    grown = True
    while grown:
        more = {pid for pid, above in parent.items() if above in tree} - tree
        tree |= more
        grown = bool(more)
    return {pid: _resident_mb(pid) for pid in tree}


def _resident_mb(pid: int) -> float:
    with contextlib.suppress(OSError):
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_MB
    return 0.0
