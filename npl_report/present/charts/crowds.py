"""What stands for the deals where they are so many that their dots and lines would cover each other.

Squares and bars, each for several deals: a specification then holds these, and does not grow with the deals.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, count, pairwise, repeat
from math import prod
from typing import Any, TypeVar

import altair as alt

from npl_report.model import Column, Unit
from npl_report.present import theme
from npl_report.present.chartdata import ChartSource
from npl_report.present.charts.parts import Record, Sign, data, tooltip

P = TypeVar("P", bound=Hashable)
"""Where deals lie: the numbers of ranges, or a row and one of them."""
Steps = list[tuple[int, int]]
"""From and to how many deals a square has each of the colours."""
CROWD = 400
"""Deals that a figure still shows one by one (ours): of more, small dots cover each other on a phone."""
COUNT = Column("n_deals", Unit.DEALS)
_COLOURS = theme.DIVERGING[6:]
"""Of squares with few, more and many deals."""


def crowded(source: ChartSource) -> bool:
    """Whether the deals of a figure are too many to be shown one by one."""
    return source.deals > CROWD


def told(source: ChartSource) -> str:
    """That the figure shows no single deal, as a sentence."""
    return str(source.program["chart.crowd"]).format(n=source.numbers.text(CROWD, COUNT))


@dataclass(frozen=True)
class Bins:
    """A scale in equal ranges: the ``column`` that it measures and its ``title``, both ends and how many there are.

    ``field`` is that of the chart, in which a range begins; it ends in ``<field>_to``.
    """

    field: str
    title: str
    column: Column
    ends: tuple[float, float]
    count: int

    def place(self, value: float) -> int:
        """The number of the range that holds a value."""
        low, high = self.ends
        return min(self.count - 1, max(0, int((value - low) / (high - low) * self.count)))

    def record(self, place: int, source: ChartSource) -> Record:
        """Both ends of a range, as positions and in words."""
        (low, high), style = self.ends, source.numbers.style(self.column.unit)
        edges = [float(f"{low + (high - low) * edge / self.count:.8g}") for edge in (place, place + 1)]
        texts = [source.numbers.cell(edge / style.scale, self.column) for edge in edges]
        span = str(source.program["chart.range"]).format(low=texts[0], high=texts[1])
        return {self.field: edges[0], f"{self.field}_to": edges[1], f"{self.field}_range": span}

    @property
    def line(self) -> tuple[str, str]:
        """Its line in a tooltip."""
        return f"{self.field}_range", self.title


def counted(deals: Iterable[tuple[P, str]]) -> dict[P, int]:
    """Where deals lie → how many lie there; one that lies there several times is one."""
    found: dict[P, set[str]] = {}
    for place, deal in deals:
        found.setdefault(place, set()).add(deal)
    return {place: len(those) for place, those in found.items()}


def ranges(counts: Iterable[int]) -> Steps:
    """The steps for squares with so many deals: one for each colour, or fewer.

    Each ends at so many times the former, because most squares hold few deals.
    """
    most, whole = max(counts, default=1), len(_COLOURS)
    ends = sorted({_root(prod(repeat(most, step)), whole) for step in range(1, whole + 1)})
    return [(low + 1, high) for low, high in pairwise([0, *ends])]


def _root(number: int, degree: int) -> int:
    """The root as the nearest whole number, the same on every processor."""
    doubled = prod(repeat(2, degree)) * number
    return next(root for root in count(1) if prod(repeat(2 * root + 1, degree)) > doubled)


def squares(
    source: ChartSource, places: Mapping[P, Record], counts: Mapping[P, int], steps: Steps, **look: Any
) -> alt.Chart:
    """A square for each place, coloured by the number of its deals; the caller says where it is drawn."""
    colours = {high: colour for (_, high), colour in zip(steps, _shades(steps), strict=True)}
    records = []
    for place, record in places.items():
        count = counts[place]
        colour = colours[min(high for high in colours if high >= count)]
        records.append({**record, "deals": source.numbers.cell(count, COUNT), "fill": colour})
    mark: alt.Chart = alt.Chart(data(records)).mark_rect(
        fill=alt.ExprRef("datum.fill"), stroke=theme.PAPER, strokeWidth=0.8, **look
    )
    return mark


@dataclass(frozen=True)
class Plane:
    """A crowd over two scales: the ranges of both, and how many deals lie where they meet."""

    across: Bins
    up: Bins
    counts: Mapping[tuple[int, int], int]

    @classmethod
    def of(cls, across: Bins, up: Bins, deals: Iterable[tuple[float, float, str]]) -> Plane:
        """Of deals with their places on both scales."""
        return cls(across, up, counted(((across.place(x), up.place(y)), deal) for x, y, deal in deals))

    def squares(self, source: ChartSource, steps: Steps) -> alt.Chart:
        """Its squares; they begin where the caller's axes say."""
        places = {(x, y): self.across.record(x, source) | self.up.record(y, source) for x, y in self.counts}
        marks: alt.Chart = squares(source, places, self.counts, steps).encode(
            x2=f"{self.across.field}_to",
            y2=f"{self.up.field}_to",
            tooltip=counted_tips(source, self.across.line, self.up.line),
        )
        return marks


def common_steps(planes: Iterable[Plane]) -> Steps:
    """The steps of panels beside each other: one key says the same in all, and takes the same room."""
    return ranges(chain.from_iterable(plane.counts.values() for plane in planes))


def square_signs(source: ChartSource, steps: Steps) -> list[Sign]:
    """The key of squares: how many deals each colour stands for."""
    texts = [source.numbers.text(low, COUNT) if low == high else _span(source, low, high) for low, high in steps]
    texts[0] = str(source.program["chart.square"]).format(n=texts[0])
    return [Sign("square", colour, text) for colour, text in zip(_shades(steps), texts, strict=True)]


def bar_sign(source: ChartSource) -> Sign:
    """The key of bars: that they tell the number of deals, the highest of each row filling it."""
    return Sign("square", theme.MUTED, str(source.program["chart.bar"]))


def highest(counts: Mapping[P, int], row_of: Callable[[P], str]) -> dict[str, int]:
    """Row → the number of deals of its highest bar."""
    found: dict[str, int] = {}
    for place, count_ in counts.items():
        found[row_of(place)] = max(found.get(row_of(place), 0), count_)
    return found


def counted_tips(source: ChartSource, *lines: tuple[str, str]) -> list[alt.Tooltip]:
    """What is told of a square or bar: where it lies, and its deals."""
    return tooltip(*lines, ("deals", str(source.program["chart.deals"])))


def _shades(steps: Steps) -> tuple[str, ...]:
    """The colours of so many ranges: the darkest are taken."""
    return _COLOURS[len(_COLOURS) - len(steps) :]


def _span(source: ChartSource, low: int, high: int) -> str:
    """From so many deals to so many."""
    return source.span(low, high, Unit.DEALS)
