"""Colours and type of every chart; ``charts.css`` gives each colour its dark counterpart.

Safe for the common colour-vision deficiencies (blue, orange, teal of different lightness).
"""

from __future__ import annotations

from math import fsum
from typing import Any
from unicodedata import east_asian_width

from npl_report.text.numbers import Marks

SANS = "NPL Sans"
"""The family name under which the pinned fonts are embedded; ``publish.fonts`` makes them."""

STACK = f"{SANS}, Noto Sans SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, sans-serif"
"""The same where a specification is drawn on other machines, and families with Chinese characters that these may
have."""

CLASS_COLOURS = ("#1f4e79", "#d0752b", "#4f9d9d", "#415a18", "#9345b8", "#5491f4", "#501243", "#4238eb")
"""Of the asset classes that an edition reports, by position."""
CLASS_INKS = ("#1f4e79", "#a85416", "#2a7474", "#415a18", "#8a3eae", "#2c6bd1", "#4d0f3e", "#3d33dd")
"""The same hues, dark enough for text."""
ACCENT = "#1f4e79"
SECOND = "#d0752b"
ABOVE = "#1f6f8b"
BELOW = "#b8502f"
INK = "#1d2733"
MUTED = "#5c6975"
SPAN = "#b9cbdc"
RULE = "#d5dbe1"
PALE = "#e8edf2"
PAPER = "#ffffff"
WARNING = "#8a4b12"
"""Text of the notice on the data."""
DIVERGING = ("#9a4a10", "#d98b4f", "#efbd93", "#f8e0cc", "#f3f4f5", "#d6e4f1", "#a6c8e4", "#6fa3d0", "#1d5c94")
"""Steps from −1 over nothing to 1: orange and blue, which every common deficiency tells apart. In the dark the
middle is dark and the ends are bright."""
ON_DIVERGING = (PAPER, INK, INK, INK, INK, INK, INK, INK, PAPER)
"""Colour of text on each step, in both schemes (the counterpart of paper is dark)."""
RUNGS = ((DIVERGING[7], ACCENT), ("#7daf5a", "#2a6f3b"), ("#bba9eb", "#7e63c5"), ("#e49fb1", "#a8586d"))
"""Of interest and principal of the tranches of the ladder but the last, by rank."""
LAST_RUNG = (SECOND, DIVERGING[2], DIVERGING[0])
"""Of principal, fixed return and residual of the last tranche."""

WIDTH = 600
"""Width of the static picture in CSS pixels; in the browser a chart takes its container's width."""
PHONE_WIDTH = 340
"""The same of its narrow variant, which stands in boxes of less than ``WIDTH``: what a phone has room for."""
PANEL_WIDTH = 250
"""The same for a panel that stands beside others."""
TEXT = 12.5
"""Size of figures and names in the drawing, in pixels."""
LABEL = 13
"""Size of the names of rows."""
SMALL = 12
"""Size of what is beside the point: ticks, titles of axes, notes in the plot. The note prints it at 6.5 points or
more."""
_FULL, _BROAD, _CAPITAL, _SMALL, _THIN = 1.0, 0.92, 0.7, 0.56, 0.31
"""Widths of a Chinese character, a broad letter, a capital or digit, a small letter and a thin sign, in ems: a
little more than our regular font takes."""
_BOLD = 1.05
"""Width of bold text against regular."""


def text_width(text: str, size: float = TEXT, *, bold: bool = False) -> float:
    """Width in pixels that a line of text takes at most."""
    return size * fsum(map(_ems, text)) * (_BOLD if bold else 1.0)


def _ems(sign: str) -> float:
    if east_asian_width(sign) in "WF":
        return _FULL
    if sign in "mwMW%":
        return _BROAD
    if sign in " .,:;()·Iijlt":
        return _THIN
    return _CAPITAL if sign.isupper() or sign.isdigit() or sign == "\u2212" else _SMALL


def _locale(marks: Marks) -> dict[str, Any]:
    number = {"decimal": marks.decimal, "thousands": marks.thousands, "grouping": [3], "currency": ["", ""]}
    return {} if marks.usual else {"locale": {"number": number}}


def config(marks: Marks) -> dict[str, Any]:
    """The Vega-Lite configuration; ``marks``: of figures, which are Vega's own in most languages."""
    return _locale(marks) | {
        "background": "transparent",
        "padding": {"left": 2, "top": 4, "right": 4, "bottom": 4},
        "font": SANS,
        "view": {"stroke": None},
        "axis": {
            "labelFont": SANS,
            "titleFont": SANS,
            "labelFontSize": LABEL,
            "titleFontSize": SMALL,
            "labelColor": INK,
            "titleColor": MUTED,
            "titleFontWeight": "normal",
            "grid": False,
            "domainColor": RULE,
            "tickColor": RULE,
            "labelLimit": 240,
        },
        "axisX": {
            "grid": True,
            "gridColor": PALE,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "titlePadding": 8,
            "labelFontSize": SMALL,
            "labelColor": MUTED,
            "labelFlush": False,
            "labelOverlap": True,
            "labelSeparation": 10,
        },
        "axisY": {"ticks": False, "labelPadding": 8},
        "mark": {"aria": False, "color": INK},
        "text": {"font": SANS, "fontSize": TEXT, "color": INK},
        "bar": {"cornerRadiusEnd": 1.5},
    }
