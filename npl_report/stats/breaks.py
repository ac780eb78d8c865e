"""A measure of deals by year of issue → where its mean changes most, and how often chance gives so large a change.

Splits are the last k years against all before, or a year against the year before. Of these the one is reported whose
means are farthest apart for the numbers of deals on its sides. To have searched for it is part of the test: years are
dealt out anew among the deals, every split is tried again, and the largest of all is what chance gave (the maximum
statistic of Westfall and Young 1993, Resampling-Based Multiple Testing). Where there are few arrangements all are
counted, otherwise the share is that of Phipson and Smyth (2010), (b + 1) / (m + 1), of m random ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from npl_report.model import Unavailable

Kind = Literal["adjacent_years", "last_years"]
KINDS: tuple[Kind, ...] = ("adjacent_years", "last_years")
"""A year against the calendar year before; the last k years of issue against all before."""
EXACT = 10_000
"""Up to so many arrangements of the deals all are counted."""
DRAWS = 9_999
"""Random arrangements where there are more: the least p value is 1 / 10,000."""
_SEED = 1993
_AT_ONCE = 200_000
"""Figures that are rearranged at once: all draws of a thousand deals would take 80 megabytes."""
_TIE = 1e-9
"""Two statistics so close, relative to the larger, are one: sums in another order differ by less."""

Values = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Split:
    """Years of issue on the two sides of a break, each in order."""

    before: tuple[int, ...]
    after: tuple[int, ...]


@dataclass(frozen=True)
class Break:
    """The largest break: its split, the mean after less the mean before, p value, and how many splits were searched.

    ``p_other``: of another measure of the same deals at the same split, against the largest of all splits in the same
    way; Unavailable if it does not vary, or if no deal of a side has it.
    """

    split: Split
    change: float
    p: float
    searched: int
    p_other: float | Unavailable


def splits(years: pd.Series, kind: Kind, fewest: int) -> tuple[Split, ...]:
    """The splits of a kind whose sides have at least ``fewest`` deals, in the order of years. ``years``: by deal."""
    counts = years.value_counts().sort_index()
    there = [int(year) for year in counts.index]
    if kind == "adjacent_years":
        found = [Split((year - 1,), (year,)) for year in there if year - 1 in there]
    else:
        found = [Split(tuple(there[:place]), tuple(there[place:])) for place in range(1, len(there))]
    return tuple(
        split for split in found if min(counts[list(side)].sum() for side in (split.before, split.after)) >= fewest
    )


def largest_breaks(
    measure: pd.Series, years: pd.Series, fewest: int, other: pd.Series
) -> dict[Kind, Break | Unavailable]:
    """The largest break of ``measure`` by year of issue of either kind, and its p value.

    All are equally indexed by deal; ``other`` may have NaN, which are left out of its means. Of equal breaks the first
    in time is taken. Unavailable ``no_split`` without two sides of ``fewest`` deals, ``no_spread`` if the measure is
    the same for all deals.
    """
    order = years.sort_index().sort_values(kind="stable").index  # whatever the order of the files
    dated = years.loc[order].to_numpy()
    known = {kind: splits(years, kind, fewest) for kind in KINDS}
    most = int(years.value_counts().max()) if len(years) else 0
    found: dict[Kind, Break | Unavailable] = {
        kind: Unavailable("no_spread") if known[kind] else Unavailable("no_split", needed=fewest, found=most)
        for kind in KINDS
    }
    tried = {kind: _Search.of(dated, known[kind]) for kind in KINDS if known[kind]}
    if not tried or not _varies(measure):
        return found
    values, beside = (series.loc[order].to_numpy(dtype=float) for series in (measure, other))
    best = {kind: search.largest(values) for kind, search in tried.items()}
    p = _shares(values, dated, tried, best)
    p_other = _shares(beside, dated, tried, best) if _varies(other) else {}
    for kind, at in best.items():
        change = _change(values, dated, known[kind][at])
        further = p_other.get(kind, Unavailable("no_spread"))
        if not _on_both(beside, dated, known[kind][at]):
            further = Unavailable("nothing_forecast", needed=1, found=0)
        found[kind] = Break(known[kind][at], change, p[kind], len(known[kind]), further)
    return found


def _varies(measure: pd.Series) -> bool:
    known = measure.dropna()
    return len(known) > 1 and bool(np.ptp(known.to_numpy(dtype=float)) > 0)


def _on_both(values: Values, dated: NDArray[np.int64], split: Split) -> bool:
    """Whether there is a figure on either side."""
    there = dated[~np.isnan(values)]
    return all(bool(np.isin(there, side).any()) for side in (split.before, split.after))


def _change(values: Values, dated: NDArray[np.int64], split: Split) -> float:
    after, before = (values[np.isin(dated, side)].mean() for side in (split.after, split.before))
    return float(after - before)


@dataclass(frozen=True)
class _Search:
    """Splits of deals that are ordered by year: where the years begin, and which are on either side, years × splits."""

    starts: NDArray[np.int64]
    before: Values
    after: Values

    @classmethod
    def of(cls, dated: NDArray[np.int64], tried: Sequence[Split]) -> _Search:
        years, starts = np.unique(dated, return_index=True)
        before, after = (
            np.column_stack([np.isin(years, side) for side in sides]).astype(float)
            for sides in zip(*((split.before, split.after) for split in tried), strict=True)
        )
        return cls(starts, before, after)

    def apart(self, arranged: Values) -> Values:
        """How far the means of every split are apart, arrangements × splits.

        It is |mean after − mean before| / √(1/n + 1/m), to which Student's statistic with the variance of all deals is
        proportional, which no arrangement changes. A side without a figure is no distance apart.
        """
        known = ~np.isnan(arranged)
        counts = np.add.reduceat(known.astype(float), self.starts, axis=1)
        sums = np.add.reduceat(np.where(known, arranged, 0.0), self.starts, axis=1)
        n, m = counts @ self.before, counts @ self.after
        low, high = sums @ self.before / np.maximum(n, 1.0), sums @ self.after / np.maximum(m, 1.0)
        distance = np.abs(high - low) / np.sqrt(1 / np.maximum(n, 1.0) + 1 / np.maximum(m, 1.0))
        return np.where(np.minimum(n, m) > 0, distance, 0.0)

    def largest(self, values: Values) -> int:
        """The split whose sides are farthest apart, of equal ones the first."""
        found = self.apart(values[None, :])[0]
        return int(np.flatnonzero(found >= found.max() * (1 - _TIE))[0])


def _shares(
    values: Values, dated: NDArray[np.int64], tried: Mapping[Kind, _Search], at: Mapping[Kind, int]
) -> dict[Kind, float]:
    """Share of arrangements whose largest statistic is at least that of the split ``at`` as it is, by kind."""
    limits = {kind: search.apart(values[None, :])[0, at[kind]] * (1 - _TIE) for kind, search in tried.items()}
    sizes = np.unique(dated, return_counts=True)[1].tolist()
    exact = arrangements(sizes) <= EXACT
    as_large, count = dict.fromkeys(tried, 0), 0
    for places in _every(sizes) if exact else _random(len(values)):
        count += len(places)
        for kind, search in tried.items():
            as_large[kind] += int((search.apart(values[places]).max(axis=1) >= limits[kind]).sum())
    return {kind: found / count if exact else (found + 1) / (count + 1) for kind, found in as_large.items()}


def arrangements(sizes: Sequence[int]) -> int:
    """In how many ways deals can be dealt out to years of these sizes."""
    ways, left = 1, int(np.sum(sizes))
    for size in sizes:
        ways *= comb(left, size)
        left -= size
    return ways


def _every(sizes: Sequence[int]) -> Iterator[Places]:
    """The places of the deals in all arrangements, in one block."""
    yield np.array(list(_dealt(tuple(range(int(np.sum(sizes)))), sizes)))


def _dealt(left: tuple[int, ...], sizes: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """The places of the deals, year after year, in every way that they can be dealt out."""
    if len(sizes) == 1:
        yield left
        return
    for chosen in combinations(left, sizes[0]):
        rest = tuple(place for place in left if place not in chosen)
        for others in _dealt(rest, sizes[1:]):
            yield (*chosen, *others)


def _random(n: int) -> Iterator[Places]:
    """``DRAWS`` random arrangements in blocks; the seed is fixed, so that an edition always prints the same."""
    chance = np.random.default_rng(_SEED)
    rows = max(1, _AT_ONCE // n)
    for start in range(0, DRAWS, rows):
        yield chance.permuted(np.tile(np.arange(n), (min(rows, DRAWS - start), 1)), axis=1)


def stepwise(p: Sequence[float]) -> list[float]:
    """P values of several tests, adjusted for their number by the step-down method of Holm (1979), in their order."""
    adjusted, highest = [1.0] * len(p), 0.0
    for place, at in enumerate(sorted(range(len(p)), key=lambda at: p[at])):
        highest = max(highest, min(1.0, (len(p) - place) * p[at]))
        adjusted[at] = highest
    return adjusted
