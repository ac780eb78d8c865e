"""Years of issue at the same age, worked out by hand: static pools, accuracy at an age, breaks of level."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain, product

import pandas as pd
import pytest

from npl_report.model import Ages, Ranking, Result, Unavailable
from npl_report.stats.distribution import Paths, level_to
from npl_report.tables import deal_recovery, level_breaks, vintage_accuracy, vintage_curves
from npl_report.tables.cohorts import Cohorts, comparison_age
from npl_report.tables.vintage_accuracy import shown_ages
from tests.helpers import tiny
from tests.helpers.market import MARKET

CLOSE = 1e-9  # figures below a thousand in the twelve digits that tables store
AS_OF = date(2025, 12, 31)
NO_FORECAST = Unavailable("no_forecast", needed=1, found=0)
NAT = pd.Timestamp("NaT")
KINDS = {"c": "corporate", "m": "mortgage", "u": "unsecured"}
Flows = Mapping[int, float]
"""Age at a period's end → its amount."""


@dataclass(frozen=True)
class Deal:
    """A deal whose cut-off is the first day of a year; ``liquidated``: at this age."""

    year: int
    collected: Flows
    forecast: Flows
    balance: float = 100
    liquidated: int = 0
    unread: bool = False

    @property
    def cutoff(self) -> pd.Timestamp:
        return pd.Timestamp(date(self.year, 1, 1))


def _flows(deal: str, cutoff: pd.Timestamp, flows: Flows, amount: str) -> list[dict[str, object]]:
    starts = [0, *(30 * age + 1 for age in list(flows)[:-1])]
    return [
        {
            "deal": deal,
            "period_start": cutoff + timedelta(days=start),
            "period_end": cutoff + timedelta(days=30 * age),
            "reported_on": cutoff + timedelta(days=30 * age + 20),
            amount: float(value),
        }
        for start, (age, value) in zip(starts, flows.items(), strict=False)
    ]


def inputs(told: Mapping[str, Deal], ages: Ages = MARKET.ages) -> dict[str, object]:
    """What the tables are computed from; a deal's first letter is its type's."""
    deals = pd.DataFrame(
        {
            "deal": id_,
            "asset_type": KINDS[id_[0]],
            "cutoff_date": deal.cutoff,
            "issue_date": deal.cutoff + timedelta(days=200),
            "pool_balance": float(deal.balance),
            "liquidated_on": deal.cutoff + timedelta(days=30 * deal.liquidated) if deal.liquidated else NAT,
            "unread_from": deal.cutoff if deal.unread else NAT,
        }
        for id_, deal in told.items()
    )
    columns = ["deal", "period_start", "period_end", "reported_on", "collected"]
    collections = [_flows(id_, deal.cutoff, deal.collected, "collected") for id_, deal in told.items()]
    forecasts = [_flows(id_, deal.cutoff, deal.forecast, "amount") for id_, deal in told.items()]
    foreseen = pd.DataFrame(chain.from_iterable(forecasts), columns=[*columns[:-1], "amount"])
    types = dict.fromkeys(("period_start", "period_end", "reported_on"), "datetime64[ns]") | {"amount": float}
    foreseen = foreseen.astype(types).assign(vintage="offering", basis="gross")
    found = deal_recovery.compute(
        deals, pd.DataFrame(chain.from_iterable(collections), columns=columns), foreseen, ages
    )
    assert isinstance(found, Result)
    return {"deal_recovery": found, "deals": deals, "forecasts": foreseen, "ages": ages}


def edition(fewest: int = 1, significance: float = 0.05):
    own = tiny.edition(AS_OF)
    determinants = replace(own.determinants, significance=significance)
    return replace(own, ranking=Ranking(fewest), determinants=determinants)


def curves(told: Mapping[str, Deal], ages: Ages = MARKET.ages) -> Result | Unavailable:
    return vintage_curves.compute(**inputs(told, ages), edition=edition())  # type: ignore[arg-type]


def accuracy(told: Mapping[str, Deal], horizons: tuple[int, ...] = (12, 24)) -> Result | Unavailable:
    return vintage_accuracy.compute(**inputs(told), horizons=horizons, edition=edition())  # type: ignore[arg-type]


