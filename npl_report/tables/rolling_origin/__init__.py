"""What the regression would have been worth at the time.

Each issue year's one-year recovery rates are predicted from the deals that had been read before the year began.

Source: METHODS, determinants; the evaluation on a rolling origin is ours. A reading counts as known from the day on
which its period was first reported.
"""

from __future__ import annotations

import pandas as pd

from npl_report.model import TOTAL, Column, Edition, ResearchTable, Result, Unavailable, Unit, settled
from npl_report.stats.groups import mean
from npl_report.stats.rolling import predicted
from npl_report.tables.determinants import regressors
from npl_report.tables.rows import Cell, Rows

RIVALS = ("model", "offering", "naive")
"""Who predicts, in the order in which a tie is decided."""
COLUMNS = (
    Column("n_train", Unit.DEALS),
    Column("n_test", Unit.DEALS),
    *(Column(f"{rival}_mae", Unit.POINTS, span="mae") for rival in RIVALS),
    *(Column(f"{rival}_bias", Unit.POINTS, span="bias") for rival in RIVALS[:2]),
    Column("better", Unit.TERM),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("year", Unit.YEAR),
    Column("actual", Unit.RATE),
    Column("predicted", Unit.RATE),
    Column("offering", Unit.RATE),
    Column("naive", Unit.RATE),
)


def compute(
    one_year_readings: Result, determinants_sample: Result, collections: pd.DataFrame, edition: Edition
) -> Result | Unavailable:
    """Rows: issue years with a deal read at one year, and all of them pooled.

    Errors and biases as fractions; a bias is the mean of predicted less actual. A deal is predicted if it has all
    variables and a forecast, and if a deal of its type is among those learned from, so that all three are judged on the
    same deals.
    """
    entered = regressors(determinants_sample)[list(edition.determinants.regressors)]
    readings = _known(one_year_readings.frame, collections)
    readings = readings.assign(modelled=readings.index.isin(entered.index))
    rows = Rows(COLUMNS)
    parts = []
    for year in sorted(set(readings["year"])):
        past = readings.loc[readings["modelled"] & (readings["known"] < pd.Timestamp(int(year), 1, 1))]
        answer = _predictions(readings.loc[readings["year"] == year], past, entered, edition.determinants.vif_limit)
        if not isinstance(answer, Unavailable):
            parts.append(answer.assign(row=str(year)))
        rows.add(str(year), n_train=len(past), **_judged(answer))
    if not parts:
        return Unavailable("no_year_predicted")
    pooled = pd.concat(parts)
    rows.add(TOTAL, n_train=Unavailable("differs_by_year"), **_judged(pooled))
    return rows.result(pooled[["row", *(column.key for column in EVIDENCE)]])


def _known(readings: pd.DataFrame, collections: pd.DataFrame) -> pd.DataFrame:
    """The readings, by deal, with the day on which the one read was first known.

    That is when it and all periods before it had been reported, and it had ended.
    """
    periods = collections.sort_values(["deal", "period_end"], kind="stable").set_index(["deal", "period_end"])
    days = periods.assign(ended=periods.index.get_level_values("period_end"))[["first_reported_on", "ended"]].max(
        axis="columns"
    )
    reported = days.groupby(level="deal").cummax()
    keys = pd.MultiIndex.from_arrays([readings.index, readings["date"]])
    return readings.assign(known=reported.reindex(keys).to_numpy()).sort_index(kind="stable")


def _predictions(
    year: pd.DataFrame, past: pd.DataFrame, entered: pd.DataFrame, limit: float
) -> pd.DataFrame | Unavailable:
    """The year's deals that can be predicted: deal, year, actual, and what each rival said."""
    judged = year.loc[
        year["modelled"] & year["forecast_recovery"].notna() & year["asset_type"].isin(past["asset_type"])
    ]
    said = predicted(past["recovery"].astype(float), entered.loc[past.index], entered.loc[judged.index], limit)
    if isinstance(said, Unavailable):
        return said
    if judged.empty:
        return Unavailable("no_deals", needed=1, found=0)
    return pd.DataFrame(
        {
            "deal": judged.index,
            "year": judged["year"].to_numpy(),
            "actual": judged["recovery"].to_numpy(dtype=float),
            "predicted": said.to_numpy(dtype=float),
            "offering": judged["forecast_recovery"].to_numpy(dtype=float),
            "naive": judged["asset_type"].map(past.groupby("asset_type")["recovery"].mean()).to_numpy(dtype=float),
        }
    )


def _judged(answer: pd.DataFrame | Unavailable) -> dict[str, Cell]:
    """Number of deals, errors, biases and the best of a set of predictions."""
    if isinstance(answer, Unavailable):
        return {"n_test": 0, **{column.key: answer for column in COLUMNS[2:]}}
    errors = {rival: answer["predicted" if rival == "model" else rival] - answer["actual"] for rival in RIVALS}
    mae = {rival: float(error.abs().mean()) for rival, error in errors.items()}
    return {
        "n_test": len(answer),
        **{f"{rival}_mae": mae[rival] for rival in RIVALS},
        **{f"{rival}_bias": mean(errors[rival]) for rival in RIVALS[:2]},
        "better": min(RIVALS, key=lambda rival: settled(mae[rival])),
    }


TABLE = ResearchTable(
    key="rolling_origin",
    rows=Unit.YEAR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
)
