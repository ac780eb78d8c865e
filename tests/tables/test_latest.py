"""Live deals at their last report, by hand on the tiny data and on changes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from npl_report.load.data import dataset
from npl_report.model import Result, Unavailable
from npl_report.tables import catalogue, compute_tables
from npl_report.tables.latest import band
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.tiny import Row, cells

KEYS = (
    "latest_deals",
    "latest_by_type",
    "latest_by_group",
    "latest_bands",
    "trigger_status",
    "closed_claims_deals",
    "closed_claims",
)
Files = dict[str, list[Row]]


def computed(change: Callable[[Files], None], as_of: date = tiny.AS_OF) -> dict[str, Result | Unavailable]:
    files = tiny.rows()
    change(files)
    found = compute_tables(KEYS, dataset(tiny.read(files), as_of, MARKET), tiny.edition(as_of))
    return {key: found[key] for key in KEYS}


def table(found: dict[str, Result | Unavailable], key: str) -> Result:
    result = found[key]
    assert isinstance(result, Result), result
    return result


def of(files: Files, name: str, deal: str) -> list[Row]:
    return [row for row in files[name] if row["deal"] == deal]


def closing(files: Files) -> None:
    """m1 tells of costs and closed claims, half of each period's collections being on claims that it closes."""
    for row in files["collections"]:
        whole = row["deal"] == "m1"
        half = str(float(row["collected"]) / 2) if whole else ""
        row |= {"recovered_in_disposal": half, "recovered_closed": half}
        row |= {"disposal_costs": "1" if whole else "", "n_closed": "100" if whole else ""}
        row["balance_closed"] = "50" if whole else ""


def test_deals_at_their_last_report():
    """c1 is liquidated, u2 has not reported. c2 at 36: 100 of 125 forecast; m1 at 36: 200 of 100 + 100 × 6/18."""
    frame = tiny.result("latest_deals").frame
    assert list(frame.index) == ["c2", "m1", "m2", "u1"]
    assert frame.loc["c2", ["age", "cumulative", "forecast", "issuance", "band"]].tolist() == [
        36,
        100,
        125,
        100,
        "below",
    ]
    assert frame.at["c2", "offset"] == pytest.approx(-0.2)  # the inner band has both ends
    assert frame.at["m1", "offset"] == pytest.approx(200 / (100 + 100 / 3) - 1, rel=1e-6)
    told = cells(tiny.result("latest_deals"), "m2")
    assert told["offset"] == told["band"] == told["ccr_gross"] == Unavailable("no_forecast", 1, 0)
    assert told["net"] == Unavailable("no_costs", 1, 0)


def test_by_type_and_in_all():
    """u1 at 19: 50 + 50 + 50 of 150, which is on forecast: neither below nor above."""
    found = tiny.result("latest_by_type")
    assert cells(found, "corporate") | {"mean_age": 36} == {
        "n_deals": 1,
        "n_live": 1,
        "mean_age": 36,
        "mean_offset": pytest.approx(-0.2),
        "median_offset": pytest.approx(-0.2),
        "ccr_gross": pytest.approx(0.8),
        "n_below_full": 1,
        "n_below_nearly": 1,
        "n_net": 0,
        "ccr_net_low": Unavailable("no_costs", 1, 0),
        "ccr_net_high": Unavailable("no_costs", 1, 0),
    }
    assert found.frame["n_live"].tolist() == [1, 2, 2, 5]
    assert found.frame["n_deals"].tolist() == [1, 1, 1, 3]
    assert found.frame.at["unsecured", "n_below_full"] == 0
    assert found.number("total", "ccr_gross") == pytest.approx(450 / (125 + 400 / 3 + 150))
    assert found.number("total", "median_offset") == 0


