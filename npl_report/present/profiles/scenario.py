"""A deal's scenarios: the static table, and what the interactive one on its page is computed from.

``assets/waterfall.js`` computes the interactive one.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cached_property

from npl_report.model import DAYS_PER_MONTH, Column, Unavailable, Unit
from npl_report.present.profiles.cells import Cell, Cells, Grid, GridGroup, GridRow
from npl_report.tables.deal_scenarios import CASES, MULTIPLIERS
from npl_report.tables.structure import forecast_profile, multiplier_id, terms_of

_HEADS = {
    "senior": "scenario.senior_yield",
    "subordinated": "scenario.subordinated_yield",
    "late": "scenario.late_yield",
}
_RATES = ("coupon", "tax_rate", "trust_fee_rate", "servicing_rate", "fixed_return", "reward_share")
_AMOUNTS = ("senior", "subordinated", "reserve", "legal_maturity")
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
    """Of all deals of one language; terms and flows are prepared once."""

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        data = cells.localized.data
        self._names, self._profile = forecast_profile(data.deals, data.forecasts, cells.localized.structure)
        self._terms = terms_of(data.deals, data.tranches, data.priorities, self._names)
        self._balance = data.deals.set_index("deal")["pool_balance"]
        self._positions = {str(deal): position for position, deal in enumerate(self._names)}

    def of(self, deal: str) -> Scenario | None:
        """The deal's scenarios; None without a forecast."""
        if deal not in self._positions or isinstance(self._cells.localized.results["deal_scenarios"], Unavailable):
            return None
        position = self._positions[deal]
        return Scenario(
            self._data(deal, position), f"{100 * self._terms.reward_share[position]:.0f}", self._table(deal)
        )

    def _data(self, deal: str, position: int) -> str:
        terms, days = self._terms, self._profile.days[:, position]
        n = int((days < days[-1]).sum()) + 1  # the last date is repeated where other deals have more
        priority, cap = terms.priorities[terms.priority[position]], float(terms.trust_fee_cap[position])
        given: dict[str, object] = {name: float(getattr(terms, name)[position]) for name in (*_RATES, *_AMOUNTS)}
        given |= {
            "trust_fee_cap": cap if math.isfinite(cap) else None,
            "ordinary": priority.ordinary,
            "default": priority.default,
        }
        given |= {
            "pool_balance": float(self._balance[deal]),
            "collected": self._profile.collected[:n, position].tolist(),
            "days": days[:n].astype(int).tolist(),
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
            printed = tuple(
                cells.in_table("deal_scenarios", deal, f"{span}_{key}", anchored=True) for span, _, _ in CASES
            )
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
        )
