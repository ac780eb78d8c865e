"""The proof on the repo's own data: every bound figure of the published report is met.

It is met by the data, not by accident.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from npl_report.load.data import Source, dataset
from npl_report.load.ledger import FigureBinding, read_bindings, read_ledger
from npl_report.model import Edition, Result, Unavailable
from npl_report.reconcile.reconciliation import Reconciled, in_edition, reconcile
from npl_report.tables import catalogue, compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

PUBLISHED = tiny.ROOT / "data" / "published"
Results = Mapping[str, Result | Unavailable]


def bound() -> dict[str, FigureBinding]:
    """The bindings that edition 2020-03 compares: those of report I."""
    ties = in_edition("2020-03", read_ledger(PUBLISHED), read_bindings(PUBLISHED))
    return {id_: binding for id_, binding in ties.items() if not binding.reason}


def ties_of(results: Results) -> dict[str, Reconciled]:
    return {
        item.id: item
        for item in reconcile(
            read_ledger(PUBLISHED),
            in_edition("2020-03", read_ledger(PUBLISHED), read_bindings(PUBLISHED)),
            catalogue(MARKET),
            results,
        )
    }


def test_every_bound_exact_figure_is_equal(sample_results: Results):
    exact = [item for item in ties_of(sample_results).values() if item.kind == "exact" and item.id in bound()]
    assert [
        f"{item.id} {item.cell}: published {item.published}, computed {item.computed} {item.reason}"
        for item in exact
        if item.verdict != "equal"
    ] == []
    assert len(exact) == 117  # a binding may not quietly go


def test_every_bound_approximate_figure_is_within_its_range(sample_results: Results):
    approximate = [item for item in ties_of(sample_results).values() if item.kind == "approximate" and item.cell]
    assert [(item.id, item.computed, item.reason) for item in approximate if item.verdict != "within"] == []


def test_every_ambiguous_figure_that_is_bound_has_a_second_reading(sample_results: Results):
    for item in ties_of(sample_results).values():
        if item.kind == "ambiguous" and item.cell:
            assert item.verdict == "ambiguous"
            assert item.other


def test_bindings_name_figures_of_the_ledger():
    ledger = {item.id: item for item in read_ledger(PUBLISHED)}
    assert set(read_bindings(PUBLISHED).figures) <= set(ledger)
    assert [id_ for id_ in read_bindings(PUBLISHED).figures if ledger[id_].kind == "context"] == []


def test_no_exact_figure_is_bound_to_a_range():
    kinds = {item.id: item.kind for item in read_ledger(PUBLISHED)}
    ranged = {id_ for id_, binding in read_bindings(PUBLISHED).figures.items() if binding.low is not None}
    assert {kinds[id_] for id_ in ranged} == {"approximate"}


# One corporate deal collects a tenth more in every period. Reasoned from the definitions, for a deal inside its window:
#   its type's mean rate and volatility move (L083, L012), but not those of other types, nor any count or share of deals
#   included; dates do not move, nor do payments and issue sizes: nothing of the overview, of redemption or of ages;
#   shares of its own recoveries by half-year, and its time to half, are ratios in which the tenth cancels; what more
#   depends on the deal is said beside it.
EXPECTED = {
    # ABC's, far above forecast (+114.81 %): it stays above, so the number above stays; the means of those above move
    # (L095, L097), and the figures printed of ABC itself (L113 deviation, L114 offset). It remains the largest (L018).
    "nongying-2016-1": {"L012", "L083", "L095", "L097", "L113", "L114"},
    # CCB's, the highest rate of its type (L084, and L014 as the mean of its bank's one deal), and above forecast (L095,
    # L097).
    "jianxin-2016-1": {"L012", "L083", "L084", "L014", "L095", "L097"},
    # BoCom's, at −2.38 %: a tenth more is 1.1 × 0.9762 − 1 = +7.4 %, so that it changes sides: the share above (L093),
    # both means on both sides (L095, L097, L099, L101), and the two figures printed of BoCom (L019 offset, L115
    # deviation).
    "bocom-corporate-2016-1r": {"L012", "L083", "L093", "L095", "L097", "L099", "L101", "L019", "L115"},
}


def with_a_tenth_more(source: Source, deal: str) -> Source:
    collections = source.frames["collections"].copy()
    assert (collections["deal"] == deal).any()
    collections.loc[collections["deal"] == deal, "collected"] *= 1.1
    return replace(source, frames={**source.frames, "collections": collections})


@pytest.mark.parametrize("deal", EXPECTED)
def test_a_change_of_one_deal_turns_exactly_the_figures_that_it_enters(
    deal: str, sample: Source, sample_edition: Edition, sample_results: Results
):
    changed = dataset(with_a_tenth_more(sample, deal), sample_edition.as_of, MARKET)
    before, after = ties_of(sample_results), ties_of(compute_tables(catalogue(MARKET), changed, sample_edition))
    assert {id_ for id_ in before if before[id_].verdict != after[id_].verdict} == EXPECTED[deal]
    assert {after[id_].verdict for id_ in EXPECTED[deal]} == {"differs"}


def test_a_deal_outside_its_window_turns_no_figure_of_the_windows(
    sample: Source, sample_edition: Edition, sample_results: Results
):
    """A change to a deal that is too young for its window moves no figure read in the windows of the types."""
    readings = sample_results["window_readings"]
    assert isinstance(readings, Result)
    reporting = set(sample.frames["collections"]["deal"])
    deal = (
        "spdb-corporate-2018-1r"  # cut off 2018-01-31, hence 26 months old on the as-of date; its window begins at 33
    )
    assert deal in reporting
    assert deal not in readings.frame.index
    changed = dataset(with_a_tenth_more(sample, deal), sample_edition.as_of, MARKET)
    before, after = ties_of(sample_results), ties_of(compute_tables(catalogue(MARKET), changed, sample_edition))
    moved = {before[id_].cell.split("/")[0] for id_ in before if before[id_].computed != after[id_].computed}
    assert moved <= {"recovery_by_year", "forecast_accuracy_by_year"}
