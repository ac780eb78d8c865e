"""Declared charts → Vega-Lite specifications, by Altair.

One function a kind; reading comes first: sorted rows with figures, few colours, names at the marks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import altair as alt

from npl_report.model import ASSET_TYPES, ChartKind, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.ages import band, curves, paths
from npl_report.present.charts.columns import stacked_bars
from npl_report.present.charts.estimates import coefficients, scree
from npl_report.present.charts.flows import flows
from npl_report.present.charts.matrices import heatmap
from npl_report.present.charts.parts import Drawing, Panels
from npl_report.present.charts.residuals import fit
from npl_report.present.charts.rows import bars, diverging, dumbbell, progress, windows
from npl_report.present.charts.strips import strip
from npl_report.present.charts.years import trend

__all__ = ["BESIDE", "KINDS", "finished", "specifications"]

alt.data_transformers.disable_max_rows()

BESIDE: frozenset[ChartKind] = frozenset({"paths", "curves", "band", "fit"})
"""Kinds whose panels stand beside each other: small multiples."""

KINDS: dict[ChartKind, Callable[[ChartSource], Drawing | Panels]] = {
    "bars": bars,
    "stacked_bars": stacked_bars,
    "progress": progress,
    "dumbbell": dumbbell,
    "windows": windows,
    "strip": strip,
    "diverging": diverging,
    "trend": trend,
    "paths": paths,
    "curves": curves,
    "band": band,
    "coefficients": coefficients,
    "scree": scree,
    "heatmap": heatmap,
    "fit": fit,
    "flows": flows,
}


def specifications(source: ChartSource, description: str) -> dict[str, dict[str, Any]]:
    """The panels of a table's chart as Vega-Lite dicts, with its alternative text as description.

    The only panel has no name and no title.
    """
    kind = source.chart.kind
    drawn = KINDS[kind](source)
    panels = drawn if isinstance(drawn, dict) else {"": drawn}
    return {
        name: finished(panel, description, beside=kind in BESIDE, title=_title(source, name))
        for name, panel in panels.items()
    }


def _title(source: ChartSource, panel: str) -> str:
    """What stands over a panel: the asset type that names it, or the chart's own word for it."""
    if not panel:
        return ""
    return source.names.name(Unit.ASSET_TYPE, panel) if panel in ASSET_TYPES else source.word(f"panels.{panel}")


def finished(drawn: Drawing, description: str, *, beside: bool = False, title: str = "") -> dict[str, Any]:
    """A drawing with its width and the look of the house, as a Vega-Lite dict.

    The title stands outside the drawing, and in it as ``usermeta``.
    """
    width = theme.PANEL_WIDTH if beside else theme.WIDTH
    spec: dict[str, Any] = (
        drawn.properties(
            width=width, description=description, autosize=alt.AutoSizeParams(type="fit-x", contains="padding")
        )
        .configure(**theme.config())
        .to_dict()
    )
    spec["usermeta"] = {"embedOptions": {"actions": False}, **({"title": title} if title else {})}
    return spec
