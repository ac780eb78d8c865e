"""One deal's recoveries against the offering forecast → its curve: points, axes, and where names stand.

``dealchart`` makes a specification of it and ``typesetting.curves`` a picture, alike to the pixel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from npl_report.model import Result, Unit
from npl_report.present import theme
from npl_report.present.localized import LocalizedEdition
from npl_report.present.profiles import Cells

HEIGHT = 290
"""Of the plot, in pixels, as all sizes here."""
PADDING = {"left": 2, "top": 6, "right": 6, "bottom": 4}
"""Around plot, axes and names."""
AGES, RATES = 8, 6
"""How many ticks the horizontal and the vertical axis have, about."""
LEVEL = 1.2
"""Thickness of the rule at the level of coverage."""
WINDOW = -5
"""From the top of the plot to the foot of the window's name."""
_ROOM = 40
"""Pixels that a line's label at the right edge needs from that of the level of coverage, which otherwise gives way."""

_NAME, _GAP = 26, 5
"""Pixels that a line's name and its distance take above or below the line's end, and that keep it from a rule."""
_ACROSS, _OVER, _UNDER = -7, -24, 11
"""Of a text of two lines: pixels from the rule beside it to the middle of its first line."""
_HEADROOM = 1.12


@dataclass(frozen=True)
class Look:
    """How a line is drawn: its colour, thickness and dashes, and the shape of its points with their area."""

    colour: str
    width: float
    dash: tuple[int, ...]
    shape: str
    size: int


LOOKS = {
    "forecast": Look(theme.SECOND, 2, (6, 3), "diamond", 34),
    "actual": Look(theme.ACCENT, 2.5, (), "circle", 62),
}
"""The lines in the order in which they are drawn."""

WORDS = {
    "actual": "term.actual",
    "forecast": "term.forecast",
    "cover": "profile.chart_cover",
    "window": "profile.chart_window",
    "age": "profile.chart_age",
}
"""What is named in a chart: the lines, the level of coverage, the window and the horizontal axis."""


@dataclass(frozen=True)
class Point:
    """Age in months, recovery rate in its printed unit, and the texts of the tooltip."""

    age: float
    at: float
    date_text: str
    age_text: str
    recovery_text: str


@dataclass(frozen=True)
class Place:
    """Where a text stands at its point: its alignment, and distances in pixels."""

    align: str
    baseline: str
    dx: float
    dy: float


_ABOVE, _BELOW = Place("right", "bottom", 0, -8), Place("left", "top", 7, 2)
"""Where a line's name stands at its end: no line that rises or stays comes there."""


@dataclass(frozen=True)
class Label:
    """A text of one or two lines at a point."""

    age: float
    at: float
    text: str
    colour: str
    weight: str
    place: Place


@dataclass(frozen=True)
class Curve:
    """The points of both lines, without the origin that they start from, and the level that covers the first tranche.

    One of the lines may be empty; ``window`` is the observation window in months, None if there is none. ``covered`` is
    the level as it prints, ``description`` says what there is to see; ``words`` are those of ``WORDS``.
    """

    deal: str
    actual: tuple[Point, ...]
    forecast: tuple[Point, ...]
    level: float
    window: tuple[float, float] | None
    covered: str
    description: str
    words: Mapping[str, str]

    @cached_property
    def lines(self) -> dict[str, tuple[Point, ...]]:
        """The lines that there are, as they are drawn."""
        lines = {"forecast": self.forecast, "actual": self.actual}
        return {name: points for name, points in lines.items() if points}

    @cached_property
    def end(self) -> float:
        """The end of the horizontal axis."""
        return max(*(points[-1].age for points in self.lines.values()), self.window[1] if self.window else 0.0)

    @cached_property
    def top(self) -> float:
        """The end of the vertical axis, with room for a name above the highest point."""
        return max(self.level, *(points[-1].at for points in self.lines.values())) * _HEADROOM

    @cached_property
    def labels(self) -> tuple[Label, ...]:
        """The label of the level, and the names of the lines at their ends."""
        above = "actual" if self._actual_is_above() else "forecast"
        covered = "\n".join((self.words["cover"], self.covered))
        labels = [Label(self.end, self.level, covered, theme.MUTED, "normal", self._beside(above))]
        for name, points in self.lines.items():
            end = points[-1]
            place = _clear(_ABOVE if name == above else _BELOW, self._above_level(end))
            labels.append(Label(end.age, end.at, self.words[name], LOOKS[name].colour, "bold", place))
        return tuple(labels)

    def _above_level(self, point: Point) -> float:
        """How many pixels a point lies above the level."""
        return (point.at - self.level) / self.top * HEIGHT if self.top else 0.0

    def _actual_is_above(self) -> bool:
        """Whether actual recoveries end above the forecast, both seen at the age that the shorter line reaches."""
        if not self.actual or not self.forecast:
            return True
        age = min(self.actual[-1].age, self.forecast[-1].age)
        return _level(self.actual, age) >= _level(self.forecast, age)

    def _beside(self, above: str) -> Place:
        """Where the two lines of the level's label stand beside its rule.

        Across it, unless the name of a line that ends at the right edge is too near.
        """
        line = self.forecast if above == "actual" else self.actual
        dy = _ACROSS
        if line and line[-1].age >= self.end:
            distance = self._above_level(line[-1])
            dy = _ACROSS if abs(distance) > _ROOM else _UNDER if distance >= _NAME else _OVER
        return Place("left", "middle", 6, dy)


