"""The rooms of the interface: the web framework stands at the door, not in what an office does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from statistics import median

import pytest

API = Path(__file__).parents[2] / "api"
DOORS = {"http", "routes", "pages", "service", "docs"}
"""The rooms where requests come in and answers go out."""
WEB = ("fastapi", "starlette", "sse_starlette", "api.http", "api.routes")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{node.module}"


@pytest.mark.parametrize(
    "room", sorted(p.name for p in API.iterdir() if (p / "__init__.py").exists())
)
def test_no_http_below_the_routes(room: str) -> None:
    files = [] if room in DOORS else sorted((API / room).rglob("*.py"))
    wrong = [
        (str(path.relative_to(API)), module)
        for path in files
        for module in imports(path)
        if any(f"{module}.".startswith(f"{name}.") for name in WEB)
    ]
    assert wrong == []


LINES, MEDIAN = 15, 7
"""What a route's function may take, without its docstring: parse, may it, act, answer."""
VERBS = {"get", "put", "post", "patch", "delete", "head"}


def routes() -> Iterator[tuple[str, int]]:
    """Yield the name of each route's function and how many lines its body has."""
    for path in sorted(API.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and is_route(node):
                first, *rest = node.body
                is_text = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
                body = rest if is_text else node.body
                yield node.name, (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_route(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    calls = [found for found in node.decorator_list if isinstance(found, ast.Call)]
    return any(isinstance(c.func, ast.Attribute) and c.func.attr in VERBS for c in calls)


def test_a_route_parses_asks_acts_and_answers_and_does_no_more() -> None:
    found = dict(routes())
    assert len(found) > 80
    assert {name: lines for name, lines in found.items() if lines > LINES} == {}
    assert median(found.values()) <= MEDIAN


LATE = {path.parent for path in API.rglob("__init__.py") if "import late" in path.read_text()}
"""Rooms that say once for all why they import inside functions."""


def late_imports(path: Path) -> Iterator[tuple[str, int]]:
    """Yield where in a function a row of imports begins without a comment that says why."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for node in ast.walk(ast.parse("\n".join(lines))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for before, found in pairwise((None, *node.body)):
                is_first = not isinstance(before, ast.Import | ast.ImportFrom)
                if is_first and isinstance(found, ast.Import | ast.ImportFrom):
                    near = lines[found.lineno - 2 : found.lineno]
                    if not any("#" in line for line in near):
                        yield str(path.relative_to(API)), found.lineno


def test_every_late_import_says_why() -> None:
    files = [path for path in sorted(API.rglob("*.py")) if path.parent not in LATE]
    assert [found for path in files for found in late_imports(path)] == []
    assert {room.name for room in LATE} == {"actions", "commands"}
