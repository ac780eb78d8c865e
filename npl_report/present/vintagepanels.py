"""Actual recovery against the forecast by year of issue, at one age → a small picture for each asset class.

Years are compared at the same age where the edition has static pools, else by the readings at about one year. Drawn by
a template, without the chart engine: the front page shows them at once, on every screen, and loads no script for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count, takewhile

from npl_report.model import Result, Unit
from npl_report.present import theme
from npl_report.present.localized import LocalizedEdition

_CURVES, _BY_YEAR, _BREAKS = "vintage_curves", "forecast_accuracy_by_year", "level_breaks"
_WIDTH, _HEIGHT = 320, 160
"""Of a picture, in pixels as wide as it stands on a phone."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 58.0, 18.0, 36.0
"""Around the plot: labels of rates, names of the lines, that of the break, years and numbers of deals."""
_MOST_YEARS = 6
"""Years that are written in full; of more the last two digits stand, but for the first."""
_APART = 13.0
"""Pixels between the names of two lines."""
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1.0, 2.0, 5.0)
_FEWEST_TICKS, _MOST_TICKS = 2, 4


@dataclass(frozen=True)
class PanelText:
    """A line of text in a picture: where it begins, ends or has its middle."""

    text: str
    x: float
    y: float
    anchor: str
    colour: str
    bold: bool = False


@dataclass(frozen=True)
class PanelDot:
    """A year's figure: a filled dot if it rests on enough deals; ``told`` is what it says when it is pointed at."""

    x: float
    y: float
    filled: bool
    told: str


@dataclass(frozen=True)
class VintagePanel:
    """The picture of a class: paths of both lines and of the grid, the dots of the actual line, and texts.

    ``change`` is the place of the line between years of issue that differ in level; 0 if no break holds.
    """

    name: str
    alt: str
    colour: str
    actual: str
    forecast: str
    grid: str
    dots: tuple[PanelDot, ...]
    texts: tuple[PanelText, ...]
    change: float


@dataclass(frozen=True)
class VintagePanels:
    """The pictures beside each other; ``title`` says what they show, ``note`` how to read them, ``source`` leads on."""

    title: str
    note: str
    table: str
    panels: tuple[VintagePanel, ...]
    width: int = _WIDTH
    height: int = _HEIGHT
    top: float = _TOP
    foot: float = _HEIGHT - _BOTTOM
    muted: str = theme.MUTED
    pale: str = theme.PALE
    ink: str = theme.INK


@dataclass(frozen=True)
class _Year:
    year: int
    actual: float
    forecast: float
    deals: int


def vintage_panels(localized: LocalizedEdition) -> VintagePanels | None:
    """None if no class has a year of issue with a forecast."""
    age, years = _compared(localized)
    kinds = [kind for kind in localized.market.asset_types if years.get(kind)]
    if not kinds:
        return None
    words = localized.words
    title = str(words["front.panels_age" if age else "front.panels"]).format(age=age)
    panels = tuple(_panel(localized, kind, years[kind], _break(localized, kind)) for kind in kinds)
    note = [str(words["front.panels_pooled" if age else "front.panels_mean"]), str(words["front.panels_n"])]
    if any(not dot.filled for dot in chain.from_iterable(panel.dots for panel in panels)):
        note.append(str(words["front.panels_ring"]).format(n=localized.fewest))
    if any(panel.change for panel in panels):
        note.append(str(words["front.panels_break"]))
    table = _CURVES if age else _BY_YEAR
    return VintagePanels(title, str(words["ui.between_sentences"]).join(note), table, panels)


def _result(localized: LocalizedEdition, key: str) -> Result | None:
    result = localized.results.get(key) if key in localized.entries else None
    return result if isinstance(result, Result) else None


def _compared(localized: LocalizedEdition) -> tuple[int, dict[str, list[_Year]]]:
    """The age of the comparison, and its years by class; 0 where only the readings at about one year are there."""
    curves, breaks = _result(localized, _CURVES), _result(localized, _BREAKS)
    if curves and breaks:
        age = int(breaks.frame["age"].iloc[0])
        at_age = [row for row in curves.frame.index if curves.frame.at[row, "age"] == age]
        if found := _years(curves, at_age, ("compared_recovery", "forecast_recovery", "n_forecast")):
            return age, found
    by_year = _result(localized, _BY_YEAR)
    columns = ("mean_recovery", "mean_forecast_recovery", "n_included")
    return 0, _years(by_year, by_year.frame.index, columns) if by_year else {}


def _years(result: Result, rows: Iterable[str], columns: tuple[str, str, str]) -> dict[str, list[_Year]]:
    """Class → its years in order, of rows that have both figures."""
    found: dict[str, list[_Year]] = {}
    for row in rows:
        if any((row, column) in result.gaps for column in columns):
            continue
        actual, forecast, deals = (result.number(row, column) for column in columns)
        year = _Year(int(result.number(row, "year")), actual, forecast, int(deals))
        found.setdefault(str(result.frame.at[row, "asset_type"]), []).append(year)
    return {kind: sorted(years, key=lambda item: item.year) for kind, years in found.items()}


def _break(localized: LocalizedEdition, kind: str) -> int:
    """The first year after the strongest break that holds; 0 if none does."""
    breaks = _result(localized, _BREAKS)
    if not breaks:
        return 0
    frame = breaks.frame
    held = frame.loc[(frame["asset_type"] == kind) & (frame["holds"] == "yes")].sort_values("rank", kind="stable")
    return 0 if held.empty else int(held["first_after"].iloc[0])


