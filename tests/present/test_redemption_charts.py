"""Charts of survival, of periods and of multiples, on small tables."""

from __future__ import annotations

import json
from typing import Any

import pytest

from npl_report.model import Column, Unit
from npl_report.present.charts import crowds, specifications
from tests.present.drawings import layers
from tests.present.small import source

SURVIVAL = (
    Column("year", Unit.YEAR),
    Column("age", Unit.MONTHS),
    Column("share", Unit.RATE),
    Column("risk", Unit.DEALS),
    Column("enough", Unit.TERM),
)
MULTIPLES = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("live", Unit.TERM),
    Column("expected", Unit.MULTIPLE),
    Column("realised", Unit.MULTIPLE),
)
PERIODS = (Column("asset_type", Unit.ASSET_TYPE), Column("rate", Unit.RATE), Column("n", Unit.DEALS))
DEALS: dict[str, list[float | str | None]] = {
    "a": ["corporate", "no", 1.2, 1.1],
    "b": ["corporate", "yes", 1.3, 0.0],
    "c": ["unsecured", "yes", None, 0.0],
}


def texts(spec: dict[str, Any]) -> str:
    return json.dumps(spec, ensure_ascii=False)


@pytest.mark.parametrize("shares", [[1.0, 1.0, 1.0], [1.0, 0.5, 0.0], [1.0, None, None]])
def test_survival_with_and_without_events(shares: list[float | None]):
    rows = {f"2020-{age}m": [2020, age, share, 3 - age, "no"] for age, share in enumerate(shares)}
    drawn = specifications(
        source("survival", Unit.PAIR, SURVIVAL, rows, values=("share", "risk")),  # type: ignore[arg-type]
        "What it shows.",
    )
    assert list(drawn) == ["first"]
    assert "2020" in texts(drawn["first"])


def test_multiples_are_dots_and_a_crowd_is_squares(monkeypatch: pytest.MonkeyPatch):
    small = source(
        "multiples", Unit.DEAL, MULTIPLES, DEALS, values=("expected", "realised"), deals={"a": "A", "b": "B", "c": "C"}
    )
    dots = specifications(small, "What it shows.")
    assert list(dots) == ["corporate", "unsecured"]  # of the second no forecast
    assert "no_variation" in texts(dots["unsecured"])
    monkeypatch.setattr(crowds, "CROWD", 1)
    squares = specifications(small, "What it shows.")
    assert [layer for layer in layers(squares["corporate"]) if layer["mark"]["type"] == "rect"]
    assert not [layer for layer in layers(dots["corporate"]) if layer["mark"]["type"] == "rect"]


def test_periods_are_years_or_quarters_and_may_be_empty():
    rows: dict[str, list[float | str | None]] = {
        "corporate-2020": ["corporate", 0.1, 3],
        "corporate-2021Q3": ["corporate", 0.2, 2],
        "unsecured-2020": ["unsecured", None, 1],
    }
    drawn = specifications(source("periods", Unit.PAIR, PERIODS, rows, values=("rate", "n")), "What it shows.")
    assert '"period": 2021.5' in texts(drawn["corporate"])
    assert "no_variation" in texts(drawn["unsecured"])
