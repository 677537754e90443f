"""The peak of memory is the program's own."""

from __future__ import annotations

import subprocess
import sys

from solver.engine.memory import peak_memory_mb

ASK = "from solver.engine.memory import peak_memory_mb; print(peak_memory_mb())"


def test_peak_is_not_that_of_whoever_started_the_program() -> None:
    held = bytearray(400_000_000)  # bytearray writes zeros, which may be one page: touch them
    held[::4096] = b"x" * len(held[::4096])
    # without close_fds Python forks as a shell does, and the peak goes along
    done = subprocess.run(
        [sys.executable, "-c", ASK], capture_output=True, text=True, check=True, close_fds=False
    )
    assert peak_memory_mb() > 400
    assert float(done.stdout) < 200
    del held
