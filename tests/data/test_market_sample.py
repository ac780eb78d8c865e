"""The sample after the study: the market of 2025 as published, and nothing of what was known before is another."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from reconstruction import check_market
from reconstruction.readings import Tables, load
from tests.helpers import tiny

DATA = tiny.ROOT / "data"
DATES = {"deals": "liquidated_on", "collections": "reported_on", "payments": "reported_on", "forecasts": "made_on"}
STUDY_ENDS = pd.Timestamp("2021-12-31")
NEW_COLUMNS = {
    "kind",
    "asset_class",
    "performance_trigger",
    "recovered_in_disposal",
    "recovered_closed",
    "other_income",
    "clean_up_call",
    "repurchase",
    "disposal_costs",
    "n_closed",
    "balance_closed",
}
PARTS = ["recovered_in_disposal", "recovered_closed", "other_income", "clean_up_call", "repurchase"]


@pytest.fixture(scope="module")
def now() -> Tables:
    return load(DATA, pd.Timestamp("2025-12-31"))


def text(name: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"{name}.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize(
    ("name", "rows", "digest"),
    [
        ("deals", 156, "3644e88f7015b945951253a62db6452db0129749a2d2aa81f78ea2f0c542ffd2"),
        ("tranches", 312, "2c1c9b13481fc0786c9a0145997f2ecf880a4b854960764811161d6a3588419d"),
        ("collections", 1220, "2d73bddb8fb4f83c03391f7281565b52a43c7ac1fa93b2000d86143423d1c3b9"),
        ("forecasts", 1940, "a8719dd6409692b84e1e48e21bd7b5e5c3e00db3317b91fde2d0fd4309dc3f69"),
        ("payments", 1325, "d94a960673618e856f210d8bc8ce281285a43ee2a77f9d2a4d3b00b1c8b59607"),
        ("market", 6, "c6845967df2332616500dbd08a0a49690ba3548e5d024b52c6962232dcea8125"),
        ("originators", 17, "283df79a90a6b58f0766008d0c8eb2f23285ebfe33f66a859843ab57a69532ba"),
    ],
)
def test_files_begin_with_what_they_held_at_the_end_of_2021(name: str, rows: int, digest: str):
    """Recorded from the files as they were before deals of 2022 were added; a deal wound up since was alive then."""
    frame = text(name).iloc[:rows].drop(columns=NEW_COLUMNS, errors="ignore")
    if name == "deals":
        frame["liquidated_on"] = frame["liquidated_on"].where(frame["liquidated_on"] <= f"{STUDY_ENDS:%Y-%m-%d}", "")
    assert hashlib.sha256(frame.to_csv(index=False, lineterminator="\n").encode()).hexdigest() == digest


@pytest.mark.parametrize(("name", "column"), [("collections", "reported_on"), ("payments", "reported_on")])
def test_rows_after_them_were_reported_later(name: str, column: str):
    rows = {"collections": 1220, "payments": 1325}[name]
    assert text(name)[column].iloc[rows:].min() > "2021-12-31"


def test_no_later_forecast_was_made_by_the_end_of_2021():
    forecasts = text("forecasts")
    later = forecasts.loc[forecasts["vintage"] != "offering"]
    assert later["made_on"].min() > "2021-12-31"
    assert later.groupby("deal")["vintage"].nunique().max() == 2
    assert later["deal"].nunique() > 200


def test_as_many_deals_are_issued_as_published(now: Tables):
    counts = now.deals.groupby("year").size().to_dict()
    assert counts == {
        2016: 14,
        2017: 19,
        2018: 34,
        2019: 29,
        2020: 28,
        2021: 32,
        2022: 80,
        2023: 106,
        2024: 130,
        2025: 178,
    }
    assert len(now.deals) == 650


def test_as_much_is_issued_as_published(now: Tables):
    assert now.deals["size"].sum() == 328_588
    last = now.deals.loc[now.deals["year"] == 2025]
    assert last["size"].sum() == 82_057
    july = last.loc[last["issue_date"] <= "2025-07-31"]
    assert (len(july), july["size"].sum()) == (87, 39_977)


def test_seniors_are_redeemed_as_published(now: Tables):
    ages = check_market.redemption_ages(now)
    assert round(ages[2023].mean(), 1) == 6.6
    assert (len(ages[2024]), round(ages[2024].mean(), 1)) == (54, 9.0)


def test_unsecured_deals_lag_their_forecast_as_published():
    offsets = check_market.latest_offsets(load(DATA, pd.Timestamp("2025-07-31")))["unsecured"]
    assert len(offsets) > 150
    assert round(100 * offsets.mean(), 2) == -11.24


def test_every_subordinated_tranche_after_the_study_is_expected_to_earn_something(now: Tables):
    returns = check_market.expected_returns(now)
    assert len(returns) == 494
    assert returns.min() > 0


def test_classes_belong_to_types_and_most_new_deals_are_unsecured(now: Tables):
    types = now.deals.groupby("asset_class")["asset_type"].agg(lambda column: "/".join(sorted(set(column))))
    assert types.to_dict() == {
        "cards": "unsecured",
        "consumer": "unsecured",
        "micro_unsecured": "unsecured",
        "micro_secured": "mortgage",
        "vehicle": "mortgage",
        "residential": "mortgage",
        "corporate": "corporate",
    }
    counts = now.deals.loc[now.deals["year"] > 2021, "asset_class"].value_counts()
    assert list(counts.index[:2]) == ["cards", "consumer"]
    assert counts["corporate"] + counts["vehicle"] < 25


def test_what_is_collected_after_the_study_is_told_in_parts():
    frame = pd.read_csv(DATA / "collections.csv")
    told = frame["recovered_closed"].notna()
    new = frame["deal"].str.contains("-202[2-5]-")
    assert (told == new).all()
    assert (frame.loc[told, PARTS].sum(axis="columns") - frame.loc[told, "collected"]).abs().max() < 1e-3
    assert (frame.loc[told, "clean_up_call"] > 0).sum() > 10
    assert (frame.loc[told, "repurchase"] > 0).sum() > 10


def test_nothing_is_reported_long_after_the_end_of_2025():
    for name, column in DATES.items():
        assert text(name)[column].max() <= "2026-01-15"


def test_yields_and_balances_go_on_to_2025(now: Tables):
    market = pd.read_csv(DATA / "market.csv")
    assert market.groupby("series")["date"].agg(["size", "max"]).values.tolist() == [
        [40, "2025-12-31"],
        [40, "2025-12-31"],
        [11, "2025-12-31"],
    ]
    recalled = market.loc[(market["series"] == "npl_balance") & (market["date"] == "2023-12-31")]
    assert "as recalled" in recalled["source"].iloc[0]
    assert market.loc[market["series"] != "npl_balance", "source"].str.startswith("illustrative").all()
