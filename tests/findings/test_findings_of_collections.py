"""Quarterly collections: what is said where the sample has no such quarter."""

from __future__ import annotations

import pytest

from tests.findings.facts import NOTHING, context, result, said

INDEX = "recovery_index_by_type"


def _index(current: float | None, before: float | None = None, *, deals: float = 9.0) -> dict[str, object]:
    cells = {
        "total": {"index_current": current, "index_before": before, "index_cumulative": 100.0, "n_included": deals}
        | {"quarter": "2020Q1", "complete": "yes", "share_current": 50.0, "share_cumulative": 50.0, "n_living": 9.0}
    }
    return context({INDEX: cells}, fewest=3)


@pytest.mark.parametrize(("current", "level"), [(100.5, "more"), (99.5, "less"), (100.4, "as_much"), (99.6, "as_much")])
def test_an_index_that_is_about_neutral(current: float, level: str):
    assert said("collections.headline", _index(current)) == ["index", level]
    assert said("collections.index", _index(current)) == ["index", level]


def test_few_deals_do_not_describe_the_market():
    assert said("collections.headline", _index(120.0, deals=2.0)) == []
    assert said("collections.index", _index(120.0, deals=2.0)) == ["few"]


def test_without_an_index_it_is_said_that_there_is_none_unless_it_is_withheld():
    assert said("collections.index", context({INDEX: NOTHING})) == ["none"]
    closed = result({"total": {"index_current": None}}, withheld=True)
    assert said("collections.index", context({INDEX: closed})) == []


@pytest.mark.parametrize(
    ("before", "word", "turn"),
    [(120.0, "unchanged", []), (110.0, "risen", ["risen"]), (130.0, "fallen", ["fallen"])],
)
def test_the_index_against_a_year_before(before: float, word: str, turn: list[str]):
    assert said("collections.index", _index(120.0, before)) == ["index", "more", "year_ago", word]
    assert said("collections.turn", _index(120.0, before)) == turn


@pytest.mark.parametrize(
    ("ratios", "verdict"), [((110.0, 105.0), ["all"]), ((95.0, 90.0), ["no_type"]), ((110.0, 90.0), ["some"])]
)
@pytest.mark.parametrize("withheld", [False, True])
def test_which_classes_are_above_neutral(ratios: tuple[float, float], verdict: list[str], *, withheld: bool):
    cells = {
        kind: {"index_current": ratio, "n_included": 5.0}
        for kind, ratio in zip(("corporate", "mortgage", "total"), (*ratios, 100.0), strict=True)
    }
    told = [] if withheld and verdict == ["some"] else verdict
    assert said("collections.ranked", context({INDEX: result(cells, withheld=withheld)})) == ["ends", *told]


def test_a_quarter_in_which_nothing_was_collected_has_no_change():
    quarter = {"quarter": "2020Q1", "n_living": 3.0, "adjusted": None, "adjusted_change": None, "against_mean": None}
    for collected, names in ((0.0, []), (5.0, ["change"])):
        cells = {"total": quarter | {"collected": collected, "change": 0.1}}
        prose = context({"collections_by_type": cells, INDEX: NOTHING})
        assert said("collections.quarter", prose) == ["collected", *names, "not_adjusted"]
        assert said("collections.collected", prose) == names
