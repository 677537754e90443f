"""Nothing public is there for the tests alone: every name of the packages is used by the packages."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
ASKED = ("models", "solver", "scenarios")
USERS = (*ASKED, "api", "benchmarks")
FOUND_BY_FOLDER = ("solver/rules", "scenarios/changes", "models/store/migrations")
"""Whose classes are found by their modules, not by name."""
CALLED_BY_LIBRARIES = {"on_solution_callback"}


def _public(body: list[ast.stmt]) -> Iterator[str]:
    """Yield functions, classes and their methods."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node.name
        if isinstance(node, ast.ClassDef):
            yield from _public(node.body)


def test_every_public_name_has_a_user():
    texts = {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
        for package in USERS
        for path in (ROOT / package).rglob("*.py")
    }
    words = Counter(word for text in texts.values() for word in re.findall(r"\w+", text))
    named_once = {
        f"{file}: {name}"
        for file, text in texts.items()
        if file.startswith(ASKED) and not file.startswith(FOUND_BY_FOLDER)
        for name in _public(ast.parse(text).body)
        if words[name] == 1 and name not in CALLED_BY_LIBRARIES
    }
    assert named_once == set()
