"""Rules that tie rows and files together, checked on typed frames: what an analyst would check by eye."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from npl_report.load.bounds import check_bounds
from npl_report.load.classes import unknown_kinds, wrong_classes
from npl_report.load.frames import by_deal, cell, cell_problem
from npl_report.load.identities import Roundings, check_identities, rounding
from npl_report.load.market import MARKET
from npl_report.load.priorities import check_paid, check_priorities, check_terms
from npl_report.load.references import check_references
from npl_report.load.resources import Resource
from npl_report.load.rulebook import Limits
from npl_report.load.units import CENT, Units
from npl_report.model import CONTRACT, MILLIONS, OFFERING, ROW_IDS, Market, Problem, nearest

_MOST_COLLECTED = 1.25
"""Times the pool balance, for what is collected and for what is expected: interest after the cut-off date may carry
a well-secured pool beyond its balance; a slip of the unit carries it much farther."""

_VERSIONS = (
    ("collections", ("deal", "period_start", "period_end"), "reported_on"),
    ("forecasts", ("deal", "vintage", "period_start", "period_end"), "vintage"),
)
"""(file, columns of a period, what tells its versions apart)"""
_TRANCHE = ["deal", "tranche"]
_ANNOUNCED = 31  # days: so long before its payment a last report may come


def cross_check(
    frames: Mapping[str, pd.DataFrame],
    resources: Mapping[str, Resource],
    market: Market,
    folder: str,
    limits: Limits,
    roundings: Roundings,
    problems: list[Problem],
) -> None:
    """Append every broken rule to ``problems``."""
    files = {name: f"{folder}/{resource.path}" for name, resource in resources.items()}
    deals, tranches, ladder = frames["deals"], frames["tranches"], market.ladder
    for name, column in (("deals", "deal"), ("originators", "originator")):
        _ids(frames[name], column, files[name], problems)
    problems += wrong_classes(deals, market, files["deals"])
    problems += unknown_kinds(frames["originators"], market, files["originators"])
    problems += _unknown_tranches(tranches, ladder, files["tranches"])
    sound = check_references(frames, resources, folder, problems)
    check_bounds(frames, files, limits, problems)
    _one_row(deals, tranches, files, problems)
    for name, columns, version in _VERSIONS:
        if not _told(files[name], columns, problems) and not _told(
            files["deals"], ("deal", "cutoff_date", "issue_date"), problems
        ):
            _periods(frames[name], deals, files[name], version, problems)
    _reports(frames["collections"], files["collections"], problems)
    _balances(frames["market"], resources["market"].units, files["market"], problems)
    if not _told(files["priorities"], ("priority", "phase", "position", "step"), problems):
        check_priorities(frames["priorities"], deals, ladder, files["priorities"], problems)
    check_terms(frames, ladder, files, problems)
    if sound:
        _tranches(frames, ladder, files, problems)
        _payments(frames, files["payments"], roundings, problems)
        _magnitudes(frames, files, problems)
        if not _told(files["deals"], ("deal", "issue_date", "closing_date"), problems):
            _after_closing(deals, tranches, files["tranches"], problems)
        check_identities(frames, files, limits, roundings, resources["deals"].units, problems)


def _ids(frame: pd.DataFrame, column: str, file: str, problems: list[Problem]) -> None:
    """Ids are none of those that the tables use themselves."""
    for index in frame.index[frame[column].isin(ROW_IDS)]:
        value, fix = cell(frame, index, column), "choose another id; these name rows of the tables"
        problems.append(cell_problem(file, frame, index, column, value, "the id is reserved", fix))


def _one_row(deals: pd.DataFrame, tranches: pd.DataFrame, files: Mapping[str, str], problems: list[Problem]) -> None:
    """What two cells of one row must keep: the order of dates, and a part within its whole."""
    rule = "the issue date must lie after the cut-off date"
    _order(deals, "cutoff_date", "issue_date", files["deals"], rule, problems)
    rule = "the closing date must not lie before the issue date"
    _order(deals, "issue_date", "closing_date", files["deals"], rule, problems, equal=True)
    rule = "a deal is liquidated after its cut-off date"
    _order(deals, "cutoff_date", "liquidated_on", files["deals"], rule, problems)
    rule = "the legal maturity must not lie before the expected one"
    _order(tranches, "expected_maturity", "legal_maturity", files["tranches"], rule, problems, equal=True)
    rule = "the pool's principal must not exceed its balance"
    _within(deals, "pool_principal", "pool_balance", files["deals"], rule, problems)
    rule = "there cannot be more borrowers than loans"
    _within(deals, "n_borrowers", "n_loans", files["deals"], rule, problems)


def _after_closing(deals: pd.DataFrame, tranches: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Tranches mature after their deal has closed."""
    closing = by_deal(deals.drop_duplicates("deal").set_index("deal")["closing_date"], tranches["deal"])
    for index in tranches.index[tranches["expected_maturity"] <= closing]:
        fix = f"the deal closed on {closing[index]:%Y-%m-%d}; correct the maturity or the deal"
        value = f"{cell(tranches, index, 'expected_maturity'):%Y-%m-%d}"
        problems.append(
            cell_problem(
                file,
                tranches,
                index,
                "expected_maturity",
                value,
                "the expected maturity must lie after the closing date of the deal",
                fix,
            )
        )


