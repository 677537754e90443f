"""Chromium without a window, for the tests that open a page."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--enable-logging=stderr", "--v=0"),
]


def opened(address: str, folder: Path, milliseconds: int = 2000) -> tuple[str, str]:
    """Return a page as Chromium holds it after its scripts have run, and what it complained of."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: the page is run in a real browser")
    command = [
        CHROMIUM,
        *FLAGS,
        f"--virtual-time-budget={milliseconds}",
        f"--user-data-dir={folder / 'profile'}",
        "--dump-dom",
        address,
    ]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    said = done.stderr.decode().splitlines()
    return done.stdout.decode(), "\n".join(line for line in said if "CONSOLE" in line)
