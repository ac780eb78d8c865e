"""Accounting identities across rows and files, and sizes that only a slip of the unit explains.

Where one breaks, a file does not mean what its reader thinks.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from npl_report.load.frames import by_deal, cell, cell_problem, latest
from npl_report.load.rulebook import Limits
from npl_report.load.units import CENT, Units
from npl_report.model import NO_RECOVERIES, RECOVERIES, Problem, offered

Roundings = Mapping[tuple[str, str], pd.Series]
"""(file, column) → by deal, half of its last decimal in the unit of the program."""
_PARTS = (*RECOVERIES, *NO_RECOVERIES)


def check_identities(
    frames: Mapping[str, pd.DataFrame],
    files: Mapping[str, str],
    limits: Limits,
    roundings: Roundings,
    units: Units,
    problems: list[Problem],
) -> None:
    """Append every identity that does not hold, of files of which nothing is told yet.

    What follows from a broken cell would only mislead.
    """
    told = {problem.file for problem in problems}

    def sound(*names: str) -> bool:
        return told.isdisjoint(files[name] for name in names)

    before = len(problems)
    if sound("forecasts"):
        _one_forecast(frames["forecasts"], files["forecasts"], problems)
    if sound("deals", "forecasts") and len(problems) == before:
        _sum_is_expected(frames, files, roundings, problems)
    if sound("deals", "collections"):
        _parts(frames, files, roundings, problems)
        _closed(frames, files, roundings, problems)
    if sound("deals", "collections", "payments"):
        _paid_within_collected(frames, files, roundings, problems)
    if sound("deals"):
        _per_loan(frames["deals"], files["deals"], limits, units, problems)
    if sound("market"):
        _same_scale(frames["market"], files["market"], limits, problems)


def rounding(roundings: Roundings, file: str, column: str, deals: pd.Series) -> pd.Series:
    """By how much a value of the column may be rounded, for each of some deals."""
    return by_deal(roundings.get((file, column), pd.Series(dtype=float)), deals).fillna(0.0)


def _one_forecast(forecasts: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """The rows of a vintage are one forecast: made by one, on one day, on one basis."""
    for column in ("agency", "basis", "made_on"):
        groups = forecasts.groupby(["deal", "vintage"])[column]
        several = groups.transform("nunique") > 1
        for (deal, vintage), own in forecasts.loc[several].groupby(["deal", "vintage"], sort=False):
            usual = own[column].mode().iloc[0]
            for index in own.index[own[column] != usual]:
                value, most = (
                    f"{item:%Y-%m-%d}" if isinstance(item, pd.Timestamp) else str(item)
                    for item in (cell(own, index, column), usual)
                )
                fix = (
                    f"other rows of {deal}, {vintage}, say {most}; correct one of them, or give another forecast a "
                    "vintage of its own"
                )
                problems.append(
                    cell_problem(file, own, index, column, value, f"the rows of one forecast differ in {column}", fix)
                )


def _sum_is_expected(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], roundings: Roundings, problems: list[Problem]
) -> None:
    """The offering circular's gross forecast adds up to the expected recovery."""
    deals, forecasts = frames["deals"], frames["forecasts"]
    amounts = offered(forecasts).groupby("deal")["amount"]
    total, count = by_deal(amounts.sum(skipna=False), deals["deal"]), by_deal(amounts.size(), deals["deal"])
    slack = rounding(roundings, "deals", "expected_recovery", deals["deal"]) + count * rounding(
        roundings, "forecasts", "amount", deals["deal"]
    )
    for index in deals.index[(total - deals["expected_recovery"]).abs() > slack + 1e-9 * total]:
        fix = (
            f"the periods of {cell(deals, index, 'deal')} in {files['forecasts']} add up to {total[index]:.10g} "
            "million: both are one figure of the offering circular; correct one of them"
        )
        value = f"{cell(deals, index, 'expected_recovery'):.10g}"
        problems.append(
            cell_problem(
                files["deals"],
                deals,
                index,
                "expected_recovery",
                value,
                "the offering circular's forecast adds up to another figure",
                fix,
            )
        )


