"""Rules on the terms from which a deal's cash is paid out.

They are its priority of payments, fees, coupon, and the end of its collections.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import pandas as pd

from npl_report.load.frames import cell, cell_problem
from npl_report.load.market import MARKET
from npl_report.model import PHASES, Problem, nearest, steps_of

_NAMED = 3  # deals that a message names


def check_priorities(
    priorities: pd.DataFrame, deals: pd.DataFrame, ladder: Sequence[str], file: str, problems: list[Problem]
) -> None:
    """Each phase names every step once, the residual last, and pays the tranches by rank.

    Steps that the market does not have are told, and so is a tranche that is paid before one above it.
    """
    problems += _unknown_steps(priorities, ladder, file)
    ordered = priorities.loc[priorities["phase"].isin(PHASES)].sort_values(
        ["priority", "phase", "position"], kind="stable"
    )
    for (name, phase), every in ordered.groupby(["priority", "phase"], sort=False):
        paid = paid_tranches(priorities.loc[priorities["priority"] == name, "step"], ladder)
        problems += _wrong_phase(every, paid, f"{name} ({_deals_of(name, deals)}), phase {phase}", file)
    for name, rows in priorities.groupby("priority", sort=False):
        if "ordinary" not in set(rows["phase"]):
            rule = "the priority has no phase ordinary"
            fix = (
                f"add the steps of {name!s} ({_deals_of(name, deals)}) with phase ordinary; a priority without the "
                "phase default has no event of default"
            )
            problems.append(cell_problem(file, rows, rows.index[0], "phase", "default", rule, fix))


def _unknown_steps(priorities: pd.DataFrame, ladder: Sequence[str], file: str) -> Iterator[Problem]:
    known = steps_of(ladder)
    for index in priorities.index[priorities["step"].notna() & ~priorities["step"].isin(known)]:
        value, rule = str(cell(priorities, index, "step")), f"must be one of {', '.join(known)}"
        fix = nearest(value, known, f"add the tranche to data/{MARKET}")
        yield cell_problem(file, priorities, index, "step", value, rule, fix)


def paid_tranches(steps: Iterable[str], ladder: Sequence[str]) -> tuple[str, ...]:
    """The tranches that a priority of these steps pays: the first and the last, and those between that it names."""
    named = {str(step).rpartition("_")[0] for step in steps}
    return (ladder[0], *(tranche for tranche in ladder[1:-1] if tranche in named), ladder[-1])


def check_paid(
    deals: pd.DataFrame,
    tranches: pd.DataFrame,
    priorities: pd.DataFrame,
    ladder: Sequence[str],
    files: Mapping[str, str],
    problems: list[Problem],
) -> None:
    """The priority of a deal pays the tranches that the deal has, and no other."""
    named = {name: paid_tranches(steps, ladder) for name, steps in priorities.groupby("priority")["step"]}
    own = tranches.groupby("deal")["tranche"].agg(set)
    for index in deals.index:
        deal, priority = (str(cell(deals, index, column)) for column in ("deal", "priority"))
        paid, has = named[priority], own[deal]
        for tranche in (tranche for tranche in paid if tranche not in has):
            rule = f"the priority pays the {tranche} tranche, which the deal lacks"
            fix = f"name a priority of {files['priorities']} without it, or add the row to {files['tranches']}"
            problems.append(cell_problem(files["deals"], deals, index, "priority", priority, rule, fix))
        for tranche in (tranche for tranche in ladder if tranche in has and tranche not in paid):
            rule = f"the priority does not pay the {tranche} tranche, which the deal has"
            fix = f"name a priority of {files['priorities']} that has {tranche}_interest and {tranche}_principal"
            problems.append(cell_problem(files["deals"], deals, index, "priority", priority, rule, fix))


def _wrong_phase(every: pd.DataFrame, paid: Sequence[str], place: str, file: str) -> Iterator[Problem]:
    """What is wrong with the steps of one phase, whose rows are in order and which messages call ``place``.

    ``paid``: the tranches that the priority pays.
    """
    wanted = steps_of(paid)
    rows = every.loc[every["step"].isin(wanted)]
    if rows.empty or every["position"].duplicated().any():
        return  # told already, and the order is unknown
    steps, last = list(rows["step"]), rows.index[-1]
    lacking = [step for step in wanted if step not in steps]
    for index in rows.index[rows["step"].duplicated()]:
        yield _twice(rows, index, place, lacking, file)
    if lacking and len(every) < len(wanted):  # otherwise another step stands in its place, which is told
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
    elif wrong := next(_out_of_rank(steps, paid), None):
        late, above, below, later = wrong
        rule = f"the {below} tranche is paid before the {above} one"
        fix = f"in {place}, move it before {', '.join(later)}; this program computes tranches only by rank"
        yield cell_problem(file, rows, rows.index[rows["step"] == late][0], "step", late, rule, fix)


def _out_of_rank(steps: Sequence[str], paid: Sequence[str]) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """(step, its tranche, one below it, what of that one must come after the step) for each step that comes too late.

    Interest of a tranche comes before that of the next, and may come before the principal of those above.
    """
    for above, below in combinations(paid, 2):
        last = below == paid[-1]
        principal = (f"{below}_principal", *((f"{below}_return", "residual") if last else ()))
        interest = principal if last else (f"{below}_interest", *principal)
        for step, later in ((f"{above}_interest", interest), (f"{above}_principal", principal)):
            if steps.index(step) > min(map(steps.index, later)):
                yield step, above, below, later


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


def check_terms(
    frames: Mapping[str, pd.DataFrame], ladder: Sequence[str], files: Mapping[str, str], problems: list[Problem]
) -> None:
    """Append what breaks the rules on fees, coupon and liquidation."""
    deals, tranches, collections = frames["deals"], frames["tranches"], frames["collections"]
    problems += _wrong_fees(deals, files["deals"])
    problems += _wrong_coupons(tranches, ladder, files["tranches"])
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


def _wrong_coupons(tranches: pd.DataFrame, ladder: Sequence[str], file: str) -> Iterator[Problem]:
    """Every tranche but the last has a coupon, and the last has none."""
    kinds, coupons = tranches["tranche"], tranches["coupon"]
    for index in tranches.index[(kinds == ladder[-1]) & coupons.notna()]:
        rule = f"the {ladder[-1]} tranche takes what is left, and has no coupon"
        fix = "leave it empty; its fixed return stands in sub_fixed_return of the deal"
        yield cell_problem(file, tranches, index, "coupon", f"{cell(tranches, index, 'coupon'):g}", rule, fix)
    for index in tranches.index[kinds.isin(ladder[:-1]) & coupons.isna()]:
        fix = (
            f"write the coupon of {cell(tranches, index, 'deal')} as a fraction a year, such as 0.042; 0 if it "
            "bears no interest"
        )
        rule = f"the {cell(tranches, index, 'tranche')} tranche has no coupon"
        yield cell_problem(file, tranches, index, "coupon", None, rule, fix)


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
