"""What is published of tables whose data are not public.

Worked out on the tiny data, which have two deals of each type.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from npl_report.model import Column, Dataset, ResearchTable, Result, Unavailable, Unit, Withheld, checked
from npl_report.reconcile.reconciliation import Reconciled, public_reconciled
from npl_report.tables import catalogue, withheld
from npl_report.tables.withheld import FEW, RESTRICTED, public, touched
from tests.helpers import tiny
from tests.helpers.market import MARKET

TABLE = ResearchTable(
    "t",
    Unit.ORIGINATOR,
    (
        Column("n", Unit.DEALS),
        Column("sum", Unit.MONEY),
        Column("since", Unit.DATE),
        Column("largest", Unit.DEAL),
        Column("kind", Unit.ASSET_TYPE),
    ),
    (Column("deal", Unit.DEAL), Column("amount", Unit.MONEY)),
    lambda collections: collections,
    ("method",),
)
DAY = pd.Timestamp("2020-03-17")


def shown(groups: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> Result:
    """The table of banks with so many deals each, and a total, as it is published where collections are restricted."""
    monkeypatch.setattr(withheld, "catalogue", lambda _: {"t": TABLE})
    touched.cache_clear()
    rows = {**groups, "total": sum(groups.values())}
    frame = pd.DataFrame(
        {
            "n": list(rows.values()),
            "sum": [10.0 * n for n in rows.values()],
            "since": DAY,
            "largest": "x",
            "kind": "mortgage",
        },
        index=list(rows),
    )
    evidence = pd.DataFrame(
        [{"row": bank, "deal": f"{bank}{number}", "amount": 10.0} for bank, n in groups.items() for number in range(n)]
    )
    result = public({"t": Result(frame, evidence)}, {"collections"}, MARKET)["t"]
    touched.cache_clear()
    assert isinstance(result, Result)
    return result


def reasons(result: Result) -> dict[tuple[str, str], str]:
    """Gaps but those of names of deals, which every row has."""
    assert {row for row, column in result.gaps if column == "largest"} == set(result.frame.index)
    return {number: gap.reason for number, gap in result.gaps.items() if number[1] != "largest"}


def test_three_deals_are_shown_two_are_not(monkeypatch: pytest.MonkeyPatch):
    result = shown({"east": 3, "west": 2, "north": 1}, monkeypatch)
    assert reasons(result) == {(bank, column): FEW for bank in ("west", "north") for column in ("sum", "since")}
    assert result.gaps["west", "sum"] == Unavailable(FEW, 3, 2)
    assert result.frame.loc["east", ["n", "sum", "since", "kind"]].tolist() == [3, 30.0, DAY, "mortgage"]
    assert result.frame["n"].tolist() == [3, 2, 1, 6]  # numbers of deals stay
    assert pd.isna(result.frame.loc["west", "sum"])
    assert (result.evidence.empty, result.withheld) == (True, True)


@pytest.mark.parametrize(
    ("groups", "whole"),
    [
        ({"east": 4, "west": 2}, True),
        ({"east": 3, "west": 1, "north": 1}, True),
        ({"east": 3, "west": 2, "north": 1}, False),
        ({"east": 3}, False),
    ],
)
def test_the_total_goes_where_it_would_tell_the_rest(
    groups: dict[str, int], *, whole: bool, monkeypatch: pytest.MonkeyPatch
):
    """Total less what is shown: of less than three deals it would be theirs."""
    assert (reasons(shown(groups, monkeypatch)).get(("total", "sum")) == RESTRICTED) is whole


def test_a_table_touches_what_it_is_computed_from_through_others():
    assert touched("recovery_by_type", MARKET) == {"deals", "tranches", "collections", "forecasts"}
    assert touched("market_context", MARKET) == {"deals", "market"}
    assert touched("issuance_by_type", MARKET) == {"deals", "tranches"}


def test_tables_that_touch_no_restricted_file_are_as_they_were():
    found = public(tiny.results(), {"collections"}, MARKET)
    assert {key for key in found if found[key] is not tiny.results()[key]} == {
        key
        for key, result in tiny.results().items()
        if "collections" in touched(key, MARKET) and isinstance(result, Result)
    } - {
        key
        for key in found
        if isinstance(found[key], Result) and all(column.key != "deal" for column in catalogue(MARKET)[key].evidence)
    }


def test_nothing_of_a_deal_is_left():
    """Neither a table of deals nor a row behind a figure, a deal's name, or a figure of two deals.

    The tiny data have no more of a type.
    """
    names = {*tiny.CUTOFFS, *(f"{deal}@" for deal in tiny.CUTOFFS)}
    for key, result in public(tiny.results(), Dataset.OF_DEALS, MARKET).items():
        if isinstance(result, Result) and result.withheld:
            checked(catalogue(MARKET)[key], result)
            told = {str(cell).partition("@")[0] for column in result.frame for cell in result.frame[column]} | {
                str(row).partition("@")[0] for row in result.frame.index
            }
            assert not told & names, key
            assert result.evidence.empty
        elif isinstance(result, Result):
            assert not {"deal"} & {
                column.key for column in (*catalogue(MARKET)[key].columns, *catalogue(MARKET)[key].evidence)
            }, key


def test_rows_of_a_withheld_table_can_be_counted_and_nothing_else():
    found = public(tiny.results(), {"deals"}, MARKET)["determinants_sample"]
    assert isinstance(found, Withheld)
    assert len(found.kinds) == len(tiny.CUTOFFS)
    assert set(found.kinds.columns) <= {"asset_type", "status"}
    assert list(found.kinds.index) == list(range(len(tiny.CUTOFFS)))


def test_the_market_is_withheld_whole():
    found = public(tiny.results(), {"market"}, MARKET)
    assert {key for key, result in found.items() if isinstance(result, Withheld)} == {
        "market_context",
        "issue_pricing",
        "pricing_by_quarter",
    }  # benchmark yields


def test_the_tie_out_keeps_its_verdict_and_hides_what_is_not_published():
    binding = Reconciled(
        "L1", "2", "exact", "deal_recovery/c1@x/recovery", "12.3", "12.3", "0.0", "equal", "", "pct", ""
    )
    gone = replace(
        binding,
        computed="",
        difference="",
        verdict="unreachable",
        reason="table deal_recovery is unavailable: restricted",
    )
    other = replace(binding, id="L2", computed="4.5")
    assert public_reconciled([binding, other], [gone, other]) == [replace(binding, computed="", difference=""), other]
