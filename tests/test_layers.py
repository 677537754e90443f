"""Imports run one way, heavy libraries have one home, and the packages are ours."""

from __future__ import annotations

import ast
import itertools
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("models", "solver", "scenarios", "api")
HOMES = {
    "ortools": {"solver/engine/cp_sat.py", "solver/engine/linear.py"},
    "scipy.optimize": {"solver/engine/highs.py"},
}
"""Libraries that only these modules import (versions.py asks for their numbers by name)."""


KNOWS_NO_LAW = {
    *("solver.engine", "models.arrays", "models.goals", "models.vocabulary"),
    *("models.issues", "models.messages"),
    *("numpy", "scipy", "ortools", "distributed"),
}
"""All that the engine imports beside the standard library."""
DOCUMENTS_MAY = ("api.documents", "models", "solver", "scenarios")
"""What documents are made from: nothing of the service that sends them."""
MOST_FILES = 20
HALLS = {"solver/rules", "scenarios/changes", "models/store/migrations/versions"}
"""Folders that grow by one file for each thing of their kind."""


def imports(path: Path) -> Iterator[str]:
    """Yield every module a file imports, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def files(*packages: str) -> list[Path]:
    return sorted(path for name in packages for path in (ROOT / name).rglob("*.py"))


def _in_fresh_python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize("package", ORDER)
def test_package_imports_only_packages_before_it(package):
    later = {*ORDER[ORDER.index(package) + 1 :], "tests", "benchmarks"}
    wrong = [(p.name, m) for p in files(package) for m in imports(p) if m.split(".")[0] in later]
    assert wrong == []
    assert files(package)


@pytest.mark.parametrize("library", HOMES)
def test_library_has_one_home(library):
    prefix = f"{library}."
    users = {p for p in files(*ORDER) if any(f"{m}.".startswith(prefix) for m in imports(p))}
    assert {p.relative_to(ROOT).as_posix() for p in users} == HOMES[library]


def _modules() -> dict[str, str]:
    """Return module -> its folder, by dotted names; a package itself is part of its folder."""
    found = {}
    for path in files(*ORDER):
        parts = path.relative_to(ROOT).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        found[".".join(parts[:-1] if is_package else parts)] = ".".join(parts[:-1])
    return found


def _folder_imports() -> dict[str, dict[str, list[str]]]:
    """Return folder -> other folder -> the files by which it imports it."""
    folder_of = _modules()
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for path in files(*ORDER):
        mine = ".".join(path.relative_to(ROOT).parent.parts)
        for name in imports(path):
            words = name.split(".")
            above = (".".join(words[:n]) for n in range(len(words), 0, -1))
            other = next((folder_of[part] for part in above if part in folder_of), mine)
            if other != mine:
                found[mine][other].append(path.name)
    return found


def test_no_two_folders_import_each_other_however_far_around():
    folders = _folder_imports()
    assert {"solver.engine", "solver.rules", "api.documents"} <= set(folders)
    try:
        TopologicalSorter(folders).prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        steps = itertools.pairwise(circle)
        pytest.fail("\n".join(f"{a} -> {b}: {set(folders[a][b])}" for a, b in steps))


def test_the_engine_knows_nothing_of_law():
    known = tuple(f"{name}." for name in KNOWS_NO_LAW)
    wrong = {
        (path.name, name)
        for path in files("solver/engine")
        for name in imports(path)
        if not f"{name}.".startswith(known) and name.split(".")[0] not in sys.stdlib_module_names
    }
    assert wrong == set()


def test_documents_know_nothing_of_the_service():
    wrong = {
        (path.name, name)
        for path in files("api/documents")
        for name in imports(path)
        if name.split(".")[0] in ORDER
        and not f"{name}.".startswith(tuple(f"{package}." for package in DOCUMENTS_MAY))
    }
    assert wrong == set()


def test_no_folder_is_a_hall():
    count: dict[str, int] = defaultdict(int)
    for path in files(*ORDER):
        count[path.relative_to(ROOT).parent.as_posix()] += path.name != "__init__.py"
    assert {
        folder: n for folder, n in count.items() if n > MOST_FILES and folder not in HALLS
    } == {}
    assert set(count) >= HALLS


def test_store_is_imported_by_api_alone():
    users = {
        p.parts[len(ROOT.parts)]
        for p in files(*ORDER)
        if "models/store" not in p.as_posix()
        for m in imports(p)
        if m.startswith("models.store")
    }
    assert users <= {"api"}


@pytest.mark.parametrize(
    "code",
    [
        "import solver.check, solver.modelling.facts",
        "from solver.rules import rule_types; rule_types()",
        "from solver.profiles import load_rules; load_rules('default')",
        "import solver.modelling.model, solver.modelling.stages",
    ],
)
def test_checking_needs_no_solver(code):
    seen = _in_fresh_python(
        f"import sys\n{code}\nprint([m for m in {list(HOMES)} if m in sys.modules])"
    )
    assert seen == "[]"


def test_check_runs_without_a_solver():
    code = """
import sys
from models.roster import Roster
from solver.check import check
from solver.modelling.facts import Facts
from solver.profiles import load_rules
from tests.factories import tiny_instance
checked = check(Facts(tiny_instance(), "2026-12"), load_rules("default"), Roster(month="2026-12"))
print(checked.terms["one_adviser_per_village"], "ortools" in sys.modules)
"""
    assert _in_fresh_python(code) == "4 False"


@pytest.mark.parametrize("package", ORDER)
def test_package_resolves_to_our_tree(package):
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin) == ROOT / package / "__init__.py"


@pytest.mark.parametrize("package", ORDER)
def test_package_is_typed(package):
    assert (ROOT / package / "py.typed").is_file()
