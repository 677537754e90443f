"""The sample files of an operator: units, dashboard, pinned packages of the image."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from api.jobs.tally import Numbers
from api.service.metrics import Metrics
from tests.api.commands.command import ROOT

DEPLOY = ROOT / "api" / "deploy"


def test_the_dashboard_asks_for_numbers_that_are_there() -> None:
    metrics = Metrics()
    metrics.count_jobs(
        lambda: Numbers(
            now={("solve", "waiting"): 1},
            oldest_waiting={"solve": 2.0},
            ended={("solve", "done"): 3},
        )
    )
    metrics.answered("GET", "/feeds/{token}.ics", 200, 0.01)
    samples: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(zhiban_\w+)\{(.*)\} ", metrics.text().decode(), re.M):
        samples.setdefault(name, set()).update(re.findall(r"(\w+)=", labels))
    board = json.loads((DEPLOY / "dashboard.json").read_text("utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    assert {name for text in asked for name in re.findall(r"zhiban_\w+", text)} <= set(samples)
    for text in asked:
        name = re.findall(r"zhiban_\w+", text)[0]
        by = re.findall(r"by \(([^)]*)\)", text)[0].split(", ")
        assert set(by) <= samples[name], text


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_understands_every_unit(tmp_path: Path) -> None:
    program = tmp_path / "zhiban"
    program.write_text("#!/bin/sh\n", "utf-8")
    program.chmod(0o755)
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/opt/zhiban/venv/bin/zhiban", str(program))
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = sorted(map(str, tmp_path.glob("*.service")))
    said = subprocess.run(
        ["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False
    )
    ours = [line for line in said.stderr.splitlines() if "zhiban" in line]
    assert (len(units), ours) == (3, [])


def test_the_image_gets_the_tested_versions_and_no_test_tool() -> None:
    def pinned(name: str) -> set[str]:
        text = (ROOT / name).read_text("utf-8")
        return set(re.findall(r"^([\w.-]+==[\w.]+)", text, re.M))

    service = pinned("requirements-service.txt")
    assert service <= pinned("requirements.txt")
    names = {word.split("==")[0] for word in service}
    assert {"ortools", "fastapi", "typst"} <= names
    assert not names & {"pytest", "hypothesis", "mypy", "schemathesis", "ruff"}