def test_groups():
    """A class that is part of none stands for itself; where there are no groups there is no table."""
    assert tiny.results()["latest_by_group"] == Unavailable("no_groups", 1, 0)
    found, deals = tiny.result("latest_deals"), tiny.data().deals
    classes = tuple(replace(of, group="corporate" if of.key == "mortgage" else "") for of in MARKET.classes)
    edition = replace(tiny.edition(), market=replace(MARKET, classes=classes))
    grouped = catalogue(MARKET)["latest_by_group"].compute(latest_deals=found, deals=deals, edition=edition)
    assert isinstance(grouped, Result)
    assert grouped.frame["n_live"].to_dict() == {"corporate": 3, "unsecured": 2}
    assert grouped.number("corporate", "ccr_gross") == pytest.approx(300 / (125 + 400 / 3))


def test_bands():
    found = tiny.result("latest_bands").frame
    assert found.loc["total", ["n_far_below", "n_below", "n_above", "n_far_above"]].tolist() == [0, 1, 1, 1]
    assert found.loc["mortgage", ["issuance_above", "issuance_far_above"]].tolist() == [0, 250]
    assert found.at["total", "share_far_below"] == 0
    ends = pd.Series([-0.2000001, -0.2, -1e-9, 0.0, 0.2, 0.2000001, float("nan")])
    assert band(ends).fillna("").tolist() == ["far_below", "below", "below", "above", "above", "far_above", ""]


def test_net_of_costs():
    """m1: 200 less 4 of costs, against 133.33 at most, and 4 % less at least (fees of 5 − 0.3 − 0.7)."""
    found = computed(closing)
    forecast = 100 + 100 / 3
    told = cells(table(found, "latest_deals"), "m1")
    assert told["net"] == 196
    assert told["ccr_net_low"] == pytest.approx(196 / forecast)
    assert told["ccr_net_high"] == pytest.approx(196 / (forecast * 0.96))
    total = cells(table(found, "latest_by_type"), "total")
    assert (total["n_net"], total["ccr_net_low"]) == (1, pytest.approx(196 / forecast))


def test_a_first_forecast_net_of_costs_is_met_by_net_collections():
    def net(files: Files) -> None:
        closing(files)
        for row in of(files, "forecasts", "m1"):
            row["basis"] = "net"

    found = computed(net)
    told = cells(table(found, "latest_deals"), "m1")
    assert told["ccr_gross"] == Unavailable("no_forecast", 1, 0)  # gross with gross, net with net
    assert told["ccr_net_low"] == told["ccr_net_high"] == pytest.approx(196 / (100 + 100 / 3))
    by_type = table(found, "latest_by_type")
    kind, total = cells(by_type, "mortgage"), cells(by_type, "total")
    assert (kind["n_deals"], kind["n_net"], kind["ccr_gross"]) == (0, 1, Unavailable("no_forecast", 1, 0))
    assert (total["n_deals"], total["n_net"]) == (2, 1)  # c2 and u1 gross, m1 net
    for row in (kind, total):
        assert row["ccr_net_low"] == row["ccr_net_high"] == pytest.approx(196 / (100 + 100 / 3))
    assert by_type.evidence["deal"].tolist() == ["c2", "m1", "u1"]


def test_gross_and_net_forecasts_add_up_in_net_ratios():
    """c2: 100 less 2 of costs, of 125 at most and 120 at least; m1: 196 of 133.33 net."""

    def net(files: Files) -> None:
        closing(files)
        for row in of(files, "forecasts", "m1"):
            row["basis"] = "net"
        for row in of(files, "collections", "c2"):
            row["disposal_costs"] = "1"

    total = cells(table(computed(net), "latest_by_type"), "total")
    assert total["n_net"] == 2
    assert total["ccr_net_low"] == pytest.approx(294 / (125 + 400 / 3))
    assert total["ccr_net_high"] == pytest.approx(294 / (120 + 400 / 3))


def test_costs_without_a_forecast_are_not_untold():
    def costly(files: Files) -> None:
        closing(files)
        files["forecasts"] = [row for row in files["forecasts"] if row["deal"] != "m1"]

    by_type = table(computed(costly), "latest_by_type")
    assert cells(by_type, "mortgage")["ccr_net_low"] == Unavailable("no_forecast", 1, 0)
    assert cells(by_type, "corporate")["ccr_net_low"] == Unavailable("no_costs", 1, 0)


