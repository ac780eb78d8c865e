"""Recovery curves of deals → their figures, each made when the deal's page is.

The chart engine takes a hundred times as long for such a picture. So it is drawn here, by the same rules: those of Vega
5 for ticks (``d3-array``), places of texts (``vega-scenegraph``) and margins (``vega-view``). The engine draws in its
place what readers can point at, and nothing may move then.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import jinja2

from npl_report.files.writing import as_json
from npl_report.model import Unit
from npl_report.present import theme
from npl_report.present.contexts import CurveContext, CurveLine, CurveText
from npl_report.present.dealchart import drawing, specification
from npl_report.present.dealcurve import (
    AGES,
    HEIGHT,
    LEVEL,
    LOOKS,
    PADDING,
    RATES,
    WINDOW,
    Curve,
    DealCurves,
    Label,
    Look,
    Point,
)
from npl_report.present.localized import LocalizedEdition
from npl_report.present.pages import Panel, PlacedChart
from npl_report.text.numbers import Marks
from npl_report.typesetting.drawings import ALPHABET, characters, font_folder
from npl_report.typesetting.lettering import Lettering, short

TEMPLATE = "html/_partials/curve.svg"
_AGE, _TITLE, _RATE = 15, 34, 4
"""From an axis to the baselines of its ticks' labels and its title below it, from a tick to that of its label beside
it."""
_BESIDE = 8
"""From the labels of the vertical axis to the plot."""
_CRISP = 0.5
"""By which axes are moved, so that lines of one pixel fill it."""
_APART = 10
"""Pixels between labels of the horizontal axis, of which others are left out."""
_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_BEFORE = {"left": 0.0, "center": 0.5, "right": 1.0}
"""Share of a text's width that stands before its anchor."""
_BASELINES = {"top": 10, "middle": 4, "bottom": -3}
"""From the place of a text of that alignment to its baseline."""
_ASCENT, _LEADING = 10, 2
"""From the upper edge of a text to its baseline; from a line's lower edge to the next line."""
_STEPS = ((math.sqrt(50), 10), (math.sqrt(10), 5), (math.sqrt(2), 2))
"""From which mean distance of ticks on, as a multiple of a power of ten, which round one is taken."""


class Curves:
    """The figures of one language's deals."""

    def __init__(self, localized: LocalizedEdition, templates: jinja2.Environment, cache: Path) -> None:
        self._localized, self._templates = localized, templates
        self._curves, self._drawing = DealCurves(localized), drawing(localized.words)
        self._letters = Lettering(font_folder(ALPHABET | characters(self._curves.texts), cache))

    def figure(self, deal: str) -> PlacedChart | None:
        """The recovery curve of a deal; one with neither a report nor a forecast has none."""
        curve = self._curves.curve(deal)
        if curve is None:
            return None
        name = f"deal-{deal}.{self._localized.language}"
        title, kind = self._localized.printer.names.name(Unit.DEAL, deal), str(self._localized.words["profile.curve"])
        template, marks = self._templates.get_template(TEMPLATE), self._localized.printer.numbers.marks
        wide, narrow = (
            template.render(curve=picture(curve, self._letters, marks, width))
            for width in (theme.WIDTH, theme.PHONE_WIDTH)
        )
        panel = Panel(name, "", wide, narrow, as_json(specification(self._drawing, curve)))
        return PlacedChart("curve", title, kind, curve.description, (panel,), beside=False)


@dataclass(frozen=True)
class _Text:
    """A line of text: its anchor is at a share of the plot's width, and ``dx`` pixels from there."""

    text: str
    share: float
    dx: float
    y: float
    align: str
    size: float
    colour: str
    width: float
    bold: bool = False

    def left(self, plot: float) -> float:
        """Where it begins in a plot of that width."""
        return self.share * plot + self.dx - self.width * _BEFORE[self.align]

    def right(self, plot: float) -> float:
        """Where it ends."""
        return self.left(plot) + self.width

    def placed(self, plot: float, by: float) -> CurveText:
        """As it is drawn, moved ``by`` so many pixels to the right and down."""
        x, y = short(self.share * plot + self.dx + by), short(self.y + by)
        return CurveText(self.text, x, y, _ANCHORS[self.align], self.size, self.colour, self.bold)


def picture(curve: Curve, letters: Lettering, marks: Marks, width: int = theme.WIDTH) -> CurveContext:
    """The curve as it is drawn in so many pixels, of which the plot has what axes and names leave over."""
    ages, rates = ticks(curve.end, AGES, marks), ticks(curve.top, RATES, marks)
    below = [
        _text(label, _share(at, curve.end), 0.0, HEIGHT + _AGE, "center", letters, theme.SMALL) for at, label in ages
    ]
    axes = [
        _text(curve.words["age"], 0.5, 0.0, HEIGHT + _TITLE, "center", letters, theme.SMALL),
        *(
            _text(f"{label}%", 0.0, -_BESIDE, _y(at, curve) + _RATE, "right", letters, theme.LABEL, theme.INK)
            for at, label in rates
        ),
    ]
    names = list(_names(curve, letters))
    shown = [*_apart(below, width), *axes, *names]
    left = _beyond(-text.left(width) for text in shown)
    right = _beyond((text.right(width) - width for text in shown), LEVEL)  # the rule reaches so far
    above = _beyond(_ASCENT - text.y for text in shown)
    under = _beyond(text.y - _ASCENT + text.size - HEIGHT for text in shown)
    plot = max(0, width - PADDING["left"] - left - right - PADDING["right"])
    return CurveContext(
        width,
        PADDING["top"] + above + HEIGHT + under + PADDING["bottom"],
        PADDING["left"] + left,
        PADDING["top"] + above,
        _grid([at for at, _ in ages], [at for at, _ in rates], curve, plot),
        _window(curve, plot),
        theme.PALE,
        f"M0,{short(_y(curve.level, curve))}h{plot}",
        LEVEL,
        theme.MUTED,
        tuple(_line(LOOKS[name], points, curve, plot) for name, points in curve.lines.items()),
        (
            *(text.placed(plot, _CRISP) for text in (*_apart(below, plot), *axes)),
            *(text.placed(plot, 0.0) for text in names),
        ),
        theme.SANS,
    )


