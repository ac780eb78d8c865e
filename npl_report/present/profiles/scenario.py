"""A deal's scenarios: the static table, and what the interactive one on its page is computed from.

``assets/waterfall.js`` computes the interactive one.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property

from npl_report.model import DAYS_PER_MONTH, Column, Unavailable, Unit
from npl_report.present.printed import Cell
from npl_report.present.profiles.cells import Cells, Grid, GridGroup, GridRow
from npl_report.tables.deal_scenarios import CASES, MULTIPLIERS
from npl_report.tables.structure import multiplier_id

_HEADS = {
    "senior": "scenario.senior_yield",
    "subordinated": "scenario.subordinated_yield",
    "late": "scenario.late_yield",
}
_FORMATS = {
    "rate": Column("rate", Unit.RATE),
    "share": Column("share", Unit.RATE, 0),
    "multiple": Column("multiple", Unit.MULTIPLE, 3),
    "months": Column("months", Unit.MONTHS),
    "life": Column("life", Unit.MONTHS, 1),
    "money": Column("money", Unit.MONEY),
}


@dataclass(frozen=True)
class Scenario:
    """The scenarios of a deal.

    ``data``: JSON with terms, dated collections, formats and words; ``reward``: the deal's own share in whole per cent,
    where the slider stands; ``table``: the static one.
    """

    data: str
    reward: str
    table: Grid


class ScenarioPages:
    """Of all deals of one language."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._terms = cells.localized.terms

    def of(self, deal: str) -> Scenario | None:
        """The deal's scenarios; None without a forecast."""
        if deal not in self._terms or isinstance(self._cells.localized.results["deal_scenarios"], Unavailable):
            return None
        return Scenario(
            self._data(deal), f"{100 * (self._terms[deal].terms['reward_share'] or 0.0):.0f}", self._table(deal)
        )

    def _data(self, deal: str) -> str:
        of = self._terms[deal]
        given = {
            **of.terms,
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
        return {"month": DAYS_PER_MONTH, "formats": formats, "words": said}

    def _table(self, deal: str) -> Grid:
        """Rows: multipliers of the forecast; columns: the cases of ``deal_scenarios``."""
        cells = self._cells
        heads = [
            cells.localized.printer.head(Column(span, Unit.RATE), cells.word(_HEADS[span])) for span, _, _ in CASES
        ]
        rows = []
        for multiplier in MULTIPLIERS:
            key = multiplier_id(multiplier)
            printed = tuple(cells.in_table("deal_scenarios", deal, f"{span}_{key}") for span, _, _ in CASES)
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
