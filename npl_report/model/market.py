"""The market that the data are about, as ``data/market.toml`` describes it: nothing of it stands in code."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

MOST_CLASSES = 8
"""Asset classes that one edition can report: so many have a colour of their own."""
TERMS = ("circular", "circulars", "report", "reports", "trustee", "originator", "originators")
"""What a market has its own words for: the document that forecasts recoveries, the report of what was collected and
who makes it, and who brought the claims in; one and many where prose needs both."""
FORECASTER = "forecaster"
"""Another such term, which a market may leave out: who makes the forecasts of the document."""
HORIZONS = (6, 12, 18, 24, 30, 36)
"""Half-years of age in months; at the last the longest mean expected term of a first tranche has passed (report I, part
2.1)."""
ARTICLES = {"a": ("circular", "report", "originator"), "the": TERMS}
"""Articles, and the terms that have one in languages that need it, as ``a_circular`` and ``the_circulars``."""
DAYS_PER_MONTH = 30
"""Ages are counted in months of 30 days from the cut-off date (report I, footnote 9), where an edition says nothing."""
MOST_TRANCHES = 5
"""Tranches of the ladder: so many have colours of their own."""
MEASURES = ("ccr_gross", "ccr_net", "profitability")
"""What a performance trigger may look at: cumulative collections over their first forecast, gross or net of costs, and
the present value of collections on closed claims over that of their forecast."""


@dataclass(frozen=True)
class Spoken:
    """A name in one language: as tables and charts head it, inside a sentence, and in the head of a column.

    ``pools`` says what claims such a deal pools, as a part of a sentence; empty for no such words. ``aliases`` are
    other names under which it is looked for.
    """

    name: str
    inline: str
    short: str
    pools: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class AssetClass:
    """A class of claims, by which deals are told apart.

    ``names``: by language. ``group``: key of the class that it is a part of, empty for none. ``firms``: whether its
    borrowers are firms, which have neither age nor annual income.
    """

    key: str
    names: Mapping[str, Spoken] = field(hash=False)
    group: str = ""
    firms: bool = False


@dataclass(frozen=True)
class Tranche:
    """A rung of the ladder of tranches. ``names``: by language.

    ``residual``: it has no coupon, but a fixed return and what is left in the end. The last rung alone is such a one.
    """

    key: str
    names: Mapping[str, Spoken] = field(hash=False)
    residual: bool = False


@dataclass(frozen=True)
class Trigger:
    """A performance trigger: breached while a deal's ``measure``, one of ``MEASURES``, is below the deal's own level.

    ``key``: the column of ``deals.csv`` that holds the levels. ``names``: by language.
    """

    key: str
    names: Mapping[str, Spoken] = field(hash=False)
    measure: str

    @property
    def column(self) -> str:
        """What the levels are called in ``Dataset.deals``: no computed column has such a name."""
        return f"trigger.{self.key}"


@dataclass(frozen=True)
class OriginatorKind:
    """What an originator is: a bank, a fund. ``names``: by language."""

    key: str
    names: Mapping[str, Spoken] = field(hash=False)


@dataclass(frozen=True)
class Currency:
    """What amounts are in. ``code``: of ISO 4217. By language ``units``, which stand beside amounts, and ``names``.

    ``finer``: with how many decimals more than usual amounts are printed, where deals are small in it.
    """

    code: str
    units: Mapping[str, str] = field(hash=False)
    names: Mapping[str, str] = field(hash=False)
    finer: int = 0


@dataclass(frozen=True)
class Ages:
    """How an edition counts age, and by what steps it follows the deals.

    ``months``: of thirty days each, or those of the calendar. ``curve``: months between points of the recovery curve,
    ``panel``: months of a period of the panel of deals. They are section ``ages`` of an edition, each with a default.
    """

    months: Literal["thirty_days", "calendar"] = "thirty_days"
    curve: int = 3
    panel: int = 6

    @property
    def calendar(self) -> bool:
        """Whether calendar months are counted."""
        return self.months == "calendar"

    @property
    def days(self) -> float:
        """Days in a month of durations, such as a delay or an average life; a twelfth of a year for calendar months."""
        return 365 / 12 if self.calendar else DAYS_PER_MONTH


@dataclass(frozen=True)
class Market:
    """The market, or what an edition reports of it.

    ``classes``: in the order of tables and charts. Deals of a class are reported as such, or as deals of its group.
    ``tranches``: by rank, at least two. Deals have the first and the last, and may lack one between. ``terms``: each
    of ``TERMS``, and perhaps ``FORECASTER``, by language, as it stands inside a sentence. ``kinds``: of originators,
    if they are told apart; ``triggers``: of performance, if deals have such. ``horizons``: ages in months to which an
    edition reports how recoveries spread over the life of a deal; ``ages``: how it counts them.
    """

    classes: tuple[AssetClass, ...]
    tranches: tuple[Tranche, ...]
    currency: Currency
    terms: Mapping[str, Mapping[str, str]] = field(hash=False)
    kinds: tuple[OriginatorKind, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    horizons: tuple[int, ...] = HORIZONS
    ages: Ages = Ages()

    @property
    def asset_types(self) -> tuple[str, ...]:
        """Keys of the classes."""
        return tuple(of.key for of in self.classes)

    @property
    def of_firms(self) -> frozenset[str]:
        """Keys of the classes whose borrowers are firms."""
        return frozenset(of.key for of in self.classes if of.firms)

    @property
    def ladder(self) -> tuple[str, ...]:
        """Keys of the tranches by rank, the one that is paid first at the beginning."""
        return tuple(of.key for of in self.tranches)

    def reporting(self, keys: Collection[str]) -> Market:
        """The market with these classes alone, in its own order."""
        return replace(self, classes=tuple(of for of in self.classes if of.key in keys))

    def issuing(self, keys: Collection[str]) -> Market:
        """The market with the first and the last tranche, and those of these keys that are between."""
        ends = (self.tranches[0], self.tranches[-1])
        return replace(self, tranches=tuple(of for of in self.tranches if of in ends or of.key in keys))

    def inputs(self) -> Mapping[str, object]:
        """What tables may be computed from, by the names of their parameters."""
        return {
            "asset_types": self.asset_types,
            "of_firms": self.of_firms,
            "ladder": self.ladder,
            "currency": self.currency.code,
            "horizons": self.horizons,
            "ages": self.ages,
            "triggers": self.triggers,
        }
