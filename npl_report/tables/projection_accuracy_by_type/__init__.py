"""``projection_accuracy`` by asset type: where projecting does better than the circular, and where worse."""

from __future__ import annotations

from npl_report.model import Column, ResearchTable, Result, Unit
from npl_report.tables.judged import COLUMNS as JUDGED
from npl_report.tables.judged import EVIDENCE, judged
from npl_report.tables.rows import Rows

COLUMNS = (Column("asset_type", Unit.ASSET_TYPE, shown=False), Column("ahead", Unit.MONTHS, shown=False), *JUDGED)


def compute(projection_accuracy: Result, asset_types: tuple[str, ...]) -> Result:
    """Rows: ``<type>-<months>m``, of which there is a prediction. Errors as fractions of the pool balance."""
    told = projection_accuracy.evidence
    rows = Rows(COLUMNS)
    ids = told["asset_type"] + "-" + told["row"]
    groups = {(str(kind), int(str(months))): part for (kind, months), part in told.groupby(["asset_type", "ahead"])}
    for kind, months in sorted(groups, key=lambda key: (asset_types.index(key[0]), key[1])):
        rows.add(f"{kind}-{months}m", asset_type=kind, ahead=months, **judged(groups[kind, months]))
    return rows.result(told.assign(row=ids))


TABLE = ResearchTable(
    key="projection_accuracy_by_type",
    linked=True,
    rows=Unit.PAIR,
    columns=COLUMNS,
    evidence=EVIDENCE,
    compute=compute,
    sources=("mack1993", "method"),
)
