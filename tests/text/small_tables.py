"""A few small tables whose answers are plain to see, and what prose may say of them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from npl_report.model import Column, ResearchTable, Result, Unavailable, Unit
from npl_report.text.binding import Binding, BindingError
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from tests.helpers.market import names_of, tree_of, words_of

FEW = Unavailable("too_few_deals", needed=2, found=1)


def declared(key: str, rows: Unit, *columns: Column) -> ResearchTable:
    return ResearchTable(key, rows, columns, (), lambda: None, ("method",))  # type: ignore[arg-type,return-value]


TABLES = {
    "rates": declared(
        "rates",
        Unit.ASSET_TYPE,
        Column("rate", Unit.RATE),
        Column("n", Unit.DEALS),
        Column("spread", Unit.POINTS),
        Column("best", Unit.DEAL),
    ),
    "years": declared(
        "years",
        Unit.YEAR,
        Column("up", Unit.MONEY),
        Column("down", Unit.MONEY),
        Column("flat", Unit.MONEY),
        Column("mixed", Unit.MONEY),
        Column("gap", Unit.MONEY),
    ),
    "days": declared("days", Unit.DEAL, Column("date", Unit.DATE), Column("bank", Unit.ORIGINATOR)),
    "none": declared("none", Unit.ASSET_TYPE, Column("rate", Unit.RATE)),
    "pairs": declared(
        "pairs",
        Unit.PAIR,
        Column("asset_type", Unit.ASSET_TYPE),
        Column("rate", Unit.RATE),
        Column("n", Unit.DEALS),
        Column("sum", Unit.MONEY),
    ),
}
EMPTY = pd.DataFrame({"row": []})
RESULTS: dict[str, Result | Unavailable] = {
    "rates": Result(
        pd.DataFrame(
            {
                "rate": [0.3, 0.5, 0.1, 0.25],
                "n": [6.0, 13.0, 1.0, 20.0],
                "spread": [0.09, np.nan, 0.04, np.nan],
                "best": ["c1", "m1", "c1", "m1"],
            },
            index=["corporate", "mortgage", "unsecured", "total"],
        ),
        EMPTY,
        {("mortgage", "spread"): FEW, ("total", "spread"): FEW},
    ),
    "years": Result(
        pd.DataFrame(
            {
                "up": [1.0, 2, 3, 2, 6],
                "down": [3.0, 2, 1, 2, 6],
                "flat": [2.0, 2, 2, 2, 6],
                "mixed": [1.0, 3, 2, 2, 6],
                "gap": [1.0, np.nan, 2.0, 1.5, 3.0],
            },
            index=["2016", "2017", "2018", "mean", "total"],
        ),
        EMPTY,
        {("2017", "gap"): FEW},
    ),
    "days": Result(pd.DataFrame({"date": pd.to_datetime(["2019-03-16"]), "bank": ["east"]}, index=["c1"]), EMPTY),
    "none": Unavailable("no_deal_in_window", needed=1, found=0),
    "pairs": Result(
        pd.DataFrame(
            # 12.341 % and 12.344 % print alike: level to a reader; the corporate row stands between them
            {
                "asset_type": ["mortgage", "corporate", "mortgage", "mortgage"],
                "rate": [0.12341, 0.9, 0.12344, 0.05],
                "n": [1.0, 4.0, 2.0, 0.0],
                "sum": [1234.0, 2.0, 3.0, 4.0],
            },
            index=["mortgage-east", "corporate-east", "mortgage-west", "mortgage-2018"],
        ),
        EMPTY,
    ),
}


def framed(text: str, raw: str, table: str, row: str, column: str) -> str:
    return f"[{text}|{raw}|{table}/{row}/{column}]"


def binding(language: str = "en", *, plain: bool = True, fewest: int = 1) -> Binding:
    tree = tree_of(words_of(language))
    words = words_of(language)
    names = Names({"c1": "Tiny C1", "m1": "Tiny M1"}, {"east": "East", "west": "West"}, names_of(language), words)
    frame = (lambda text, *_: text) if plain else framed
    return Binding(TABLES, RESULTS, names, NumberStyle(tree, "x"), words, frame, fewest)


def told(error: pytest.ExceptionInfo[BindingError]) -> tuple[str, str]:
    return str(error.value), error.value.fix
