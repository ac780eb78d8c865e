"""A deal's record in the data → its list of facts. What is not disclosed is said in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from npl_report.model import Column, Unit
from npl_report.present.printed import Cell
from npl_report.present.profiles.cells import Cells, Record
from npl_report.text.numbers import raw


@dataclass(frozen=True)
class Fact:
    """A line of the list: its label and its value."""

    label: str
    value: Cell


@dataclass(frozen=True)
class FactGroup:
    """Facts under a heading."""

    title: str
    facts: tuple[Fact, ...]


Absence = Literal["undisclosed", "retail", "alive", "none", "silent"]
"""What an empty cell means: not disclosed; the same, but void for loans to firms; the deal is not liquidated; there
is none; nothing, and there is no line for it."""


@dataclass(frozen=True)
class _Item:
    """A column of ``deals``.

    Its label's word, how its values are written, what an empty cell means, and what is said of zero.
    """

    label: str
    unit: Unit
    decimals: int | None = None
    form: str | None = None
    absence: Absence = "undisclosed"
    zero: str = ""

    @property
    def column(self) -> Column:
        """The column as the number style knows it."""
        return Column(self.label.removeprefix("fact."), self.unit, self.decimals)


_GROUPS: tuple[tuple[str, tuple[_Item, ...]], ...] = (
    (
        "fact.transaction",
        (
            _Item("fact.originator", Unit.ORIGINATOR),
            _Item("fact.asset_type", Unit.ASSET_TYPE),
            _Item("fact.cutoff_date", Unit.DATE),
            _Item("fact.issue_date", Unit.DATE),
            _Item("fact.closing_date", Unit.DATE),
            _Item("fact.liquidated_on", Unit.DATE, absence="alive"),
            _Item("fact.unread_from", Unit.DATE, absence="silent"),
        ),
    ),
    (
        "fact.pool",
        (
            _Item("fact.pool_balance", Unit.MONEY),
            _Item("fact.pool_principal", Unit.MONEY),
            _Item("fact.n_loans", Unit.COUNT),
            _Item("fact.n_borrowers", Unit.COUNT),
            _Item("fact.wa_loan_age", Unit.MONTHS, decimals=1),
            _Item("fact.wa_overdue", Unit.MONTHS, decimals=1),
            _Item("fact.wa_borrower_age", Unit.COUNT, decimals=1, form="years", absence="retail"),
            _Item("fact.wa_annual_income", Unit.COUNT, decimals=1, form="thousands", absence="retail"),
            _Item("fact.secured_share", Unit.RATE),
            _Item("fact.largest_region_share", Unit.RATE),
        ),
    ),
    (
        "fact.terms",
        (
            _Item("fact.expected_recovery", Unit.MONEY),
            _Item("fact.fee_rate", Unit.RATE),
            _Item("fact.tax_rate", Unit.RATE, absence="none", zero="fact.none"),
            _Item("fact.trust_fee_rate", Unit.RATE, absence="none", zero="fact.none"),
            _Item("fact.trust_fee_cap", Unit.MONEY, absence="none"),
            _Item("fact.liquidity_reserve", Unit.MONEY, zero="fact.none"),
            _Item("fact.sub_fixed_return", Unit.RATE, zero="fact.none"),
            _Item("fact.excess_reward_share", Unit.RATE, zero="fact.none"),
        ),
    ),
)


def fact_groups(deal: Record, cells: Cells) -> tuple[FactGroup, ...]:
    """The facts of one deal; a column that the data do not have counts as empty."""
    return tuple(
        FactGroup(
            cells.word(title),
            tuple(
                Fact(cells.word(item.label), _value(deal, item, cells))
                for item in items
                if item.absence != "silent" or raw(deal.get(item.column.key))
            ),
        )
        for title, items in _GROUPS
    )


def _value(deal: Record, item: _Item, cells: Cells) -> Cell:
    column = item.column
    value: Any = deal.get(column.key)
    stored = raw(value)
    if not stored:
        return Cell(_absent(deal, item, cells), numeric=False)
    if item.unit in (Unit.ORIGINATOR, Unit.ASSET_TYPE):
        return Cell(cells.names.name(item.unit, str(value)), stored, page=cells.names.page(item.unit, str(value)))
    if item.unit is Unit.DATE:
        return Cell(cells.numbers.day(value.date()), raw=stored)
    if item.zero and float(value) == 0:
        return Cell(cells.word(item.zero), raw=stored)
    return Cell(cells.numbers.text(float(value), column, item.form), raw=stored)


def _absent(deal: Record, item: _Item, cells: Cells) -> str:
    """Why there is no value, in words."""
    if item.absence == "alive":
        return cells.word("fact.alive", date=cells.localized.edition.as_of)
    if item.absence == "none":
        return cells.word("fact.none")
    if item.absence == "retail" and deal["asset_type"] in cells.localized.market.of_firms:
        return cells.word("reason.not_applicable")
    return cells.word("fact.undisclosed")
