"""What the tables of part III share: from frames to terms, profiles and scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from npl_report.model import PHASES, Dataset, Result, Structure, Unavailable
from npl_report.stats.recovery import offering
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Array, Priority, Terms

_OF_A_DEAL = (
    *("tax_rate", "trust_fee_rate", "servicing_rate", "fixed_return", "reward_share"),
    *("reserve", "legal_maturity", "trust_fee_cap"),
)
"""Fields of ``Terms`` that ``DealTerms`` has."""
_OPTIONAL = ("tax_rate", "trust_fee_rate", "trust_fee_cap")
"""Columns of ``deals`` that data need not have: there is no such fee, or no cap, then."""


def terms_of(
    deals: pd.DataFrame, tranches: pd.DataFrame, priorities: pd.DataFrame, names: pd.Index, ladder: tuple[str, ...]
) -> Terms:
    """The terms of the named deals, in that order."""
    facts = (
        deals.set_index("deal")
        .reindex(names)
        .reindex(columns=list(dict.fromkeys([*deals.columns.drop("deal"), *_OPTIONAL])))
    )
    first = tranches.loc[tranches["tranche"] == ladder[0]].set_index("deal").reindex(names)
    steps = priorities.sort_values("position", kind="stable")
    of = {key: tuple(rows) for key, rows in steps.groupby(["priority", "phase"])["step"]}
    known = sorted(set(facts["priority"]))
    tax, trust = facts["tax_rate"].fillna(0.0), facts["trust_fee_rate"].fillna(0.0)

    def array(values: pd.Series) -> Array:
        return values.to_numpy(dtype=float)

    return Terms(
        ladder=ladder,
        face=_by_tranche(tranches, "face", ladder, names),
        coupon=_by_tranche(tranches, "coupon", ladder[:-1], names),
        tax_rate=array(tax),
        trust_fee_rate=array(trust),
        trust_fee_cap=array(facts["trust_fee_cap"].fillna(np.inf)),
        servicing_rate=array((facts["fee_rate"] - tax - trust).clip(lower=0.0)),
        reserve=array(facts["liquidity_reserve"]),
        fixed_return=array(facts["sub_fixed_return"]),
        reward_share=array(facts["excess_reward_share"]),
        legal_maturity=array((first["legal_maturity"] - facts["closing_date"]).dt.days),
        priority=facts["priority"].map(known.index).to_numpy(dtype=np.intp),
        priorities=tuple(Priority(*(of.get((name, phase), ()) for phase in PHASES)) for name in known),
    )


def _by_tranche(tranches: pd.DataFrame, column: str, ladder: tuple[str, ...], names: pd.Index) -> Array:
    """A column of ``tranches`` as (tranches, deals), 0 where a deal has no such tranche."""
    wide = tranches.pivot_table(index="tranche", columns="deal", values=column, aggfunc="first", dropna=False)
    return wide.reindex(index=list(ladder), columns=names).fillna(0.0).to_numpy(dtype=float)


def profile(flows: pd.DataFrame, closings: pd.Series) -> tuple[pd.Index, Profile]:
    """Long flows (deal, paid_on, amount) → the deals by id, and their profile.

    What would be paid on the closing date or before comes with the first later payment.
    """
    frame = flows.assign(day=(flows["paid_on"] - flows["deal"].map(closings)).dt.days)
    first = frame["day"].where(frame["day"] > 0).groupby(frame["deal"]).transform("min").fillna(1)
    frame["day"] = np.maximum(frame["day"], first)
    dated = frame.groupby(["deal", "day"])["amount"].sum().reset_index()  # ordered by deal and day
    column, names = pd.factorize(dated["deal"], sort=True)
    row = dated.groupby("deal").cumcount().to_numpy()
    shape = (int(row.max()) + 1 if len(row) else 0, len(names))
    collected, days = np.zeros(shape), np.zeros(shape)
    collected[row, column], days[row, column] = dated["amount"], dated["day"]
    return pd.Index(names), Profile(collected, np.maximum.accumulate(days))


def forecast_profile(deals: pd.DataFrame, forecasts: pd.DataFrame, rules: Structure) -> tuple[pd.Index, Profile]:
    """The offering circular's forecast of each deal that has one.

    It is paid ``payment_lag`` days after the end of its periods.
    """
    offered = offering(forecasts)
    flows = pd.DataFrame(
        {
            "deal": offered["deal"],
            "paid_on": offered["period_end"] + pd.Timedelta(days=rules.payment_lag),
            "amount": offered["amount"],
        }
    )
    return profile(flows, deals.set_index("deal")["closing_date"])


@dataclass(frozen=True)
class DealTerms:
    """A deal's terms and forecast as plain numbers, from which its page computes scenarios.

    ``ladder``: its own tranches, by rank, with the ``face`` of each and the ``coupon`` of all but the last. ``terms``:
    rates as fractions a year, amounts in millions, ``legal_maturity`` in days after closing, by the names of
    ``Terms``; ``trust_fee_cap`` is None for none. ``ordinary`` and ``default``: the steps of its order of payments.
    ``collected`` (millions) comes on ``days`` after closing.
    """

    ladder: tuple[str, ...]
    face: tuple[float, ...]
    coupon: tuple[float, ...]
    terms: Mapping[str, float | None]
    ordinary: tuple[str, ...]
    default: tuple[str, ...]
    pool_balance: float
    collected: tuple[float, ...]
    days: tuple[int, ...]


def deal_terms(data: Dataset, rules: Structure, ladder: tuple[str, ...]) -> dict[str, DealTerms]:
    """Of every deal with a forecast, by id."""
    names, flows = forecast_profile(data.deals, data.forecasts, rules)
    terms, balance = (
        terms_of(data.deals, data.tranches, data.priorities, names, ladder),
        data.deals.set_index("deal")["pool_balance"],
    )
    found = {}
    for place, deal in enumerate(map(str, names)):
        days = flows.days[:, place]
        n = int((days < days[-1]).sum()) + 1  # the last date is repeated where other deals have more
        priority = terms.priorities[terms.priority[place]]
        own = np.flatnonzero(terms.face[:, place])
        found[deal] = DealTerms(
            tuple(ladder[rung] for rung in own),
            tuple(terms.face[own, place].tolist()),
            tuple(terms.coupon[own[:-1], place].tolist()),
            {name: _finite(getattr(terms, name)[place]) for name in _OF_A_DEAL},
            priority.ordinary,
            priority.default,
            float(balance[deal]),
            tuple(flows.collected[:n, place].tolist()),
            tuple(days[:n].astype(int).tolist()),
        )
    return found


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


NO_TRANCHE = Unavailable("no_tranche", needed=1, found=0)
"""Of what a tranche measures, where a deal lacks it, or all deals of a group do."""


def multiplier_id(multiplier: float) -> str:
    """Id of a multiplier of the forecast recovery: 0.5 → ``50pc``."""
    return f"{round(multiplier * 100)}pc"


def scenario_id(multiplier: float, delay: float) -> str:
    """Id of a scenario: 0.5 and 3 months → ``50pc3m``."""
    return f"{multiplier_id(multiplier)}{round(delay)}m"


def if_forecast(returns: Result | Unavailable, column: str) -> pd.Series:
    """A column of ``scenario_returns`` by deal, if the forecast comes true; empty without a forecast."""
    if isinstance(returns, Unavailable):
        return pd.Series(dtype=float)
    return in_scenario(returns.frame, 1.0, 0)[column].astype(float)


def in_scenario(returns: pd.DataFrame, multiplier: float, delay: int) -> pd.DataFrame:
    """The rows of ``scenario_returns`` in one scenario, by deal."""
    return returns.loc[returns.index.str.endswith(f"@{scenario_id(multiplier, delay)}")].set_index("deal")
