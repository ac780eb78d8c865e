"""What of two editions is held against each other: rows about the same, cells with their gaps, rules."""

from __future__ import annotations

import json
from dataclasses import fields, make_dataclass, replace
from datetime import date

from npl_report.compare.attribution import PUBLICATION, rules
from npl_report.compare.changes import compare_recorded
from npl_report.compare.recorded import cells_of
from npl_report.model import Edition
from tests.compare.test_causes import GAP
from tests.helpers import tiny
from tests.helpers.market import MARKET


def test_rows_about_another_deal_are_other_numbers():
    """In place of the deal of median size comes another: that is one change, and its dates are not compared.

    The rows of the same deal are.
    """

    def table(deal: str, amount: float) -> dict[str, bytes]:
        rows = {
            "mortgage-2020-04-24": {"deal": deal, "collected": amount},
            "corporate-2020-04-24": {"deal": "c1", "collected": amount},
        }
        return {"waterfall_case": json.dumps({"rows": rows}).encode()}

    changes = compare_recorded(table("m1", 53.5), table("m2", 43.6), MARKET).table("waterfall_case")
    assert changes.compared == 3
    assert [(change.row, change.column, change.old, change.new) for change in changes.changes] == [
        ("mortgage-2020-04-24", "deal", "m1", "m2"),
        ("corporate-2020-04-24", "collected", 53.5, 43.6),
    ]


def test_cells_of_an_unavailable_table():
    assert cells_of(b'{"table": "x", "unavailable": {"reason": "no_deals"}}') == {}
    assert cells_of(b'{"rows": {"a": {"x": 1, "y": null}}, "gaps": {"a/y": "no_reports"}}') == {
        ("a", "x"): 1,
        ("a", "y"): GAP,
    }


def test_a_new_section_of_an_edition_is_a_rule():
    """Nobody has to add it to a list for its changes to be blamed on the method."""
    later = make_dataclass("Later", [("thresholds", int, 0)], bases=(Edition,), frozen=True)
    one, other = (later(**vars(tiny.edition(tiny.AS_OF)), thresholds=number) for number in (1, 2))
    assert rules(one) != rules(other)
    assert {item.name for item in fields(Edition)} > PUBLICATION
    renamed = {"id": "x", "published_on": date(2030, 1, 1), "revision": 2, "languages": ("en",), "restatements": ()}
    assert renamed.keys() == PUBLICATION
    assert rules(replace(tiny.edition(tiny.AS_OF), **renamed)) == rules(tiny.edition(tiny.AS_OF))
