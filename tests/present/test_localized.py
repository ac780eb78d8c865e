"""What texts know of an edition and of a table beside its figures.

The rules of part II in words, heads of rows, and where a figure stands on its table's page.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from npl_report.load.project import Project
from npl_report.model import Chapter, Determinants, Series
from npl_report.present.chapters import chapter_texts, figure_order
from npl_report.present.localized import LocalizedEdition
from npl_report.tables import compute_tables
from npl_report.text.localization import RulesView
from npl_report.text.words import Words
from tests.helpers import tiny


def localized(language: str = "en", rules: Determinants | None = None, *keys: str) -> LocalizedEdition:
    """The tiny data with those tables and rules."""
    edition = replace(tiny.edition(tiny.AS_OF), determinants=rules or Determinants())
    data = tiny.data(tiny.AS_OF)
    chosen = keys or ("issuance_by_type",)
    series = Series("one", "", (Chapter("index", chosen, (), note=True),))
    return LocalizedEdition(
        language,
        Words({}, "x"),
        tiny.chapters(index="Start"),
        series,
        edition,
        tiny.source(),
        data,
        compute_tables(list(chosen), data, edition),
        [],
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_rules_of_part_two_print_with_as_many_decimals_as_they_have(language: str):
    assert localized(language).edition.determinants == RulesView("10", "1", "5%", "95%", 0.05)
    odd = Determinants(vif_limit=7.25, eigenvalue_limit=0.9, significance=0.001)
    assert localized(language, odd).edition.determinants == RulesView("7.25", "0.9", "0.1%", "99.9%", 0.001)


def test_a_figure_that_no_page_prints_stands_in_the_downloads():
    view = localized("en", None, "issuance_by_type").entries["issuance_by_type"].view
    assert view.where("corporate", "issuance") == "tables/issuance_by_type.html#corporate.issuance"
    assert view.where("corporate", "nothing") == view.where("nobody", "issuance")
    assert view.where("nobody", "issuance") == "tables/issuance_by_type.html#downloads"


@pytest.mark.parametrize(("language", "own", "common"), [("en", "Measure", "Asset type"), ("zh", "指标", "资产类型")])
def test_a_table_may_name_what_its_rows_are(language: str, own: str, common: str):
    entries = localized(language, None, "factor_adequacy", "issuance_by_type").entries
    assert [entries[key].view.row_head for key in ("factor_adequacy", "issuance_by_type")] == [own, common]


@pytest.mark.parametrize("placed", [(), ("market_context", "seasoning_by_type", "issuance_by_year")])
def test_figures_have_the_numbers_in_which_they_stand(placed: tuple[str, ...]):
    """Without pages in the order of the series; a chart that no page places comes last."""
    keys = ("issuance_by_year", "issuance_by_originator", "market_context", "seasoning_by_type")
    one = localized("en", None, *keys)
    entries = LocalizedEdition(
        "en",
        one.series_words,
        {"index": replace(one.chapters["index"], charts=placed)},
        one.series,
        tiny.edition(tiny.AS_OF),
        tiny.source(),
        one.data,
        one.results,
        [],
    ).entries
    order = placed + tuple(key for key in keys if key not in placed)
    assert [entries[key].figure for key in order] == [1, 2, 3, 4]


def test_the_order_of_figures_is_read_from_the_pages(tmp_path: Path):
    """Charts of other chapters that a page shows once more do not count there."""
    (tmp_path / "report" / "en").mkdir(parents=True)
    head = "---\ntitle: A\ndescription: B\n---\n"
    (tmp_path / "report" / "en" / "index.qmd").write_text(head + '{{ chart("b") }}\n', encoding="utf-8")
    (tmp_path / "report" / "en" / "later.qmd").write_text(
        head + '{{ chart("c") }} {{ table("a") }}\n{%- call chart( "a" ) %}It rose{% endcall %} {{ chart("b") }}\n',
        encoding="utf-8",
    )
    chapters = (Chapter("index", (), (), note=True), Chapter("later", ("a", "b"), ("c",), note=True))
    assert figure_order(chapter_texts(Project(tmp_path), "2020-03", "en", chapters).values()) == ("c", "a", "b")


@pytest.mark.parametrize(("key", "by_deal"), [("recovery_by_type", True), ("factor_variance", False)])
def test_evidence_says_whether_it_is_that_of_deals(key: str, *, by_deal: bool):
    assert localized("en", None, key).entries[key].evidence().by_deal == by_deal
