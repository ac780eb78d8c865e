"""Dates that lie too far from the one that they follow.

A year mistyped would hide a record from every edition, or show it to one that could not know it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import pandas as pd

from npl_report.load.frames import by_deal, cell, cell_problem
from npl_report.load.rulebook import Limits
from npl_report.model import OFFERING, Problem


@dataclass(frozen=True)
class _Bound:
    """How far the dates of a column may lie from their anchor, which ``what`` names.

    ``before`` and ``after``: the limit's name; without it that side has none. ``rows``: those that are looked at, all
    if there are none.
    """

    rule: str
    name: str
    column: str
    anchor: pd.Series
    what: str
    before: str = ""
    after: str = ""
    rows: pd.Series | None = None


def check_bounds(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits, problems: list[Problem]
) -> None:
    """Append every date beyond the limits that the description sets.

    Nothing is counted from an issue or closing date that is told itself.
    """
    deals = frames["deals"]
    for bound in _of_issue(deals):
        problems += _beyond(bound, frames, files, limits)
    told = {
        problem.row
        for problem in problems
        if problem.file == files["deals"] and problem.column in ("issue_date", "closing_date")
    }
    facts = deals.drop_duplicates("deal").set_index("deal")
    right = (
        (facts["cutoff_date"] < facts["issue_date"])
        & (facts["issue_date"] <= facts["closing_date"])
        & ~facts["source_row"].isin(told)
    )
    closing, issue = facts["closing_date"].where(right), facts["issue_date"].where(right)
    legal = frames["tranches"].groupby("deal")["legal_maturity"].max()
    for bound in chain(
        _of_ends(deals, frames["tranches"], closing, legal),
        _of_collections(frames["collections"]),
        _of_payments(frames["payments"]),
        _of_forecasts(frames["forecasts"], issue, legal),
    ):
        problems += _beyond(bound, frames, files, limits)


def _beyond(
    bound: _Bound, frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits
) -> Iterator[Problem]:
    """The dates beyond one bound; none if the description sets no limit for it."""
    if bound.rule not in limits:
        return
    frame, limit = frames[bound.name], limits[bound.rule]
    wrong: dict[Any, tuple[int, str]] = {}
    days = (frame[bound.column] - bound.anchor).dt.days
    for name, beyond, side in ((bound.after, days, "after"), (bound.before, -days, "before")):
        if name:
            looked_at = True if bound.rows is None else bound.rows
            wrong |= dict.fromkeys(frame.index[(beyond > limit[name]) & looked_at], (limit[name], side))
    for index, (most, side) in wrong.items():
        value = f"{cell(frame, index, bound.column):%Y-%m-%d}"
        rule = f"lies {f'more than {most} days ' if most else ''}{side} {bound.what}"
        fix = (
            f"{bound.what} is {bound.anchor[index]:%Y-%m-%d}: check the year of both; if both are right, widen "
            f"{bound.rule} in datapackage.json"
        )
        yield cell_problem(files[bound.name], frame, index, bound.column, value, rule, fix)


def _of_issue(deals: pd.DataFrame) -> Iterator[_Bound]:
    """Of issue and closing."""
    yield _Bound("issue_in_time", "deals", "issue_date", deals["cutoff_date"], "the cut-off date", after="days")
    yield _Bound("closing_in_time", "deals", "closing_date", deals["issue_date"], "the issue date", after="days")


def _of_ends(deals: pd.DataFrame, tranches: pd.DataFrame, closing: pd.Series, legal: pd.Series) -> Iterator[_Bound]:
    """Of liquidation and legal maturity; ``closing`` and ``legal``: closing date and last legal maturity, by deal."""
    ends, what = by_deal(legal, deals["deal"]), "the legal maturity of the deal"
    yield _Bound("liquidated_in_time", "deals", "liquidated_on", ends, what, after="days")
    closed, what = by_deal(closing, tranches["deal"]), "the closing date of the deal"
    yield _Bound("maturity_in_time", "tranches", "legal_maturity", closed, what, after="days")


def _of_collections(collections: pd.DataFrame) -> Iterator[_Bound]:
    """Of reports of a period, first and restated ones."""
    restated = _restated(collections, ["deal", "period_start", "period_end"])
    ends, what = collections["period_end"], "the end of the period"
    for limit, rows in (("first_days", ~restated), ("restated_days", restated)):
        yield _Bound("reported_in_time", "collections", "reported_on", ends, what, after=limit, rows=rows)


def _of_payments(payments: pd.DataFrame) -> Iterator[_Bound]:
    """Of reports of a payment, first and restated ones."""
    restated = _restated(payments, ["deal", "tranche", "paid_on"])
    rule, paid, what = "reported_near_payment", payments["paid_on"], "the payment"
    for limit, rows in (("after_days", ~restated), ("restated_days", restated)):
        yield _Bound(rule, "payments", "reported_on", paid, what, before="before_days", after=limit, rows=rows)


def _restated(frame: pd.DataFrame, key: list[str]) -> pd.Series:
    """Whether a value has been reported before."""
    return frame["reported_on"] > frame.groupby(key)["reported_on"].transform("min")


def _of_forecasts(forecasts: pd.DataFrame, issue: pd.Series, legal: pd.Series) -> Iterator[_Bound]:
    """Of the making and end of forecasts; ``issue`` and ``legal``: issue date and last legal maturity, by deal."""
    name, offering = "forecasts", forecasts["vintage"] == OFFERING
    issued, what = by_deal(issue, forecasts["deal"]), "the issue date of the deal"
    yield _Bound("made_in_time", name, "made_on", issued, what, before="before_days")
    yield _Bound("made_in_time", name, "made_on", issued, what, after="offering_days", rows=offering)
    ends = forecasts.groupby(["deal", "vintage"])["period_end"].transform("max")
    yield _Bound("made_in_time", name, "made_on", ends, "the end of the forecast", after="after_days", rows=~offering)
    matures, what = by_deal(legal, forecasts["deal"]), "the legal maturity of the deal"
    yield _Bound("ends_in_time", name, "period_end", matures, what, after="days")
