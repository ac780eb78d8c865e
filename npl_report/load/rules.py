"""Rules that tie rows and files together, checked on typed frames: what an analyst would check by eye."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator, Mapping
from difflib import get_close_matches

import pandas as pd

from npl_report.load.bounds import check_bounds
from npl_report.load.frames import by_deal, cell
from npl_report.load.identities import Roundings, check_identities, rounding
from npl_report.load.priorities import check_priorities, check_terms
from npl_report.load.resources import Resource
from npl_report.load.rulebook import Limits
from npl_report.load.units import CENT, UNITS, units_for
from npl_report.model import CONTRACT, NAME, OFFERING, Problem, is_id

_MOST_COLLECTED = 1.25
"""Times the pool balance, for what is collected and for what is expected: interest after the cut-off date may carry
a well-secured pool beyond its balance; a slip of the unit carries it much farther."""

_RESERVED = frozenset({"total", "mean", "one_year", "liquidated", "pair", "index"})
_ANNOUNCED = 31  # days: so long before its payment a last report may come


def cross_check(
    frames: Mapping[str, pd.DataFrame],
    resources: Mapping[str, Resource],
    folder: str,
    limits: Limits,
    roundings: Roundings,
    problems: list[Problem],
) -> None:
    """Append every broken rule to ``problems``."""
    for name, column in (("deals", "deal"), ("originators", "originator")):
        taken = frames[name][column].isin(_RESERVED)
        for index in frames[name].index[taken]:
            fix = "choose another id; these name rows of the tables"
            problems.append(
                Problem(
                    f"{folder}/{resources[name].path}",
                    int(cell(frames[name], index, "source_row")),
                    column,
                    cell(frames[name], index, column),
                    "the id is reserved",
                    fix,
                )
            )
    sound = _references(frames, resources, folder, problems)
    files = {name: f"{folder}/{resource.path}" for name, resource in resources.items()}
    deals = frames["deals"]
    check_bounds(frames, files, limits, problems)
    _order(
        deals, "cutoff_date", "issue_date", files["deals"], "the issue date must lie after the cut-off date", problems
    )
    _order(
        deals,
        "issue_date",
        "closing_date",
        files["deals"],
        "the closing date must not lie before the issue date",
        problems,
        equal=True,
    )
    _order(
        deals, "cutoff_date", "liquidated_on", files["deals"], "a deal is liquidated after its cut-off date", problems
    )
    _order(
        frames["tranches"],
        "expected_maturity",
        "legal_maturity",
        files["tranches"],
        "the legal maturity must not lie before the expected one",
        problems,
        equal=True,
    )
    _within(
        deals,
        "pool_principal",
        "pool_balance",
        files["deals"],
        "the pool's principal must not exceed its balance",
        problems,
    )
    _within(deals, "n_borrowers", "n_loans", files["deals"], "there cannot be more borrowers than loans", problems)
    for name, columns in (
        ("collections", ("deal", "period_start", "period_end")),
        ("forecasts", ("deal", "vintage", "period_start", "period_end")),
    ):
        if not _told(files[name], columns, problems) and not _told(
            files["deals"], ("deal", "cutoff_date", "issue_date"), problems
        ):
            _periods(frames[name], deals, files[name], "vintage" if name == "forecasts" else "reported_on", problems)
    _reports(frames["collections"], files["collections"], problems)
    _balances(frames["market"], files["market"], problems)
    if not _told(files["priorities"], ("priority", "phase", "position", "step"), problems):
        check_priorities(frames["priorities"], deals, files["priorities"], problems)
    check_terms(frames, files, problems)
    if sound:
        _tranches(deals, frames["tranches"], files, problems)
        _payments(frames, files["payments"], roundings, problems)
        _magnitudes(frames, files, problems)
        if not _told(files["deals"], ("deal", "issue_date", "closing_date"), problems):
            _after_closing(deals, frames["tranches"], files["tranches"], problems)
        check_identities(frames, files, limits, roundings, problems)


def _after_closing(deals: pd.DataFrame, tranches: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """Tranches mature after their deal has closed."""
    closing = by_deal(deals.drop_duplicates("deal").set_index("deal")["closing_date"], tranches["deal"])
    for index in tranches.index[tranches["expected_maturity"] <= closing]:
        fix = f"the deal closed on {closing[index]:%Y-%m-%d}; correct the maturity or the deal"
        value = f"{cell(tranches, index, 'expected_maturity'):%Y-%m-%d}"
        problems.append(
            Problem(
                file,
                int(cell(tranches, index, "source_row")),
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
            Problem(
                file,
                int(cell(collections, index, "source_row")),
                "reported_on",
                value,
                "a period is not reported before its end",
                f"period_end of this row is {end}; correct one of the two",
            )
        )


def _references(
    frames: Mapping[str, pd.DataFrame], resources: Mapping[str, Resource], folder: str, problems: list[Problem]
) -> bool:
    """Foreign keys: whether all of them lead somewhere."""
    before = len(problems)
    for name, resource in resources.items():
        for columns, (target, others) in resource.links.items():
            frame, file = frames[name], f"{folder}/{resources[target].path}"
            for index, place in _astray(frame, columns, frames[target], others):
                value, start = (
                    str(cell(frame, index, columns[place])),
                    " ".join(str(cell(frame, index, other)) for other in columns[:place]),
                )
                rule = f"there is no such {others[place]}{f' of {start}' if start else ''} in {resources[target].path}"
                deal = str(cell(frame, index, "deal")) if "deal" in frame else ""
                fix = (
                    f"correct it, or add the row to {file}"
                    if start
                    else _instead(value, target, others[0], frames, file, deal)
                )
                problems.append(
                    Problem(
                        f"{folder}/{resource.path}",
                        int(cell(frame, index, "source_row")),
                        columns[place],
                        value,
                        rule,
                        fix,
                    )
                )
    return len(problems) == before


def _astray(
    frame: pd.DataFrame, columns: tuple[str, ...], target: pd.DataFrame, others: tuple[str, ...]
) -> Iterator[tuple[Hashable, int]]:
    """(row, place of a column) where the columns up to that place are those of no row of ``target``.

    Rows with an empty cell lead nowhere and need not.
    """
    known = [set(target[list(others[: place + 1])].itertuples(index=False, name=None)) for place in range(len(others))]
    for index, *values in frame[list(columns)].dropna().itertuples(name=None):
        place = next((place for place, found in enumerate(known) if tuple(values[: place + 1]) not in found), None)
        if place is not None:
            yield index, place


def _instead(value: str, target: str, column: str, frames: Mapping[str, pd.DataFrame], file: str, deal: str) -> str:
    """What to do about a value that stands in no row of another file: the nearest one and, for originators, the line to paste."""
    aliases = _aliases(frames["originators"]) if target == "originators" else {}
    near = aliases.get(value) or _nearest(value, {str(item) for item in frames[target][column].dropna()}, aliases)
    fix = f"did you mean {near}? " if near else ""
    if target == "originators":
        names = "".join(f"<{column}>," for column in frames[target].columns if CONTRACT[target].needs(column) is NAME)
        return f"{fix}A new bank needs a line in {file}: {value if is_id(value) else '<id>'},{names}<aliases>,"
    if target == "priorities":
        return f"{fix}The priority of {deal} must stand in {file} with all its steps"
    return f"{fix}Every id must stand in {file}"


def _nearest(value: str, known: set[str], names: Mapping[str, str]) -> str | None:
    """The id whose id or name looks most like ``value``."""
    candidates = {id_: id_ for id_ in known} | {name.lower().replace(" ", "-"): id_ for name, id_ in names.items()}
    near = get_close_matches(value.lower().replace(" ", "-"), sorted(candidates), n=1)
    return candidates[near[0]] if near else None


def _aliases(originators: pd.DataFrame) -> dict[str, str]:
    """Every name and alias of a bank → its id."""
    names: dict[str, str] = {}
    for record in originators.dropna(subset=["originator"]).to_dict("records"):
        aliases = record["aliases"]
        every = [record[column] for column in originators.columns if CONTRACT["originators"].needs(column) is NAME]
        names.update(
            {
                str(name).strip(): str(record["originator"])
                for name in (*every, *(str(aliases).split(";") if isinstance(aliases, str) else []))
            }
        )
    return names


def _order(
    frame: pd.DataFrame, early: str, late: str, file: str, rule: str, problems: list[Problem], *, equal: bool = False
) -> None:
    wrong = frame[late] < frame[early] if equal else frame[late] <= frame[early]
    for index in frame.index[wrong]:
        value = f"{cell(frame, index, late):%Y-%m-%d}"
        fix = f"{early} of this row is {cell(frame, index, early):%Y-%m-%d}; correct one of the two"
        problems.append(Problem(file, int(cell(frame, index, "source_row")), late, value, rule, fix))


def _within(frame: pd.DataFrame, part: str, whole: str, file: str, rule: str, problems: list[Problem]) -> None:
    unit = CONTRACT["deals"].columns[whole].unit
    for index in frame.index[frame[part] > frame[whole]]:
        fix = (
            f"{whole} of this row is {cell(frame, index, whole):g}{f' {unit}' if unit else ''}; correct one of the two"
        )
        problems.append(
            Problem(file, int(cell(frame, index, "source_row")), part, f"{cell(frame, index, part):g}", rule, fix)
        )


def _periods(frame: pd.DataFrame, deals: pd.DataFrame, file: str, version: str, problems: list[Problem]) -> None:
    """Periods follow each other without gap or overlap, in each version of a deal's record.

    Those of collections and of the offering forecast from the cut-off date on.
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
            fix = f"for {deal} this period should begin on {str(expected[index]).split()[0]}; add the missing period or correct the dates"
        else:
            rule, fix = "the period ends before it begins", f"it ends on {end:%Y-%m-%d}; correct one of the two dates"
        problems.append(Problem(file, line, "period_start", f"{start:%Y-%m-%d}", rule, fix))


