"""Rules on the terms from which a deal's cash is paid out.

They are its priority of payments, fees, coupon, and the end of its collections.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence

import pandas as pd

from npl_report.load.frames import cell, cell_problem
from npl_report.model import PHASES, STEPS, Problem

_NAMED = 3  # deals that a message names
_SENIOR = ("senior_interest", "senior_principal")
_SUBORDINATED = ("subordinated_principal", "subordinated_return", "residual")


def check_priorities(priorities: pd.DataFrame, deals: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Each phase names every step once, the residual last, and the senior tranche before the subordinated one.

    Nothing of the subordinated tranche is paid before the senior one is.
    """
    ordered = priorities.loc[priorities["phase"].isin(PHASES)].sort_values(
        ["priority", "phase", "position"], kind="stable"
    )
    for (name, phase), every in ordered.groupby(["priority", "phase"], sort=False):
        problems += _wrong_phase(every, f"{name} ({_deals_of(name, deals)}), phase {phase}", file)
    for name, rows in priorities.groupby("priority", sort=False):
        if "ordinary" not in set(rows["phase"]):
            rule = "the priority has no phase ordinary"
            fix = (
                f"add the steps of {name!s} ({_deals_of(name, deals)}) with phase ordinary; a priority without the "
                "phase default has no event of default"
            )
            problems.append(cell_problem(file, rows, rows.index[0], "phase", "default", rule, fix))


def _wrong_phase(every: pd.DataFrame, place: str, file: str) -> Iterator[Problem]:
    """What is wrong with the steps of one phase, whose rows are in order and which messages call ``place``."""
    rows = every.loc[every["step"].isin(STEPS)]
    if rows.empty or every["position"].duplicated().any():
        return  # told already, and the order is unknown
    steps, last = list(rows["step"]), rows.index[-1]
    lacking = [step for step in STEPS if step not in steps]
    for index in rows.index[rows["step"].duplicated()]:
        yield _twice(rows, index, place, lacking, file)
    if lacking and len(every) < len(STEPS):  # otherwise another step stands in its place, which is told
        rule = f"steps are missing: {', '.join(lacking)}"
        fix = (
            f"add a row for each to {place}; a step that a deal does not have costs nothing where its rate or "
            "amount is zero"
        )
        yield cell_problem(file, rows, last, "step", None, rule, fix)
    elif lacking:
        return
    elif steps[-1] != "residual":
        fix = f"move residual to the end of {place}; nothing is left after it"
        yield cell_problem(file, rows, last, "step", steps[-1], "the residual must be the last step", fix)
    elif late := [step for step in _SENIOR if steps.index(step) > min(map(steps.index, _SUBORDINATED))]:
        rule = "the subordinated tranche is paid before the senior one"
        fix = (
            f"in {place}, move it before {', '.join(_SUBORDINATED)}; this program computes senior and "
            "subordinated tranches only in that order"
        )
        yield cell_problem(file, rows, rows.index[rows["step"] == late[0]][0], "step", late[0], rule, fix)


def _twice(rows: pd.DataFrame, index: Hashable, place: str, lacking: Sequence[str], file: str) -> Problem:
    """A step that stands in its phase already."""
    step, steps = str(cell(rows, index, "step")), list(rows["step"])
    first = int(rows.loc[rows["step"] == step, "position"].iloc[0])
    between = steps[steps.index(step) + 1]
    why = "twice in a row" if between == step else f"before and after {between}: the order is circular"
    instead = f"; {', '.join(lacking)} may belong in the other's place" if lacking else ""
    return cell_problem(
        file,
        rows,
        index,
        "step",
        step,
        "a step stands twice in a phase",
        f"in {place}, it stands at position {first} already, {why}; keep one of the two{instead}",
    )


def _deals_of(priority: object, deals: pd.DataFrame) -> str:
    """Whose priority it is: a few deals by name, the others by number."""
    own = sorted(deals.loc[deals["priority"] == priority, "deal"].dropna().astype(str))
    more = f" and {len(own) - _NAMED} more" if len(own) > _NAMED else ""
    return f"of {', '.join(own[:_NAMED])}{more}" if own else "of no deal"


def check_terms(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], problems: list[Problem]) -> None:
    """Append what breaks the rules on fees, coupon and liquidation."""
    deals, tranches, collections = frames["deals"], frames["tranches"], frames["collections"]
    problems += _wrong_fees(deals, files["deals"])
    problems += _without_coupon(tranches, files["tranches"])
    problems += _after_liquidation(deals, collections, files["collections"])


def _wrong_fees(deals: pd.DataFrame, file: str) -> Iterator[Problem]:
    """The parts of the fees stay within the whole."""
    parts = deals.reindex(columns=["tax_rate", "trust_fee_rate"]).fillna(0.0).sum(axis=1)  # data need not have them
    for index in deals.index[parts > deals["fee_rate"] + 1e-12]:
        value, rule = f"{cell(deals, index, 'fee_rate'):g}", "parts of the fees exceed the fee rate"
        fix = (
            f"tax_rate and trust_fee_rate of {cell(deals, index, 'deal')} make {parts[index]:g}; fee_rate holds "
            "both and what the servicer takes: correct one of the three"
        )
        yield cell_problem(file, deals, index, "fee_rate", value, rule, fix)


def _without_coupon(tranches: pd.DataFrame, file: str) -> Iterator[Problem]:
    """The senior tranche has a coupon."""
    for index in tranches.index[(tranches["tranche"] == "senior") & tranches["coupon"].isna()]:
        fix = (
            f"write the coupon of {cell(tranches, index, 'deal')} as a fraction a year, such as 0.042; 0 if it "
            "bears no interest"
        )
        yield cell_problem(file, tranches, index, "coupon", None, "the senior tranche has no coupon", fix)


def _after_liquidation(deals: pd.DataFrame, collections: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Nothing is collected after liquidation."""
    ended = (
        deals.loc[deals["liquidated_on"] > deals["cutoff_date"]]
        .drop_duplicates("deal")
        .set_index("deal")["liquidated_on"]
        .reindex(collections["deal"])
        .set_axis(collections.index)
    )
    for index in collections.index[collections["period_start"] > ended]:
        value = f"{cell(collections, index, 'period_start'):%Y-%m-%d}"
        rule = "collected after the liquidation of the deal"
        fix = (
            f"{cell(collections, index, 'deal')} was liquidated on {ended[index]:%Y-%m-%d}; correct the period or "
            "the date of liquidation"
        )
        yield cell_problem(file, collections, index, "period_start", value, rule, fix)
