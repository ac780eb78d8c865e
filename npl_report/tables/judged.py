"""Predictions of what was to come, and how they are judged."""

from __future__ import annotations

import pandas as pd

from npl_report.model import Column, Unavailable, Unit, settled
from npl_report.tables.rows import Cell

RIVALS = ("chain", "curve", "offering")
"""Who predicts, in the order in which a tie is decided."""
COLUMNS = (
    Column("n_predictions", Unit.COUNT),
    Column("n_deals", Unit.DEALS),
    Column("mean_actual", Unit.RATE),
    *(Column(f"{rival}_mae", Unit.POINTS, span="mae") for rival in RIVALS),
    *(Column(f"{rival}_bias", Unit.POINTS, span="bias") for rival in RIVALS),
    Column("within", Unit.RATE),
    Column("better", Unit.TERM),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("asset_type", Unit.ASSET_TYPE),
    Column("made_on", Unit.DATE),
    Column("age", Unit.MONTHS, decimals=1),
    Column("ahead", Unit.MONTHS),
    Column("actual", Unit.RATE),
    Column("chain", Unit.RATE),
    Column("low", Unit.RATE),
    Column("high", Unit.RATE),
    Column("curve", Unit.RATE),
    Column("offering", Unit.RATE),
)


def judged(told: pd.DataFrame) -> dict[str, Cell]:
    """Number of predictions, errors, biases, the share of outcomes within the interval, and the best of the rivals."""
    if told.empty:
        none = Unavailable("none_projected")
        return {"n_predictions": 0, "n_deals": 0, **{column.key: none for column in COLUMNS[2:]}}
    errors = {rival: told[rival] - told["actual"] for rival in RIVALS}
    mae = {rival: float(error.abs().mean()) for rival, error in errors.items()}
    inside = (told["actual"] >= told["low"]) & (told["actual"] <= told["high"])
    return {
        "n_predictions": len(told),
        "n_deals": int(told["deal"].nunique()),
        "mean_actual": float(told["actual"].mean()),
        **{f"{rival}_mae": mae[rival] for rival in RIVALS},
        **{f"{rival}_bias": float(errors[rival].mean()) for rival in RIVALS},
        "within": float(inside.mean()),
        "better": min(RIVALS, key=lambda rival: settled(mae[rival])),
    }
