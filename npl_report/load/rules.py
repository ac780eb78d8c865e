"""Rules that tie rows and files together, checked on typed frames: what an analyst would check by eye."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

import pandas as pd

from npl_report.load.frames import cell
from npl_report.load.package import Resource
from npl_report.load.priorities import check_priorities, check_terms
from npl_report.model import Problem

RULES = frozenset(
    {
        "issue_after_cutoff",
        "closing_not_before_issue",
        "liquidated_after_cutoff",
        "principal_within_balance",
        "borrowers_within_loans",
        "one_of_each",
        "legal_not_before_expected",
        "not_before_cutoff",
        "end_after_start",
        "contiguous_periods",
        "reported_after_end",
        "not_before_closing",
        "reported_not_before_paid",
        "principal_within_face",
        "face_within_balance",
        "collected_within_balance",
        "fees_within_rate",
        "senior_has_coupon",
        "collected_before_liquidation",
        "each_step_once",
        "residual_last",
        "senior_before_subordinated",
        "expected_within_balance",
    }
)
"""Names under which ``datapackage.json`` describes what this module checks; a test holds the two together."""

_MOST_COLLECTED = 1.25
"""Times the pool balance, for what is collected and for what is expected: interest after the cut-off date may carry a well-secured pool beyond its balance; a slip of the unit carries it much farther."""

_RESERVED = frozenset({"total", "mean", "one_year", "liquidated", "pair", "index"})
_CENT = 0.005  # CNY mn: half of the second decimal, to which some documents round


def cross_check(frames: Mapping[str, pd.DataFrame], resources: Mapping[str, Resource], folder: str, problems: list[Problem]) -> None:
    """Append every broken rule to ``problems``."""
    for name, column in (("deals", "deal"), ("originators", "originator")):
        taken = frames[name][column].isin(_RESERVED)
        for index in frames[name].index[taken]:
            fix = "choose another id; these name rows of the tables"
            problems.append(Problem(f"{folder}/{resources[name].path}", int(cell(frames[name], index, "source_row")), column, cell(frames[name], index, column), "the id is reserved", fix))
    sound = _references(frames, resources, folder, problems)
    files = {name: f"{folder}/{resource.path}" for name, resource in resources.items()}
    deals = frames["deals"]
    _order(deals, "cutoff_date", "issue_date", files["deals"], "the issue date must lie after the cut-off date", problems)
    _order(deals, "issue_date", "closing_date", files["deals"], "the closing date must not lie before the issue date", problems, equal=True)
    _order(deals, "cutoff_date", "liquidated_on", files["deals"], "a deal is liquidated after its cut-off date", problems)
    _order(frames["tranches"], "expected_maturity", "legal_maturity", files["tranches"], "the legal maturity must not lie before the expected one", problems, equal=True)
    _within(deals, "pool_principal", "pool_balance", files["deals"], "the pool's principal must not exceed its balance", problems)
    _within(deals, "n_borrowers", "n_loans", files["deals"], "there cannot be more borrowers than loans", problems)
    _order(frames["payments"], "paid_on", "reported_on", files["payments"], "a payment is not reported before it is made", problems, equal=True)
    for name in ("collections", "forecasts"):
        _periods(frames[name], deals, files[name], "vintage" if name == "forecasts" else "reported_on", problems)
    _order(frames["collections"], "period_end", "reported_on", files["collections"], "a period is reported after its end", problems)
    check_priorities(frames["priorities"], deals, files["priorities"], problems)
    check_terms(frames, files, problems)
    if sound:
        _tranches(deals, frames["tranches"], files, problems)
        _payments(frames, files["payments"], problems)
        _magnitudes(frames, files, problems)


def _references(frames: Mapping[str, pd.DataFrame], resources: Mapping[str, Resource], folder: str, problems: list[Problem]) -> bool:
    """Foreign keys; an unknown name gets the nearest known one and, for originators, the line to paste."""
    sound = True
    for name, resource in resources.items():
        for column, (target, other) in resource.foreign_keys.items():
            known = set(frames[target][other].dropna())
            aliases = _aliases(frames["originators"]) if target == "originators" else {}
            frame = frames[name]
            wrong = frame[column].notna() & ~frame[column].isin(known)
            for line, value in zip(frame.loc[wrong, "source_row"], frame.loc[wrong, column], strict=True):
                near = aliases.get(str(value)) or _nearest(str(value), known, aliases)
                fix = f"did you mean {near}? " if near else ""
                if target == "originators":
                    id_ = value if re.fullmatch(r"[a-z0-9-]+", str(value)) else "<id>"
                    fix += f"A new bank needs a line in {folder}/{resources[target].path}: {id_},<name_zh>,<short_zh>,<name_en>,<short_en>,<aliases>,"
                elif target == "priorities":
                    deal = frame.loc[frame["source_row"] == line, "deal"].iloc[0]
                    fix += f"The priority of {deal} must stand in {folder}/{resources[target].path} with all its steps"
                else:
                    fix += f"Every id must stand in {folder}/{resources[target].path}"
                problems.append(Problem(f"{folder}/{resource.path}", int(line), column, str(value), f"there is no such {other} in {resources[target].path}", fix))
                sound = False
    return sound


def _nearest(value: str, known: set[str], names: Mapping[str, str]) -> str | None:
    """The id whose id or name looks most like ``value``."""
    candidates = {id_: id_ for id_ in known} | {name.lower().replace(" ", "-"): id_ for name, id_ in names.items()}
    near = get_close_matches(value.lower().replace(" ", "-"), sorted(candidates), n=1)
    return candidates[near[0]] if near else None


def _aliases(originators: pd.DataFrame) -> dict[str, str]:
    """Every name and alias of a bank → its id."""
    names: dict[str, str] = {}
    for record in originators.to_dict("records"):
        aliases = record.get("aliases")
        every = [record["name_zh"], record["short_zh"], record["name_en"], record["short_en"], *(str(aliases).split(";") if isinstance(aliases, str) else [])]
        names.update({str(name).strip(): str(record["originator"]) for name in every})
    return names


def _order(frame: pd.DataFrame, early: str, late: str, file: str, rule: str, problems: list[Problem], *, equal: bool = False) -> None:
    wrong = frame[late] < frame[early] if equal else frame[late] <= frame[early]
    for index in frame.index[wrong]:
        value = f"{cell(frame, index, late):%Y-%m-%d}"
        fix = f"{early} of this row is {cell(frame, index, early):%Y-%m-%d}; correct one of the two"
        problems.append(Problem(file, int(cell(frame, index, "source_row")), late, value, rule, fix))


def _within(frame: pd.DataFrame, part: str, whole: str, file: str, rule: str, problems: list[Problem]) -> None:
    for index in frame.index[frame[part] > frame[whole]]:
        fix = f"{whole} of this row is {cell(frame, index, whole):g}; correct one of the two"
        problems.append(Problem(file, int(cell(frame, index, "source_row")), part, f"{cell(frame, index, part):g}", rule, fix))


def _periods(frame: pd.DataFrame, deals: pd.DataFrame, file: str, version: str, problems: list[Problem]) -> None:
    """Periods run from the cut-off date without gap or overlap, in each version of a deal's record."""
    cutoffs = deals.drop_duplicates("deal").set_index("deal")["cutoff_date"]
    keys = ["deal", "vintage"] if version == "vintage" else ["deal"]
    ordered = frame.dropna(subset=["deal", "period_start", "period_end"]).sort_values([*keys, "period_start"], kind="stable")
    if version == "reported_on":  # a restated period stands more than once, with the same bounds
        ordered = ordered.drop_duplicates(["deal", "period_start", "period_end"])
    cutoff = cutoffs.reindex(ordered["deal"]).set_axis(ordered.index)
    first = ~ordered.duplicated(keys)
    expected = (ordered.groupby(keys, sort=False)["period_end"].shift() + pd.Timedelta(days=1)).where(~first, cutoff)
    before = ordered["period_start"] < cutoff
    gap = ~before & (ordered["period_start"] != expected) & expected.notna()
    backwards = ordered["period_end"] < ordered["period_start"]
    for index in ordered.index[before | gap | backwards]:
        line, deal = int(cell(ordered, index, "source_row")), cell(ordered, index, "deal")
        start, end = cell(ordered, index, "period_start"), cell(ordered, index, "period_end")
        if before[index]:
            rule, fix = "the period begins before the deal's cut-off date", f"the cut-off date of {deal} is {cutoff[index]:%Y-%m-%d}; correct the period or the deal"
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
            problems.append(Problem(files["deals"], int(line), "deal", str(deal), f"the deal has no {' and no '.join(lacking)} tranche", f"add the row to {files['tranches']}"))


