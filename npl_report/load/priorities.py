"""Rules on the terms from which a deal's cash is paid out: its priority of payments, fees, coupon, and the end of its collections."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from npl_report.load.frames import cell
from npl_report.model import PHASES, STEPS, Problem

_NAMED = 3  # deals that a message names
_SENIOR = ("senior_interest", "senior_principal")
_SUBORDINATED = ("subordinated_principal", "subordinated_return", "residual")


def check_priorities(priorities: pd.DataFrame, deals: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Each phase names every step once, the residual last, and nothing of the subordinated tranche before the senior one is paid."""
    ordered = priorities.loc[priorities["phase"].isin(PHASES)].sort_values(
        ["priority", "phase", "position"], kind="stable"
    )
    for (name, phase), every in ordered.groupby(["priority", "phase"], sort=False):
        rows = every.loc[every["step"].isin(STEPS)]
        if rows.empty or every["position"].duplicated().any():
            continue  # told already, and the order is unknown
        steps, place = list(rows["step"]), f"{name} ({_deals_of(name, deals)}), phase {phase}"
        lacking = [step for step in STEPS if step not in steps]
        for index in rows.index[rows["step"].duplicated()]:
            problems.append(_twice(rows, index, place, lacking, file))
        if lacking and len(every) < len(STEPS):  # otherwise another step stands in its place, which is told
            fix = f"add a row for each to {place}; a step that a deal does not have costs nothing where its rate or amount is zero"
            problems.append(
                Problem(
                    file,
                    int(rows["source_row"].iloc[-1]),
                    "step",
                    None,
                    f"steps are missing: {', '.join(lacking)}",
                    fix,
                )
            )
        elif lacking:
            continue
        elif steps[-1] != "residual":
            line = int(rows["source_row"].iloc[-1])
            problems.append(
                Problem(
                    file,
                    line,
                    "step",
                    steps[-1],
                    "the residual must be the last step",
                    f"move residual to the end of {place}; nothing is left after it",
                )
            )
        elif late := [step for step in _SENIOR if steps.index(step) > min(map(steps.index, _SUBORDINATED))]:
            rule = "the subordinated tranche is paid before the senior one"
            fix = f"in {place}, move it before {', '.join(_SUBORDINATED)}; this program computes senior and subordinated tranches only in that order"
            position = rows.index[rows["step"] == late[0]][0]
            problems.append(Problem(file, int(cell(rows, position, "source_row")), "step", late[0], rule, fix))
    for name, rows in priorities.groupby("priority", sort=False):
        if "ordinary" not in set(rows["phase"]):
            fix = f"add the steps of {name!s} ({_deals_of(name, deals)}) with phase ordinary; a priority without the phase default has no event of default"
            problems.append(
                Problem(
                    file, int(rows["source_row"].iloc[0]), "phase", "default", "the priority has no phase ordinary", fix
                )
            )


def _twice(rows: pd.DataFrame, index: Hashable, place: str, lacking: Sequence[str], file: str) -> Problem:
    """A step that stands in its phase already."""
    step, steps = str(cell(rows, index, "step")), list(rows["step"])
    first = int(rows.loc[rows["step"] == step, "position"].iloc[0])
    between = steps[steps.index(step) + 1]
    why = "twice in a row" if between == step else f"before and after {between}: the order is circular"
    instead = f"; {', '.join(lacking)} may belong in the other's place" if lacking else ""
    return Problem(
        file,
        int(cell(rows, index, "source_row")),
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
    """The parts of the fees stay within the whole, the senior tranche has a coupon, and nothing is collected after liquidation."""
    deals, tranches, collections = frames["deals"], frames["tranches"], frames["collections"]
    parts = deals.reindex(columns=["tax_rate", "trust_fee_rate"]).fillna(0.0).sum(axis=1)  # data need not have them
    for index in deals.index[parts > deals["fee_rate"] + 1e-12]:
        fix = f"tax_rate and trust_fee_rate of {cell(deals, index, 'deal')} make {parts[index]:g}; fee_rate holds both and what the servicer takes: correct one of the three"
        problems.append(
            Problem(
                files["deals"],
                int(cell(deals, index, "source_row")),
                "fee_rate",
                f"{cell(deals, index, 'fee_rate'):g}",
                "parts of the fees exceed the fee rate",
                fix,
            )
        )
    for index in tranches.index[(tranches["tranche"] == "senior") & tranches["coupon"].isna()]:
        fix = f"write the coupon of {cell(tranches, index, 'deal')} as a fraction a year, such as 0.042; 0 if it bears no interest"
        problems.append(
            Problem(
                files["tranches"],
                int(cell(tranches, index, "source_row")),
                "coupon",
                None,
                "the senior tranche has no coupon",
                fix,
            )
        )
    ended = (
        deals.loc[deals["liquidated_on"] > deals["cutoff_date"]]
        .drop_duplicates("deal")
        .set_index("deal")["liquidated_on"]
        .reindex(collections["deal"])
        .set_axis(collections.index)
    )
    for index in collections.index[collections["period_start"] > ended]:
        fix = f"{cell(collections, index, 'deal')} was liquidated on {ended[index]:%Y-%m-%d}; correct the period or the date of liquidation"
        value = f"{cell(collections, index, 'period_start'):%Y-%m-%d}"
        problems.append(
            Problem(
                files["collections"],
                int(cell(collections, index, "source_row")),
                "period_start",
                value,
                "collected after the liquidation of the deal",
                fix,
            )
        )
