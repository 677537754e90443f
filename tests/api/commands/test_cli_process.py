"""The program as a process: what it loads, Ctrl-C, the time limit, the same plan in every process."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.formats.write import write_json
from scenarios.generator.catalogue import load as scenario
from tests.api.commands.command import ROOT, finished, program, zhiban
from tests.factories import tiny_instance

HEAVY = ("ortools", "scipy", "pandas", "numpy", "python_calamine", "fastapi", "holidays")
LOADED = f"""
import sys
from api.commands.cli import main
try:
    main()
except SystemExit:
    pass
sys.exit(",".join(name for name in {HEAVY} if name in sys.modules))
"""
MONTH_FAIRNESS = re.compile(r"month\s+公平")


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("county") / "county.json"
    write_json(scenario("county"), path)
    return path


@pytest.mark.parametrize(
    "words", [("--help",), ("solve", "--help"), ("template", "t.xlsx"), ("schema", "report")]
)
def test_light_commands_load_no_heavy_library(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LOADED, *words],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert ended.stderr.decode().strip() == ""


def test_program_works_on_names_with_spaces_and_chinese(tmp_path: Path) -> None:
    folder = tmp_path / "司法所 十二月"
    folder.mkdir()
    write_json(tiny_instance(), folder / "排班 输入.json")
    said = finished(program("solve", "排班 输入.json", cwd=folder))
    assert said.code == 0
    assert said.out.startswith("已写出 13 个文件 files written: out/排班 输入\n")
    assert (folder / "out" / "排班 输入" / "roster.xlsx").is_file()
    assert said.err.endswith("\n")


def test_deterministic_roster_is_the_same_in_every_process(tmp_path: Path) -> None:
    write_json(scenario("township"), tmp_path / "a.json")
    rosters = set()
    for name in ("1", "2"):
        words = ("solve", "a.json", "--out", name, "--deterministic", "--seed", "7")
        assert finished(program(*words, cwd=tmp_path, PYTHONHASHSEED=name)).code == 0
        rosters.add((tmp_path / name / "roster.json").read_bytes())
    words = ("solve", tmp_path / "a.json", "--out", tmp_path / "3", *words[4:])
    assert zhiban(*words).code == 0
    rosters.add((tmp_path / "3" / "roster.json").read_bytes())
    assert len(rosters) == 1


def test_time_limit_ends_in_a_valid_plan_with_honest_gaps(county: Path, tmp_path: Path) -> None:
    said = finished(program("solve", county, "--out", "o", "--time-limit", "1", cwd=tmp_path))
    report = load(tmp_path / "o" / "report.json")
    goals = report["goals"]
    gaps = [max(0, g["value"] - g["bound"]) / max(1, abs(g["value"])) for g in goals]
    assert said.code == 0
    assert [g["gap"] for g in goals] == pytest.approx(gaps)
    assert report["status"] == ("feasible" if any(gaps) else "optimal")
    assert zhiban("verify", county, tmp_path / "o" / "roster.json").code == 0


class Terminal:
    """A program started in a terminal of its own, watched and interrupted by a person."""

    def __init__(self, *words: object, cwd: Path) -> None:
        self._master, self._slave = pty.openpty()
        self.shown = ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "api.commands.cli", *map(str, words)],
            cwd=cwd,
            env=os.environ
            | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
            | {"COLUMNS": "160", "TERM": "xterm"},
            stdout=self._slave,
            stderr=self._slave,
        )

    def watch(self, pattern: re.Pattern[str], seconds: float = 60) -> None:
        """Read what the terminal shows until the pattern is there."""
        until = time.monotonic() + seconds
        while not pattern.search(self.shown):
            assert time.monotonic() < until, self.shown
            self._read(0.2)

    def interrupt(self) -> None:
        self.process.send_signal(signal.SIGINT)

    def end(self, seconds: float = 60) -> int:
        """Wait for the end and return the exit code."""
        until = time.monotonic() + seconds
        while self.process.poll() is None:
            assert time.monotonic() < until, self.shown
            self._read(0.1)
        self._read(0)
        assert "Traceback" not in self.shown
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _read(self, seconds: float) -> None:
        while select.select([self._master], [], [], seconds)[0]:
            self.shown += os.read(self._master, 65536).decode(errors="replace")
            seconds = 0


@pytest.fixture
def solving(county: Path, tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal("solve", county, "--out", "o", cwd=tmp_path)
    yield terminal
    terminal.close()


def test_interrupt_keeps_the_best_plan(solving: Terminal, county: Path, tmp_path: Path) -> None:
    solving.watch(MONTH_FAIRNESS)
    solving.interrupt()
    assert solving.end() == 0
    report, roster = load(tmp_path / "o" / "report.json"), load(tmp_path / "o" / "roster.json")
    reached = [goal["name"] for goal in report["goals"] if goal["stage"] == "month"]
    assert report["status"] == "interrupted"
    assert reached[:2] == ["priority", "coverage"]
    assert "preference" not in reached
    assert len(roster["advisers"]) == 276
    assert report["kpis"]["duty_coverage_percent"] > 50
    reasons = {reason["code"] for found in report["unmet"] for reason in found["reasons"]}
    assert reasons <= {"interrupted"}
    assert "已中断，以上是中断前的最好结果" in solving.shown
    checked = zhiban("verify", county, tmp_path / "o" / "roster.json", "--json")
    assert checked.code == 0
    assert json.loads(checked.out)["kpis"] == report["kpis"]


def test_second_interrupt_gives_up_and_writes_nothing(solving: Terminal, tmp_path: Path) -> None:
    solving.watch(MONTH_FAIRNESS)
    solving.interrupt()
    time.sleep(0.2)
    solving.interrupt()
    assert solving.end() == 130
    assert "已中断，没有写出结果" in solving.shown
    assert list(tmp_path.iterdir()) == []


def test_interrupt_of_generated_code_ends_with_the_code_of_an_interrupt(tmp_path: Path) -> None:
    """Python kills itself by SIGINT at its end if Ctrl-C ever fell into code made from text.

    That is how many libraries make classes when they are loaded, so it happened now and then.
    """
    lines = (
        "import solver.engine.interrupts",
        "from api.commands.exit_codes import INTERRUPTED, exit_code, leave",
        "exit_code(lambda: INTERRUPTED)",  # what is loaded only now would be such code, too
        "def program():",
        "    try:",
        "        exec('raise KeyboardInterrupt')",
        "    except KeyboardInterrupt:",
        "        return INTERRUPTED",
        "leave(exit_code(program))",
    )
    (tmp_path / "interrupted.py").write_text("\n".join(lines), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "interrupted"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 130
    assert "已中断，没有写出结果" in done.stderr.decode()
