"""Tables of a ladder of three: c1 has a mezzanine tranche of 60 and m1 one of 20, taken out of their senior ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pandas as pd
import pytest

from npl_report.model import Result, Unavailable
from npl_report.tables import catalogue, compute_tables
from npl_report.tables.structure import NO_TRANCHE, deal_terms
from npl_report.tables.withheld import public
from tests.helpers import ladders, tiny

CLOSE = 1e-12


@cache
def results() -> Mapping[str, Result | Unavailable]:
    edition = ladders.edition()
    return compute_tables(catalogue(edition.market), ladders.data(), edition)


def table(key: str) -> Result:
    found = results()[key]
    assert isinstance(found, Result)
    return found


def gap(key: str, row: str, column: str) -> Unavailable | None:
    return table(key).gaps.get((row, column))


def test_terms_of_all_three():
    terms = table("tranche_terms").frame
    assert [row for row in terms.index if row.startswith("c1@")] == [f"c1@{tranche}" for tranche in ladders.LADDER]
    assert [row for row in terms.index if row.startswith("c2@")] == ["c2@senior", "c2@subordinated"]
    c1 = terms.loc[["c1@senior", "c1@mezzanine", "c1@subordinated"]]
    assert c1["face"].tolist() == [240, 60, 100]
    assert c1["rate"].tolist() == [0.04, 0.08, 0.1]
    # 240 and 60 of 400, covered at 240, 300 and 400 of a pool of 1000
    assert c1["share"].tolist() == pytest.approx([0.6, 0.15, 0.25], abs=CLOSE)
    covered = table("deal_tranches").frame["covered_at"]
    assert [covered[f"c1@{tranche}"] for tranche in ladders.LADDER] == pytest.approx([0.24, 0.3, 0.4], abs=CLOSE)


def test_structure():
    frame = table("structure_by_type").frame
    shares = frame[["senior_share", "mezzanine_share"]]
    assert shares.loc["corporate"].tolist() == pytest.approx([320 / 500, 60 / 500], abs=CLOSE)
    assert shares.loc["total"].tolist() == pytest.approx([680 / 1000, 80 / 1000], abs=CLOSE)
    assert frame.loc["total", ["coupon", "mezzanine_coupon"]].tolist() == pytest.approx([0.04, 0.08], abs=CLOSE)
    # net forecasts 323 of c1 and 190 of m1, over the faces down to the mezzanine ones: 300 and 200
    assert frame["mezzanine_cover"][["corporate", "mortgage", "total"]].tolist() == pytest.approx(
        [323 / 300, 190 / 200, 513 / 500], abs=1e-11
    )
    # those of c1, c2, u1, u2 and m1 over their senior faces
    assert frame.loc["total", "senior_cover"] == pytest.approx(864.5 / (240 + 80 + 180 + 100 + 20), abs=CLOSE)
    for column in ("mezzanine_share", "mezzanine_coupon", "mezzanine_cover"):
        assert gap("structure_by_type", "unsecured", column) == NO_TRANCHE


def test_principal_repaid():
    status = table("redemption_status").frame
    assert status.index.tolist() == [*ladders.LADDER, "liquidated"]
    # senior of c1 240 (200 and 40), c2 80, m1 150, u1 40; subordinated of c1 60
    assert status["initial"].tolist() == [680, 80, 240, 1000]
    assert status["settled"].tolist() == [510, 0, 60, 400]
    summary = table("deal_summary").frame
    assert summary.loc["m1", ["senior_paid", "mezzanine_paid", "subordinated_paid"]].tolist() == pytest.approx(
        [150 / 180, 0, 0], abs=CLOSE
    )
    assert gap("deal_summary", "c2", "mezzanine_paid") == NO_TRANCHE


def test_break_even_of_each_rung():
    frame = table("break_even").frame
    assert (frame.loc[["c1", "m1"], "senior_at"] < frame.loc[["c1", "m1"], "mezzanine_at"]).all()
    assert (frame.loc[["c1", "m1"], "mezzanine_at"] < frame.loc[["c1", "m1"], "subordinated_at"]).all()
    assert set(frame["formula"]) == {"yes"}
    by_type = table("break_even_by_type").frame
    assert by_type.loc["corporate", "mezzanine_at"] == frame.loc["c1", "mezzanine_at"]  # c2 has none
    assert by_type["n_mezzanine_short"].tolist() == [1, 1, 0, 2]
    assert gap("break_even", "u1", "mezzanine_margin") == NO_TRANCHE
    assert gap("break_even_by_type", "unsecured", "mezzanine_at") == NO_TRANCHE


def test_deals_without_the_rung_are_as_in_a_ladder_without_it():
    """To the last digit: what the others have does not touch them."""
    for key in ("scenario_returns", "break_even", "deal_scenarios"):
        two, three = tiny.result(key).frame, table(key).frame
        own = [row for row in two.index if str(row).partition("@")[0] in ("c2", "u1", "u2")]
        assert len(own) >= 3
        for column in two.columns:
            assert three.loc[own, column].equals(two.loc[own, column]), (key, column)


def test_scenarios_have_a_reason_where_a_deal_lacks_the_rung():
    assert gap("scenario_returns", "c2@100pc0m", "mezzanine_rate") == NO_TRANCHE
    assert gap("deal_scenarios", "c2", "mezzanine_100pc") == NO_TRANCHE
    assert gap("yield_scenarios", "unsecured-100pc", "mezzanine_0m") == NO_TRANCHE
    assert gap("scenario_outcomes", "unsecured-100pc0m", "mezzanine_life") == NO_TRANCHE
    rates = table("scenario_returns").frame["mezzanine_rate"]
    assert table("yield_scenarios").frame.loc["mortgage-100pc", "mezzanine_0m"] == rates["m1@100pc0m"]


def test_the_case_pays_each_rung():
    frame = table("waterfall_case").frame
    total = frame.loc["mortgage-total"]
    assert total["deal"] == "m1"
    assert total["mezzanine_interest"] > 0
    paid = sum(
        total[key] for key in frame.columns if str(key).endswith(("interest", "principal", "return", "residual"))
    )
    assert paid + total["fees"] + total["reward"] == pytest.approx(total["collected"], abs=1e-9)


def test_the_case_has_gaps_for_what_its_deal_lacks():
    assert table("waterfall_case").frame.loc["corporate-total", "deal"] == "c2"
    for column in ("mezzanine_interest", "mezzanine_principal", "mezzanine"):
        assert gap("waterfall_case", "corporate-total", column) == NO_TRANCHE
    behind = table("waterfall_case").evidence
    assert behind.loc[behind["deal"] == "c2", "mezzanine_coupon"].isna().all()


def test_what_two_deals_alone_have_is_not_published_of_restricted_data():
    """c1 and m1 have a mezzanine tranche: with their total each owner would know the other's terms."""
    shown = public(results(), {"tranches"}, ladders.edition().market)
    for key, columns in (
        ("structure_by_type", ("mezzanine_share", "mezzanine_coupon", "mezzanine_cover")),
        ("break_even_by_type", ("mezzanine_at", "mezzanine_margin")),
    ):
        result = shown[key]
        assert isinstance(result, Result)
        assert result.frame.loc["total", list(columns)].isna().all()
        assert {result.gaps["total", column].reason for column in columns} == {"restricted_few"}
    assert not pd.isna(shown["structure_by_type"].frame.loc["total", "senior_share"])


def test_a_page_computes_with_the_tranches_of_its_deal():
    edition = ladders.edition()
    terms = deal_terms(ladders.data(), edition.structure, edition.market.ladder)
    assert (terms["c1"].ladder, terms["c1"].face, terms["c1"].coupon) == (ladders.LADDER, (240, 60, 100), (0.04, 0.08))
    assert (terms["c2"].ladder, terms["c2"].face, terms["c2"].coupon) == (("senior", "subordinated"), (80, 20), (0.04,))
