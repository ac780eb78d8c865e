"""How the source is shaped: functions that fit on a screen, comprehensions with one loop, files for one thing.

Lines of at most 120 characters are the linter's affair.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.running import ROOT

LONGEST_FUNCTION, LONGEST_FILE = 39, 400
"""Lines."""


def sources() -> list[Path]:
    return sorted((ROOT / "npl_report").rglob("*.py"))


def nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield path, node


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def test_no_function_is_longer_than_a_screen():
    found = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": lines(node)
        for path, node in nodes()
        if isinstance(node, ast.FunctionDef) and lines(node) > LONGEST_FUNCTION
    }
    assert found == {}


def test_no_comprehension_has_two_loops():
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, node in nodes()
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp) and len(node.generators) > 1
    ]
    assert found == []


def test_no_file_is_long():
    found = {
        str(path.relative_to(ROOT)): count
        for path in [*sources(), *sorted((ROOT / "tests").rglob("*.py"))]
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert found == {}


def test_no_two_test_files_have_one_name():
    """pytest imports a file of a folder that is no package by its name alone: of two, the second is not collected."""
    files = [path for path in (ROOT / "tests").rglob("*.py") if not (path.parent / "__init__.py").exists()]
    counts = Counter(path.name for path in files if path.name != "conftest.py")
    assert {name: count for name, count in counts.items() if count > 1} == {}
