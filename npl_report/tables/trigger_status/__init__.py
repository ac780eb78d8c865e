"""Performance triggers of live deals at their last report: passed, breached, not known.

Source: METHODS, "What the market reads"; which triggers there are, and what they look at, is told by ``market.toml``.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from npl_report.model import TOTAL, Column, ResearchTable, Result, Trigger, Unavailable, Unit
from npl_report.stats.groups import settle
from npl_report.tables.latest import live
from npl_report.tables.rows import Rows

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE, shown=False),
    Column("trigger", Unit.TERM, shown=False),
    Column("n_deals", Unit.DEALS),
    Column("n_passed", Unit.DEALS),
    Column("n_breached", Unit.DEALS),
    Column("n_unknown", Unit.DEALS),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("level", Unit.RATE),
    Column("low", Unit.RATE),
    Column("high", Unit.RATE),
    Column("state", Unit.TERM),
)
STATES = ("passed", "breached", "unknown")


def compute(
    latest_deals: Result,
    closed_claims_deals: Result | Unavailable,
    deals: pd.DataFrame,
    triggers: tuple[Trigger, ...],
    asset_types: tuple[str, ...],
) -> Result | Unavailable:
    """Rows: ``total-<trigger>`` and, of the classes that have deals with it, ``<class>-<trigger>``."""
    there = live(deals).set_index("deal", drop=False).rename_axis(None)
    tested = [_tested(trigger, there, latest_deals, closed_claims_deals) for trigger in triggers]
    if not any(map(len, tested)):
        return Unavailable("no_triggers", needed=1, found=0)
    rows, evidence = Rows(COLUMNS), []
    for trigger, of in zip(triggers, tested, strict=True):
        for kind, group in _groups(of, asset_types):
            counts = {f"n_{state}": int((group["state"] == state).sum()) for state in STATES}
            rows.add(f"{kind}-{trigger.key}", asset_type=kind, trigger=trigger.key, n_deals=len(group), **counts)
        evidence.append(of.assign(row=of["asset_type"] + "-" + trigger.key))
    return rows.result(pd.concat(evidence)[["row", *(column.key for column in EVIDENCE)]])


def _groups(tested: pd.DataFrame, asset_types: tuple[str, ...]) -> Iterator[tuple[str, pd.DataFrame]]:
    """All deals with a trigger, and those of each class that has some."""
    if len(tested):
        yield TOTAL, tested
    parts = ((kind, tested.loc[tested["asset_type"] == kind]) for kind in asset_types)
    yield from ((kind, group) for kind, group in parts if len(group))


def _tested(
    trigger: Trigger, there: pd.DataFrame, latest_deals: Result, closed_claims_deals: Result | Unavailable
) -> pd.DataFrame:
    """The live deals with a level, and the state of each.

    It is unknown without a figure, and where the level lies between the ends of what is known of it.
    """
    deals = there.loc[there[trigger.column].notna()]
    ends = {"ccr_gross": ("ccr_gross", "ccr_gross"), "ccr_net": ("ccr_net_low", "ccr_net_high")}
    low, high = ends.get(trigger.measure, ("npv_ratio", "npv_ratio"))
    source = closed_claims_deals if trigger.measure == "profitability" else latest_deals
    none = pd.DataFrame(index=deals.index, columns=[low, high], dtype=float)
    known = none if isinstance(source, Unavailable) else source.frame.reindex(deals.index)
    level, least, most = (settle(values) for values in (deals[trigger.column], known[low], known[high]))
    state = np.select([least >= level, most < level], STATES[:2], default=STATES[2])
    return pd.DataFrame(
        {
            "deal": deals.index,
            "asset_type": deals["asset_type"],
            "level": deals[trigger.column],
            "low": known[low],
            "high": known[high],
            "state": state,
        }
    )


TABLE = ResearchTable(
    key="trigger_status",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
