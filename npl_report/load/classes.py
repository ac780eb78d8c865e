"""Classes of deals and kinds of originators that the market has, and as which class an edition reports a deal."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import pandas as pd

from npl_report.load.frames import cell, cell_problem
from npl_report.load.market import MARKET
from npl_report.model import BORROWER_FACTS, InputError, Market, Problem, nearest


def wrong_classes(deals: pd.DataFrame, market: Market, file: str) -> Iterator[Problem]:
    """Deals of a class that the market does not have, of a type that is a part of another, or of another's class."""
    kinds, finer = deals["asset_type"], deals["asset_class"]
    known = {of.key: of.group for of in market.classes}
    for column, values in (("asset_type", kinds), ("asset_class", finer)):
        for index in deals.index[values.notna() & ~values.isin(list(known))]:
            value, rule = str(cell(deals, index, column)), f"data/{MARKET} describes no such class"
            fix = nearest(value, known, "add a [[class]] of this key, with its names")
            yield cell_problem(file, deals, index, column, value, rule, fix)
    for index in deals.index[kinds.map(known).fillna("") != ""]:
        value = str(cell(deals, index, "asset_type"))
        rule, fix = (
            f"is a class of {known[value]} in data/{MARKET}",
            f"write {known[value]} here, and {value} as asset_class",
        )
        yield cell_problem(file, deals, index, "asset_type", value, rule, fix)
    grouped = finer.map(known).where(finer.map(known) != "", finer)
    sound = kinds.map(known) == ""  # of others the type is told
    for index in deals.index[finer.isin(list(known)) & sound & (grouped != kinds)]:
        value, group = str(cell(deals, index, "asset_class")), str(grouped[index])
        rule = f"is a class of {group} in data/{MARKET}, and the deal is of {cell(deals, index, 'asset_type')}"
        yield cell_problem(file, deals, index, "asset_class", value, rule, "correct one of the two")
    yield from _persons(deals.loc[sound & kinds.isin(market.of_firms)], file)


def unknown_kinds(originators: pd.DataFrame, market: Market, file: str) -> Iterator[Problem]:
    """Originators of a kind that the market does not have."""
    kinds, known = originators["kind"], [of.key for of in market.kinds]
    for index in originators.index[kinds.notna() & ~kinds.isin(known)]:
        value, rule = str(cell(originators, index, "kind")), f"data/{MARKET} describes no such kind of originator"
        fix = nearest(value, known, "add an [[originator]] of this key, with its name")
        yield cell_problem(file, originators, index, "kind", value, rule, fix)


def _persons(deals: pd.DataFrame, file: str) -> Iterator[Problem]:
    """Deals of firms of which the data have what only persons have."""
    fix = f'leave it empty, or take borrowers = "firms" from the class in data/{MARKET}'
    for column in BORROWER_FACTS:
        for index in deals.index[deals[column].notna()]:
            rule = f"deals of {cell(deals, index, 'asset_type')} have firms as borrowers, which have none"
            yield cell_problem(file, deals, index, column, f"{cell(deals, index, column):g}", rule, fix)


def reported_classes(deals: pd.DataFrame, market: Market, file: str) -> pd.DataFrame:
    """The deals with the class as which ``market`` reports them in ``asset_type``: their own, or else their type.

    InputError for those of which it reports neither.
    """
    keys = list(market.asset_types)
    finer = deals["asset_class"].where(deals["asset_class"].isin(keys))
    kinds = finer.fillna(deals["asset_type"].where(deals["asset_type"].isin(keys)))
    if astray := [_unreported(deals, index, file) for index in deals.index[kinds.isna()]]:
        raise InputError(astray)
    return deals.assign(asset_type=kinds)


def _unreported(deals: pd.DataFrame, index: Hashable, file: str) -> Problem:
    own = [cell(deals, index, column) for column in ("asset_class", "asset_type")]
    names = list(dict.fromkeys(str(value) for value in own if pd.notna(value)))
    fix = f"add [windows.{names[0]}] to the edition in report/editions, with low, high and source"
    if pd.isna(own[0]):
        fix = f"fill in asset_class, or {fix}"
    rule = f"the edition has no observation window for {' or '.join(names)}, and would leave the deal out"
    return cell_problem(file, deals, index, "asset_type", str(own[-1]), rule, fix)
