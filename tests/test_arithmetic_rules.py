"""House rules for floats, read from the source: one summation, and no power whose last bit the system's library
chooses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WHOLE = {
    "(_covered(box, spot) for spot in spots)",
    "((1 + rows) * columns + _GROUP for rows in sizes)",
    "(piece.stop - piece.start for piece in pieces)",
    "(_lacking(of, asset_type=kind['key']) for kind in of.classes if kind['firms'])",
    "(item[1] for item in used)",
    "(count for _, count in counts)",
    "(count for count, _ in counts)",
    "(count for cause, count in come_and_gone if cause in _PAST)",
    "(fact[name] for fact in facts)",
    "(path.endswith('.html') for path in files)",
    "(place.x_advance for _, place in _shaped(font, text))",
    "(path.endswith('.html') for path in paths)",
    "(str(path).endswith('.qmd') for path in said['files'])",
    "(table.compared for table in self.tables)",
    "(table.unchanged for table in self.tables)",
    "(widths[glyph] for glyph in glyphs)",
    "counts['gone'].values()",
    "counts['new'].values()",
    "changes.counts(kind).values()",
    "counts['changed'].values()",
    "past.values()",
}
"""What the built-in ``sum`` may add besides comparisons and lengths: whole numbers, whose type the parser does not
see."""


def calls() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the program, with its file and line."""
    for path in sorted((ROOT / "npl_report").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}", node


def counts(node: ast.expr) -> bool:
    """Whether what is added is seen to be a whole number: a comparison, an answer of ``all`` or ``any``, a length,
    or one of these and a constant."""
    if isinstance(node, ast.GeneratorExp):
        return counts(node.elt)
    if isinstance(node, ast.BinOp):
        return counts(node.left) and counts(node.right)
    if isinstance(node, ast.Constant):
        return isinstance(node.value, int)
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("len", "all", "any") or ast.unparse(node).startswith("map(len, ")
    return isinstance(node, ast.Compare | ast.BoolOp)


def test_floats_are_added_by_fsum_or_numpy():
    # the built-in sum of floats is compensated from Python 3.12 on and was not before: other last bits, and other
    # layouts of charts
    used = {
        ast.unparse(node.args[0]): where
        for where, node in calls()
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "sum" and not counts(node.args[0])
    }
    floats = [f"{where}: sum({what})" for what, where in used.items() if what not in WHOLE]
    assert floats == [], "add floats by math.fsum or numpy; if these are whole numbers, name them in WHOLE"
    assert WHOLE - set(used) == set()


def test_what_is_drawn_takes_no_power_of_a_float():
    # Python's ** is the system's pow, which rounds by processor; products and math.sqrt round as IEEE 754 demands
    powers = [
        f"{where}: {ast.unparse(node)}"
        for where, node in calls()
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.Pow)
        and not where.startswith(("npl_report/stats/", "npl_report/tables/"))
        if not (isinstance(node.left, ast.Constant) and isinstance(node.left.value, int))  # a power of ten is exact
    ]
    assert powers == []
