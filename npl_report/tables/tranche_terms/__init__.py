"""The terms of each tranche, and what its holder was promised.

The promise is yield, multiple and life if the offering forecast comes true.

Source: METHODS, "Structure and yield"; terms from the offering documents.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.groups import issue_sizes
from npl_report.tables.rows import missing
from npl_report.tables.structure import in_scenario

COLUMNS = (
    Column("deal", Unit.DEAL, shown=False),
    Column("tranche", Unit.TRANCHE, shown=False),
    Column("face", Unit.MONEY),
    Column("share", Unit.RATE),
    Column("rate", Unit.RATE),
    Column("expected_maturity", Unit.DATE),
    Column("legal_maturity", Unit.DATE),
    Column("expected_yield", Unit.RATE),
    Column("expected_multiple", Unit.MULTIPLE, 3),
    Column("expected_life", Unit.MONTHS, 1),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("face", Unit.MONEY),
    Column("fee_rate", Unit.RATE),
    Column("liquidity_reserve", Unit.MONEY),
    Column("reward_share", Unit.RATE),
)


def compute(deals: pd.DataFrame, tranches: pd.DataFrame, scenario_returns: Result, ladder: tuple[str, ...]) -> Result:
    """Rows: ``<deal>@<tranche>``, by deal and rank.

    Money in millions; ``rate`` is the coupon, or the fixed return of the last tranche.
    """
    facts, base = deals.set_index("deal"), scenario_returns.frame
    base = in_scenario(base, 1.0, 0)
    frame = (
        tranches.assign(rank=tranches["tranche"].map(ladder.index))
        .sort_values(["deal", "rank"], kind="stable")
        .reset_index(drop=True)
    )
    frame["share"] = frame["face"] / frame["deal"].map(issue_sizes(tranches))
    frame["rate"] = frame["coupon"].where(frame["tranche"] != ladder[-1], frame["deal"].map(facts["sub_fixed_return"]))
    for name, measure in (("yield", "rate"), ("multiple", "multiple"), ("life", "life")):
        expected = pd.concat({tranche: base[f"{tranche}_{measure}"] for tranche in ladder})
        frame[f"expected_{name}"] = expected.reindex(frame[["tranche", "deal"]]).to_numpy()
    frame.index = pd.Index(frame["deal"] + "@" + frame["tranche"])
    unforeseen = ~frame["deal"].isin(base.index)
    gaps = {
        (str(row), key): Unavailable("no_forecast" if unforeseen[row] else "nothing_repaid", needed=1, found=0)
        for row, key in missing(frame, ("expected_yield", "expected_multiple", "expected_life"))
    }
    terms = {"fee_rate": "fee_rate", "liquidity_reserve": "liquidity_reserve", "reward_share": "excess_reward_share"}
    evidence = frame.assign(
        row=frame.index, **{name: frame["deal"].map(facts[column]) for name, column in terms.items()}
    )
    return Result(
        frame[[column.key for column in COLUMNS]],
        evidence[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True),
        gaps,
    )


TABLE = ResearchTable(
    key="tranche_terms", rows=Unit.TERM, columns=COLUMNS, evidence=EVIDENCE, compute=compute, sources=("method",)
)