def _parts(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], roundings: Roundings, problems: list[Problem]
) -> None:
    """Where recoveries are given in parts they add up to what was collected; otherwise parts stay within it."""
    frame = frames["collections"]
    given, whole = frame[list(_PARTS)], frame["collected"]
    total, complete = given.sum(axis="columns"), frame[list(RECOVERIES)].notna().any(axis="columns")
    slack = rounding(roundings, "collections", "collected", frame["deal"])
    for column in _PARTS:
        slack += given[column].notna() * rounding(roundings, "collections", column, frame["deal"])
    beyond = (total - whole > slack + 1e-9 * whole) | (complete & ((total - whole).abs() > slack + 1e-9 * whole))
    for index in frame.index[beyond & given.notna().any(axis="columns")]:
        parts = " + ".join(
            f"{column} {cell(frame, index, column):.10g}" for column in _PARTS if pd.notna(cell(frame, index, column))
        )
        value = f"{cell(frame, index, 'collected'):.10g}"
        rule = "the parts do not add up to what was collected" if complete[index] else "parts exceed what was collected"
        fix = f"{parts} = {total[index]:.10g}; correct the part or the whole"
        problems.append(cell_problem(files["collections"], frame, index, "collected", value, rule, fix))


def _closed(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], roundings: Roundings, problems: list[Problem]
) -> None:
    """Claims closed are claims of the pool: no more of them, and no greater balance, than it held."""
    facts = frames["deals"].drop_duplicates("deal").set_index("deal")
    known = latest(frames["collections"], ["deal", "period_start"])
    for column, limit in (("n_closed", "n_loans"), ("balance_closed", "pool_balance")):
        closed = known.groupby("deal", sort=False)[column].cumsum()
        given = known[column].notna().groupby(known["deal"], sort=False).cumsum()
        rounded = (
            0.0
            if column == "n_closed"
            else given * rounding(roundings, "collections", column, known["deal"])
            + rounding(roundings, "deals", limit, known["deal"])
        )
        most = by_deal(facts[limit], known["deal"])
        for index in known.loc[closed > most + rounded].drop_duplicates("deal").index:
            value, rule = f"{cell(known, index, column):.10g}", "more is closed than the pool held"
            fix = (
                f"with the periods before it this makes {closed[index]:.10g}, and {limit} of "
                f"{cell(known, index, 'deal')} is {most[index]:.10g}; write what was closed in the period, not "
                "since the cut-off date"
            )
            problems.append(cell_problem(files["collections"], known, index, column, value, rule, fix))


def _paid_within_collected(
    frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], roundings: Roundings, problems: list[Problem]
) -> None:
    """By no payment date has a deal paid out more than it had collected, its reserve, less the costs of disposal.

    What comes in with a deal's last period may be paid before its end.
    """
    reserve = frames["deals"].drop_duplicates("deal").set_index("deal")["liquidity_reserve"]
    flows = latest(frames["payments"], ["deal", "tranche", "paid_on"])
    received = _received(frames["collections"], roundings)
    # what was collected by a day comes before what is paid on it
    order = ["deal", "date", "index"]
    dated = pd.concat([received, _paid(flows, roundings)]).sort_values(order, kind="stable", ignore_index=True)
    # of others nothing is known that could have been paid
    dated = dated.loc[dated["deal"].isin(received["deal"].unique())].reset_index(drop=True)
    running = dated.groupby("deal", sort=False)[["in", "out", "slack"]].cumsum(skipna=False)
    sums = running.assign(reserve=by_deal(reserve, dated["deal"]))
    broken = dated.loc[
        (sums["out"] > sums["in"] + sums["reserve"] + sums["slack"] + CENT) & (dated["index"] >= 0)
    ].drop_duplicates("deal")
    for place, index in broken["index"].items():
        deal = str(cell(broken, place, "deal"))
        column = "interest" if cell(flows, index, "interest") > cell(flows, index, "principal") else "principal"
        value, rule = f"{cell(flows, index, column):.10g}", "more was paid than there was to pay"
        fix = (
            f"by this day {deal} had paid {cell(sums, place, 'out'):.4f} million out of "
            f"{cell(sums, place, 'in'):.4f} collected less costs and a reserve of {cell(sums, place, 'reserve'):g}: "
            "check the unit, and whether collections are missing; income beside recoveries is part of collected, "
            "and has columns of its own"
        )
        problems.append(cell_problem(files["payments"], flows, index, column, value, rule, fix))


