"""A table of a project's own, its words and a kind of chart."""

from __future__ import annotations

from pathlib import Path

KEY = "largest_pool"
CODE = '''"""The largest pool."""

import pandas as pd

from npl_report.model import TOTAL, Chart, Column, ResearchTable, Result, Unit
from npl_report.tables.rows import Rows

COLUMNS = (Column("pool_balance", Unit.MONEY),)


def compute(deals: pd.DataFrame, issuance_by_type: Result) -> Result:
    """One row: the largest pool of all deals, in millions."""
    rows = Rows(COLUMNS)
    rows.add(TOTAL, pool_balance=float(deals["pool_balance"].max()))
    return rows.result(deals.assign(row=TOTAL)[["row", "deal"]])


TABLE = ResearchTable(
    key="largest_pool",
    rows=Unit.TERM,
    columns=COLUMNS,
    evidence=(Column("deal", Unit.DEAL),),
    compute=compute,
    sources=("method",),
    chart=Chart("own-bars", ("pool_balance",)),
)
'''
CHART = '''"""Bars of the project's own."""

import altair as alt

from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Drawing, data
from npl_report.present.charts.registry import chart


@chart("own-bars", "one measure", fewest=1)
def own_bars(source: ChartSource) -> Drawing:
    """A bar a row, totals too."""
    (measure,) = source.chart.values
    records = source.long((measure,), [str(row) for row in source.result.frame.index])
    base = alt.Chart(data(records)).encode(x="at:Q", y="id:N")
    return alt.layer(base.mark_bar(color=theme.ACCENT), base.mark_text(align="left").encode(text="text:N"), height=60)
'''
WORDS = """title = "Largest pool"
summary = "The largest of all pools."
definition = "The largest pool balance."
sample = "All deals."
note = "Unpaid claims at the cut-off date."
row_head = "Deals"

[columns]
pool_balance = "Pool balance"

[chart]
title = "Largest pool"
alt = "One bar."
"""


def own_table(root: Path, code: str = CODE, key: str = KEY, languages: tuple[str, ...] = ("zh", "en")) -> Path:
    """Write the table and its kind of chart into a project; its folder."""
    folder = root / "tables" / key
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "__init__.py").write_text(code, encoding="utf-8")
    for language in languages:
        (folder / f"{language}.toml").write_text(WORDS, encoding="utf-8")
    (root / "charts").mkdir(exist_ok=True)
    (root / "charts" / "bars.py").write_text(CHART, encoding="utf-8")
    return folder


def placed_table(root: Path) -> Path:
    """Write the same into the tiny project and place it on a page; the table's folder."""
    series = root / "report" / "series.toml"
    text = series.read_text(encoding="utf-8")
    series.write_text(text.replace('tables = ["issuance', f'tables = ["{KEY}", "issuance'), encoding="utf-8")
    for language in ("zh", "en"):
        with (root / "report" / language / "recovery.qmd").open("a", encoding="utf-8") as page:
            page.write(f'\n{{{{ table("{KEY}") }}}}\n\n{{{{ chart("{KEY}") }}}}\n')
    return own_table(root)