def test_equal_offsets_are_ordered_by_id():
    """0.1 + 0.2 is 0.3 in the digits that count."""
    data, recovery = tiny.data(), tiny.result("deal_recovery")
    frame = recovery.frame.copy()
    frame.loc[frame["deal"] == "m1", "offset"] = 0.1 + 0.2
    frame.loc[frame["deal"] == "m2", "offset"] = 0.3
    found = catalogue(MARKET)["latest_deals"].compute(
        deal_recovery=replace(recovery, frame=frame),
        deals=data.deals,
        tranches=data.tranches,
        collections=data.collections,
        forecasts=data.forecasts,
        asset_types=MARKET.asset_types,
    )
    assert isinstance(found, Result)
    assert list(found.frame.index) == ["c2", "m1", "m2", "u1"]


def test_costs_that_one_period_does_not_tell_are_no_costs():
    def gap(files: Files) -> None:
        closing(files)
        of(files, "collections", "m1")[1]["disposal_costs"] = ""

    told = cells(table(computed(gap), "latest_deals"), "m1")
    assert told["net"] == told["ccr_net_low"] == Unavailable("no_costs", 1, 0)


def test_closed_claims():
    """Four periods of 100 claims and 50 of balance each, on which 100 came in; the pool expects 200 of 400."""
    found = computed(closing)
    told = cells(table(found, "closed_claims_deals"), "m1")
    assert (told["n_closed"], told["closed_by_number"]) == (400, 0.2)
    assert (told["balance_closed"], told["closed_by_balance"]) == (200, 0.5)
    assert (told["recovery_closed"], told["expected_recovery"], told["profitability"]) == (0.5, 0.5, 1)
    paid = sum_of((20, 360), (30, 720), (30, 900), (20, 1080))
    forecast = sum_of((40, 360), (60, 900), (100, 1440))
    assert told["npv_ratio"] == pytest.approx(paid / (forecast / 2))
    rows = table(found, "closed_claims").frame
    assert rows["n_deals"].tolist() == [0, 1, 0, 1]
    assert rows.at["total", "npv_ratio"] == pytest.approx(paid / (forecast / 2))
    assert table(found, "closed_claims").gaps["corporate", "n_closed"].reason == "not_disclosed"


def sum_of(*flows: tuple[float, int]) -> float:
    """Present value of (amount, days from the cut-off date) at five per cent."""
    return float(sum(amount / 1.05 ** (days / 365) for amount, days in flows))


def test_nothing_is_closed_yet():
    def none(files: Files) -> None:
        closing(files)
        for row in of(files, "collections", "m1"):
            row |= {"n_closed": "0", "balance_closed": "0", "recovered_closed": "0"}
            row["recovered_in_disposal"] = row["collected"]

    found = computed(none)
    told = cells(table(found, "closed_claims_deals"), "m1")
    assert told["closed_by_balance"] == 0
    assert told["recovery_closed"] == told["npv_ratio"] == Unavailable("none_closed", 1, 0)
    assert cells(table(found, "closed_claims"), "total")["npv_ratio"] == Unavailable("none_closed", 1, 0)


def test_claims_are_closed_of_which_nothing_was_forecast():
    files = tiny.rows()
    closing(files)
    data = dataset(tiny.read(files), tiny.AS_OF, MARKET)
    data = replace(
        data,
        deals=data.deals.assign(
            expected_recovery=data.deals["expected_recovery"].mask(data.deals["deal"] == "m1", 0.0)
        ),
        forecasts=data.forecasts.assign(amount=data.forecasts["amount"].mask(data.forecasts["deal"] == "m1", 0.0)),
    )
    found = compute_tables(KEYS, data, tiny.edition())
    none = Unavailable("nothing_forecast", 1, 0)
    for told in (cells(table(found, "closed_claims_deals"), "m1"), cells(table(found, "closed_claims"), "total")):
        assert told["recovery_closed"] == 0.5
        assert told["profitability"] == told["npv_ratio"] == none