def found_breaks(told: Mapping[str, Deal], fewest: int = 1, significance: float = 0.05) -> Result | Unavailable:
    given = inputs(told)
    return level_breaks.compute(**given, horizons=(6, 12), edition=edition(fewest, significance))  # type: ignore[arg-type]


def test_several_ages_at_once_are_those_one_by_one():
    points = pd.DataFrame({"deal": ["a", "a", "b", "z"], "age": [2.0, 6.0, 4.0, 5.0], "level": [10.0, 50.0, 8.0, 0.0]})
    for age in (0.0, 1.0, 3.0, 4.0, 6.0, 9.0):
        found = Paths(points).at(pd.Series(age, ["a", "b", "z"]))
        assert found.to_dict() == pytest.approx(level_to(points, "level", age).to_dict(), abs=CLOSE)
    assert Paths(points.iloc[:0]).at(pd.Series(3.0, ["a"])).isna().all()


def test_a_static_pool_is_sums_over_sums_of_the_same_deals_at_every_age():
    result = curves(
        {
            "c1": Deal(2020, {3: 30, 6: 30}, {6: 30}),
            "c2": Deal(2020, {3: 30, 7: 40}, {12: 120}, balance=300),  # at 6: 30 + 40 × 3/4
            "c3": Deal(2021, {3: 50}, {3: 20, 6: 10}),
            "u1": Deal(2020, {4: 8}, {}),
        }
    )
    assert isinstance(result, Result)
    assert list(result.frame.index) == [
        "corporate-2020-3m",
        "corporate-2020-6m",
        "corporate-2021-3m",
        "unsecured-2020-3m",
    ]
    assert result.frame["n_deals"].tolist() == [2, 2, 1, 1]
    assert result.frame["balance"].tolist() == [400, 400, 100, 100]
    assert result.frame["recovery"].tolist() == pytest.approx([60 / 400, 120 / 400, 0.5, 0.06], abs=CLOSE)
    # forecast: c1 15 and 30, c2 30 and 60
    assert result.frame["forecast_recovery"].iloc[:3].tolist() == pytest.approx([45 / 400, 90 / 400, 0.2], abs=CLOSE)
    assert result.gaps == {
        ("unsecured-2020-3m", key): NO_FORECAST for key in ("compared_recovery", "forecast_recovery")
    }
    assert result.evidence.loc[result.evidence["row"] == "corporate-2020-6m", "collected"].tolist() == [60, 60]


def test_a_deal_without_a_forecast_is_not_held_against_that_of_others():
    result = tiny.result("vintage_curves").frame
    # at 30 months m1 160 of 400 against 100, m2 40 + 20 × 7/8 of 200, which has no forecast; m2 is known to 31
    row = result.loc["mortgage-2017-30m"]
    assert row["recovery"] == pytest.approx((160 + 57.5) / 600, abs=CLOSE)
    assert row[["n_deals", "n_forecast"]].tolist() == [2, 1]
    assert row[["compared_recovery", "forecast_recovery"]].tolist() == pytest.approx([0.4, 0.25], abs=CLOSE)
    assert "mortgage-2017-33m" not in result.index


def test_a_liquidated_deal_stays_in_its_pool_with_what_it_recovered():
    told = {"c1": Deal(2020, {3: 40}, {3: 20, 9: 20}, liquidated=5), "c2": Deal(2020, {9: 30}, {9: 30})}
    result = curves(told)
    assert isinstance(result, Result)
    assert result.frame["n_deals"].to_dict() == {f"corporate-2020-{age}m": 2 for age in (3, 6, 9)}
    assert result.frame["recovery"].tolist() == pytest.approx([50 / 200, 60 / 200, 70 / 200], abs=CLOSE)
    assert result.frame["forecast_recovery"].tolist() == pytest.approx([30 / 200, 50 / 200, 70 / 200], abs=CLOSE)
    unread = curves(told | {"c1": replace(told["c1"], unread=True)})  # nobody knows what it recovered in all
    assert isinstance(unread, Result)
    assert list(unread.frame.index) == ["corporate-2020-3m"]
    ended = curves({"c1": told["c1"]})  # the line ends where it has collected last
    assert isinstance(ended, Result)
    assert list(ended.frame.index) == ["corporate-2020-3m"]


