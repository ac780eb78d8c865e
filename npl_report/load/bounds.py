"""Dates that lie too far from the one that they follow: a year mistyped would hide a record from every edition, or show it to one that could not know it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from npl_report.load.frames import by_deal, cell
from npl_report.load.rulebook import Limits
from npl_report.model import OFFERING, Problem


def check_bounds(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], limits: Limits, problems: list[Problem]
) -> None:
    """Append every date beyond the limits that the description sets.

    Nothing is counted from an issue or closing date that is told itself.
    """

    def within(
        rule: str,
        name: str,
        column: str,
        anchor: pd.Series,
        what: str,
        *,
        before: str = "",
        after: str = "",
        rows: pd.Series | None = None,
    ) -> None:
        """``before`` and ``after``: the limit's name; without it that side has none. ``what`` the anchor is."""
        if rule not in limits:
            return
        frame = frames[name]
        wrong: dict[Any, tuple[int, str]] = {}
        days = (frame[column] - anchor).dt.days
        for limit, beyond, side in ((after, days, "after"), (before, -days, "before")):
            if limit:
                wrong |= dict.fromkeys(
                    frame.index[(beyond > limits[rule][limit]) & (True if rows is None else rows)],
                    (limits[rule][limit], side),
                )
        for index, (most, side) in wrong.items():
            fix = f"{what} is {anchor[index]:%Y-%m-%d}: check the year of both; if both are right, widen {rule} in datapackage.json"
            problems.append(
                Problem(
                    files[name],
                    int(cell(frame, index, "source_row")),
                    column,
                    f"{cell(frame, index, column):%Y-%m-%d}",
                    f"lies {f'more than {most} days ' if most else ''}{side} {what}",
                    fix,
                )
            )

    deals, tranches, collections, forecasts, payments = (
        frames[name] for name in ("deals", "tranches", "collections", "forecasts", "payments")
    )
    facts = deals.drop_duplicates("deal").set_index("deal")
    legal = tranches.groupby("deal")["legal_maturity"].max()
    within("issue_in_time", "deals", "issue_date", deals["cutoff_date"], "the cut-off date", after="days")
    within("closing_in_time", "deals", "closing_date", deals["issue_date"], "the issue date", after="days")
    told = {
        problem.row
        for problem in problems
        if problem.file == files["deals"] and problem.column in ("issue_date", "closing_date")
    }
    right = (
        (facts["cutoff_date"] < facts["issue_date"])
        & (facts["issue_date"] <= facts["closing_date"])
        & ~facts["source_row"].isin(told)
    )
    closing, issue = facts["closing_date"].where(right), facts["issue_date"].where(right)
    within(
        "liquidated_in_time",
        "deals",
        "liquidated_on",
        by_deal(legal, deals["deal"]),
        "the legal maturity of the deal",
        after="days",
    )
    within(
        "maturity_in_time",
        "tranches",
        "legal_maturity",
        by_deal(closing, tranches["deal"]),
        "the closing date of the deal",
        after="days",
    )
    restated = collections["reported_on"] > collections.groupby(["deal", "period_start", "period_end"])[
        "reported_on"
    ].transform("min")
    for limit, rows in (("first_days", ~restated), ("restated_days", restated)):
        within(
            "reported_in_time",
            "collections",
            "reported_on",
            collections["period_end"],
            "the end of the period",
            after=limit,
            rows=rows,
        )
    restated = payments["reported_on"] > payments.groupby(["deal", "tranche", "paid_on"])["reported_on"].transform(
        "min"
    )
    for limit, rows in (("after_days", ~restated), ("restated_days", restated)):
        within(
            "reported_near_payment",
            "payments",
            "reported_on",
            payments["paid_on"],
            "the payment",
            before="before_days",
            after=limit,
            rows=rows,
        )
    within(
        "made_in_time",
        "forecasts",
        "made_on",
        by_deal(issue, forecasts["deal"]),
        "the issue date of the deal",
        before="before_days",
    )
    within(
        "made_in_time",
        "forecasts",
        "made_on",
        by_deal(issue, forecasts["deal"]),
        "the issue date of the deal",
        after="offering_days",
        rows=forecasts["vintage"] == OFFERING,
    )
    ends = forecasts.groupby(["deal", "vintage"])["period_end"].transform("max")
    within(
        "made_in_time",
        "forecasts",
        "made_on",
        ends,
        "the end of the forecast",
        after="after_days",
        rows=forecasts["vintage"] != OFFERING,
    )
    within(
        "ends_in_time",
        "forecasts",
        "period_end",
        by_deal(legal, forecasts["deal"]),
        "the legal maturity of the deal",
        after="days",
    )
