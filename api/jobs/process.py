"""A child process as its worker controls it: progress, interrupt, end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from api.jobs.interrupts import interrupts_held


class Child:
    """A child process that works in ``folder``; leaving the context ends it and all it started."""

    def __init__(self, folder: Path) -> None:
        # a session of its own: Ctrl-C at the worker's terminal is not meant for it
        with interrupts_held():
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api.jobs.child", str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,
                env={k: v for k, v in os.environ.items() if not k.upper().startswith("ZHIBAN_")},
            )
        self._steps: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Enter the context."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Kill what is left of its group; it is not reaped before, so the number is still its own."""
        self.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Its exit code, once the context is left."""
        return self._process.returncode

    def wait(self, seconds: float) -> bool:
        """Wait for its end up to a limit; return whether it has ended."""
        until = time.monotonic() + seconds
        while not self._has_ended():
            if time.monotonic() >= until:
                return False
            time.sleep(0.05)
        self._reader.join(timeout=1)  # its last output
        return True

    def take_steps(self) -> list[dict[str, Any]]:
        """Return the newest step about each thing that moved since the last call, in order."""
        with self._lock:
            steps, self._steps = list(self._steps.values()), {}
        return steps

    def interrupt(self) -> None:
        """Ask it to keep its best result and end."""
        if not self._has_ended():
            os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        """End it and every process of its group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            # no such group: it has not got there yet, or is only waiting to be reaped (macOS)
            self._process.kill()

    def _has_ended(self) -> bool:
        flags = os.WEXITED | os.WNOHANG | os.WNOWAIT
        return os.waitid(os.P_PID, self.pid, flags) is not None

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            try:
                about, step = json.loads(line)
            except ValueError:
                continue  # cut off by its death
            with self._lock:
                self._steps.pop(about, None)  # to the end, in the order of the last move
                self._steps[about] = step
