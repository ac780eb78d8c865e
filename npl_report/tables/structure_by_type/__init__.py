"""How deals are cut into tranches, and on what terms, by asset type.

Source: METHODS, "Structure and yield"; the terms are those of the offering documents in ``deals.csv`` and
``tranches.csv``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import face_of, mean, ratio, total
from npl_report.stats.recovery import offering
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("n_deals", Unit.DEALS),
    Column("issuance", Unit.MONEY),
    Column("senior_share", Unit.RATE),
    Column("advance_rate", Unit.RATE),
    Column("coupon", Unit.RATE),
    Column("fee_rate", Unit.RATE),
    Column("n_reserve", Unit.DEALS),
    Column("fixed_return", Unit.RATE),
    Column("reward_share", Unit.RATE),
    Column("cover", Unit.MULTIPLE),
    Column("senior_cover", Unit.MULTIPLE),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("pool_balance", Unit.MONEY),
    Column("senior_face", Unit.MONEY),
    Column("subordinated_face", Unit.MONEY),
    Column("coupon", Unit.RATE),
    Column("fee_rate", Unit.RATE),
    Column("liquidity_reserve", Unit.MONEY),
    Column("fixed_return", Unit.RATE),
    Column("reward_share", Unit.RATE),
    Column("expected_net", Unit.MONEY),
)


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, forecasts: pd.DataFrame, asset_types: tuple[str, ...]
) -> Result:
    """Rows: asset types, then the total.

    Money in CNY million. Coupons are weighted by face, other terms simple means over deals. ``cover``: forecast
    recovery net of fees over the issue size, ``senior_cover`` over the senior face, sums over the deals with a
    forecast.
    """
    facts = deals.set_index("deal", drop=False).sort_index(kind="stable")
    facts = facts.rename(columns={"sub_fixed_return": "fixed_return", "excess_reward_share": "reward_share"}).assign(
        senior_face=face_of(tranches, "senior"),
        subordinated_face=face_of(tranches, "subordinated"),
        coupon=tranches.loc[tranches["tranche"] == "senior"].set_index("deal")["coupon"],
        expected_net=(1 - facts["fee_rate"]) * offering(forecasts).groupby("deal")["amount"].sum().reindex(facts.index),
    )
    rows = Rows(COLUMNS)
    evidence = []
    for row in (*asset_types, TOTAL):
        group = facts if row == TOTAL else facts.loc[facts["asset_type"] == row]
        rows.add(row, **_cells(group))
        evidence.append(group.assign(row=row)[["row", *(column.key for column in EVIDENCE)]])
    return rows.result(pd.concat(evidence))


def _cells(group: pd.DataFrame) -> dict[str, float | Unavailable]:
    senior, issuance = total(group["senior_face"]), total(group["senior_face"] + group["subordinated_face"])
    offered = group.dropna(subset=["expected_net"])
    net = total(offered["expected_net"], "no_forecast")
    return {
        "n_deals": len(group),
        "issuance": issuance,
        "senior_share": ratio(senior, issuance),
        "advance_rate": ratio(issuance, total(group["pool_balance"])),
        "coupon": ratio(total(group["coupon"] * group["senior_face"]), senior),
        "fee_rate": mean(group["fee_rate"]),
        "n_reserve": int((group["liquidity_reserve"] > 0).sum()),
        "fixed_return": mean(group["fixed_return"]),
        "reward_share": mean(group["reward_share"]),
        "cover": ratio(net, total(offered["senior_face"] + offered["subordinated_face"])),
        "senior_cover": ratio(net, total(offered["senior_face"])),
    }


TABLE = ResearchTable(
    key="structure_by_type",
    rows=Unit.ASSET_TYPE,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    upright=True,
)
