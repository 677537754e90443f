"""The environment of a measurement: machine, versions, commit. Never a path or a host name."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from functools import lru_cache
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
"""The checkout that is measured."""


def now() -> str:
    """Return date and time in UTC, to the minute."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%MZ")


@lru_cache(maxsize=1)
def commit() -> str:
    """Return the commit, with ``+dirty`` when the code differs from it; results do not count."""
    short = _git("rev-parse", "--short=10", "HEAD")
    if not short:
        return "unknown"
    own = (":(exclude)benchmarks/results", ":(exclude)benchmarks/README.md")
    return f"{short}+dirty" if _git("status", "--porcelain", "--", ".", *own) else short


@lru_cache(maxsize=1)
def machine() -> str:
    """Return processor, cores and memory, as in ``AMD EPYC 7B13, 2 cores, 24 GiB``."""
    gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{_processor()}, {os.cpu_count()} cores, {gib:.0f} GiB"


def versions() -> dict[str, str]:
    """Return the versions a row carries."""
    return {"python": platform.python_version(), "ortools": metadata.version("ortools")}


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""
