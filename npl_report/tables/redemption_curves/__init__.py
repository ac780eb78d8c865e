"""What share of each issue year's first and last tranches is outstanding, by age: Kaplan–Meier at whole months.

Source: METHODS, "What the market reads"; ``npl_report.stats.survival``. Computed from the deals behind
``redemption_by_cohort``.
"""

from __future__ import annotations

from math import ceil, floor

import pandas as pd

from npl_report.model import Chart, Column, Edition, Market, ResearchTable, Result, Unavailable, Unit
from npl_report.stats.survival import Survival, kaplan_meier
from npl_report.tables.rows import Cell, Rows

COLUMNS = (
    Column("year", Unit.YEAR, shown=False),
    Column("age", Unit.MONTHS, shown=False),
    Column("at_risk", Unit.DEALS, span="first"),
    Column("survival", Unit.RATE, span="first"),
    Column("error", Unit.POINTS, span="first"),
    Column("last_at_risk", Unit.DEALS, span="last"),
    Column("last_survival", Unit.RATE, span="last"),
    Column("last_error", Unit.POINTS, span="last"),
    Column("enough", Unit.TERM),
)
EVIDENCE = (
    Column("deal", Unit.DEAL),
    Column("tranche", Unit.TRANCHE),
    Column("age", Unit.MONTHS, 1),
    Column("redeemed", Unit.TERM),
)
_NOT_SEEN = Unavailable("beyond_observed", needed=1, found=0)
_NO_ERROR = Unavailable("none_outstanding_error")
_PARTS = ("", "last_")


def compute(redemption_by_cohort: Result, edition: Edition) -> Result:
    """Rows: ``<year of issue>-<age>m``, every month to the last that is observed of the year.

    ``at_risk``: deals observed to that age with the tranche outstanding just before it. Shares as fractions.
    """
    seen = redemption_by_cohort.evidence
    rows, finals = Rows(COLUMNS), {}
    for year, group in seen.groupby("row", sort=True):
        found = {part: kaplan_meier(group[f"{part}age"], group[f"{part}redeemed"] == "yes") for part in _PARTS}
        enough = "yes" if len(group) >= edition.ranking.fewest else "no"
        finals[year] = max(_final(of) for of in found.values())
        for age in range(finals[year] + 1):
            cells = {**_cells("", found[""], age), **_cells("last_", found["last_"], age)}
            rows.add(f"{year}-{age}m", year=int(str(year)), age=age, enough=enough, **cells)
    return rows.result(_evidence(seen, edition.market, pd.Series(finals)))


def _final(found: Survival) -> int:
    """The last whole month that is observed, or the next one if all is over within it."""
    over, end = len(found.survival) > 0 and found.survival[-1] == 0, float(found.ends[-1])
    return ceil(end) if over else floor(end)


def _cells(part: str, found: Survival, age: int) -> dict[str, Cell]:
    """The estimate of one tranche at an age."""
    at = found.at(age)
    survival: Cell = _NOT_SEEN if at is None else at[0]
    error: Cell = _NOT_SEEN if at is None else at[1] if at[0] > 0 else _NO_ERROR
    return {f"{part}at_risk": found.at_risk(age), f"{part}survival": survival, f"{part}error": error}


def _evidence(seen: pd.DataFrame, market: Market, final: pd.Series) -> pd.DataFrame:
    """Both tranches of every deal at the month with which its observation ends, ``final`` being the last by year."""
    parts = [
        pd.DataFrame(
            {
                "year": seen["row"],
                "deal": seen["deal"],
                "tranche": tranche,
                "age": seen[f"{part}age"],
                "redeemed": seen[f"{part}redeemed"],
            }
        )
        for part, tranche in zip(_PARTS, (market.ladder[0], market.ladder[-1]), strict=True)
    ]
    both = pd.concat(parts, ignore_index=True)
    month = both["age"].map(ceil).combine(both["year"].map(final), min)
    both["row"] = both["year"] + "-" + month.astype(int).astype(str) + "m"
    ordered = both.assign(rank=both["tranche"].map(market.ladder.index), month=month)
    ordered = ordered.sort_values(["year", "month", "rank", "age", "deal"], kind="stable")
    return ordered[["row", *(column.key for column in EVIDENCE)]].reset_index(drop=True)


TABLE = ResearchTable(
    key="redemption_curves",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("method",),
    chart=Chart("survival", ("survival", "at_risk", "last_survival", "last_at_risk")),
)