@dataclass(frozen=True)
class _Scales:
    """Years → pixels across, rates → pixels down."""

    years: tuple[int, ...]
    top: float

    def across(self, year: float) -> float:
        room = _WIDTH - _LEFT - _RIGHT
        steps = len(self.years) - 1
        place = (year - self.years[0]) / steps if steps else 0.5
        return round(_LEFT + 8 + (room - 16) * place, 1)

    def down(self, rate: float) -> float:
        return round(_TOP + (_HEIGHT - _TOP - _BOTTOM) * (1 - rate / self.top), 1)


def _panel(localized: LocalizedEdition, kind: str, years: Sequence[_Year], after: int) -> VintagePanel:
    top = max(*(item.actual for item in years), *(item.forecast for item in years)) or 1.0
    step = next((step for step in _TICKS if top / step <= _MOST_TICKS), top / _FEWEST_TICKS)
    ticks = list(takewhile(lambda rate: rate < top + step, (step * n for n in count())))
    scales = _Scales(tuple(range(years[0].year, years[-1].year + 1)), ticks[-1])
    colour = dict(zip(localized.market.asset_types, theme.CLASS_INKS, strict=False))[kind]
    name = localized.printer.names.name(Unit.ASSET_TYPE, kind)
    grid = "".join(f"M{_LEFT:g} {scales.down(rate)}H{_WIDTH - _RIGHT:g}" for rate in ticks)
    change = scales.across(after - 0.5) if years[0].year < after <= years[-1].year else 0.0
    texts = (
        *_rates(localized, scales, ticks),
        *_names_of_years(localized, scales, years),
        *_names_of_lines(localized, scales, years[-1], colour),
        *([PanelText(str(localized.words["front.break"]), change, _TOP - 5, "middle", theme.INK)] if change else ()),
    )
    told = [_told(localized, item) for item in years]
    dots = tuple(
        PanelDot(scales.across(item.year), scales.down(item.actual), item.deals >= localized.fewest, text)
        for item, text in zip(years, told, strict=True)
    )
    alt = f"{name}{localized.words['ui.colon']}{str(localized.words['ui.semicolon']).join(told)}"
    actual, forecast = (_path(scales, [(item.year, rate) for item, rate in line]) for line in _lines(years))
    return VintagePanel(name, alt, colour, actual, forecast, grid, dots, texts, change)


def _lines(years: Sequence[_Year]) -> Iterator[list[tuple[_Year, float]]]:
    yield [(item, item.actual) for item in years]
    yield [(item, item.forecast) for item in years]


def _path(scales: _Scales, points: Sequence[tuple[int, float]]) -> str:
    """A line through the points, broken where a year lacks; one that stands alone is a dash."""
    path, there = "", {year for year, _ in points}
    for year, rate in points:
        x, y = scales.across(year), scales.down(rate)
        alone = not there & {year - 1, year + 1}
        path += f"M{x - 6:g} {y}H{x + 6:g}" if alone else f"{'L' if year - 1 in there else 'M'}{x} {y}"
    return path


def _printed(localized: LocalizedEdition, rate: float, *, decimals: int | None = None) -> str:
    column = localized.tables[_BY_YEAR].column("mean_recovery")
    numbers = localized.printer.numbers
    return numbers.text(rate, column if decimals is None else replace(column, decimals=decimals))


def _told(localized: LocalizedEdition, item: _Year) -> str:
    actual, forecast = (_printed(localized, rate) for rate in (item.actual, item.forecast))
    words = str(localized.words["front.panel_year"])
    deals = localized.printer.numbers.text(item.deals, localized.tables[_BY_YEAR].column("n_included"))
    return words.format(year=item.year, actual=actual, forecast=forecast, deals=deals)


def _rates(localized: LocalizedEdition, scales: _Scales, ticks: Sequence[float]) -> Iterator[PanelText]:
    """Labels of the grid."""
    for rate in ticks:
        decimals = 0 if ticks[1] * 100 == round(ticks[1] * 100) else 1
        text = _printed(localized, rate, decimals=decimals)
        yield PanelText(text, _LEFT - 5, scales.down(rate) + 4, "end", theme.MUTED)


def _names_of_years(localized: LocalizedEdition, scales: _Scales, years: Sequence[_Year]) -> Iterator[PanelText]:
    """The years below the plot, and below each how many deals it has."""
    foot = _HEIGHT - _BOTTOM
    for item in years:
        short = len(scales.years) > _MOST_YEARS and item is not years[0]
        text = f"{item.year % 100:02d}" if short else str(item.year)
        yield PanelText(text, scales.across(item.year), foot + 15, "middle", theme.INK)
        deals = localized.printer.numbers.marks.whole(item.deals)
        yield PanelText(deals, scales.across(item.year), foot + 30, "middle", theme.MUTED)
    yield PanelText(str(localized.words["front.n"]), _LEFT - 5, foot + 30, "end", theme.MUTED)


def _names_of_lines(localized: LocalizedEdition, scales: _Scales, last: _Year, colour: str) -> Iterator[PanelText]:
    """What the lines are called, beside their ends and clear of each other."""
    x, actual, forecast = scales.across(last.year) + 9, scales.down(last.actual), scales.down(last.forecast)
    lack = max(0.0, _APART - abs(actual - forecast)) / 2
    upward = -1 if actual <= forecast else 1
    words = localized.words
    yield PanelText(str(words["term.actual"]), x, round(actual + upward * lack + 4, 1), "start", colour, bold=True)
    yield PanelText(str(words["term.forecast"]), x, round(forecast - upward * lack + 4, 1), "start", theme.MUTED)
