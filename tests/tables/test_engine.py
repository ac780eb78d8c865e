# ruff: noqa: ARG005 -- the parameters are what is tested: they are a table's inputs, used or not
"""How tables find their inputs: by the names of ``compute``'s parameters. On small catalogues of our own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from npl_report import tables
from npl_report.load.tablefolders import Place, table_keys, table_places
from npl_report.model import Column, DefinitionError, Edition, ResearchTable, Result, Unavailable, Unit
from tests.helpers import tiny
from tests.helpers.market import MARKET

Compute = Callable[..., Result | Unavailable]
Use = Callable[..., Mapping[str, Result | Unavailable]]
Declare = Callable[[Mapping[str, ResearchTable]], Mapping[str, ResearchTable]]
OWN = "npl_report.load.tablefolders.OWN"


def table(key: str, compute: Compute) -> ResearchTable:
    return ResearchTable(key, Unit.TERM, (Column("n", Unit.COUNT),), (Column("deal", Unit.DEAL),), compute, ("method",))


def number(value: float) -> Result:
    return Result(pd.DataFrame({"n": [value]}, index=["x"]), pd.DataFrame({"row": ["x"], "deal": ["d"]}))


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Use:
    """Compute keys of a small catalogue on the tiny data."""

    def run(computes: Mapping[str, Compute], *keys: str) -> Mapping[str, Result | Unavailable]:
        small = {key: table(key, compute) for key, compute in computes.items()}
        monkeypatch.setattr(tables, "catalogue", lambda _: small)
        return tables.compute_tables(keys or computes, tiny.data(), tiny.edition())

    return run


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Declare:
    """The catalogue as it is found in folders: folder name → declared table."""

    def found(folders: Mapping[str, ResearchTable]) -> Mapping[str, ResearchTable]:
        for name in folders:
            (tmp_path / name).mkdir()
            (tmp_path / name / "__init__.py").touch()
        monkeypatch.setattr(OWN, Place(tmp_path, "declared"))
        monkeypatch.setattr(
            tables, "import_module", lambda name: SimpleNamespace(TABLE=folders[name.rsplit(".", 1)[1]])
        )
        return tables.catalogue(MARKET)

    return found


def test_inputs_are_data_the_edition_and_other_tables(use: Use):
    def first(deals: pd.DataFrame, edition: Edition) -> Result:
        return number(len(deals) + edition.revision)

    def second(first: Result, collections: pd.DataFrame) -> Result:
        return number(first.number("x", "n") * 100 + len(collections))

    done = use({"first": first, "second": second}, "second")
    assert list(done) == ["first", "second"]  # what a table needs is computed with it
    assert (
        done["second"].number("x", "n") == 717
    )  # (6 deals + revision 1) × 100 + 5 + 2 + 4 + 3 + 3 collections; u2 has not reported


def test_only_what_is_asked_for_is_computed_and_each_once(use: Use):
    calls: list[str] = []

    def base(deals: pd.DataFrame) -> Result:
        calls.append("base")
        return number(len(deals))

    def left(base: Result) -> Result:
        calls.append("left")
        return base

    def right(base: Result) -> Result:
        calls.append("right")
        return base

    def other() -> Result:
        calls.append("other")
        return number(0)

    use({"base": base, "left": left, "right": right, "other": other}, "left", "right", "left")
    assert calls == ["base", "left", "right"]


def test_unavailable_flows_through_all_that_depend_on_it(use: Use):
    none = Unavailable("no_reports", needed=1, found=0)
    calls: list[str] = []

    def base() -> Unavailable:
        return none

    def middle(deals: pd.DataFrame, base: Result) -> Result:
        calls.append("middle")
        return number(1)

    def top(middle: Result, free: Result) -> Result:
        calls.append("top")
        return number(1)

    def free() -> Result:
        return number(1)

    done = use({"base": base, "middle": middle, "top": top, "free": free})
    assert done["base"] is done["middle"] is done["top"] is none
    assert isinstance(done["free"], Result)
    assert calls == []


def test_of_two_unavailable_inputs_the_first_is_the_reason(use: Use):
    def one() -> Unavailable:
        return Unavailable("no_reports")

    def two() -> Unavailable:
        return Unavailable("no_deals")

    def both(one: Result, two: Result) -> Result:
        raise AssertionError

    assert use({"two": two, "one": one, "both": both})["both"] == Unavailable("no_reports")


def test_an_input_that_can_be_done_without_is_given_as_it_is(use: Use):
    def nothing() -> Unavailable:
        return Unavailable("no_reports")

    def strict(nothing: Result) -> Result:
        raise AssertionError

    def content(nothing: Result | Unavailable, deals: pd.DataFrame) -> Result:
        return number(len(deals) if isinstance(nothing, Unavailable) else 0)

    def mixed(strict: Result, nothing: Result | Unavailable) -> Result:
        raise AssertionError

    done = use({"nothing": nothing, "strict": strict, "content": content, "mixed": mixed})
    assert done["strict"] == done["mixed"] == Unavailable("no_reports")
    found = done["content"]
    assert isinstance(found, Result)
    assert found.number("x", "n") == 6


@pytest.mark.parametrize(
    ("computes", "path"),
    [
        ({"a": lambda a: a}, "a → a"),
        ({"a": lambda b: b, "b": lambda a: a}, "a → b → a"),
        ({"top": lambda a: a, "a": lambda b: b, "b": lambda c: c, "c": lambda a: a}, "top → a → b → c → a"),
    ],
)
def test_a_circle_is_refused(use: Use, computes: dict[str, Compute], path: str):
    with pytest.raises(DefinitionError, match=f"^tables depend on each other in a circle: {path}$"):
        use(computes)


def test_a_result_that_is_not_as_declared_is_refused(use: Use):
    def wrong() -> Result:
        return Result(pd.DataFrame({"m": [1]}, index=["x"]), pd.DataFrame({"row": ["x"], "deal": ["d"]}))

    with pytest.raises(DefinitionError, match=r"table wrong: columns \['m'\] are not as declared \['n'\]"):
        use({"wrong": wrong})


def test_a_catalogue_is_found_by_its_folders(declare: Declare):
    one, two = table("one", lambda deals: deals), table("two", lambda one, edition: one)
    assert declare({"one": one, "two": two}) == {"one": one, "two": two}


@pytest.mark.parametrize(
    ("compute", "message"),
    [
        (
            lambda dealz: dealz,
            "table one: compute asks for dealz, which is neither data nor a table; did you mean deals?",
        ),
        (
            lambda edition, two_tables: two_tables,
            "table one: compute asks for two_tables, which is neither data nor a table; did you mean two_table?",
        ),
        (
            lambda weather: weather,
            (
                "table one: compute asks for weather, which is neither data nor a table; there are one, two_table, "
                "deals, tranches, collections, forecasts, payments, priorities, originators, market, asset_types, "
                "of_firms …"
            ),
        ),
    ],
)
def test_an_input_that_does_not_exist_is_refused_at_import(declare: Declare, compute: Compute, message: str):
    with pytest.raises(DefinitionError) as raised:
        declare({"one": table("one", compute), "two_table": table("two_table", lambda: None)})  # type: ignore[arg-type,return-value]
    assert str(raised.value) == message


def test_folder_and_declared_key_must_agree(declare: Declare):
    with pytest.raises(DefinitionError, match=r"^folder tables/one declares the table won$"):
        declare({"one": table("won", lambda: None)})  # type: ignore[arg-type,return-value]


def test_the_catalogue_is_the_folders_of_the_package():
    (place,) = table_places()
    folders = {path.parent.name for path in place.folder.glob("*/__init__.py")}
    assert set(table_keys()) == set(tables.catalogue(MARKET)) == folders


def test_rows_collect_cells_and_gaps():
    from npl_report.tables.rows import Rows

    none = Unavailable("no_deals", 1, 0)
    rows = Rows((Column("n", Unit.COUNT), Column("best", Unit.DEAL)))
    rows.add("b", best="c1", n=2)
    rows.add("a", n=none, best=none)
    result = rows.result(pd.DataFrame({"row": ["b"]}, index=[7]))
    assert list(result.frame.index) == ["b", "a"]
    assert result.cell("b", "n") == 2
    assert result.gaps == {("a", "n"): none, ("a", "best"): none}
    assert list(result.evidence.index) == [0]
    with pytest.raises(KeyError, match="best"):
        rows.add("c", n=1)
