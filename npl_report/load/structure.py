"""Section ``structure`` of an edition → the rules of part III."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING, Any

from npl_report.load.keys import Wrong
from npl_report.load.sections import read_section
from npl_report.model import OFFERING, Edition, InputError, Problem, Structure, nearest, offered

if TYPE_CHECKING:  # see model.table
    import pandas as pd

_LONGEST_LAG = 366  # days
_EXAMPLE = (
    'below [structure.cases] write lines such as <class> = "<id of a deal>"; a type without one takes its deal of '
    "median issue size"
)


def read_structure(section: Any, kinds: Sequence[str], shown: str, problems: list[Problem]) -> Structure:
    """The rules, those left out with their defaults; what is wrong is added to ``problems``.

    ``kinds``: the classes that the edition reports; ``shown`` names the edition's file.
    """
    return read_section(
        section,
        "structure",
        "part III",
        Structure(),
        {"payment_lag": _wrong_lag, "cases": partial(_wrong_cases, kinds=kinds)},
        shown,
        problems,
    )


def _wrong_lag(value: Any) -> list[Wrong]:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _LONGEST_LAG:
        return []
    return [
        (
            str(value),
            f"must be a whole number of days from 0 to {_LONGEST_LAG}",
            f"write payment_lag = {Structure().payment_lag}, or leave it out for this default",
        )
    ]


def _wrong_cases(value: Any, kinds: Sequence[str]) -> list[Wrong]:
    if not isinstance(value, Mapping):
        return [(str(value), "must be a section", _EXAMPLE)]
    wrong: list[Wrong] = []
    for kind, deal in value.items():
        if kind not in kinds:
            wrong.append((str(kind), "the edition reports no such class", nearest(str(kind), kinds)))
        elif not isinstance(deal, str):
            wrong.append((str(deal), f"the case of {kind} must be the id of a deal, in quotes", _EXAMPLE))
    return wrong


def check_cases(edition: Edition, deals: pd.DataFrame, forecasts: pd.DataFrame) -> None:
    """InputError unless the edition's cases are deals that it knows, of their type, with a forecast.

    The forecast is what is run through the waterfall. Frames as known on the as-of date.
    """
    kinds = deals.set_index("deal")["asset_type"]
    run = set(offered(forecasts)["deal"])
    file = f"report/editions/{edition.id}.toml"
    problems = [
        Problem(file, column=f"structure.cases.{kind}", value=deal, rule=wrong[0], fix=wrong[1])
        for kind, deal in edition.structure.cases.items()
        if (wrong := _wrong_case(kind, deal, kinds, run))
    ]
    if problems:
        raise InputError(problems)


def _wrong_case(kind: str, deal: str, kinds: pd.Series, run: Collection[str]) -> tuple[str, str] | None:
    """(rule, what to do) if a deal cannot be the case of a type; ``run``: deals with a forecast to run through."""
    if deal not in kinds.index:
        near = get_close_matches(deal, list(kinds.index[kinds == kind]), n=1)
        fix = f"did you mean {near[0]}? " if near else ""
        return "the edition knows no such deal", f"{fix}name a deal of data/deals.csv that was issued by the as-of date"
    if kinds[deal] != kind:
        return f"the deal's asset type is {kinds[deal]}", f"name a {kind} deal, or put it under {kinds[deal]}"
    if deal not in run:
        fix = f"name a {kind} deal with a gross forecast of the vintage {OFFERING} in data/forecasts.csv"
        return "the deal has no gross offering forecast to run through the waterfall", fix
    return None
