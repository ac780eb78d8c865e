"""What texts know of an edition and of a table beside its figures: the rules of part II in words, heads of rows, and where a figure stands on its table's page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from npl_report.model import Chapter, Determinants, Series
from npl_report.present.book import Book, RulesView
from npl_report.tables import catalogue, compute_tables
from npl_report.text.words import Words
from tests import tiny


def book(language: str = "en", rules: Determinants | None = None, *keys: str) -> Book:
    """The tiny data with those tables and rules."""
    edition = replace(tiny.edition(tiny.AS_OF), determinants=rules or Determinants())
    data = tiny.data(tiny.AS_OF)
    chosen = keys or ("issuance_by_type",)
    series = Series("one", "", (Chapter("index", chosen, (), note=True),))
    return Book(language, Words({}, "x"), {"index": "Start"}, series, edition, tiny.source(), data, compute_tables(list(chosen), data, edition), [])


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rules_of_part_two_print_with_as_many_decimals_as_they_have(language: str):
    assert book(language).edition.determinants == RulesView("10", "1", "5%", "95%", 0.05)
    odd = Determinants(vif_limit=7.25, eigenvalue_limit=0.9, significance=0.001)
    assert book(language, odd).edition.determinants == RulesView("7.25", "0.9", "0.1%", "99.9%", 0.001)


def test_a_figure_that_no_page_prints_stands_in_the_downloads():
    table = catalogue()["regression_expected_recovery"]
    assert table.place("n_loans", "estimate") == "n_loans.estimate"
    assert table.place("n_loans", "sign") == "downloads"


@pytest.mark.parametrize(("language", "own", "common"), [("en", "Measure", "Asset type"), ("zh", "指标", "资产类型")])
def test_a_table_may_name_what_its_rows_are(language: str, own: str, common: str):
    entries = book(language, None, "factor_adequacy", "issuance_by_type").entries
    assert [entries[key].view.row_head for key in ("factor_adequacy", "issuance_by_type")] == [own, common]
