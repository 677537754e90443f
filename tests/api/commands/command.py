"""The command line as a user meets it: run inside this process, or as a program of its own."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

from api.commands.cli import main

ROOT = Path(__file__).resolve().parents[3]


class Said(NamedTuple):
    """What a command answered."""

    code: int
    out: str
    err: str


def zhiban(*words: object) -> Said:
    """Run ``zhiban`` with these words inside this process."""
    out, err = io.StringIO(), io.StringIO()
    argv = ["zhiban", *map(str, words)]
    code: Any = None
    with (
        patch.object(sys, "argv", argv),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code
    said = Said(code, out.getvalue(), err.getvalue())
    assert "Traceback" not in said.out + said.err
    return said


def program(*words: object, cwd: Path, **environment: str) -> subprocess.Popen[str]:
    """Start ``python -m api.commands.cli`` with these words; its output is UTF-8 unless told otherwise."""
    return subprocess.Popen(
        [sys.executable, "-m", "api.commands.cli", *map(str, words)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"} | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finished(process: subprocess.Popen[str], seconds: float = 60) -> Said:
    """Wait for a program and return what it answered."""
    out, err = process.communicate(timeout=seconds)
    assert "Traceback" not in out + err
    return Said(process.returncode, out, err)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}