def test_lines_by_the_half_year_and_deals_too_young_for_one():
    result = curves({"c1": Deal(2020, {13: 40}, {})}, Ages(curve=6))
    assert isinstance(result, Result)
    assert result.frame["age"].tolist() == [6, 12]
    assert curves({"c1": Deal(2025, {2: 40}, {})}) == Unavailable("too_young", needed=3, found=2)


def test_accuracy_of_every_year_at_exactly_the_same_age():
    result = accuracy(
        {
            "c1": Deal(2020, {10: 20, 14: 20}, {12: 20, 24: 20}),  # at 12: 30 against 20, +50 %
            "c2": Deal(2020, {12: 10, 30: 90}, {24: 40}),  # at 12: 10 against 20, −50 %; at 24: 70 against 40, +75 %
            "c3": Deal(2020, {12: 5}, {}),
            "c4": Deal(2020, {12: 9}, {13: 0, 24: 10}),  # nothing forecast to 12 months
            "c5": Deal(2021, {12: 12, 24: 8}, {12: 12, 24: 8}),  # comes true
            "u1": Deal(2021, {11: 1}, {11: 1}),
        }
    )
    assert isinstance(result, Result)
    assert list(result.frame.index) == ["corporate-2020", "corporate-2021"]
    row = tiny.cells(result, "corporate-2020")
    assert (row["n_12"], row["above_12"], row["offset_12"]) == (3, pytest.approx(2 / 3), pytest.approx(0, abs=CLOSE))
    assert (row["n_24"], row["above_24"], row["offset_24"]) == (1, 1, pytest.approx(0.75))
    row = tiny.cells(result, "corporate-2021")
    assert [row[f"{part}_{age}"] for age, part in product((12, 24), ("n", "above", "offset"))] == [1, 0, 0, 1, 0, 0]


def test_accuracy_that_cannot_be_said():
    result = accuracy({"c1": Deal(2020, {13: 20}, {14: 0, 24: 5}), "c2": Deal(2021, {12: 2}, {12: 2})})
    assert isinstance(result, Result)
    assert result.gaps[("corporate-2020", "offset_12")] == Unavailable("nothing_forecast", needed=1, found=0)
    young = {
        (f"corporate-{year}", f"{part}_24"): found
        for (year, found), part in product(((2020, 13), (2021, 12)), ("above", "offset"))
    }
    assert {cell: gap.found for cell, gap in result.gaps.items() if cell[1].endswith("24")} == young
    assert accuracy({"c1": Deal(2020, {12: 20}, {})}) == NO_FORECAST
    assert accuracy({"c1": Deal(2025, {3: 20}, {12: 3})}) == Unavailable("too_young", needed=12, found=3)


def test_the_ages_that_are_shown():
    assert shown_ages((6, 12, 18, 24, 30, 36, 48)) == (12, 24, 36)
    assert shown_ages((5, 10, 15, 20)) == (5, 10, 15)
    assert [comparison_age(ages) for ages in ((6, 12, 18), (9, 15), (3, 6))] == [12, 15, 6]


def met(year: int, *offsets: float) -> dict[str, Deal]:
    """Deals of a year with these offset rates at 12 months."""
    return {f"c{year}{place}": Deal(year, {12: 10 * (1 + offset)}, {12: 10}) for place, offset in enumerate(offsets)}


