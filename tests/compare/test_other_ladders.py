"""Two editions with other ladders: the older data are computed by a ladder that fits them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from npl_report.compare.attribution import Side
from npl_report.compare.changes import compare
from npl_report.load.data import Source
from npl_report.model import steps_of
from tests.compare.tiny_sides import quiet, side
from tests.helpers import ladders, tiny
from tests.helpers.market import ASSET_TYPES

KEYS = ("deal_summary", "redemption_status", "break_even", "structure_by_type")


def edition(name: str, source: Source, day: date) -> Side:
    found = side(name, source, day, market=source.market.reporting(ASSET_TYPES))
    return replace(found, edition=source.reporting(found.edition), tables=KEYS)


def with_equity() -> Source:
    """A rung below the last, which is a tranche with a coupon now."""
    files = tiny.rows()
    for row in list(files["tranches"]):
        if row["tranche"] == "subordinated":
            row["coupon"] = "0.05"
            files["tranches"].append({**row, "tranche": "equity", "face": "1", "coupon": ""})
    steps = steps_of(("senior", "subordinated", "equity"))
    files["priorities"] = [
        {"priority": "standard", "phase": "ordinary", "position": str(position), "step": step}
        for position, step in enumerate(steps, 1)
    ]
    market = (tiny.ROOT / "data" / "market.toml").read_text(encoding="utf-8").replace('"residual"', '"fixed"')
    rung = ladders.MEZZANINE.replace("mezzanine", "equity").replace("rank = 2", "rank = 3")
    rung = rung.replace("fixed", "residual").replace("Mezzanine", "Equity").replace("中间档", "权益档")
    return tiny.read(files, market + rung)


@pytest.mark.parametrize("newer", [ladders.source, with_equity], ids=["between", "below"])
def test_a_rung_that_comes_is_told_and_nothing_breaks(newer: Callable[[], Source]):
    old, new = edition("old", tiny.source(), tiny.AS_OF), edition("new", newer(), date(2020, 3, 18))
    assert len(new.edition.market.ladder) == 3
    found = compare(old, new, quiet)
    change = next(item for item in found.table("redemption_status").changes if item.column == "initial")
    assert change.causes
