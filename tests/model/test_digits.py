"""When two figures are one, and the order of figures."""

from __future__ import annotations

import re

import pytest

from npl_report.model import by_value, difference, settled
from tests.helpers import tiny

SUM = 0.1 + 0.2  # 0.30000000000000004


@pytest.mark.parametrize(
    ("value", "other", "same"),
    [
        (SUM, 0.3, True),
        (1e9 * SUM, 3e8, True),  # digits count, not decimals
        (1e-9 * SUM, 3e-10, True),
        (-SUM, -0.3, True),
        (0.0, -0.0, True),
        (0.3, 0.300000000001, False),  # the twelfth digit
        (0.3, 0.3000000000001, True),  # the thirteenth
        (0.0, 1e-300, False),
        (0.3, -0.3, False),
    ],
)
def test_figures_that_agree_in_twelve_digits_are_one(value: float, other: float, same: bool):  # noqa: FBT001 -- a case
    assert (settled(value) == settled(other)) == same
    assert (difference(value, other) == 0) == same
    figures = {"b": value, "a": other}
    assert (by_value(figures, falling=True) == by_value(figures, falling=False) == ["a", "b"]) == same


def test_a_difference_keeps_its_digits():
    assert difference(SUM, 0.2) == SUM - 0.2
    assert difference(0.2, SUM) == 0.2 - SUM


def test_equal_figures_stand_by_id_whichever_way_the_others_stand():
    figures = {"m2": 0.3, "c1": SUM, "u1": 0.9, "b": -1.0, "m1": 0.3}
    assert by_value(figures, falling=True) == ["u1", "c1", "m1", "m2", "b"]
    assert by_value(figures, falling=False) == ["b", "c1", "m1", "m2", "u1"]
    assert by_value({"y": float("-inf"), "x": float("-inf"), "z": 0.0}, falling=True) == ["z", "x", "y"]
    assert by_value({}, falling=True) == []


def test_no_code_orders_figures_by_their_last_bits():
    """Ranks, and who is the highest, come from ``by_value`` and ``stats.groups``; pandas' answer hangs on last bits."""
    package = tiny.ROOT / "npl_report"
    own = {package / "stats" / "groups.py", package / "stats" / "ranks.py"}  # which rank settled figures
    found = [
        f"{path.relative_to(package)}: {line.strip()}"
        for path in sorted(package.rglob("*.py"))
        if path not in own and path.parent.name != "load"
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.(?:idxmax|idxmin|nlargest|nsmallest|rank)\(", line)
    ]
    assert found == []
