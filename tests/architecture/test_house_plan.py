"""The house plan as failing tests: layers, cycles, purity, names, one commit, one clock."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

from tests.architecture.layers import PURE_LIBRARIES, SHARED_NAMES, layer_of

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted((ROOT / "eventreg").rglob("*.py"))
SOURCES = [path for path in SOURCES if "node_modules" not in path.parts and "theme" not in path.parts]
VAGUE = {"utils", "util", "helpers", "helper", "manager", "common", "misc", "tools", "base", "core"}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("eventreg", include_external_packages=True, exclude_type_checking_imports=True)


def _own(graph: grimp.ImportGraph) -> list[str]:
    return sorted(module for module in graph.modules if module.split(".")[0] == "eventreg")


def test_layers_never_point_up(graph: grimp.ImportGraph) -> None:
    wrong = [
        f"{module} ({layer_of(module)}) imports {target} ({layer_of(target)})"
        for module in _own(graph)
        for target in graph.find_modules_directly_imported_by(module)
        if target.startswith("eventreg") and layer_of(target) > layer_of(module)
    ]
    assert wrong == []


def test_the_graph_of_files_has_no_cycle(graph: grimp.ImportGraph) -> None:
    targets = {
        module: {t for t in graph.find_modules_directly_imported_by(module) if t.startswith("eventreg")}
        for module in _own(graph)
    }
    done: set[str] = set()

    def walk(module: str, path: tuple[str, ...]) -> Iterator[str]:
        if module in path:
            yield " -> ".join((*path[path.index(module) :], module))
        elif module not in done:
            for target in sorted(targets.get(module, ())):
                yield from walk(target, (*path, module))
            done.add(module)

    assert [cycle for module in targets for cycle in walk(module, ())] == []


def test_rules_import_rules_and_pure_libraries_only(graph: grimp.ImportGraph) -> None:
    allowed = PURE_LIBRARIES | set(sys.stdlib_module_names)
    wrong = [
        f"{module} imports {target}"
        for module in _own(graph)
        if layer_of(module) == 1
        for target in graph.find_modules_directly_imported_by(module)
        if not (layer_of(target) == 1 if target.startswith("eventreg") else target.split(".")[0] in allowed)
    ]
    assert wrong == []


def test_loading_all_rules_loads_neither_flask_nor_sqlalchemy(graph: grimp.ImportGraph) -> None:
    rules = [module for module in _own(graph) if layer_of(module) == 1]
    code = f"import sys, {', '.join(rules)}; print([m for m in ('flask', 'sqlalchemy') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def _calls(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_one_commit_one_clock_and_imports_on_top(path: Path) -> None:
    name = path.relative_to(ROOT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = list(_calls(tree))
    if name != "eventreg/database.py":
        assert [call for call in calls if call.endswith(".commit")] == []
    if name != "eventreg/clock.py":
        clocks = (".now", ".utcnow", ".today", "time.time")
        assert [c for c in calls if c.endswith(clocks) and c.split(".")[0] in ("datetime", "date", "time")] == []
    inner = [
        f"{name}:{node.lineno}"
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inner == [], "imports stand at the top of the file"


def test_file_names_tell_what_happens_and_occur_once() -> None:
    names = [path.stem for path in SOURCES]
    assert sorted({name for name in names if names.count(name) > 1} - SHARED_NAMES) == []
    assert sorted(set(names) & VAGUE) == []


def test_the_top_level_holds_what_the_plan_says() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    allowed = {
        "app.py", "eventreg", "templates", "migrations", "tests", "requirements.txt", "README.md", "LICENSE",
        "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "pyproject.toml", "requirements-dev.txt", "docs", "bench",
        "deploy", ".ci", ".gitignore",
    }  # fmt: skip
    assert {line.split("/")[0] for line in listed.splitlines()} - allowed == set()