def _received(collections: pd.DataFrame, roundings: Roundings) -> pd.DataFrame:
    """Dated cash that came in with each period, the most that was ever reported; ``index`` is −1."""
    periods = (
        collections.assign(net=collections["collected"] - collections["disposal_costs"].fillna(0.0))
        .sort_values(["deal", "period_start", "net"], kind="stable")
        .drop_duplicates(["deal", "period_start"], keep="last")
    )
    dates = periods["period_end"].where(periods.duplicated("deal", keep="last"), periods["period_start"])
    of_costs = rounding(roundings, "collections", "disposal_costs", periods["deal"])
    slack = (
        rounding(roundings, "collections", "collected", periods["deal"]) + periods["disposal_costs"].notna() * of_costs
    )
    return pd.DataFrame(
        {"deal": periods["deal"], "date": dates, "in": periods["net"], "out": 0.0, "slack": slack, "index": -1}
    )


def _paid(flows: pd.DataFrame, roundings: Roundings) -> pd.DataFrame:
    """Dated cash that was paid; ``index`` is the payment's."""
    paid, deals = flows["principal"] + flows["interest"], flows["deal"]
    slack = rounding(roundings, "payments", "principal", deals) + rounding(roundings, "payments", "interest", deals)
    return pd.DataFrame(
        {"deal": deals, "date": flows["paid_on"], "in": 0.0, "out": paid, "slack": slack, "index": flows.index}
    )


def _per_loan(deals: pd.DataFrame, file: str, limits: Limits, units: Units, problems: list[Problem]) -> None:
    """The balance of a loan is of the size that its kind has."""
    ranges = limits.get("balance_per_loan", {}).get("range", {})
    kinds = deals["asset_class"].where(deals["asset_class"].isin(list(ranges)), deals["asset_type"])
    for kind, (low, high) in ranges.items():
        each = (deals["pool_balance"] / deals["n_loans"]).loc[kinds == kind]
        for index in each.index[(each < low) | (each > high)]:
            like = units.like(each[index], low, high)
            looks = f"; it looks like an amount in {like}" if like else ""
            fix = (
                f"{cell(deals, index, 'n_loans'):g} loans make {each[index]:.4g} million a loan, and those of {kind} "
                f"have {low:g} to {high:g}{looks}: check the unit and the number; if both are right, widen "
                "balance_per_loan in datapackage.json"
            )
            value = f"{cell(deals, index, 'pool_balance'):.10g}"
            problems.append(
                cell_problem(
                    file,
                    deals,
                    index,
                    "pool_balance",
                    value,
                    "the balance of a loan is not of the size that its asset type has",
                    fix,
                )
            )


def _same_scale(market: pd.DataFrame, file: str, limits: Limits, problems: list[Problem]) -> None:
    """The values of a series are of one scale."""
    if "same_scale" not in limits:
        return
    times = limits["same_scale"]["times"]
    size = market["value"].abs().where(market["value"] != 0)
    middle = size.groupby([market["series"], market["unit"]]).transform("median")
    for index in market.index[(size > times * middle) | (size < middle / times)]:
        fix = (
            f"the others of {cell(market, index, 'series')} are about {middle[index]:.4g} "
            f"{cell(market, index, 'unit')}: check the unit; if it is right, widen same_scale in datapackage.json"
        )
        problems.append(
            cell_problem(
                file,
                market,
                index,
                "value",
                f"{cell(market, index, 'value'):.10g}",
                f"lies more than {times:g} times above or below the median of its series",
                fix,
            )
        )
