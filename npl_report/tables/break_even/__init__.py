"""Break-even recoveries of each deal, and how far expected and actual recovery lie from them.

From R0 on the senior tranche is paid in full, from R1 on the subordinated tranche has its principal and fixed return.

Source: METHODS, "Structure and yield" (the quantity formula, ours), solved by ``stats.breakeven`` for the timing of the
offering forecast.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from npl_report.model import TRANCHES, Column, Edition, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.breakeven import break_even
from npl_report.stats.groups import differences
from npl_report.stats.scenarios import Profile
from npl_report.stats.waterfall import Terms
from npl_report.tables.structure import forecast_profile, terms_of

SAME = 1e-9
"""Of the issue size: what formula and waterfall may differ by in any scenario and still agree."""
COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("senior_at", Unit.RATE),
    Column("subordinated_at", Unit.RATE),
    Column("expected", Unit.RATE),
    Column("senior_margin", Unit.POINTS),
    Column("subordinated_margin", Unit.POINTS),
    Column("actual", Unit.RATE),
    Column("senior_margin_actual", Unit.POINTS),
    Column("status", Unit.TERM),
    Column("formula", Unit.TERM),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("pool_balance", Unit.MONEY),
    Column("senior_face", Unit.MONEY),
    Column("subordinated_face", Unit.MONEY),
    Column("expected_total", Unit.MONEY),
    Column("break_even_senior", Unit.MONEY),
    Column("break_even_subordinated", Unit.MONEY),
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

    Rates are gross recoveries over the pool balance, as fractions; money in CNY million.

    ``status``: ``run_off`` once a deal is liquidated and no period of it is missing, whose actual recovery is then
    final, or ``collecting``. ``formula``: whether quantity formula and waterfall agree in every scenario.
    """
    names, flows = forecast_profile(deals, forecasts, edition.structure)
    if names.empty:
        return Unavailable("no_forecast", needed=1, found=0)
    terms, facts = terms_of(deals, tranches, priorities, names), deals.set_index("deal").reindex(names)
    recovered = collections.groupby("deal")["collected"].sum().reindex(names)
    behind = _amounts(flows, terms, facts["pool_balance"], recovered)
    money = ["break_even_senior", "break_even_subordinated", "expected_total", "recovered"]
    frame = behind[money].div(behind["pool_balance"], axis=0)
    frame = frame.set_axis(["senior_at", "subordinated_at", "expected", "actual"], axis=1)
    for tranche in TRANCHES:
        frame[f"{tranche}_margin"] = differences(frame["expected"], frame[f"{tranche}_at"])
    frame["senior_margin_actual"] = differences(frame["actual"], frame["senior_at"])
    frame["asset_type"] = facts["asset_type"]
    final = facts["liquidated_on"].notna() & facts["unread_from"].isna()
    frame["status"] = np.where(final, "run_off", "collecting")
    returns = scenario_returns.frame
    apart = (returns["formula"] - returns["paid"]).abs().groupby(returns["deal"]).max().reindex(names)
    frame["formula"] = np.where(apart <= SAME * (terms.senior + terms.subordinated), "yes", "no")
    frame = frame[[column.key for column in COLUMNS]].rename_axis(None)
    evidence = behind.assign(row=names)[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame, evidence.reset_index(drop=True), _gaps(frame))


def _amounts(flows: Profile, terms: Terms, pools: pd.Series, recovered: pd.Series) -> pd.DataFrame:
    """The amounts behind the rates, by deal; ``pools`` and ``recovered``: pool balances and recoveries to date."""
    found, total = break_even(flows, terms), flows.collected.sum(axis=0)
    return pd.DataFrame(
        {
            "deal": pools.index,
            "pool_balance": pools,
            "senior_face": terms.senior,
            "subordinated_face": terms.subordinated,
            "expected_total": total,
            "break_even_senior": found.senior * total,
            "break_even_subordinated": found.subordinated * total,
            "recovered": recovered,
        },
        index=pools.index,
    )


def _gaps(frame: pd.DataFrame) -> dict[tuple[str, str], Unavailable]:
    """Why a rate or margin is missing: nothing is reported yet, or no recovery would be enough."""
    reported = frame["actual"].notna()
    gaps = {}
    for key in map(str, frame.columns):
        for row in frame.index[frame[key].isna()]:
            waits = key in ("actual", "senior_margin_actual") and not reported[row]
            gaps[str(row), key] = Unavailable("no_reports" if waits else "never_covered", needed=1, found=0)
    return gaps


TABLE = ResearchTable(
    key="break_even", rows=Unit.DEAL, columns=COLUMNS, evidence=EVIDENCE, compute=compute, sources=("method",)
)
