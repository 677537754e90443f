"""The rooms of the interface: the web framework stands at the door, not in what an office does."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

API = Path(__file__).parents[2] / "api"
DOORS = {"http", "routes", "pages", "service", "docs"}
"""The rooms where requests come in and answers go out."""
WEB = ("fastapi", "starlette", "api.http", "api.routes")


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
