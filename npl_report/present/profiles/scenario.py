"""A deal's scenarios: the static table, and what the interactive one on its page is computed from.

``assets/waterfall.js`` computes the interactive one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from npl_report.model import Column, Unavailable, Unit
from npl_report.present.printed import Cell
from npl_report.present.profiles.cells import Cells, Grid, GridGroup, GridRow
from npl_report.tables.deal_scenarios import MULTIPLIERS, cases
from npl_report.tables.structure import multiplier_id

_FORMATS = {
    "rate": Column("rate", Unit.RATE),
    "share": Column("share", Unit.RATE, 0),
    "multiple": Column("multiple", Unit.MULTIPLE, 3),
    "months": Column("months", Unit.MONTHS),
    "life": Column("life", Unit.MONTHS, 1),
    "money": Column("money", Unit.MONEY),
}


@dataclass(frozen=True)
class Part:
    """A part of what is recovered: its payee in ``waterfall.js``, its class in ``profiles.css``, and its name."""

    key: str
    look: str
    name: str


@dataclass(frozen=True)
class Scenario:
    """The scenarios of a deal.

    ``data``: JSON with terms, dated collections, formats and words; ``reward``: the deal's own share in whole per cent,
    where the slider stands; ``tranches``: of the deal, key → name, by rank; ``split``: what it recovers, in
    the order in which it is paid out; ``table``: the static one.
    """

    data: str
    reward: str
    tranches: Mapping[str, str]
    split: tuple[Part, ...]
    table: Grid


class ScenarioPages:
    """Of all deals of one language."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._terms = cells.localized.terms
        self._ladder = cells.localized.market.ladder

    def of(self, deal: str) -> Scenario | None:
        """The deal's scenarios; None without a forecast."""
        if deal not in self._terms or isinstance(self._cells.localized.results["deal_scenarios"], Unavailable):
            return None
        of, names = self._terms[deal], self._cells.names
        return Scenario(
            self._data(deal),
            f"{100 * (of.terms['reward_share'] or 0.0):.0f}",
            {tranche: names.name(Unit.TRANCHE, tranche) for tranche in of.ladder},
            tuple(part for tranche, part in self._parts if not tranche or tranche in of.ladder),
            self._table(deal, of.ladder),
        )

    def _data(self, deal: str) -> str:
        of = self._terms[deal]
        given = {
            **of.terms,
            "ladder": of.ladder,
            "face": of.face,
            "coupon": of.coupon,
            "ordinary": of.ordinary,
            "default": of.default,
            "pool_balance": of.pool_balance,
            "collected": of.collected,
            "days": of.days,
        }
        text = json.dumps({**given, **self._shared}, ensure_ascii=False, separators=(",", ":"))
        return text.replace("<", "\\u003c")  # so that no text can end the element that holds it

    @cached_property
    def _shared(self) -> dict[str, object]:
        """What is the same for all deals: how figures are printed, and words."""
        numbers, words = self._cells.numbers, self._cells.words
        formats = {}
        for name, column in _FORMATS.items():
            style = numbers.style(column.unit)
            shown = style.text if name in ("money", "months") else style.cell
            formats[name] = {
                "one": style.one if shown == style.text else shown,
                "scale": style.scale,
                "decimals": max(0, column.printed_decimals + style.shift),
                "text": shown,
            }
        said = {
            key.partition(".")[2]: str(words[key])
            for key in ("scenario.recovery", "scenario.default", "scenario.no_default", "scenario.nothing")
        }
        marks = {"decimal": numbers.marks.decimal, "thousands": numbers.marks.thousands}
        return {"month": self._cells.localized.market.ages.days, "formats": formats, "marks": marks, "words": said}

    @cached_property
    def _parts(self) -> list[tuple[str, Part]]:
        """The parts with the tranche of each, empty for what no tranche gets.

        A tranche looks alike in all deals: by its rank in the ladder of the market.
        """
        *upper, last = self._ladder
        looks = [("", "fees", "fees")]
        for rank, tranche in enumerate(upper, 1):
            looks += [(tranche, f"{tranche}_{part}", f"{part}-{rank}") for part in ("interest", "principal")]
        looks += [(last, f"{last}_{part}", f"last-{part}") for part in ("principal", "return", "residual")]
        looks.append(("", "reward", "reward"))
        return [(tranche, Part(key, look, self._cells.word(f"payee.{key}"))) for tranche, key, look in looks]

    def _table(self, deal: str, own: Sequence[str]) -> Grid:
        """Rows: multipliers of the forecast; columns: the cases of ``deal_scenarios``, of the deal's own tranches."""
        cells = self._cells
        spans = [span for span, _, _ in cases(self._ladder) if span in own or span not in self._ladder]
        heads = [
            cells.localized.printer.head(Column(span, Unit.RATE), cells.word(f"scenario.{span}_yield"))
            for span in spans
        ]
        rows = []
        for multiplier in MULTIPLIERS:
            key = multiplier_id(multiplier)
            printed = tuple(cells.in_table("deal_scenarios", deal, f"{span}_{key}") for span in spans)
            rows.append(GridRow(Cell(cells.names.name(Unit.TERM, key), numeric=False), printed))
        return cells.grid(
            "scenarios",
            cells.word("scenario.table"),
            "deal_scenarios",
            "scenario.row",
            heads,
            [GridGroup("", tuple(rows))],
            empty="profile.no_forecast",
            note="scenario.note",
            anchored=True,
        )
