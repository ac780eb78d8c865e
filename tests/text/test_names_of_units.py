"""Ids of deals, terms, ages and scenarios as their names."""

from __future__ import annotations

import pytest

from npl_report.model import Spoken, Unit
from npl_report.text.names import Names
from tests.helpers.market import names_of, words_of


def test_names_of_summary_rows_and_terms():
    names = Names({"c1": "Tiny C1"}, {"east": "East"}, names_of("en"), words_of("en"))
    assert names.name(Unit.DEAL, "total") == "Total"
    assert names.name(Unit.YEAR, "mean") == "Annual average"
    assert names.name(Unit.TRANCHE, "liquidated") == "Liquidated deals"
    assert names.name(Unit.TRANCHE, "senior") == "Senior"
    assert names.name(Unit.TERM, "published") == "Published report"
    assert names.name(Unit.TERM, "c1@x") == "c1@x"  # an id without words names itself
    assert names.name(Unit.TERM, "c9@senior") == "c9@senior"  # so does that of a deal that is not known


@pytest.mark.parametrize(
    ("id_", "english", "chinese"),
    [
        ("12m", "12 months", "12个月"),
        ("50pc", "50% of forecast", "预测的50%"),
        ("100pc0m", "100% of forecast, on time", "预测的100%，按期"),
        ("50pc3m", "50% of forecast, 3 months late", "预测的50%，推迟3个月"),
        ("2018-03-10", "2018-03-10", "2018-03-10"),
        ("total", "Total", "合计"),
    ],
)
def test_names_of_ages_scenarios_and_dates(id_: str, english: str, chinese: str):
    for language, told, kind in (("en", english, "Corporate"), ("zh", chinese, "对公类不良")):
        names = Names({"c1": "Tiny C1"}, {"east": "East"}, names_of(language), words_of(language))
        assert names.name(Unit.TERM, id_) == told
        assert names.other(f"corporate-{id_}") == told
        assert names.name(Unit.PAIR, f"corporate-{id_}") == f"{kind} · {told}"


@pytest.mark.parametrize(
    ("id_", "english", "chinese"),
    [
        ("c1@senior", "Tiny C1 · Senior", "Tiny C1 · 优先档"),
        ("c1@50pc3m", "Tiny C1 · 50% of forecast, 3 months late", "Tiny C1 · 预测的50%，推迟3个月"),
        ("c1@2019-03-16", "Tiny C1 · 2019-03-16", "Tiny C1 · 2019-03-16"),
    ],
)
def test_names_of_a_deal_s_tranches_scenarios_and_dates(id_: str, english: str, chinese: str):
    for language, told in (("en", english), ("zh", chinese)):
        assert Names({"c1": "Tiny C1"}, {}, names_of(language), words_of(language)).name(Unit.TERM, id_) == told


def test_a_class_stands_in_a_sentence_as_the_market_says():
    sme = {"sme": Spoken("SME loans", "SME loans", "SME"), "cards": Spoken("Credit card", "credit card", "Cards")}
    names = Names({"c1": "Tiny C1"}, {}, {Unit.ASSET_TYPE: sme, Unit.TRANCHE: {}}, words_of("en"))
    assert [names.inline(Unit.ASSET_TYPE, key) for key in sme] == ["SME loans", "credit card"]
    assert names.inline(Unit.DEAL, "c1") == "Tiny C1"
    assert names.inline(Unit.TERM, "published") == "published report"