def _payments(frames: Mapping[str, pd.DataFrame], file: str, problems: list[Problem]) -> None:
    """Principal is repaid to an existing tranche, from the closing date on, and never beyond its face."""
    keys = ["deal", "tranche"]
    payments = frames["payments"].sort_values([*keys, "paid_on", "reported_on"], kind="stable")
    closings = frames["deals"].drop_duplicates("deal").set_index("deal")["closing_date"]
    closing = closings.reindex(payments["deal"]).set_axis(payments.index)
    for index in payments.index[payments["paid_on"] < closing]:
        fix = f"the deal closed on {closing[index]:%Y-%m-%d}; correct the payment or the deal"
        problems.append(Problem(file, int(cell(payments, index, "source_row")), "paid_on", f"{cell(payments, index, 'paid_on'):%Y-%m-%d}", "paid before the deal's closing date", fix))
    latest = payments.drop_duplicates([*keys, "paid_on"], keep="last")
    faces = frames["tranches"].drop_duplicates(keys)[[*keys, "face"]]
    known = latest.merge(faces, on=keys, how="left", indicator=True).set_axis(latest.index)
    for index in latest.index[known["_merge"] == "left_only"]:
        problems.append(Problem(file, int(cell(latest, index, "source_row")), "tranche", str(cell(latest, index, "tranche")), "the deal has no such tranche", "correct the tranche"))
    face, paid = known["face"], latest.groupby(keys)["principal"].cumsum()
    for index in latest.index[(paid > face + _CENT) & (face > 0)]:  # a face that is none is told already
        fix = f"with the payments before it this makes {paid[index]:.4f}, and the face is {face[index]:.4f}; look for a payment that stands twice"
        value = f"{cell(latest, index, 'principal'):g}"
        problems.append(Problem(file, int(cell(latest, index, "source_row")), "principal", value, "principal repaid exceeds the face of the tranche", fix))


