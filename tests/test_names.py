"""One word means one thing: class names are unique, shared module names are in the vocabulary."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("models", "solver", "scenarios", "api")


def modules() -> list[Path]:
    return sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))


def shared(names: dict[str, list[str]]) -> dict[str, list[str]]:
    return {name: places for name, places in names.items() if len(places) > 1}


def test_no_class_name_means_two_things():
    places = defaultdict(list)
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name.lstrip("_")].append(path.relative_to(ROOT).as_posix())
    assert shared(places) == {}


def test_shared_module_names_are_explained():
    table = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("| module | where |")[1]
    rows = re.findall(r"^\| (`.*?) \|", table.split("\n\n")[0], flags=re.M)
    explained = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    places = defaultdict(list)
    for path in modules():
        if path.name != "__init__.py" and path.stem != path.parent.name:
            places[path.stem].append(path.relative_to(ROOT).as_posix())
    missing = {name: found for name, found in shared(places).items() if name not in explained}
    assert missing == {}
