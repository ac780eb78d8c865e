"""Declared charts → Vega-Lite specifications, by Altair.

One function a kind; reading comes first: sorted rows with figures, few colours, names at the marks.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

import altair as alt
from altair.utils import update_nested
from altair.utils.schemapi import debug_mode

from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.crowds import crowded, told
from npl_report.present.charts.parts import Drawing
from npl_report.present.charts.registry import KINDS, kind_of
from npl_report.text.numbers import Marks

__all__ = ["KINDS", "finished", "kind_of", "specifications"]

alt.data_transformers.disable_max_rows()

for _module in pkgutil.iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")  # each registers its kinds


def specifications(source: ChartSource, description: str) -> dict[str, dict[str, Any]]:
    """The panels of a table's chart as Vega-Lite dicts, with its alternative text as description.

    The only panel has no name and no title. Where the deals are a crowd, the text says so.
    """
    kind = kind_of(source.table, source.chart)
    if kind.deals and crowded(source):
        description = str(source.program["ui.between_sentences"]).join([description, told(source)])
    with debug_mode(arg=False):  # what is drawn is held against the schema by the tests, not at every build
        drawn = kind.draw(source)
        panels = drawn if isinstance(drawn, dict) else {"": drawn}
        return {
            name: finished(panel, description, source.numbers.marks, beside=kind.beside, title=_title(source, name))
            for name, panel in panels.items()
        }


def _title(source: ChartSource, panel: str) -> str:
    """What stands over a panel: the asset type that names it, or the chart's own word for it."""
    if not panel:
        return ""
    return source.names.name(Unit.ASSET_TYPE, panel) if panel in source.asset_types else source.word(f"panels.{panel}")


def finished(
    drawn: Drawing, description: str, marks: Marks, *, beside: bool = False, title: str = ""
) -> dict[str, Any]:
    """A drawing with its width and the look of the house, as a Vega-Lite dict.

    The title stands outside the drawing, and in it as ``usermeta``.
    """
    spec: dict[str, Any] = drawn.to_dict(validate=False)
    spec |= {
        "width": theme.PANEL_WIDTH if beside else theme.WIDTH,
        "description": description,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": update_nested(spec["config"], theme.config(marks)),
    }
    spec["datasets"] = {name: list(values) for name, values in spec.get("datasets", {}).items()}
    spec["usermeta"] = {"embedOptions": {"actions": False}, **({"title": title} if title else {})}
    return spec
