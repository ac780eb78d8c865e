"""One deal of each asset type, payment date by payment date.

Columns: what comes in, what each step takes, and what is left outstanding.

Source: METHODS, "Structure and yield". The flows are those of the offering forecast; the deal is the one that the
edition names, or that of median issue size of its type.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import FEES, TOTAL, Chart, Column, Edition, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes, ordered
from npl_report.stats.waterfall import Flows, Terms, parts, run
from npl_report.tables.rows import Cell, Rows
from npl_report.tables.structure import NO_TRANCHE, forecast_profile, terms_of


def to_tranches(ladder: tuple[str, ...]) -> dict[str, str]:
    """Payee → the tranche that it is a part of, in the order of the ladder."""
    found: dict[str, str] = {}
    for tranche in ladder:
        found |= dict.fromkeys(parts(ladder, tranche), tranche)
    return found


def amounts(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of what comes in and is paid."""
    return (
        Column("collected", Unit.MONEY, 4),
        *(Column(key, Unit.MONEY, 4, shown=False) for key in FEES),
        Column("fees", Unit.MONEY, 4),
        *(Column(payee, Unit.MONEY, 4, span=tranche) for payee, tranche in to_tranches(ladder).items()),
        Column("reward", Unit.MONEY, 4),
    )


def balances(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns of what is there after the payments."""
    return tuple(Column(key, Unit.MONEY, 4, span="after") for key in ("reserve", *ladder))


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """All columns."""
    default = Column("default", Unit.TERM, shown=False)
    return (Column("deal", Unit.DEAL, shown=False), *amounts(ladder), *balances(ladder), default)


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """What the rows behind the payments hold."""
    return (
        Column("deal", Unit.DEAL),
        Column("paid_on", Unit.DATE),
        Column("collected", Unit.MONEY, 4),
        *(Column(f"{tranche}_coupon", Unit.RATE) for tranche in ladder[:-1]),
        Column("fee_rate", Unit.RATE),
        Column("fixed_return", Unit.RATE),
        Column("reward_share", Unit.RATE),
        Column("liquidity_reserve", Unit.MONEY),
    )


def compute(
    deals: pd.DataFrame, tranches: pd.DataFrame, forecasts: pd.DataFrame, priorities: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: ``<type>-<payment date>``, then ``<type>-total``, for each type with a deal that has a forecast.

    Money in millions; balances after the date's payments.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    ladder = edition.market.ladder
    terms = terms_of(deals, tranches, priorities, names, ladder)
    paid = run(flows.collected, flows.days, terms)
    facts = deals.set_index("deal")
    rows = Rows(columns(ladder))
    evidence = []
    for kind in edition.market.asset_types:
        if (deal := _case(kind, names, facts, issue_sizes(tranches), edition)) is None:
            continue
        position = list(names).index(deal)
        frame = _dated(paid.deal(position), facts["closing_date"][deal])
        lacking = _lacking(terms, position)
        for date, paid_then in frame.iterrows():
            rows.add(f"{kind}-{date:%Y-%m-%d}", deal=deal, **{**paid_then, **lacking})
        sums: dict[str, Cell] = {column.key: float(frame[column.key].sum()) for column in amounts(ladder)}
        last = frame.iloc[-1]
        left = {column.key: float(last[column.key]) for column in balances(ladder)}
        rows.add(f"{kind}-{TOTAL}", deal=deal, **{**sums, **left, **lacking}, default=str(last["default"]))
        ids = [f"{kind}-{date:%Y-%m-%d}" for date in frame.index]
        behind = frame[["collected"]].assign(row=ids, deal=deal, paid_on=frame.index, **_terms(terms, position))
        evidence.append(behind[["row", *(column.key for column in evidence_columns(ladder))]])
    return rows.result(pd.concat(evidence))


def _lacking(terms: Terms, position: int) -> dict[str, Cell]:
    """The columns of the tranches that a deal lacks."""
    ladder = terms.ladder
    own = [tranche for tranche, face in zip(ladder, terms.face[:, position], strict=True) if face]
    payees = [payee for payee, tranche in to_tranches(ladder).items() if tranche not in own]
    return dict.fromkeys([*payees, *(tranche for tranche in ladder if tranche not in own)], NO_TRANCHE)


def _terms(terms: Terms, position: int) -> dict[str, float]:
    """The terms of one deal, as the evidence names them."""
    given = {f"{tranche}_coupon": coupon for tranche, coupon in zip(terms.ladder, terms.coupon, strict=False)} | {
        "fee_rate": terms.fee_rate,
        "fixed_return": terms.fixed_return,
        "reward_share": terms.reward_share,
        "liquidity_reserve": terms.reserve,
    }
    lacking = {f"{tranche}_coupon": np.nan for tranche in terms.ladder if tranche in _lacking(terms, position)}
    return {name: float(values[position]) for name, values in given.items()} | lacking


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
    found = {key: paid[:, 0] for key, paid in flows.paid.items()} | {"collected": flows.collected[:, 0]}
    found |= {"reserve": flows.reserve[:, 0]} | {tranche: flows.left(tranche)[:, 0] for tranche in flows.ladder}
    frame = pd.DataFrame(found, index=closing + pd.to_timedelta(flows.days[:, 0], unit="D"))
    frame["fees"] = frame[list(FEES)].sum(axis=1)
    frame["default"] = ["yes" if after else "no" for after in flows.default[:, 0]]
    return frame.loc[~frame.index.duplicated()]


def table(market: Market) -> ResearchTable:
    """The table, with what each tranche is paid."""
    return ResearchTable(
        key="waterfall_case",
        rows=Unit.PAIR,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("method",),
        chart=Chart("flows", ("fees", *to_tranches(market.ladder), "reward")),
        subject="deal",
    )
