"""The start scripts of the offline bundle. That the bundle installs is tried by ``make bundle``, which takes minutes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BUNDLE = Path(__file__).parents[3] / "api" / "deploy" / "bundle"
needs_shell = pytest.mark.skipif(sys.platform == "win32", reason="a shell script")


@needs_shell
def test_start_script_refuses_an_old_python_and_installs_nothing(tmp_path: Path) -> None:
    shutil.copy(BUNDLE / "start.sh", tmp_path)
    old = tmp_path / "old-python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    said = subprocess.run(
        ["sh", tmp_path / "start.sh"],
        env={"PYTHON": str(old), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (said.returncode, "Python 3.11" in said.stderr) == (1, True)
    assert not (tmp_path / ".venv").exists()


@needs_shell
def test_start_script_runs_the_command_of_an_installed_bundle(tmp_path: Path) -> None:
    shutil.copy(BUNDLE / "start.sh", tmp_path)
    tool = tmp_path / ".venv" / "bin" / "zhiban"
    tool.parent.mkdir(parents=True)
    tool.write_text('#!/bin/sh\necho "$ZHIBAN_FONTS" "$@"\n', encoding="utf-8")
    tool.chmod(0o755)
    (tmp_path / ".venv" / ".ready").touch()
    words = ["sh", str(tmp_path / "start.sh")]
    env = {"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"}
    said = subprocess.check_output([*words, "solve", "本月.xlsx"], env=env, text=True)
    assert said.split() == [str(tmp_path / "fonts"), "solve", "本月.xlsx"]
    assert "serve --demo" in subprocess.check_output(words, env=env, text=True)


def test_script_for_windows_has_its_line_ends() -> None:
    lines = (BUNDLE / "start.bat").read_bytes().split(b"\n")
    assert all(line.endswith(b"\r") for line in lines[:-1])
