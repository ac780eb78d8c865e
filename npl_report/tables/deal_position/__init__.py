"""Where each deal stands among the deals of its asset type inside the observation window.

Source: the readings are those of ``window_readings``; ranks and the distance to the mean are ours. Equal deals share
the better place.
"""

from __future__ import annotations

from npl_report.model import Column, ResearchTable, Result, Unit
from npl_report.stats.groups import rank

COLUMNS = (
    Column("asset_type", Unit.ASSET_TYPE),
    Column("n_type", Unit.DEALS),
    Column("rank_recovery", Unit.RANK),
    Column("recovery_to_mean", Unit.POINTS),
    Column("rank_coverage", Unit.RANK),
    Column("n_forecast", Unit.DEALS),
    Column("rank_offset", Unit.RANK),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("date", Unit.DATE),
    Column("recovery", Unit.RATE),
    Column("coverage", Unit.MULTIPLE),
    Column("offset", Unit.RATE),
)


def compute(window_readings: Result) -> Result:
    """Rows: deals with a reading, in the order of ``window_readings``.

    The distance to the mean is a fraction, signed.
    """
    readings = window_readings.frame
    types = readings.groupby("asset_type")
    ranks = {f"rank_{measure}": types[measure].transform(rank) for measure in ("recovery", "coverage", "offset")}
    frame = readings.assign(
        n_type=types["recovery"].transform("size"),
        n_forecast=types["offset"].transform("count"),
        recovery_to_mean=readings["recovery"] - types["recovery"].transform("mean"),
        **ranks,
    )  # fmt: skip
    unranked = frame.index[frame["rank_offset"].isna()]
    gaps = {(str(row), "rank_offset"): window_readings.gaps[str(row), "offset"] for row in unranked}
    evidence = readings.assign(row=readings.index, deal=readings.index)[["row", *(column.key for column in EVIDENCE)]]
    return Result(frame[[column.key for column in COLUMNS]], evidence.reset_index(drop=True), gaps)


TABLE = ResearchTable(
    key="deal_position",
    rows=Unit.DEAL,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
