"""Colours and type of every chart; the style sheets use the same values. Safe for the common colour-vision deficiencies (blue, orange, teal of different lightness)."""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from npl_report.model import AssetType

SANS = "NPL Sans"
"""The family name under which the pinned fonts are embedded; ``publish.fonts`` makes them."""

TYPE_COLOURS: MappingProxyType[AssetType, str] = MappingProxyType({"corporate": "#1f4e79", "mortgage": "#d0752b", "unsecured": "#4f9d9d"})
ACCENT = "#1f4e79"
SECOND = "#d0752b"
ABOVE = "#1f6f8b"
BELOW = "#c2573a"
INK = "#1d2733"
MUTED = "#5c6975"
RULE = "#d5dbe1"
PALE = "#e8edf2"

WIDTH = 600
"""Width of the static picture in CSS pixels; in the browser a chart takes its container's width."""


def config() -> dict[str, Any]:
    """The Vega-Lite configuration."""
    text = {"labelFont": SANS, "titleFont": SANS, "labelFontSize": 13, "titleFontSize": 12, "labelColor": INK, "titleColor": MUTED}
    return {
        "background": "transparent",
        "padding": {"left": 2, "top": 5, "right": 34, "bottom": 5},
        "font": SANS,
        "view": {"stroke": None},
        "axis": {**text, "titleFontWeight": "normal", "grid": False, "domainColor": RULE, "tickColor": RULE, "labelLimit": 240},
        "axisX": {"grid": True, "gridColor": PALE, "domain": False, "ticks": False, "labelPadding": 6, "titlePadding": 8, "labelOverlap": True, "labelSeparation": 10},
        "axisY": {"ticks": False, "labelPadding": 8},
        "legend": {**text, "title": None, "orient": "top", "labelFontSize": 12.5, "symbolType": "circle", "symbolSize": 90, "columnPadding": 18},
        "text": {"font": SANS, "fontSize": 12.5, "color": INK},
        "bar": {"cornerRadiusEnd": 1.5},
    }
