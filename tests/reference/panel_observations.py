"""Writes tests/reference/panel_observations.csv, which panel.R reads; how to run both stands at the head of panel.R."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from npl_report.load.data import dataset, read_source
from npl_report.load.project import Project, read_edition
from npl_report.model import Result
from npl_report.tables import compute_tables
from npl_report.tables.panels import INDEX, PANELS
from tests.helpers.market import MARKET

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parents[1]
NUMBERS = ["recovery", "forecast", "half_year", "pool_balance", "secured_share"]


def observations(edition_id: str) -> pd.DataFrame:
    """The observations of both panels, singletons included.

    Edition, panel, entity, period, and the numbers in full precision.
    """
    edition = read_edition(Project(ROOT), edition_id)
    result = compute_tables(
        ["panel_observations"], dataset(read_source(ROOT / "data"), edition.as_of, MARKET), edition
    )["panel_observations"]
    if not isinstance(result, Result):
        raise SystemExit(f"no observations: {result}")
    frame = result.frame
    parts = []
    for key in PANELS:
        entity, period = INDEX[key]
        part = frame.loc[frame["panel"] == key]
        parts.append(
            pd.DataFrame(
                {"edition": edition_id, "panel": key, "entity": part[entity], "period": part[period].astype(int)}
            ).join(part[NUMBERS].astype(float))
        )
    return pd.concat(parts, ignore_index=True)


if __name__ == "__main__":
    observations(sys.argv[1]).to_csv(FOLDER / "panel_observations.csv", index=False, lineterminator="\n")
