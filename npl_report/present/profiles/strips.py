"""Where a deal stands among the deals of its asset type: rank, mean and range, and the strip that shows them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import product

from npl_report.model import Column, Unavailable, Unit, by_value
from npl_report.present.printed import Cell
from npl_report.present.profiles.cells import Cells

MEASURES = ("recovery", "offset", "coverage")
"""Columns of ``window_readings`` by which deals are compared."""
_MEANS = {
    "recovery": ("recovery_by_type", "mean_recovery"),
    "offset": ("forecast_accuracy_by_type", "mean_offset"),
    "coverage": ("recovery_by_type", "mean_coverage"),
}
_PEERS = {"recovery": "n_type", "offset": "n_forecast", "coverage": "n_type"}
_COUNT = Column("n_deals", Unit.DEALS)
DOTS = 150
"""Deals that a strip still shows one by one."""
_BINS = 48
_HEIGHT = 26.0  # pixels of the highest bar
_EDGE = 2.0  # per cent of the strip's width left free at both ends, so that no mark is cut


@dataclass(frozen=True)
class Dot:
    """A deal on a strip: its place in per cent of the width."""

    name: str
    text: str
    at: str


@dataclass(frozen=True)
class Bar:
    """How many deals of a strip lie between two values: place and width in per cent, height in pixels."""

    text: str
    at: str
    width: str
    top: str
    height: str


@dataclass(frozen=True)
class Extreme:
    """The lowest or highest deal of a type."""

    deal: Cell
    value: Cell


@dataclass(frozen=True)
class Strip:
    """The deals of a type on one line by one measure. ``marked`` are those that the page is about.

    Of more than ``DOTS`` deals there are ``bars`` in place of dots, of those that the page is about ``marked_bars``.

    ``mean_at`` and ``zero_at`` are places in per cent, empty for none; zero is shown where it lies between the deals.
    """

    dots: tuple[Dot, ...]
    marked: tuple[Dot, ...]
    mean_at: str
    zero_at: str
    mean: Cell
    low: Extreme
    high: Extreme
    alt: str
    bars: tuple[Bar, ...] = ()
    marked_bars: tuple[Bar, ...] = ()


@dataclass(frozen=True)
class Place:
    """A deal's place by one measure; ``rank`` and ``peers`` are cells of ``deal_position``."""

    title: str
    value: Cell
    rank: Cell
    peers: Cell
    strip: Strip


