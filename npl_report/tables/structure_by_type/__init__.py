"""How deals are cut into tranches, and on what terms, by asset type.

Source: METHODS, "Structure and yield"; the terms are those of the offering documents in ``deals.csv`` and
``tranches.csv``.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Column, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import face_of, mean, ratio, total
from npl_report.stats.recovery import offering
from npl_report.tables.rows import Rows
from npl_report.tables.structure import NO_TRANCHE


def coupon_of(tranche: str, ladder: tuple[str, ...]) -> str:
    """The column of a tranche's coupon; that of the first has no name before it."""
    return "coupon" if tranche == ladder[0] else f"{tranche}_coupon"


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, among them share, coupon and cover of each tranche but the last."""
    upper = ladder[:-1]
    return (
        Column("n_deals", Unit.DEALS),
        Column("issuance", Unit.MONEY),
        *(Column(f"{tranche}_share", Unit.RATE) for tranche in upper),
        Column("advance_rate", Unit.RATE),
        *(Column(coupon_of(tranche, ladder), Unit.RATE) for tranche in upper),
        Column("fee_rate", Unit.RATE),
        Column("n_reserve", Unit.DEALS),
        Column("fixed_return", Unit.RATE),
        Column("reward_share", Unit.RATE),
        Column("cover", Unit.MULTIPLE),
        *(Column(f"{tranche}_cover", Unit.MULTIPLE) for tranche in upper),
    )


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the table hold."""
    return (
        Column("deal", Unit.DEAL),
        Column("pool_balance", Unit.MONEY),
        *(Column(f"{tranche}_face", Unit.MONEY) for tranche in ladder),
        *(Column(coupon_of(tranche, ladder), Unit.RATE) for tranche in ladder[:-1]),
        Column("fee_rate", Unit.RATE),
        Column("liquidity_reserve", Unit.MONEY),
        Column("fixed_return", Unit.RATE),
        Column("reward_share", Unit.RATE),
        Column("expected_net", Unit.MONEY),
    )


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    forecasts: pd.DataFrame,
    asset_types: tuple[str, ...],
    ladder: tuple[str, ...],
) -> Result:
    """Rows: asset types, then the total.

    Money in millions. Coupons are weighted by face, other terms simple means over deals. ``cover``: forecast
    recovery net of fees over the issue size, ``<tranche>_cover`` over the face of a tranche and of those ahead of it,
    sums over the deals with a forecast that have the tranche.
    """
    facts = deals.set_index("deal", drop=False).sort_index(kind="stable")
    facts = facts.rename(columns={"sub_fixed_return": "fixed_return", "excess_reward_share": "reward_share"}).assign(
        **{f"{tranche}_face": face_of(tranches, tranche) for tranche in ladder},
        **{coupon_of(tranche, ladder): _coupons(tranches, tranche) for tranche in ladder[:-1]},
        expected_net=(1 - facts["fee_rate"]) * offering(forecasts).groupby("deal")["amount"].sum().reindex(facts.index),
    )
    rows = Rows(columns(ladder))
    evidence = []
    for row in (*asset_types, TOTAL):
        group = facts if row == TOTAL else facts.loc[facts["asset_type"] == row]
        rows.add(row, **_cells(group, ladder))
        evidence.append(group.assign(row=row)[["row", *(column.key for column in evidence_columns(ladder))]])
    return rows.result(pd.concat(evidence))


def _coupons(tranches: pd.DataFrame, tranche: str) -> pd.Series:
    return tranches.loc[tranches["tranche"] == tranche].set_index("deal")["coupon"]


def _cells(group: pd.DataFrame, ladder: tuple[str, ...]) -> dict[str, float | Unavailable]:
    faces = group[[f"{tranche}_face" for tranche in ladder]].fillna(0.0).cumsum(axis="columns")
    issuance = total(faces.iloc[:, -1])
    offered = group.dropna(subset=["expected_net"])
    net = total(offered["expected_net"], "no_forecast")
    cells: dict[str, float | Unavailable] = {
        "n_deals": len(group),
        "issuance": issuance,
        "advance_rate": ratio(issuance, total(group["pool_balance"])),
        "fee_rate": mean(group["fee_rate"]),
        "n_reserve": int((group["liquidity_reserve"] > 0).sum()),
        "fixed_return": mean(group["fixed_return"]),
        "reward_share": mean(group["reward_share"]),
        "cover": ratio(net, total(faces.loc[offered.index].iloc[:, -1])),
    }
    for tranche in ladder[:-1]:
        key, coupon = f"{tranche}_face", coupon_of(tranche, ladder)
        own = group.loc[group[key].notna()]
        face = total(own[key], NO_TRANCHE.reason if len(group) else "no_deals")
        cells[f"{tranche}_share"] = ratio(face, issuance)
        cells[coupon] = ratio(total(own[coupon] * own[key]), face) if len(own) else face
        ahead = faces.loc[own.index.intersection(offered.index), key]
        covering = total(offered["expected_net"].reindex(ahead.index), "no_forecast") if len(own) else face
        cells[f"{tranche}_cover"] = ratio(covering, total(ahead))
    return cells


def table(market: Market) -> ResearchTable:
    """The table, with the terms of each tranche."""
    return ResearchTable(
        key="structure_by_type",
        rows=Unit.ASSET_TYPE,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("method",),
        upright=True,
    )