def _tranches(deals: pd.DataFrame, tranches: pd.DataFrame, files: Mapping[str, str], problems: list[Problem]) -> None:
    """Every deal has a senior and a subordinated tranche."""
    pairs = set(zip(tranches["deal"], tranches["tranche"], strict=True))
    for line, deal in zip(deals["source_row"], deals["deal"], strict=True):
        lacking = [name for name in ("senior", "subordinated") if (deal, name) not in pairs]
        if lacking:
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


def _payments(frames: Mapping[str, pd.DataFrame], file: str, roundings: Roundings, problems: list[Problem]) -> None:
    """Principal is repaid from the closing date on, and never beyond the face of its tranche, which is told once."""
    keys = ["deal", "tranche"]
    payments = frames["payments"].sort_values([*keys, "paid_on", "reported_on"], kind="stable")
    closings = frames["deals"].drop_duplicates("deal").set_index("deal")["closing_date"]
    closing = closings.reindex(payments["deal"]).set_axis(payments.index)
    closing = closing.where(
        closing >= by_deal(frames["deals"].drop_duplicates("deal").set_index("deal")["issue_date"], payments["deal"])
    )  # otherwise told already
    for index in payments.index[payments["paid_on"] < closing]:
        fix = f"the deal closed on {closing[index]:%Y-%m-%d}; correct the payment or the deal"
        problems.append(
            Problem(
                file,
                int(cell(payments, index, "source_row")),
                "paid_on",
                f"{cell(payments, index, 'paid_on'):%Y-%m-%d}",
                "paid before the deal's closing date",
                fix,
            )
        )
    latest = payments.drop_duplicates([*keys, "paid_on"], keep="last")
    faces = frames["tranches"].drop_duplicates(keys)[[*keys, "face"]]
    known = latest.merge(faces, on=keys, how="left").set_axis(latest.index)
    face, paid = known["face"], latest.groupby(keys)["principal"].cumsum()
    slack = (latest.groupby(keys).cumcount() + 1) * rounding(
        roundings, "payments", "principal", latest["deal"]
    )  # a face is exact
    beyond = latest.loc[(paid > face + slack.clip(lower=CENT)) & (face > 0)]  # a face that is none is told already
    for index in beyond.drop_duplicates(keys).index:
        fix = f"with the payments before it this makes {paid[index]:.4f} CNY mn, and the face is {face[index]:.4f}; look for a payment that stands twice, and check the unit of both"
        value = f"{cell(latest, index, 'principal'):g}"
        problems.append(
            Problem(
                file,
                int(cell(latest, index, "source_row")),
                "principal",
                value,
                "principal repaid exceeds the face of the tranche",
                fix,
            )
        )


