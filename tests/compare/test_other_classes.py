"""Two editions that report other classes: what comes, goes and moves by that alone, and to which cause it is put."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from npl_report.compare.attribution import Side
from npl_report.compare.changes import compare
from npl_report.load.data import Source
from tests.compare.tiny_sides import Files, quiet, side, source_of
from tests.helpers import tiny
from tests.helpers.market import MARKET

CARDS = replace(MARKET.classes[2], key="cards", group="unsecured")


def by_cards(name: str, source: Source) -> Side:
    """An edition that reports cards beside corporate and mortgage deals."""
    market = replace(MARKET, classes=(*MARKET.classes[:2], CARDS))
    windows = tiny.edition().windows
    own = {"corporate": windows["corporate"], "mortgage": windows["mortgage"], "cards": windows["unsecured"]}
    return side(name, source, date(2020, 3, 18), market=market, windows=own)


def of_cards(files: Files) -> None:
    for row in files["deals"]:
        row["asset_class"] = "cards" if row["asset_type"] == "unsecured" else ""


def issued_by_type(old: Side, new: Side) -> dict[str, list[str]]:
    """What of the table of issuance comes, goes or changes by other classes alone: row → causes."""
    table = compare(old, new, quiet).table("issuance_by_type")
    return {
        change.row: [part.cause for part in change.causes] for change in table.changes if change.column == "n_deals"
    }


def test_other_classes_of_deals_that_are_told_apart_already_are_a_change_of_method():
    source = source_of(of_cards)
    old, new = side("old", source), by_cards("new", source)
    assert issued_by_type(old, new) == {"cards": ["method"], "unsecured": ["method"]}


def test_other_classes_of_deals_that_the_older_data_do_not_tell_apart():
    """The older data are computed by the newer rules with unsecured deals as they were; the newer files divide them.

    The row of cards comes with the rules, at first without a deal.
    """
    old, new = side("old", source_of()), by_cards("new", source_of(of_cards))
    assert issued_by_type(old, new) == {"cards": ["method"], "unsecured": ["corrected_source"]}