def _magnitudes(frames: Mapping[str, pd.DataFrame], files: Mapping[str, str], problems: list[Problem]) -> None:
    """Amounts that can only be a slip of the unit or of the decimal point."""
    balance = frames["deals"].drop_duplicates("deal").set_index("deal")["pool_balance"]
    latest = frames["collections"].sort_values("reported_on", kind="stable").drop_duplicates(["deal", "period_start"], keep="last")
    sums = (
        ("tranches", "face", frames["tranches"], 1.0, "the face of all tranches exceeds the pool balance"),
        ("collections", "collected", latest, _MOST_COLLECTED, f"what was collected in all exceeds {_MOST_COLLECTED:g} times the pool balance"),
    )
    deals = frames["deals"]
    for index in deals.index[deals["expected_recovery"] > _MOST_COLLECTED * deals["pool_balance"]]:
        value, whole = (float(cell(deals, index, column)) for column in ("expected_recovery", "pool_balance"))
        fix = f"pool_balance of this row is {whole:g} (CNY million): check the unit of both"
        problems.append(
            Problem(files["deals"], int(cell(deals, index, "source_row")), "expected_recovery", f"{value:g}", f"the expected recovery exceeds {_MOST_COLLECTED:g} times the pool balance", fix)
        )
    for name, column, frame, times, rule in sums:
        total = frame.groupby("deal")[column].sum()
        for deal in total.index[total > times * balance.reindex(total.index)]:
            own = frame.loc[frame["deal"] == deal]
            worst = own[column].idxmax()
            fix = f"all of {deal} is {total[deal]:g}, its pool balance {balance[deal]:g} (CNY million); this is the largest amount: check its unit"
            problems.append(Problem(files[name], int(cell(own, worst, "source_row")), column, f"{cell(own, worst, column):g}", rule, fix))