def test_claims_are_closed_without_a_forecast():
    def absent(files: Files) -> None:
        closing(files)
        files["forecasts"] = [row for row in files["forecasts"] if row["deal"] != "m1"]

    found = computed(absent)
    for told in (cells(table(found, "closed_claims_deals"), "m1"), cells(table(found, "closed_claims"), "total")):
        assert told["npv_ratio"] == Unavailable("no_forecast", 1, 0)


def test_no_report_tells_of_closed_claims():
    untold = Unavailable("not_disclosed", 1, 0)
    assert tiny.results()["closed_claims"] == tiny.results()["closed_claims_deals"] == untold


def test_triggers():
    """c2 stands at exactly 80 %, which is not below it; m2 has no forecast, u2 no report; c1 is liquidated."""
    assert tiny.results()["trigger_status"] == Unavailable("no_triggers", 1, 0)
    levels = {"c1": "0.9", "c2": "0.8", "m1": "2", "m2": "0.5", "u2": "0.5"}
    levels["m1"] = "1"

    def leveled(files: Files) -> None:
        for row in files["deals"]:
            row["performance_trigger"] = levels.get(row["deal"], "")
        of(files, "deals", "u1")[0]["performance_trigger"] = "1"

    found = table(computed(leveled), "trigger_status")
    counts = found.frame[["n_deals", "n_passed", "n_breached", "n_unknown"]]
    assert counts.loc["total-performance_trigger"].tolist() == [5, 3, 0, 2]
    assert counts.loc["corporate-performance_trigger"].tolist() == [1, 1, 0, 0]
    assert found.evidence.set_index("deal").at["m2", "state"] == "unknown"


@pytest.mark.parametrize(("level", "state"), [("0.7", "passed"), ("0.79", "unknown"), ("0.9", "breached")])
def test_a_trigger_on_net_collections_is_known_outside_the_ends(level: str, state: str):
    """c2: 100 less 2 of costs, against 125 at most and 120 at least: between 78.4 % and 81.7 %."""
    market = (tiny.PACKAGE.with_name("market.toml")).read_text(encoding="utf-8").replace('"ccr_gross"\n', '"ccr_net"\n')
    files = tiny.rows()
    for row in of(files, "collections", "c2"):
        row["disposal_costs"] = "1"
    for row in files["collections"]:
        row.setdefault("disposal_costs", "")
    of(files, "deals", "c2")[0]["performance_trigger"] = level
    source = tiny.read(files, market)
    edition = tiny.edition()
    reported = source.market.reporting(MARKET.asset_types)
    given = replace(edition, market=reported)
    found = compute_tables(["trigger_status"], dataset(source, tiny.AS_OF, reported), given)["trigger_status"]
    assert isinstance(found, Result)
    assert found.evidence["state"].tolist() == [state]


def test_no_live_deal():
    def wound_up(files: Files) -> None:
        for row in files["deals"]:
            row["liquidated_on"] = "2020-03-01"

    found = computed(wound_up)
    assert set(found.values()) == {Unavailable("none_outstanding", 1, 0)}


def test_no_report_at_all():
    found = computed(lambda _: None, date(2016, 7, 1))
    assert {result.reason for result in found.values() if isinstance(result, Unavailable)} == {"no_reports"}
    assert len(found) == len(KEYS)


def test_no_forecast_at_all():
    def without(files: Files) -> None:
        files["forecasts"] = of(files, "forecasts", "c1")

    found = computed(without)
    assert found["latest_bands"] == Unavailable("no_forecast", 1, 0)
    assert cells(table(found, "latest_by_type"), "total")["ccr_gross"] == Unavailable("no_forecast", 1, 0)
    assert table(found, "latest_by_type").frame["n_deals"].tolist() == [0, 0, 0, 0]
