"""The values that travel: what a result may be, what a declaration may say, how a problem reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import pytest

from npl_report.model import (
    WORD_UNITS,
    Chart,
    Column,
    DefinitionError,
    InputError,
    Problem,
    ResearchTable,
    Result,
    Series,
    Unavailable,
    Unit,
    Window,
    checked,
)
from npl_report.model.edition import Chapter
from tests.helpers.market import ASSET_TYPES

COLUMNS = (Column("n", Unit.DEALS), Column("rate", Unit.RATE))
EVIDENCE = (Column("deal", Unit.DEAL), Column("age", Unit.MONTHS))
GAP = Unavailable("no_deals", needed=1, found=0)


def table(**changes: object) -> ResearchTable:
    fields: dict[str, object] = {
        "key": "small",
        "rows": Unit.ASSET_TYPE,
        "columns": COLUMNS,
        "evidence": EVIDENCE,
        "compute": lambda: None,
        "sources": ("method",),
    }
    return ResearchTable(**{**fields, **changes})  # type: ignore[arg-type]


def good() -> Result:
    frame = pd.DataFrame({"n": [2.0, 0.0], "rate": [0.5, np.nan]}, index=["corporate", "mortgage"])
    evidence = pd.DataFrame({"row": ["corporate", "corporate"], "deal": ["c1", "c2"], "age": [1.0, 2.0]})
    return Result(frame, evidence, {("mortgage", "rate"): GAP})


def test_a_result_as_declared_passes_unchanged():
    result = good()
    found = checked(table(), result)
    assert isinstance(found, Result)
    pd.testing.assert_frame_equal(found.frame, result.frame)
    pd.testing.assert_frame_equal(found.evidence, result.evidence)
    assert found.gaps == result.gaps


def test_an_unavailable_table_passes_unchanged():
    assert checked(table(), GAP) is GAP


DRIFTS: dict[str, tuple[Callable[[Result], Result], str]] = {
    "column missing": (
        lambda r: dataclasses.replace(r, frame=r.frame[["n"]]),
        r"columns \['n'\] are not as declared \['n', 'rate'\]",
    ),
    "columns in another order": (lambda r: dataclasses.replace(r, frame=r.frame[["rate", "n"]]), "are not as declared"),
    "column too many": (lambda r: dataclasses.replace(r, frame=r.frame.assign(more=1)), "are not as declared"),
    "row twice": (
        lambda r: dataclasses.replace(r, frame=r.frame.set_axis(["corporate", "corporate"])),
        "row ids are not unique",
    ),
    "evidence without row": (
        lambda r: dataclasses.replace(r, evidence=r.evidence[["deal", "age"]]),
        r"evidence \['deal', 'age'\] is not as declared",
    ),
    "evidence for a row that is not there": (
        lambda r: dataclasses.replace(r, evidence=r.evidence.assign(row="unsecured")),
        r"evidence for unknown rows \['unsecured'\]",
    ),
    "empty cell without a reason": (
        lambda r: dataclasses.replace(r, gaps={}),
        "cell mortgage/rate is empty without a reason",
    ),
    "reason for a cell with a value": (
        lambda r: dataclasses.replace(r, gaps={**r.gaps, ("corporate", "n"): GAP}),
        "cell corporate/n is empty without a reason, or has a reason and a value",
    ),
}


@pytest.mark.parametrize("case", DRIFTS)
def test_a_drifted_result_is_refused(case: str):
    drift, message = DRIFTS[case]
    with pytest.raises(DefinitionError, match=f"table small: .*{message}"):
        checked(table(), drift(good()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"columns": (*COLUMNS, Column("n", Unit.COUNT))}, "column declared twice: n"),
        (
            {"evidence": (*EVIDENCE, Column("age", Unit.COUNT), Column("deal", Unit.DEAL))},
            "column declared twice: age, deal",
        ),
        ({"chart": Chart("bars", ("n", "size"))}, "the chart draws undeclared columns size"),
        ({"chart": Chart("strip", ("rate",), points="recovery")}, "the chart draws undeclared evidence recovery"),
    ],
)
def test_a_wrong_declaration_is_refused_when_it_is_made(changes: dict[str, object], message: str):
    with pytest.raises(DefinitionError, match=f"table small: {message}"):
        table(**changes)


def test_a_column_is_found_by_its_key():
    assert table().column("rate") is COLUMNS[1]
    with pytest.raises(KeyError, match="rates"):
        table().column("rates")


def test_printed_decimals_follow_the_unit_unless_the_column_says_otherwise():
    # report I prints two decimals for rates, money and multiples, none for counts and months
    assert [
        Column("x", unit).printed_decimals
        for unit in (Unit.RATE, Unit.MONEY, Unit.MULTIPLE, Unit.POINTS, Unit.DEALS, Unit.MONTHS)
    ] == [2, 2, 2, 2, 0, 0]
    assert Column("age", Unit.MONTHS, decimals=1).printed_decimals == 1
    assert Column("share", Unit.RATE, decimals=0).printed_decimals == 0


def test_an_optional_column_is_printed_where_a_row_has_a_value():
    columns = (
        Column("n", Unit.DEALS),
        Column("rate", Unit.RATE, optional=True),
        Column("aside", Unit.RATE, shown=False, optional=True),
    )
    declared = table(columns=columns)
    frame = good().frame.assign(aside=1.0)
    some = dataclasses.replace(good(), frame=frame)
    none = dataclasses.replace(
        good(), frame=frame.assign(rate=np.nan), gaps={(row, "rate"): GAP for row in frame.index}
    )
    assert [column.key for column in declared.printed] == ["n", "rate"]
    assert [column.key for column in declared.printed_of(some)] == ["n", "rate"]
    assert [column.key for column in declared.printed_of(none)] == ["n"]
    assert (some.filled("rate"), none.filled("rate")) == (True, False)
    plain = table(columns=(*COLUMNS, columns[2]))
    assert [column.key for column in plain.printed_of(none)] == [
        "n",
        "rate",
    ]  # what is not optional says why it is empty


def test_a_cell_is_its_number_or_its_reason():
    result = good()
    assert result.cell("corporate", "rate") == 0.5
    assert result.cell("mortgage", "n") == 0.0  # nought is a number, not a gap
    assert result.cell("mortgage", "rate") is GAP


def test_values_are_frozen():
    for value, field in (
        (GAP, "reason"),
        (COLUMNS[0], "key"),
        (Window(1, 2, "chosen"), "low"),
        (Problem("f"), "file"),
        (table(), "key"),
        (good(), "gaps"),
    ):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(value, field, "other")


def test_table_keys_follow_the_order_of_the_chapters():
    series = Series(
        "s",
        "",
        (
            Chapter("index", (), (), note=True),
            Chapter("b", ("t2", "t1"), ("t3",), note=True),
            Chapter("a", ("t0",), (), note=False),
        ),
    )
    assert series.table_keys == ("t2", "t1", "t3", "t0")


def test_closed_sets():
    assert ASSET_TYPES == ("corporate", "mortgage", "unsecured")
    assert {
        Unit.DEAL,
        Unit.ORIGINATOR,
        Unit.ASSET_TYPE,
        Unit.TRANCHE,
        Unit.TERM,
    } <= WORD_UNITS  # ids, which a language names
    assert (
        not {
            Unit.DEALS,
            Unit.COUNT,
            Unit.MONEY,
            Unit.RATE,
            Unit.POINTS,
            Unit.MULTIPLE,
            Unit.MONTHS,
            Unit.YEAR,
            Unit.DATE,
        }
        & WORD_UNITS
    )


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("data/deals.csv"), "data/deals.csv"),
        (Problem("data/deals.csv", rule="the file is missing"), "data/deals.csv: the file is missing"),
        (
            Problem("d.csv", 3, "face", "-1", "must be at least 0", "check the sign"),
            "d.csv, row 3, column face: found '-1': must be at least 0\n    → check the sign",
        ),
        (
            Problem("d.csv", 1, "face", "", "must not be empty"),
            "d.csv, row 1, column face: found '': must not be empty",
        ),
        (Problem("d.csv", 0, rule="r"), "d.csv, row 0: r"),  # nought is a place, too
        (Problem("e.toml", None, "as_of", fix="write a date"), "e.toml, column as_of\n    → write a date"),
        (Problem("d.csv", value="c1"), "d.csv: found 'c1'"),
    ],
)
def test_a_problem_says_where_what_and_what_to_do(problem: Problem, text: str):
    assert str(problem) == text


def test_an_input_error_holds_all_problems_and_prints_them_in_order():
    problems = [Problem("b.csv", rule="second"), Problem("a.csv", rule="first")]
    error = InputError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error) == "b.csv: second\na.csv: first"


def test_a_problem_as_json():
    assert Problem("f", 2, "c", "v", "r", "x").as_dict() == {
        "file": "f",
        "row": 2,
        "column": "c",
        "value": "v",
        "rule": "r",
        "fix": "x",
    }
    assert Problem("f").as_dict() == {"file": "f", "row": None, "column": None, "value": None, "rule": "", "fix": ""}


def test_a_dataset_holds_its_parts_by_name():
    from tests.helpers import tiny

    data = tiny.data()
    assert data.as_of == date(2020, 3, 17)
    assert all(isinstance(getattr(data, part), pd.DataFrame) for part in data.PARTS)
    assert all("source_row" in getattr(data, part).columns for part in data.PARTS)