def ticks(end: float, count: int, marks: Marks) -> list[tuple[float, str]]:
    """About ``count`` round numbers from zero to the end, each as it prints: 1, 2 or 5 times a power of ten apart."""
    if not end:
        return [(0.0, "0")]
    mean = Decimal(end / count)
    power = mean.adjusted()
    times = float(mean.scaleb(-power))
    step = Decimal(next((round_ for least, round_ in _STEPS if times >= least), 1)).scaleb(power)
    decimals = max(0, -step.adjusted())
    values = [number * step for number in range(round(end / float(step)) + 1)]
    return [(float(value), marks(f"{value:,.{decimals}f}")) for value in values if float(value) <= end]


def _share(value: float, end: float) -> float:
    """Where a value stands on an axis from zero to an end; on one without extent in its middle."""
    return value / end if end else 0.5


def _y(at: float, curve: Curve) -> float:
    """How far below the top of the plot a rate stands."""
    return HEIGHT * (1 - _share(at, curve.top))


def _text(
    text: str,
    share: float,
    dx: float,
    y: float,
    align: str,
    letters: Lettering,
    size: float = theme.TEXT,
    colour: str = theme.MUTED,
    *,
    bold: bool = False,
) -> _Text:
    return _Text(text, share, dx, y, align, size, colour, letters.width(text, size, bold=bold), bold)


def _names(curve: Curve, letters: Lettering) -> Iterator[_Text]:
    """What stands beside the marks: the window's name above it, the labels line by line."""
    if curve.window:
        middle = _share((curve.window[0] + curve.window[1]) / 2, curve.end)
        yield _text(curve.words["window"], middle, 0.0, WINDOW + _BASELINES["bottom"], "center", letters)
    for label in curve.labels:
        yield from _lines(label, curve, letters)


def _lines(label: Label, curve: Curve, letters: Lettering) -> Iterator[_Text]:
    place, share = label.place, _share(label.age, curve.end)
    y = _y(label.at, curve) + place.dy + _BASELINES[place.baseline]
    for line in label.text.split("\n"):
        bold = label.weight == "bold"
        yield _text(line, share, place.dx, y, place.align, letters, colour=label.colour, bold=bold)
        y += theme.TEXT + _LEADING


def _apart(labels: Sequence[_Text], plot: float) -> Sequence[_Text]:
    """The labels of an axis; while some stand too near to the next, only every second."""
    while len(labels) > 2 and any(after.left(plot) - text.right(plot) < _APART for text, after in pairwise(labels)):  # noqa: PLR2004
        labels = labels[::2]
    return labels


def _beyond(edges: Iterator[float], least: float = 0.0) -> int:
    """By how many whole pixels what is drawn goes beyond the plot."""
    return math.ceil(max(least, *edges))


def _grid(ages: Sequence[float], rates: Sequence[float], curve: Curve, plot: float) -> str:
    """The lines of both axes, each on whole pixels."""
    across = (math.floor(_share(at, curve.end) * plot + _CRISP) + _CRISP for at in ages)
    down = (math.floor(_y(at, curve) + _CRISP) + _CRISP for at in rates)
    return "".join(
        (*(f"M{short(x)},{_CRISP}v{HEIGHT}" for x in across), *(f"M{_CRISP},{short(y)}h{plot:g}" for y in down))
    )


def _window(curve: Curve, plot: float) -> str:
    if not curve.window:
        return ""
    low, high = (_share(age, curve.end) * plot for age in curve.window)
    return f"M{short(low)},0H{short(high)}V{HEIGHT}H{short(low)}Z"


def _line(look: Look, points: Sequence[Point], curve: Curve, plot: float) -> CurveLine:
    """A line from the origin through its points, and the shapes on these."""
    places = [(short(_share(0.0, curve.end) * plot), short(_y(0.0, curve)))]
    places += [(short(_share(point.age, curve.end) * plot), short(_y(point.at, curve))) for point in points]
    shape = _shape(look.shape, look.size)
    return CurveLine(
        "M" + "L".join(f"{x},{y}" for x, y in places),
        "".join(f"M{x},{y}{shape}" for x, y in places[1:]),
        look.colour,
        look.width,
        ",".join(map(str, look.dash)),
    )


def _shape(kind: str, area: int) -> str:
    """A point's outline from its middle; the area is that of the square around it."""
    r, across = (f"{math.sqrt(area) * part:.3f}" for part in (0.5, 1))
    if kind == "diamond":
        return f"m-{r},0l{r},-{r} {r},{r} -{r},{r}z"
    return f"m-{r},0a{r},{r} 0 1 1 {across},0a{r},{r} 0 1 1 -{across},0"