def _balances(market: pd.DataFrame, file: str, problems: list[Problem]) -> None:
    """The balance of non-performing loans stands in a unit of money; rows in such a unit have been converted."""
    for index in market.index[
        (market["series"] == "npl_balance") & market["unit"].isin(UNITS) & (market["unit"] != "CNY mn")
    ]:
        rule, fix = "npl_balance is an amount of money", f"name its unit: {', '.join(units_for('CNY mn'))}"
        problems.append(
            Problem(file, int(cell(market, index, "source_row")), "unit", str(cell(market, index, "unit")), rule, fix)
        )


def _magnitudes(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], problems: list[Problem]) -> None:
    """Amounts that can only be a slip of the unit or of the decimal point."""
    balance = frames["deals"].drop_duplicates("deal").set_index("deal")["pool_balance"]
    latest = (
        frames["collections"]
        .sort_values("reported_on", kind="stable")
        .drop_duplicates(["deal", "period_start"], keep="last")
    )
    sums = (
        ("tranches", "face", frames["tranches"], 1.0, "the face of all tranches exceeds the pool balance"),
        (
            "collections",
            "collected",
            latest,
            _MOST_COLLECTED,
            f"what was collected in all exceeds {_MOST_COLLECTED:g} times the pool balance",
        ),
    )
    deals = frames["deals"]
    for index in deals.index[deals["expected_recovery"] > _MOST_COLLECTED * deals["pool_balance"]]:
        value, whole = (float(cell(deals, index, column)) for column in ("expected_recovery", "pool_balance"))
        fix = f"pool_balance of this row is {whole:g} (CNY million): check the unit of both"
        problems.append(
            Problem(
                files["deals"],
                int(cell(deals, index, "source_row")),
                "expected_recovery",
                f"{value:g}",
                f"the expected recovery exceeds {_MOST_COLLECTED:g} times the pool balance",
                fix,
            )
        )
    for name, column, frame, times, rule in sums:
        total = frame.groupby("deal")[column].sum()
        for deal in total.index[total > times * balance.reindex(total.index)]:
            own = frame.loc[frame["deal"] == deal]
            worst = own[column].idxmax()
            fix = f"all of {deal} is {total[deal]:g}, its pool balance {balance[deal]:g} (CNY million); this is the largest amount: check its unit"
            problems.append(
                Problem(
                    files[name], int(cell(own, worst, "source_row")), column, f"{cell(own, worst, column):g}", rule, fix
                )
            )