def test_the_largest_break_of_a_type():
    told = met(2018, 0.5, 0.3) | met(2019, 0.1, 0.1) | met(2020, -0.2, -0.4)
    result = found_breaks(told, significance=0.2)
    assert isinstance(result, Result)
    row = tiny.cells(result, "corporate-last_years")
    assert [row[f"{part}_before"] for part in ("first", "last", "n", "n_above", "share")] == [2018, 2019, 4, 4, 1]
    assert [row[f"{part}_after"] for part in ("first", "last", "n", "n_above", "share")] == [2020, 2020, 2, 0, 0]
    assert (row["offset_before"], row["offset_after"]) == (pytest.approx(0.25), pytest.approx(-0.3))
    assert (row["change"], row["offset_change"], row["age"]) == (-1, pytest.approx(-0.55), 12)
    # 90 arrangements of three pairs; as far apart are those with both deals below in the first or in the last year
    assert (row["n_splits"], row["p"]) == (2, pytest.approx(2 * 6 / 90))
    # adjacent: either year pair with both on one side and both of the others above: the two below in any year have a
    # neighbour that is above
    other = tiny.cells(result, "corporate-adjacent_years")
    assert (other["first_before"], other["first_after"], other["p"]) == (2019, 2020, pytest.approx(3 * 6 / 90))
    assert (row["p_adjusted"], other["p_adjusted"]) == (pytest.approx(2 * 12 / 90), pytest.approx(2 * 12 / 90))
    assert (row["holds"], other["holds"]) == ("no", "no")
    assert (row["rank"], other["rank"]) == (1, 2)
    assert len(result.evidence) == 12


def test_a_break_that_holds():
    result = found_breaks(met(2019, *[0.2] * 6) | met(2020, *[-0.2] * 6), fewest=3)
    assert isinstance(result, Result)
    assert result.frame["p"].tolist() == pytest.approx([2 / 924] * 2)
    assert result.frame["p_adjusted"].tolist() == pytest.approx([4 / 924] * 2)
    assert result.frame["holds"].tolist() == ["yes", "yes"]
    assert result.frame["rank"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("told", "fewest", "reason"),
    [
        (met(2020, 0.1), 1, Unavailable("no_split", needed=1, found=1)),
        (met(2019, 0.1) | met(2020, -0.1), 3, Unavailable("no_split", needed=3, found=1)),
        (met(2019, 0.1) | met(2020, 0.3), 1, Unavailable("no_spread")),
    ],
)
def test_types_without_a_break(told: Mapping[str, Deal], fewest: int, reason: Unavailable):
    result = found_breaks(told, fewest)
    assert isinstance(result, Result)
    assert set(result.gaps.values()) == {reason}
    assert result.frame["n_deals"].tolist() == [len(told)] * 2


def test_deals_without_forecast_or_forecast_of_nought():
    assert found_breaks({"c1": Deal(2020, {12: 1}, {})}) == NO_FORECAST
    assert found_breaks({"c1": Deal(2025, {3: 1}, {12: 1})}) == Unavailable("too_young", needed=12, found=3)
    nought = {f"c{year}": Deal(year, {12: 5}, {13: 0, 24: 9}) for year in (2018, 2019)}
    result = found_breaks(nought | met(2020, -0.5))
    assert isinstance(result, Result)
    row = tiny.cells(result, "corporate-last_years")
    assert (row["share_before"], row["share_after"]) == (1, 0)
    nothing = Unavailable("nothing_forecast", needed=1, found=0)
    assert (row["offset_before"], row["offset_change"], row["p_offset"]) == (nothing, nothing, nothing)


def test_tiny_breaks_have_too_few_deals():
    result = tiny.result("level_breaks")
    assert list(result.frame.index) == [
        f"{kind}-{of}" for kind, of in product(("corporate", "mortgage", "unsecured"), ("adjacent_years", "last_years"))
    ]
    assert {gap.reason for gap in result.gaps.values()} == {"no_split"}


def test_an_age_at_which_a_liquidated_deal_is_known():
    given = inputs({"c1": Deal(2020, {3: 40}, {9: 40}, liquidated=5)})
    cohorts = Cohorts(given["deal_recovery"].frame, given["deals"], given["forecasts"], MARKET.ages, AS_OF)  # type: ignore[attr-defined, arg-type]
    assert cohorts.facts.at["c1", "last"] == 3
    assert cohorts.facts.at["c1", "known"] == pytest.approx((date(2025, 12, 31) - date(2020, 1, 1)).days / 30)
