from __future__ import annotations

import sys

import pytest

from benchmarks.timed import timed, tree_mb

needs_proc = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /proc")
HOLD = "x = bytearray(150_000_000); x[::4096] = b'1' * len(x[::4096]); time.sleep(1)"
PARENT = f"""
import os, subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; {HOLD}"])
{HOLD}
sys.exit(7 if child.wait() == -9 else 0)
"""


@needs_proc
def test_memory_counts_the_children_at_the_same_time():
    done = timed(["-c", PARENT])
    assert done.code == 0
    assert 300 < done.peak_memory_mb < 450
    assert 1 < done.seconds < 30


@needs_proc
def test_killing_takes_a_child_and_not_the_command():
    done = timed(["-c", PARENT], kill_after=0.6)
    assert (done.code, done.killed) == (7, 1)


def test_output_and_exit_code_are_kept():
    done = timed(["-c", "import sys; print('值班'); sys.exit('why')"])
    assert (done.code, done.out, done.killed) == (1, "值班\nwhy\n", 0)


@needs_proc
def test_a_process_that_is_gone_takes_no_memory():
    assert sum(tree_mb(2**22 + 1).values()) == 0
