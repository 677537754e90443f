"""Processes of this machine: they do not outlive whoever started them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

from solver.engine.crews import LocalCrew, shared_out

BUSY = """
import os, time
from solver.engine.crews import LocalCrew

if __name__ == "__main__":
    with LocalCrew(1) as crew:
        print(crew.submit(os.getpid).result(), flush=True)
        crew.submit(time.sleep, 600).result()
"""


def test_a_worker_ends_with_the_program_that_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "busy.py"  # a spawned process reads the program again
    file.write_text(BUSY)
    program = subprocess.Popen([sys.executable, file], stdout=subprocess.PIPE, text=True)
    assert program.stdout is not None
    with program.stdout as said:
        worker = int(said.readline())
    program.kill()
    program.wait()
    try:
        assert any(_is_gone_soon(worker) for _ in range(300))
    finally:
        if _is_alive(worker):
            os.kill(worker, signal.SIGKILL)


def process_of(name: int) -> tuple[int, int]:
    return name, os.getpid()


def test_a_process_makes_one_call_after_another() -> None:
    with LocalCrew(1) as crew:
        made = [done for _, done in shared_out(crew, process_of, range(3), lambda n, _: (n,))]
    assert [name for name, _ in made] == [0, 1, 2]
    assert len({process for _, process in made}) == 1


def _is_gone_soon(process: int) -> bool:
    time.sleep(0.1)
    return not _is_alive(process)


def _is_alive(process: int) -> bool:
    """Tell whether it still runs; who is dead waits for init, which may take its time."""
    try:
        return psutil.Process(process).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_worker_takes_one_call_after_another() -> None:
    """Starting a process and its libraries takes longer than most calls."""
    with LocalCrew(1) as crew:
        found = dict(shared_out(crew, os.getpid, range(5), lambda name, waiting: ()))
    assert list(found) == list(range(5))
    assert len(set(found.values())) == 1
    assert os.getpid() not in found.values()
