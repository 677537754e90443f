"""Nobody but the rule itself knows its name: renamed or removed, a rule takes nothing else along.

The packages are copied; in the copy only what belongs to a rule is touched: its module and its
tables in the profiles. The whole command line must then do what it does here.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from solver.modelling.demand import DemandRule
from solver.rules import rule_types
from tests.solver.rich_instance import rich_instance

ROOT = Path(__file__).parents[2]
PACKAGES = ("models", "solver", "scenarios", "api")
COMMANDS = """
import contextlib, importlib, io, json, pkgutil, sys
import solver
from api.commands.cli import app
assert solver.__file__.startswith(sys.argv[1]), solver.__file__
told = []
for words in json.loads(sys.argv[2]):
    out = io.StringIO()
    try:
        with contextlib.redirect_stdout(out):
            app(words, standalone_mode=False)
        told.append([0, out.getvalue()])
    except SystemExit as end:
        told.append([end.code, out.getvalue()])
for name in ("solver", "api.documents"):
    for module in pkgutil.walk_packages(importlib.import_module(name).__path__, name + "."):
        importlib.import_module(module.name)
print(json.dumps(told))
"""


def _copy(folder: Path) -> Path:
    for package in PACKAGES:
        unused = shutil.ignore_patterns("__pycache__", "pictures")
        shutil.copytree(ROOT / package, folder / package, ignore=unused)
    return folder


def _rename(folder: Path, code: str, new: str) -> None:
    module = folder / "solver/rules" / f"{code}.py"
    module.rename(module.with_name(f"{new}.py"))
    for profile in (folder / "solver/profiles").glob("*.toml"):
        text = profile.read_text(encoding="utf-8")
        profile.write_text(text.replace(f"\n[{code}]\n", f"\n[{new}]\n"), encoding="utf-8")


def _remove(folder: Path, code: str) -> None:
    (folder / "solver/rules" / f"{code}.py").unlink()
    for profile in (folder / "solver/profiles").glob("*.toml"):
        text = profile.read_text(encoding="utf-8")
        without = re.sub(rf"^\[{code}\]\n(?:(?!\[).*\n)*", "", text, flags=re.MULTILINE)
        profile.write_text(without, encoding="utf-8")


def _run(root: Path, folder: Path) -> tuple[list[Any], dict[str, Any]]:
    """Solve, verify, explain and repair with the packages of ``root``; return what they say and write."""
    folder.mkdir()
    (folder / "in.json").write_text(rich_instance().model_dump_json(), encoding="utf-8")
    out = folder / "out"
    given = [str(folder / "in.json"), str(out / "roster.json")]
    absence = ["--person", "L1", "--from", "2026-12-01", "--to", "2026-12-31"]
    commands = [
        ["solve", given[0], "--out", str(out), "--deterministic", "--profile", "suzhou"],
        ["verify", *given, "--profile", "suzhou", "--json"],
        ["explain", *given, "--village", "V1"],
        ["repair", *given, *absence, "--out", str(folder / "repaired"), "--json"],
    ]
    done = subprocess.run(
        [sys.executable, "-c", COMMANDS, str(root), json.dumps(commands)],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    files = {name: json.loads((out / f"{name}.json").read_text()) for name in ("roster", "report")}
    return json.loads(done.stdout.splitlines()[-1]), files


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    return _run(ROOT, tmp_path_factory.mktemp("here") / "run")


def test_every_rule_may_be_renamed(tmp_path, here):
    folder = _copy(tmp_path / "copy")
    for code in rule_types():
        _rename(folder, code, f"{code}_renamed")
    told, files = _run(folder, tmp_path / "run")
    assert [code for code, _ in told] == [code for code, _ in here[0]]
    assert [text.replace("_renamed", "") for _, text in told[1:3]] == [t for _, t in here[0][1:3]]
    assert files["roster"] == here[1]["roster"]
    terms = {code.removesuffix("_renamed"): n for code, n in files["report"]["terms"].items()}
    assert terms == here[1]["report"]["terms"]


def test_the_order_of_rules_is_no_matter(tmp_path, here):
    folder = _copy(tmp_path / "copy")
    for number, code in enumerate(reversed(rule_types())):
        _rename(folder, code, f"r{number:02}_{code}")
    told, files = _run(folder, tmp_path / "run")
    assert [code for code, _ in told] == [code for code, _ in here[0]]
    values = [[g["value"] for g in of["report"]["goals"]] for of in (files, here[1])]
    assert values[0] == values[1]


DEMANDS = {code for code, rule in rule_types().items() if issubclass(rule, DemandRule)}
NEEDED = {code for code, rule in rule_types().items() if rule.keeps_one_place}
"""A roster file admits nobody twice on a slot."""


@pytest.mark.parametrize("gone", [DEMANDS, set(rule_types()) - DEMANDS - NEEDED])
def test_rules_may_be_removed(tmp_path, gone):
    """All demands, all others: what is left still plans."""
    folder = _copy(tmp_path / "copy")
    for code in gone:
        _remove(folder, code)
    told, _ = _run(folder, tmp_path / "run")
    assert {code for code, _ in told} <= {0, 1}