def _told(file: str, columns: Collection[str], problems: list[Problem]) -> bool:
    """Whether something is told of a column already: what follows from it would be told as well, with wrong advice."""
    return any(
        problem.file == file
        and problem.row is not None
        and not set(str(problem.column).split(", ")).isdisjoint(columns)
        for problem in problems
    )


def _reports(collections: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """A period is reported when it has ended.

    The last one of a deal may end up to ``_ANNOUNCED`` days later, with the payment that its report announces.
    """
    last = collections["period_end"] == collections.groupby("deal")["period_end"].transform("max")
    early = collections["reported_on"] < collections["period_end"] - pd.to_timedelta(_ANNOUNCED * last, unit="D")
    for index in collections.index[early]:
        end = f"{cell(collections, index, 'period_end'):%Y-%m-%d}"
        value = f"{cell(collections, index, 'reported_on'):%Y-%m-%d}"
        problems.append(
            cell_problem(
                file,
                collections,
                index,
                "reported_on",
                value,
                "a period is not reported before its end",
                f"period_end of this row is {end}; correct one of the two",
            )
        )


def _order(
    frame: pd.DataFrame, early: str, late: str, file: str, rule: str, problems: list[Problem], *, equal: bool = False
) -> None:
    wrong = frame[late] < frame[early] if equal else frame[late] <= frame[early]
    for index in frame.index[wrong]:
        value = f"{cell(frame, index, late):%Y-%m-%d}"
        fix = f"{early} of this row is {cell(frame, index, early):%Y-%m-%d}; correct one of the two"
        problems.append(cell_problem(file, frame, index, late, value, rule, fix))


def _within(frame: pd.DataFrame, part: str, whole: str, file: str, rule: str, problems: list[Problem]) -> None:
    unit = "million" if CONTRACT["deals"].columns[whole].unit == MILLIONS else ""
    for index in frame.index[frame[part] > frame[whole]]:
        fix = (
            f"{whole} of this row is {cell(frame, index, whole):g}{f' {unit}' if unit else ''}; correct one of the two"
        )
        problems.append(cell_problem(file, frame, index, part, f"{cell(frame, index, part):g}", rule, fix))


def _periods(frame: pd.DataFrame, deals: pd.DataFrame, file: str, version: str, problems: list[Problem]) -> None:
    """Periods follow each other without gap or overlap, in each version of a deal's record.

    Those of collections and of the offering forecast do so from the cut-off date on.
    """
    cutoffs = deals.drop_duplicates("deal").set_index("deal")["cutoff_date"]
    keys = ["deal", "vintage"] if version == "vintage" else ["deal"]
    ordered = frame.dropna(subset=["deal", "period_start", "period_end"]).sort_values(
        [*keys, "period_start"], kind="stable"
    )
    if version == "reported_on":  # a restated period stands more than once, with the same bounds
        ordered = ordered.drop_duplicates(["deal", "period_start", "period_end"])
    cutoff = cutoffs.reindex(ordered["deal"]).set_axis(ordered.index)
    first = ~ordered.duplicated(keys)
    expected = (ordered.groupby(keys, sort=False)["period_end"].shift() + pd.Timedelta(days=1)).where(~first, cutoff)
    if version == "vintage":  # another forecast may be of the rest of the life alone
        expected = expected.mask(first & (ordered["vintage"] != OFFERING), ordered["period_start"])
    before = ordered["period_start"] < cutoff
    gap = ~before & (ordered["period_start"] != expected) & expected.notna()
    backwards = ordered["period_end"] < ordered["period_start"]
    for index in ordered.index[before | gap | backwards]:
        line, deal = int(cell(ordered, index, "source_row")), cell(ordered, index, "deal")
        start, end = cell(ordered, index, "period_start"), cell(ordered, index, "period_end")
        if before[index]:
            rule, fix = (
                "the period begins before the deal's cut-off date",
                f"the cut-off date of {deal} is {cutoff[index]:%Y-%m-%d}; correct the period or the deal",
            )
        elif gap[index]:
            rule = "periods must follow each other without gap or overlap"
            fix = (
                f"for {deal} this period should begin on {str(expected[index]).split()[0]}; add the missing period "
                "or correct the dates"
            )
        else:
            rule, fix = "the period ends before it begins", f"it ends on {end:%Y-%m-%d}; correct one of the two dates"
        problems.append(Problem(file, line, "period_start", f"{start:%Y-%m-%d}", rule, fix))


def _unknown_tranches(tranches: pd.DataFrame, ladder: Sequence[str], file: str) -> Iterator[Problem]:
    for index in tranches.index[tranches["tranche"].notna() & ~tranches["tranche"].isin(ladder)]:
        value, rule = str(cell(tranches, index, "tranche")), f"data/{MARKET} describes no such tranche"
        fix = nearest(value, ladder, "add a [[tranche]] of this key, with its rank and names")
        yield cell_problem(file, tranches, index, "tranche", value, rule, fix)


def _tranches(
    frames: Mapping[str, pd.DataFrame], ladder: Sequence[str], files: Mapping[str, str], problems: list[Problem]
) -> None:
    """Every deal has the first and the last tranche, and a priority that pays those that it has."""
    deals, tranches = frames["deals"], frames["tranches"]
    whole = bool(tranches["tranche"].isin(ladder).all())
    pairs = set(zip(tranches["deal"], tranches["tranche"], strict=True))
    for line, deal in zip(deals["source_row"], deals["deal"], strict=True):
        lacking = [name for name in (ladder[0], ladder[-1]) if (deal, name) not in pairs]
        if lacking:
            whole = False
            problems.append(
                Problem(
                    files["deals"],
                    int(line),
                    "deal",
                    str(deal),
                    f"the deal has no {' and no '.join(lacking)} tranche",
                    f"add the row to {files['tranches']}",
                )
            )
    broken = _told(files["deals"], ("deal", "priority"), problems)
    if whole and not broken and not _told(files["priorities"], ("priority", "step"), problems):
        check_paid(deals, tranches, frames["priorities"], ladder, files, problems)


def _payments(frames: Mapping[str, pd.DataFrame], file: str, roundings: Roundings, problems: list[Problem]) -> None:
    """Principal is repaid from the closing date on, and never beyond the face of its tranche, which is told once."""
    payments = frames["payments"].sort_values([*_TRANCHE, "paid_on", "reported_on"], kind="stable")
    facts = frames["deals"].drop_duplicates("deal").set_index("deal")
    closing = by_deal(facts["closing_date"], payments["deal"])
    closing = closing.where(closing >= by_deal(facts["issue_date"], payments["deal"]))  # otherwise told already
    for index in payments.index[payments["paid_on"] < closing]:
        value, rule = f"{cell(payments, index, 'paid_on'):%Y-%m-%d}", "paid before the deal's closing date"
        fix = f"the deal closed on {closing[index]:%Y-%m-%d}; correct the payment or the deal"
        problems.append(cell_problem(file, payments, index, "paid_on", value, rule, fix))
    latest = payments.drop_duplicates([*_TRANCHE, "paid_on"], keep="last")
    faces = frames["tranches"].drop_duplicates(_TRANCHE)[[*_TRANCHE, "face"]]
    face = latest.merge(faces, on=_TRANCHE, how="left").set_axis(latest.index)["face"]
    paid = latest.groupby(_TRANCHE)["principal"].cumsum()
    rounded = rounding(roundings, "payments", "principal", latest["deal"])  # a face is exact
    slack = (latest.groupby(_TRANCHE).cumcount() + 1) * rounded
    beyond = latest.loc[(paid > face + slack.clip(lower=CENT)) & (face > 0)]  # a face that is none is told already
    for index in beyond.drop_duplicates(_TRANCHE).index:
        value, rule = f"{cell(latest, index, 'principal'):g}", "principal repaid exceeds the face of the tranche"
        fix = (
            f"with the payments before it this makes {paid[index]:.4f} million, and the face is {face[index]:.4f}; "
            "look for a payment that stands twice, and check the unit of both"
        )
        problems.append(cell_problem(file, latest, index, "principal", value, rule, fix))


def _balances(market: pd.DataFrame, units: Units, file: str, problems: list[Problem]) -> None:
    """The balance of non-performing loans stands in a unit of money; rows in such a unit have been converted."""
    for index in market.index[
        (market["series"] == "npl_balance")
        & market["unit"].isin(units.names)
        & (market["unit"] != units.shown(MILLIONS))
    ]:
        rule, fix = "npl_balance is an amount of money", f"name its unit: {', '.join(units.names_for(MILLIONS))}"
        problems.append(cell_problem(file, market, index, "unit", str(cell(market, index, "unit")), rule, fix))


def _magnitudes(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], problems: list[Problem]) -> None:
    """Amounts that can only be a slip of the unit or of the decimal point."""
    deals, times = frames["deals"], f"{_MOST_COLLECTED:g} times the pool balance"
    for index in deals.index[deals["expected_recovery"] > _MOST_COLLECTED * deals["pool_balance"]]:
        value, whole = (float(cell(deals, index, column)) for column in ("expected_recovery", "pool_balance"))
        rule = f"the expected recovery exceeds {times}"
        fix = f"pool_balance of this row is {whole:g} (in millions): check the unit of both"
        problems.append(cell_problem(files["deals"], deals, index, "expected_recovery", f"{value:g}", rule, fix))
    balance = deals.drop_duplicates("deal").set_index("deal")["pool_balance"]
    rule = "the face of all tranches exceeds the pool balance"
    _sums(frames["tranches"], "face", balance, files["tranches"], rule, problems)
    key = ["deal", "period_start"]
    latest = frames["collections"].sort_values("reported_on", kind="stable").drop_duplicates(key, keep="last")
    rule = f"what was collected in all exceeds {times}"
    _sums(latest, "collected", balance, files["collections"], rule, problems, times=_MOST_COLLECTED)


def _sums(
    frame: pd.DataFrame,
    column: str,
    balance: pd.Series,
    file: str,
    rule: str,
    problems: list[Problem],
    *,
    times: float = 1.0,
) -> None:
    """What a column adds up to for a deal stays within some times the pool balance."""
    total = frame.groupby("deal")[column].sum()
    for deal in total.index[total > times * balance.reindex(total.index)]:
        own = frame.loc[frame["deal"] == deal]
        worst = own[column].idxmax()
        fix = (
            f"all of {deal} is {total[deal]:g}, its pool balance {balance[deal]:g} (in millions); this is the "
            "largest amount: check its unit"
        )
        problems.append(cell_problem(file, own, worst, column, f"{cell(own, worst, column):g}", rule, fix))
