"""The hashes of what the pages of some deals are made from: their rows of the data and of the tables by deal.

What the pages show of others (the deals of a type on a strip, means by type and bank) counts whole. That of one deal
which changes makes the pages of its part anew, and no others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from npl_report.build.marks import mark, mark_of
from npl_report.model import Unavailable, Unit
from npl_report.present.localized import LocalizedEdition
from npl_report.present.paging import deals_of, part_of_deal
from npl_report.present.profiles import FILES, USED, deal_order, list_places

_OF_ALL = "window_readings"
"""The table of which a page shows every deal of its type."""
_LED_TO = ("deal_summary", "deal_tranches", "deal_position", _OF_ALL)
"""Tables of which a page prints figures in its text, that lead to the pages on which they stand."""


class DealMarks:
    """The hashes by part; they are the same for all languages, of which ``localized`` is any.

    ``whole``: table → the hash of its result.
    """

    def __init__(self, localized: LocalizedEdition, whole: Mapping[str, str]) -> None:
        self._localized, self._whole = localized, whole

    @cached_property
    def parts(self) -> list[str]:
        """The hash of each part of the deals, in the order of their pages."""
        localized = self._localized
        ordered = deal_order(localized.data.deals, localized.market.asset_types)
        deals = [(str(deal["deal"]), str(deal["asset_type"])) for deal in ordered]
        places = {deal: part_of_deal(place) for place, (deal, _) in enumerate(deals)}
        count = 1 + part_of_deal(len(deals) - 1)
        found: list[list[object]] = [[] for _ in range(count)]
        for marks in self._sources(pd.Series(places, dtype="int64"), count):
            for part, sum_ in zip(found, marks, strict=True):
                part.append(sum_)
        shared = (
            {key: self._whole[key] for key in USED if key == _OF_ALL or not self._by_deal(key)},
            list_places(ordered),
        )
        places_of = [deals_of(number) for number in range(count)]
        return [
            mark(
                *shared,
                part,
                deals[max(0, own.start - 1) : own.stop + 1],  # those beside the first and the last too
                [localized.terms.get(deal) for deal, _ in deals[own.start : own.stop]],
            )
            for own, part in zip(places_of, found, strict=True)
        ]

    def _sources(self, places: pd.Series, count: int) -> Iterator[list[str]]:
        """By source: the hash of each part's rows."""
        for name in FILES:
            frame: pd.DataFrame = getattr(self._localized.data, name)
            yield [_mark(frame, part) for part in _rows(frame["deal"], places, count)]
        for key in USED:
            if self._by_deal(key):
                yield self._of_table(key, places, count)

    def _by_deal(self, key: str) -> bool:
        """Whether the rows of a table are deals, or each about one."""
        table = self._localized.tables[key]
        return table.rows is Unit.DEAL or any(column.key == "deal" for column in table.columns)

    def _of_table(self, key: str, places: pd.Series, count: int) -> list[str]:
        """The hashes of a table's rows by part, with the pages on which they stand if pages of deals lead there."""
        result, entry = self._localized.results[key], self._localized.entries.get(key)
        if isinstance(result, Unavailable):
            return [self._whole[key]] * count
        size = len(entry.view.parts[0]) if entry and key in _LED_TO else len(result.frame)
        gaps: list[list[object]] = [[] for _ in range(count)]
        deals = result.frame["deal"] if "deal" in result.frame else result.frame.index.to_series()
        of = dict(zip(result.frame.index, places.reindex(deals).tolist(), strict=True))
        for (row, column), gap in result.gaps.items():
            gaps[of[row]].append((row, column, gap))
        return [
            mark(_mark(result.frame, part), (part // max(1, size)).tolist(), empty)
            for part, empty in zip(_rows(deals, places, count), gaps, strict=True)
        ]


def _mark(frame: pd.DataFrame, rows: npt.NDArray[np.int64]) -> str:
    """The hash of some rows, wherever they stand."""
    part = frame.iloc[rows]
    return mark_of(part.reset_index(drop=True) if isinstance(frame.index, pd.RangeIndex) else part)


def _rows(deals: pd.Series, places: pd.Series, count: int) -> list[npt.NDArray[np.int64]]:
    """The places of each part's rows, in their order."""
    parts = places.reindex(deals).to_numpy()
    order = np.argsort(parts, kind="stable")
    return np.split(order, np.searchsorted(parts[order], np.arange(1, count)))
