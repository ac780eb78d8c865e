"""Break-even recoveries of each deal, and how far expected and actual recovery lie from them.

From its break-even on a tranche and those ahead of it are paid in full, the last one with its fixed return.

Source: METHODS, "Structure and yield" (the quantity formula, ours), solved by ``stats.breakeven`` for the timing of the
offering forecast.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd

from npl_report.model import Column, Edition, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.breakeven import break_even
from npl_report.stats.groups import differences
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Terms
from npl_report.tables.rows import missing
from npl_report.tables.structure import NO_TRANCHE, forecast_profile, terms_of

SAME = 1e-9
"""Of the issue size: what formula and waterfall may differ by in any scenario and still agree."""


def columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The columns, among them break-even and margin of each tranche."""
    return (
        Column("asset_type", Unit.ASSET_TYPE),
        *(Column(f"{tranche}_at", Unit.RATE) for tranche in ladder),
        Column("expected", Unit.RATE),
        *(Column(f"{tranche}_margin", Unit.POINTS) for tranche in ladder),
        Column("actual", Unit.RATE),
        Column(f"{ladder[0]}_margin_actual", Unit.POINTS),
        Column("status", Unit.TERM),
        Column("formula", Unit.TERM),
    )


def evidence_columns(ladder: tuple[str, ...]) -> tuple[Column, ...]:
    """The amounts behind the rates."""
    return (
        Column("deal", Unit.DEAL),
        Column("pool_balance", Unit.MONEY),
        *(Column(f"{tranche}_face", Unit.MONEY) for tranche in ladder),
        Column("expected_total", Unit.MONEY),
        *(Column(f"break_even_{tranche}", Unit.MONEY) for tranche in ladder),
        Column("recovered", Unit.MONEY),
    )


def compute(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    collections: pd.DataFrame,
    forecasts: pd.DataFrame,
    priorities: pd.DataFrame,
    scenario_returns: Result,
    edition: Edition,
) -> Result | Unavailable:
    """Rows: deals with a forecast, by id.

    Rates are gross recoveries over the pool balance, as fractions; money in millions.

    ``status``: ``run_off`` once a deal is liquidated and no period of it is missing, whose actual recovery is then
    final, or ``collecting``. ``formula``: whether quantity formula and waterfall agree in every scenario.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    ladder = edition.market.ladder
    terms, facts = terms_of(deals, tranches, priorities, names, ladder), deals.set_index("deal").reindex(names)
    recovered = collections.groupby("deal")["collected"].sum().reindex(names)
    behind = _amounts(flows, terms, facts["pool_balance"], recovered)
    rates = {"expected_total": "expected", "recovered": "actual"}
    rates |= {f"break_even_{tranche}": f"{tranche}_at" for tranche in ladder}
    frame = behind[[*rates]].div(behind["pool_balance"], axis=0).rename(columns=rates)
    for tranche in ladder:
        frame[f"{tranche}_margin"] = differences(frame["expected"], frame[f"{tranche}_at"])
    frame[f"{ladder[0]}_margin_actual"] = differences(frame["actual"], frame[f"{ladder[0]}_at"])
    frame["asset_type"] = facts["asset_type"]
    final = facts["liquidated_on"].notna() & facts["unread_from"].isna()
    frame["status"] = np.where(final, "run_off", "collecting")
    returns = scenario_returns.frame
    apart = (returns["formula"] - returns["paid"]).abs().groupby(returns["deal"]).max().reindex(names)
    frame["formula"] = np.where(apart <= SAME * terms.size, "yes", "no")
    frame = frame[[column.key for column in columns(ladder)]].rename_axis(None)
    evidence = behind.assign(row=names)[["row", *(column.key for column in evidence_columns(ladder))]]
    return Result(frame, evidence.reset_index(drop=True), _gaps(frame, behind, ladder))


def _amounts(flows: Profile, terms: Terms, pools: pd.Series, recovered: pd.Series) -> pd.DataFrame:
    """The amounts behind the rates, by deal; ``pools`` and ``recovered``: pool balances and recoveries to date."""
    found, total = break_even(flows, terms), flows.collected.sum(axis=0)
    return pd.DataFrame(
        {
            "deal": pools.index,
            "pool_balance": pools,
            **{
                f"{of}_face": np.where(face > 0, face, np.nan)
                for of, face in zip(terms.ladder, terms.face, strict=True)
            },
            "expected_total": total,
            **{f"break_even_{tranche}": times * total for tranche, times in found.items()},
            "recovered": recovered,
        },
        index=pools.index,
    )


def _gaps(frame: pd.DataFrame, behind: pd.DataFrame, ladder: tuple[str, ...]) -> dict[tuple[str, str], Unavailable]:
    """Why a rate or margin is missing.

    The deal lacks the tranche, nothing is reported yet, or no recovery would be enough.
    """
    reported = frame["actual"].notna()
    lacks = {f"{of}_{key}": behind[f"{of}_face"].isna() for of, key in product(ladder, ("at", "margin"))}
    gaps = {}
    for row, key in missing(frame, map(str, frame.columns)):
        if key in lacks and lacks[key][row]:
            gaps[str(row), key] = NO_TRANCHE
        else:
            waits = key in ("actual", f"{ladder[0]}_margin_actual") and not reported[row]
            gaps[str(row), key] = Unavailable("no_reports" if waits else "never_covered", needed=1, found=0)
    return gaps


def table(market: Market) -> ResearchTable:
    """The table, with break-even and margin of each tranche."""
    return ResearchTable(
        key="break_even",
        rows=Unit.DEAL,
        columns=columns(market.ladder),
        evidence=evidence_columns(market.ladder),
        compute=compute,
        sources=("method",),
    )