class DealCurves:
    """The curves of deals in one language, each made from the deal's own rows when it is asked for."""

    def __init__(self, localized: LocalizedEdition) -> None:
        self._cells = cells = Cells(localized)
        self._kinds = dict(zip(localized.data.deals["deal"], localized.data.deals["asset_type"], strict=True))
        self._first = localized.market.ladder[0]
        self._covered = _frame(localized, "deal_tranches", "covered_at")["covered_at"].to_dict()
        self._actual, self._forecast = (_Paths(cells, table) for table in ("deal_recovery", "deal_forecast"))
        self.words = {name: cells.word(key) for name, key in WORDS.items()}

    @property
    def texts(self) -> str:
        """Every word that a picture shows, for its letters."""
        return "".join((*self.words.values(), self._cells.numbers.style(Unit.RATE).text))

    def curve(self, deal: str) -> Curve | None:
        """The curve of a deal; one with neither a report nor a forecast has none."""
        actual, forecast = self._actual.of(deal), self._forecast.of(deal)
        if not actual and not forecast:
            return None
        cells, level = self._cells, float(self._covered[f"{deal}@{self._first}"])
        windows, kind = "observation_windows", self._kinds[deal]
        covered = cells.numbers.text(level, cells.column("deal_tranches", "covered_at"))
        return Curve(
            deal,
            actual,
            forecast,
            _position(level, cells),
            (float(cells.value(windows, kind, "low")), float(cells.value(windows, kind, "high")))
            if cells.rows(windows)
            else None,
            covered,
            self._description(deal, actual, forecast, covered),
            self.words,
        )

    def _description(self, deal: str, actual: tuple[Point, ...], forecast: tuple[Point, ...], covered: str) -> str:
        """What the picture shows, in a sentence or two."""
        word = self._cells.word
        text = word("profile.alt", name=self._cells.names.name(Unit.DEAL, deal))
        for key, line in (("profile.alt_actual", actual), ("profile.alt_forecast", forecast)):
            if line:
                text += word(key, rate=line[-1].recovery_text, age=line[-1].age_text, date=line[-1].date_text)
        return text + word("profile.alt_cover", rate=covered)


class _Paths:
    """A table of recovery rates by deal and date, of which a deal's are taken."""

    def __init__(self, cells: Cells, table: str) -> None:
        frame = _frame(cells.localized, table, "deal", "date", "age", "recovery")
        self._cells, self._age, self._rate = cells, cells.column(table, "age"), cells.column(table, "recovery")
        self._rows: Mapping[Any, Any] = frame.groupby("deal", sort=False).indices
        self._values = tuple(frame[key].to_numpy() for key in ("date", "age", "recovery"))

    def of(self, deal: str) -> tuple[Point, ...]:
        """A deal's points, in the table's order."""
        rows = self._rows.get(deal)
        if rows is None:
            return ()
        dates, ages, rates = (values[rows] for values in self._values)
        days, numbers = dates.astype("datetime64[D]").tolist(), self._cells.numbers
        return tuple(
            Point(
                age,
                _position(rate, self._cells),
                numbers.day(day),
                numbers.text(age, self._age),
                numbers.text(rate, self._rate),
            )
            for day, age, rate in zip(days, ages.tolist(), rates.tolist(), strict=True)
        )


def _frame(localized: LocalizedEdition, table: str, *columns: str) -> pd.DataFrame:
    """A computed table, of which columns are taken; one that is unavailable has no rows."""
    result = localized.results[table]
    return result.frame if isinstance(result, Result) else pd.DataFrame(columns=list(columns))


def _position(rate: float, cells: Cells) -> float:
    """The rate in its printed unit, without the noise of a double."""
    return float(f"{rate * cells.numbers.style(Unit.RATE).scale:.10g}")


def _level(line: tuple[Point, ...], age: float) -> float:
    """Height of a line at an age."""
    last, height = 0.0, 0.0
    for point in line:
        if point.age >= age:
            share = (age - last) / (point.age - last) if point.age > last else 1.0
            return height + (point.at - height) * share
        last, height = point.age, point.at
    return height


def _clear(place: Place, height: float) -> Place:
    """The place of a line's name, moved where the level of coverage would strike it through.

    The level is ``height`` pixels below the line's end.
    """
    if place is _ABOVE and -_NAME < height < 0:
        return replace(place, dy=height - _GAP)
    if place is _BELOW and 0 < height < _NAME:
        return replace(place, dy=height + _GAP)
    return place
