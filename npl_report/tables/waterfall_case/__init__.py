"""One deal of each asset type, payment date by payment date.

Columns: what comes in, what each step takes, and what is left outstanding.

Source: METHODS, "Structure and yield". The flows are those of the offering forecast; the deal is the one that the
edition names, or that of median issue size of its type.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes, ordered
from npl_report.stats.waterfall import PAYEES, Flows, Terms, run
from npl_report.tables.rows import Cell, Rows
from npl_report.tables.structure import forecast_profile, terms_of

FEES = ("taxes", "trust_fees", "servicing", "excess_fees")
AMOUNTS = (
    Column("collected", Unit.MONEY, 4),
    *(Column(key, Unit.MONEY, 4, shown=False) for key in FEES),
    Column("fees", Unit.MONEY, 4),
    Column("senior_interest", Unit.MONEY, 4, span="senior"),
    Column("senior_principal", Unit.MONEY, 4, span="senior"),
    Column("subordinated_principal", Unit.MONEY, 4, span="subordinated"),
    Column("subordinated_return", Unit.MONEY, 4, span="subordinated"),
    Column("subordinated_residual", Unit.MONEY, 4, span="subordinated"),
    Column("reward", Unit.MONEY, 4),
)
BALANCES = (
    Column("reserve", Unit.MONEY, 4, span="after"),
    Column("senior", Unit.MONEY, 4, span="after"),
    Column("subordinated", Unit.MONEY, 4, span="after"),
)
COLUMNS = (Column("deal", Unit.DEAL, shown=False), *AMOUNTS, *BALANCES, Column("default", Unit.TERM, shown=False))
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("paid_on", Unit.DATE),
    Column("collected", Unit.MONEY, 4),
    Column("senior_coupon", Unit.RATE),
    Column("fee_rate", Unit.RATE),
    Column("fixed_return", Unit.RATE),
    Column("reward_share", Unit.RATE),
    Column("liquidity_reserve", Unit.MONEY),
)
DRAWN = (
    "fees",
    "senior_interest",
    "senior_principal",
    "subordinated_principal",
    "subordinated_return",
    "subordinated_residual",
    "reward",
)


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, forecasts: pd.DataFrame, priorities: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<type>-<payment date>``, then ``<type>-total``, for each type with a deal that has a forecast.

    CNY million; balances after the date's payments.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    terms = terms_of(deals, tranches, priorities, names)
    paid = run(flows.collected, flows.days, terms)
    facts = deals.set_index("deal")
    rows = Rows(COLUMNS)
    evidence = []
    for kind in edition.market.asset_types:
        if (deal := _case(kind, names, facts, issue_sizes(tranches), edition)) is None:
            continue
        position = list(names).index(deal)
        frame = _dated(paid.deal(position), facts["closing_date"][deal])
        for date, amounts in frame.iterrows():
            rows.add(f"{kind}-{date:%Y-%m-%d}", deal=deal, **amounts)
        sums: dict[str, Cell] = {column.key: float(frame[column.key].sum()) for column in AMOUNTS}
        last = frame.iloc[-1]
        left = {column.key: float(last[column.key]) for column in BALANCES}
        rows.add(f"{kind}-{TOTAL}", deal=deal, **sums, **left, default=str(last["default"]))
        ids = [f"{kind}-{date:%Y-%m-%d}" for date in frame.index]
        behind = frame[["collected"]].assign(row=ids, deal=deal, paid_on=frame.index, **_terms(terms, position))
        evidence.append(behind[["row", *(column.key for column in EVIDENCE)]])
    return rows.result(pd.concat(evidence))


def _terms(terms: Terms, position: int) -> dict[str, float]:
    """The terms of one deal, as the evidence names them."""
    given = {
        "senior_coupon": terms.coupon,
        "fee_rate": terms.fee_rate,
        "fixed_return": terms.fixed_return,
        "reward_share": terms.reward_share,
        "liquidity_reserve": terms.reserve,
    }
    return {name: float(values[position]) for name, values in given.items()}


def _case(kind: str, names: pd.Index, facts: pd.DataFrame, sizes: pd.Series, edition: Edition) -> str | None:
    """The deal that the edition names, if it has a forecast; else that of median issue size of its type.

    In the middle of an even number it is the smaller of two.
    """
    named = edition.structure.cases.get(kind)
    if named in names:
        return str(named)
    own = ordered(sizes.reindex(names[facts["asset_type"].reindex(names) == kind]), falling=False)
    return own[(len(own) - 1) // 2] if own else None


def _dated(flows: Flows, closing: pd.Timestamp) -> pd.DataFrame:
    """The flows of one deal by payment date, without the repeated last date of shorter deals."""
    columns = {key: flows.paid[key][:, 0] for key in PAYEES} | {"collected": flows.collected[:, 0]}
    columns |= {"reserve": flows.reserve[:, 0], "senior": flows.senior[:, 0], "subordinated": flows.subordinated[:, 0]}
    frame = pd.DataFrame(columns, index=closing + pd.to_timedelta(flows.days[:, 0], unit="D"))
    frame["fees"] = frame[list(FEES)].sum(axis=1)
    frame["default"] = ["yes" if after else "no" for after in flows.default[:, 0]]
    return frame.loc[~frame.index.duplicated()]


TABLE = ResearchTable(
    key="waterfall_case",
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("flows", DRAWN),
    subject="deal",
)
