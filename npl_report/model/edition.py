"""An edition: with data and code, the whole input of a build."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain
from typing import Literal

from npl_report.model.market import Market
from npl_report.model.terms import Variable

Language = str
"""A language tag such as ``zh`` or ``en``; the set of languages is the set of files."""


@dataclass(frozen=True)
class Window:
    """An observation window in months of age, both ends included, and who chose it."""

    low: int
    high: int
    source: Literal["published", "chosen"]


@dataclass(frozen=True)
class Determinants:
    """The rules of part II, declared before its models are estimated.

    They are section ``determinants`` of an edition, each key with a default.

    ``regressors`` and ``factor_variables``: candidates in order of precedence. Of variables that depend on each other
    the gate lets go the last in the list: in a regression while a variance inflation factor exceeds ``vif_limit``,
    before the factor analysis what is exactly determined. ``eigenvalue_limit``: a factor is kept while its eigenvalue
    exceeds it (Kaiser). ``significance``: the level at which an effect counts as one.
    """

    regressors: tuple[Variable, ...] = (
        "pool_balance",
        "n_loans",
        "wa_annual_income",
        "wa_loan_age",
        "wa_borrower_age",
        "wa_overdue",
        "secured_share",
        "senior_share",
        "largest_region_share",
        "issuance",
        "pool_principal",
        "n_borrowers",
        "average_loan",
        "average_exposure",
    )
    factor_variables: tuple[Variable, ...] = (
        "issuance",
        "pool_balance",
        "average_loan",
        "wa_borrower_age",
        "wa_annual_income",
        "wa_loan_age",
        "wa_overdue",
        "pool_principal",
        "average_exposure",
        "senior_share",
        "secured_share",
        "largest_region_share",
        "n_loans",
        "n_borrowers",
    )
    vif_limit: float = 10.0
    eigenvalue_limit: float = 1.0
    significance: float = 0.05


@dataclass(frozen=True)
class Structure:
    """The rules of part III; section ``structure`` of an edition, each key with a default.

    ``payment_lag``: days from the end of a forecast period to the payment date that passes its collections on.
    ``cases``: the deal whose waterfall is shown, by asset type; for a type without one, its deal of median issue size.
    """

    payment_lag: int = 24
    cases: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Ranking:
    """Which groups are ranked; section ``ranking`` of an edition.

    ``fewest``: deals that a group needs to be called the highest, the lowest or the most accurate. Tables hold all.
    """

    fewest: int = 3


@dataclass(frozen=True)
class PresentValue:
    """How present values are taken; section ``present_value`` of an edition.

    ``rate``: by which a year is discounted, as a fraction.
    """

    rate: float = 0.05


@dataclass(frozen=True)
class Restatement:
    """What a revision restates: the tables, and why, by language; an entry ``[[restatement]]`` of an edition.

    ``others``: why further tables move, which the entry does not name; empty if it says nothing of any.
    """

    revision: int
    tables: tuple[str, ...]
    why: Mapping[Language, str]
    others: Mapping[Language, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Edition:
    """``report/editions/<id>.toml``: as-of date, languages, windows, revision, rules of parts II and III.

    ``market``: the classes that it reports, which are those of its ``windows``, in the market's order.
    """

    id: str
    as_of: date
    published_on: date
    revision: int
    languages: tuple[Language, ...]
    market: Market
    windows: Mapping[str, Window]
    one_year_window: Window
    determinants: Determinants = Determinants()
    structure: Structure = Structure()
    ranking: Ranking = Ranking()
    present_value: PresentValue = PresentValue()
    restatements: tuple[Restatement, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A page of prose and its tables, in order.

    ``tables`` stand on the page; ``supporting`` are the long ones behind them: published with a passport and downloads,
    their charts on the page, but not printed there. ``since`` is the id of the edition with which it begins, if an
    edition and no day says so; ``before``: ids of the editions that there are and that do not have it.

    ``note`` says whether the PDF carries the chapter, ``sections`` which of its sections, by their anchors: all if none
    is named. ``cover``: the table whose figure opens the PDF, of the front page only. ``after``: the chapter behind
    which the PDF has it.
    """

    key: str
    tables: tuple[str, ...]
    supporting: tuple[str, ...]
    note: bool
    since: str = ""
    before: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    cover: str = ""
    after: str = ""


@dataclass(frozen=True)
class Series:
    """``report/series.toml``: the chapters and, in them, the only list of table keys.

    ``address``: where the site is published, without a slash at its end; empty if it is not known. ``later``: chapters
    that this edition does not have, see ``of``. ``without``: keys of chapters of which the prose knows, and which the
    series does not have.
    """

    id: str
    address: str
    chapters: tuple[Chapter, ...]
    later: tuple[Chapter, ...] = ()
    without: tuple[str, ...] = ()

    def of(self, edition: str) -> Series:
        """The series as the edition of that id has it: without the chapters that begin with a later one."""
        there = tuple(chapter for chapter in self.chapters if edition not in chapter.before)
        return replace(self, chapters=there, later=tuple(chapter for chapter in self.chapters if chapter not in there))

    @property
    def table_keys(self) -> tuple[str, ...]:
        """All published tables in the order of the publication, which gives them their numbers."""
        return tuple(chain.from_iterable((*chapter.tables, *chapter.supporting) for chapter in self.chapters))

    @property
    def supporting(self) -> frozenset[str]:
        """The tables that are published, but stand on no chapter's page."""
        return frozenset(chain.from_iterable(chapter.supporting for chapter in self.chapters))