class Strips:
    """The readings of every type by measure, read once for all pages."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._values: dict[tuple[str, str], dict[str, float]] = {
            of: {} for of in product(cells.localized.market.asset_types, MEASURES)
        }
        result = cells.localized.results["window_readings"]
        gaps = {} if isinstance(result, Unavailable) else result.gaps
        for deal in cells.rows("window_readings"):
            kind = str(cells.value("window_readings", deal, "asset_type"))
            for measure in MEASURES:
                if (deal, measure) not in gaps:
                    self._values[kind, measure][deal] = float(cells.value("window_readings", deal, measure))
        self._dots: dict[tuple[str, str], dict[str, Dot]] = {}
        self._summaries: dict[tuple[str, str], tuple[Cell, Extreme, Extreme]] = {}
        self._ranges: dict[tuple[str, str], tuple[float, float]] = {}
        self._spread: dict[tuple[str, str], tuple[Bar, ...]] = {}

    def places(self, deal: str) -> tuple[Place, ...]:
        """The deal's places, by the measures that it has; none if it has no reading in its window."""
        if deal not in self._cells.rows("deal_position"):
            return ()
        kind = str(self._cells.value("deal_position", deal, "asset_type"))
        name = self._cells.names.name(Unit.DEAL, deal)
        strips = {measure: self.strip(kind, measure, (deal,), name) for measure in MEASURES}
        return tuple(self._place(deal, measure, strip) for measure, strip in strips.items() if strip)

    def strip(self, kind: str, measure: str, marked: Iterable[str], name: str) -> Strip | None:
        """The deals of a type with some of them marked, ``name`` saying in words which.

        There is no strip if none of these has a reading.
        """
        cells, dots = self._cells, self._placed(kind, measure)
        chosen = [deal for deal in marked if deal in dots]
        if not chosen:
            return None
        marking, few = frozenset(chosen), len(dots) <= DOTS
        mean, low, high = self._summary(kind, measure)
        table, column = _MEANS[measure]
        alt = cells.word(
            "profile.strip_alt",
            measure=self._title(measure),
            n=cells.numbers.text(len(dots), _COUNT),
            type=cells.names.name(Unit.ASSET_TYPE, kind),
            name=name,
        )
        return Strip(
            dots=tuple(dot for deal, dot in dots.items() if deal not in marking) if few else (),
            marked=tuple(dots[deal] for deal in chosen) if len(chosen) <= DOTS else (),
            mean_at="" if mean.reason else self._at(kind, measure, float(cells.value(table, kind, column))),
            zero_at=self._at(kind, measure, 0.0) if measure == "offset" and self._inside(kind, measure, 0.0) else "",
            mean=mean,
            low=low,
            high=high,
            bars=() if few else self._bars(kind, measure, dots),
            marked_bars=() if len(chosen) <= DOTS else self._bars(kind, measure, chosen),
            alt=alt + cells.word("profile.strip_range", low=low.value.text, high=high.value.text, mean=mean.text),
        )

    def _place(self, deal: str, measure: str, strip: Strip) -> Place:
        cells = self._cells
        value, rank, peers = (
            cells.in_text("window_readings", deal, measure),
            cells.in_text("deal_position", deal, f"rank_{measure}"),
            cells.in_text("deal_position", deal, _PEERS[measure]),
        )
        return Place(self._title(measure), value, rank, peers, strip)

    def _title(self, measure: str) -> str:
        return self._cells.head("window_readings", measure).label

    def _mean(self, kind: str, measure: str) -> Cell:
        table, column = _MEANS[measure]
        return self._cells.in_text(table, kind, column)

    def _summary(self, kind: str, measure: str) -> tuple[Cell, Extreme, Extreme]:
        """The mean, and the deals with the lowest and the highest value, of equal ones the first by id: found once."""
        if (kind, measure) not in self._summaries:
            values = self._values[kind, measure]
            low, high = (by_value(values, falling=falling)[0] for falling in (False, True))
            ends = self._extreme(low, measure), self._extreme(high, measure)
            self._summaries[kind, measure] = (self._mean(kind, measure), *ends)
        return self._summaries[kind, measure]

    def _range(self, kind: str, measure: str) -> tuple[float, float]:
        """The lowest and the highest value of a type."""
        if (kind, measure) not in self._ranges:
            values = self._values[kind, measure].values()
            self._ranges[kind, measure] = (min(values), max(values))
        return self._ranges[kind, measure]

    def _extreme(self, deal: str, measure: str) -> Extreme:
        return Extreme(self._cells.named(Unit.DEAL, deal), self._cells.in_text("window_readings", deal, measure))

    def _placed(self, kind: str, measure: str) -> dict[str, Dot]:
        if (kind, measure) not in self._dots:
            self._dots[kind, measure] = {
                deal: Dot(
                    self._cells.names.name(Unit.DEAL, deal),
                    self._cells.in_text("window_readings", deal, measure).text,
                    self._at(kind, measure, value),
                )
                for deal, value in self._values[kind, measure].items()
            }
        return self._dots[kind, measure]

    def _bars(self, kind: str, measure: str, deals: Collection[str]) -> tuple[Bar, ...]:
        """How the deals are spread over the strip; the height is their number against that of the fullest bar of all.

        The bars of all deals of a type are made once.
        """
        values = self._values[kind, measure]
        whole = len(deals) == len(values)
        if whole and (kind, measure) in self._spread:
            return self._spread[kind, measure]
        low, high = self._range(kind, measure)
        if high == low:  # in the middle of the strip, where its dots would be
            low, high = low - 0.5, high + 0.5
        step = (high - low) / _BINS
        every, counts = (
            Counter(min(_BINS - 1, int((values[deal] - low) / step)) for deal in of) for of in (values, deals)
        )
        fullest = max(every.values())
        bars = tuple(self._bar(measure, low, step, place, counts[place], fullest) for place in sorted(counts))
        if whole:
            self._spread[kind, measure] = bars
        return bars

    def _bar(self, measure: str, low: float, step: float, place: int, count: int, fullest: int) -> Bar:
        numbers, column = self._cells.numbers, self._cells.column("window_readings", measure)
        ends = (numbers.text(low + step * edge, column) for edge in (place, place + 1))
        told = dict(zip(("low", "high"), ends, strict=True), n=numbers.text(count, _COUNT))
        width, height = (100 - 2 * _EDGE) / _BINS, max(1.5, _HEIGHT * count / fullest)
        return Bar(
            self._cells.word("profile.strip_bar", **told),
            f"{_EDGE + place * width:.2f}%",
            f"{width * 0.9:.2f}%",
            f"{30 - height:.1f}",
            f"{height:.1f}",
        )

    def _inside(self, kind: str, measure: str, value: float) -> bool:
        low, high = self._range(kind, measure)
        return low < value < high

    def _at(self, kind: str, measure: str, value: float) -> str:
        """The place of a value between the type's lowest and highest; the middle if they are one."""
        low, high = self._range(kind, measure)
        share = (value - low) / (high - low) if high > low else 0.5
        return f"{_EDGE + share * (100 - 2 * _EDGE):.2f}%"
