"""What the program reads of ``data/``: the one list of its files and columns.

``data/datapackage.json`` describes the same columns to people. It may ask more of them (a stricter limit, fewer
choices), name another unit of the same kind and add columns; it cannot take away what stands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from npl_report.model.terms import MILLIONS, PHASES, THOUSANDS

FieldType = Literal["string", "number", "integer", "date"]


@dataclass(frozen=True)
class Needed:
    """A column that the program reads, in its own unit.

    ``filled``: every row needs a value. ``kept``: the column must be there; one that is not reads as empty. ``id``: its
    values name files and pages. ``name``: no two may look the same. ``unit_in``: the column that names the unit row by
    row; ``unit`` is then empty.
    """

    type: FieldType
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    filled: bool = True
    kept: bool = True
    id: bool = False
    name: bool = False
    unit_in: str = ""


@dataclass(frozen=True)
class Part:
    """One file: its columns, the key that no two rows share, and columns → (part, columns) in which they must be found.

    ``named``: the beginnings of columns that hold names, one for each language of the publication: ``name`` stands for
    ``name_zh``, ``name_en`` …
    """

    key: tuple[str, ...]
    columns: Mapping[str, Needed]
    links: Mapping[tuple[str, ...], tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    named: tuple[str, ...] = ()

    def needs(self, column: str) -> Needed | None:
        """What the program needs of a column; None if it reads none of that name."""
        stem, _, language = column.partition("_")
        return self.columns.get(column) or (NAME if language and stem in self.named else None)


_TEXT, _DATE = Needed("string"), Needed("date")
NAME = replace(_TEXT, name=True)
_ID = replace(_TEXT, id=True)
_MONEY = Needed("number", MILLIONS, minimum=0)
_AMOUNT = replace(_MONEY, minimum=0.0001)  # something is divided by it
_SHARE = Needed("number", "fraction", minimum=0, maximum=1)
_COUNT = Needed("integer", minimum=1)
_MONTHS = Needed("number", "months", minimum=0)
_SAMPLE = replace(_TEXT, choices=("published", "reconstructed"), filled=False, kept=False)
_OF_DEAL: Mapping[tuple[str, ...], tuple[str, tuple[str, ...]]] = {("deal",): ("deals", ("deal",))}


def _optional(column: Needed) -> Needed:
    return replace(column, filled=False, kept=False)


BORROWER_FACTS = ("wa_borrower_age", "wa_annual_income")
"""Facts of a deal that persons have and firms have not."""
RECOVERIES = ("recovered_in_disposal", "recovered_closed")
"""Parts of what is collected that are recoveries: on claims still in disposal, and on claims that are closed."""
NO_RECOVERIES = ("other_income", "clean_up_call", "repurchase")
"""Parts of what is collected that are none: other income, the price of a clean-up call, that of ineligible claims
which the originator took back."""
OFFERING = "offering"
"""The vintage of the offering circular's forecast, which accuracy is measured against."""

CONTRACT: Mapping[str, Part] = {
    "deals": Part(
        key=("deal",),
        named=("name",),
        links={("originator",): ("originators", ("originator",)), ("priority",): ("priorities", ("priority",))},
        columns={
            "deal": _ID,
            "originator": _TEXT,
            "asset_type": _TEXT,
            "asset_class": _optional(_TEXT),
            "cutoff_date": _DATE,
            "issue_date": _DATE,
            "closing_date": _DATE,
            "pool_balance": _AMOUNT,
            "pool_principal": _AMOUNT,
            "n_loans": _COUNT,
            "n_borrowers": _COUNT,
            "wa_loan_age": _MONTHS,
            "wa_overdue": _MONTHS,
            "wa_borrower_age": _optional(Needed("number", "years", minimum=0)),
            "wa_annual_income": _optional(Needed("number", THOUSANDS, minimum=0)),
            "secured_share": _SHARE,
            "largest_region_share": _SHARE,
            "expected_recovery": _AMOUNT,
            "fee_rate": _SHARE,
            "tax_rate": _optional(_SHARE),
            "trust_fee_rate": _optional(_SHARE),
            "trust_fee_cap": _optional(_MONEY),
            "liquidity_reserve": _MONEY,
            "sub_fixed_return": _SHARE,
            "excess_reward_share": _SHARE,
            "priority": _TEXT,
            "liquidated_on": _optional(_DATE),
            "sample": _SAMPLE,
        },
    ),
    "tranches": Part(
        key=("deal", "tranche"),
        links=_OF_DEAL,
        columns={
            "deal": _TEXT,
            "tranche": _TEXT,
            "face": _AMOUNT,
            "coupon": replace(_SHARE, filled=False),
            "expected_maturity": _DATE,
            "legal_maturity": _DATE,
        },
    ),
    "collections": Part(
        key=("deal", "period_start", "period_end", "reported_on"),
        links=_OF_DEAL,
        columns={
            "deal": _TEXT,
            "period_start": _DATE,
            "period_end": _DATE,
            "reported_on": _DATE,
            "collected": _MONEY,
            **dict.fromkeys((*RECOVERIES, *NO_RECOVERIES), _optional(_MONEY)),
            "disposal_costs": _optional(_MONEY),
            "n_closed": _optional(Needed("integer", minimum=0)),
            "balance_closed": _optional(_MONEY),
        },
    ),
    "forecasts": Part(
        key=("deal", "vintage", "period_start"),
        links=_OF_DEAL,
        columns={
            "deal": _TEXT,
            "vintage": _TEXT,
            "agency": _TEXT,
            "basis": replace(_TEXT, choices=("gross", "net")),
            "made_on": _DATE,
            "period_start": _DATE,
            "period_end": _DATE,
            "amount": _MONEY,
        },
    ),
    "payments": Part(
        key=("deal", "tranche", "paid_on", "reported_on"),
        links={("deal", "tranche"): ("tranches", ("deal", "tranche"))},
        columns={
            "deal": _TEXT,
            "tranche": _TEXT,
            "paid_on": _DATE,
            "reported_on": _DATE,
            "principal": _MONEY,
            "interest": _MONEY,
        },
    ),
    "priorities": Part(
        key=("priority", "phase", "position"),
        columns={
            "priority": _TEXT,
            "phase": replace(_TEXT, choices=PHASES),
            "position": _COUNT,
            "step": _TEXT,
        },
    ),
    "originators": Part(
        key=("originator",),
        named=("name", "short"),
        columns={
            "originator": _ID,
            "kind": _optional(_TEXT),
            "aliases": _optional(_TEXT),
            "sample": _SAMPLE,
        },
    ),
    "market": Part(
        key=("date", "series"),
        columns={
            "date": _DATE,
            "series": _TEXT,
            "value": Needed("number", unit_in="unit"),
            "unit": _TEXT,
            "source": _optional(_TEXT),
        },
    ),
}
"""Name of the resource → what it must hold."""
