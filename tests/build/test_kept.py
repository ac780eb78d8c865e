"""Computed tables that are kept: they come back bit for bit, or not at all."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npl_report.build import kept as kept_module
from npl_report.build.kept import KeptTables
from npl_report.model import Dataset, Edition, Result, Unavailable, Withheld
from npl_report.tables import add_tables, catalogue, inputs
from tests.helpers import sampled, tiny
from tests.helpers.market import MARKET

EDITION = tiny.edition(tiny.AS_OF)


def never() -> Result | Unavailable:
    raise AssertionError("computed, though it was kept")


def kept(folder: Path, result: Result | Unavailable | None = None, *, only_read: bool = False) -> KeptTables:
    """A kept table, which without a ``result`` must be there."""
    tables = KeptTables(folder, only_read=only_read)
    tables.add("t", {}, (), never if result is None else lambda: result)
    return tables


def through(folder: Path, result: Result | Unavailable) -> tuple[Result | Unavailable, Result | Unavailable]:
    """What is given while it is kept, and what comes back."""
    return kept(folder, result)["t"], kept(folder)["t"]


def assert_same(one: Result | Unavailable, other: Result | Unavailable) -> None:
    if isinstance(one, Unavailable):
        assert one == other
        return
    assert isinstance(other, Result)
    for left, right in ((one.frame, other.frame), (one.evidence, other.evidence)):
        pd.testing.assert_frame_equal(left, right, check_exact=True, check_index_type=True, check_names=True)
    assert dict(one.gaps) == dict(other.gaps)
    assert one.withheld == other.withheld


@pytest.mark.parametrize("data", ["tiny", pytest.param("sample", marks=pytest.mark.whole)])
def test_every_table_comes_back_as_it_was(tmp_path: Path, data: str):
    results = tiny.results(tiny.AS_OF) if data == "tiny" else sampled.results("2021-12")
    for key, result in results.items():
        first, again = through(tmp_path / key, result)
        assert first is result
        assert_same(result, again)


def test_numbers_come_back_to_the_last_bit(tmp_path: Path):
    values = [0.1 + 0.2, 1e-300, -0.0, float("nan"), float("inf"), 1 / 3, 123456789.123456789]
    frame = pd.DataFrame({"x": values}, index=pd.Index([str(n) for n in range(7)], dtype="str"))
    _, found = through(tmp_path, Result(frame, pd.DataFrame({"row": pd.array([], dtype="str")})))
    assert isinstance(found, Result)
    assert found.frame["x"].to_numpy().tobytes() == np.array(values).tobytes()


def computed(folder: Path, data: Dataset, edition: Edition) -> set[str]:
    """The tables that are not kept yet, and are then."""
    found: set[str] = set()

    class Counting(KeptTables):
        def add(
            self,
            key: str,
            given: Mapping[str, object],
            above: Iterable[str],
            compute: Callable[[], Result | Unavailable],
            /,
        ) -> None:
            def compute_and_tell() -> Result | Unavailable:
                found.add(key)
                return compute()

            super().add(key, given, above, compute_and_tell)

    add_tables(KEYS, data, edition, Counting(folder))
    return found


KEYS = ("deal_summary", "recovery_by_type", "redemption_status", "tranche_terms", "deal_scenarios")


def test_what_follows_from_a_change_is_computed_and_nothing_else(tmp_path: Path):
    data = tiny.data()
    whole = computed(tmp_path, data, EDITION)
    assert whole.issuperset(KEYS)
    assert computed(tmp_path, data, EDITION) == set()
    later = replace(EDITION, structure=replace(EDITION.structure, payment_lag=3))
    asking = {key for key in whole if "edition" in inputs(catalogue(MARKET)[key])}
    assert asking <= computed(tmp_path, data, later) < whole
    payments = data.payments.copy()
    payments.loc[payments.index[0], "interest"] += 1
    assert computed(tmp_path, replace(data, payments=payments), EDITION) <= {
        key
        for key in whole
        if "payments" in {*inputs(catalogue(MARKET)[key]), *chain(*map(above, inputs(catalogue(MARKET)[key])))}
    }
    assert computed(tmp_path, data, EDITION) == set()  # both states are kept


def above(name: str) -> tuple[str, ...]:
    """What a table is computed from, and what that is."""
    found = inputs(catalogue(MARKET)[name]) if name in catalogue(MARKET) else ()
    return (*found, *chain(*map(above, found)))


def test_a_table_that_depends_on_what_came_out_the_same_is_not_computed(tmp_path: Path):
    """A figure that no other table asks for stops there."""
    calls = []

    def second(first: Result) -> Result:
        calls.append(1)
        return first

    for extra in (1.0, 2.0):
        tables = KeptTables(tmp_path)
        data = pd.DataFrame({"x": [1.0], "y": [extra]}, index=pd.Index(["a"], dtype="str"))
        tables.add("first", {"data": data}, (), lambda data=data: plain(data[["x"]]))
        tables.add("second", {}, ("first",), lambda tables=tables: second(tables["first"]))
    assert len(calls) == 1


def plain(frame: pd.DataFrame) -> Result:
    return Result(frame, pd.DataFrame({"row": pd.array([], dtype="str")}))


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "not ours"])
def test_a_file_that_was_harmed_is_computed_anew(tmp_path: Path, harm: str):
    result = tiny.results(tiny.AS_OF)["deal_summary"]
    through(tmp_path, result)
    [place] = tmp_path.glob("*.table")
    whole = place.read_bytes()
    harmed = {"cut": whole[:-100], "changed": whole.replace(b"a", b"b", 1), "empty": b"", "not ours": b"x\ny"}
    place.write_bytes(harmed[harm])
    assert kept(tmp_path, result)["t"] is result
    assert place.read_bytes() == whole


def test_a_table_that_is_harmed_while_it_is_needed_is_told(tmp_path: Path):
    tables = kept(tmp_path, tiny.results(tiny.AS_OF)["deal_summary"])
    again = pickle.loads(pickle.dumps(tables))  # noqa: S301 -- as another process has it: nothing in memory
    [place] = tmp_path.glob("*.table")
    place.write_bytes(place.read_bytes()[:-1])
    with pytest.raises(OSError, match="was changed since it was made"):
        again["t"]


def test_only_the_last_tables_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    results = {key: tiny.results(tiny.AS_OF)[key] for key in KEYS}
    tables = KeptTables(tmp_path)
    for key, result in results.items():
        tables.add(key, {"name": key}, (), lambda result=result: result)
    monkeypatch.setattr(kept_module, "HELD", 1)
    tables.let_go()
    last = tables[KEYS[0]]
    assert tables[KEYS[0]] is last
    for key in KEYS[1:]:
        assert_same(results[key], tables[key])
    assert tables[KEYS[0]] is not last
    assert_same(last, tables[KEYS[0]])
    assert dict(tables).keys() == set(KEYS)


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_texts_and_gaps_come_back(tmp_path: Path, rows: int):
    texts = pd.array(["回收", None, "回收"][:rows], dtype="str")
    index = pd.Index([f"r{n}" for n in range(rows)], dtype="str", name="row")
    days = pd.to_datetime(["2020-01-31", None, "1999-12-31"][:rows]).as_unit("us")
    frame = pd.DataFrame({"text": texts, "day": days, "yes": [True, False, True][:rows]}, index=index)
    gaps = {("r1", "text"): Unavailable("no_deals", 3, 1.5)} if rows > 1 else {}
    first, again = through(tmp_path, Result(frame, frame.reset_index(), gaps))
    assert_same(first, again)


def test_what_may_not_be_published_is_not_kept(tmp_path: Path):
    some = tiny.results(tiny.AS_OF)["deal_summary"]
    assert isinstance(some, Result)
    for closed in (replace(some, withheld=True), Withheld(reason="restricted", kinds=some.frame)):
        assert kept(tmp_path, closed)["t"] is closed
    assert not list(tmp_path.iterdir())


def test_columns_of_another_kind_are_not_kept(tmp_path: Path):
    frame = pd.DataFrame({"x": pd.array([1], dtype="Int8")}, index=pd.Index(["a"], dtype="str"))
    kept(tmp_path, Result(frame, frame.reset_index(drop=True)))
    assert not list(tmp_path.iterdir())


def test_rows_that_are_numbered_otherwise_are_not_kept(tmp_path: Path):
    frame = pd.DataFrame({"x": [1.0, 2.0]})
    for other in (frame.iloc[1:], frame.iloc[::-1]):
        kept(tmp_path, Result(frame, other))
        assert not list(tmp_path.iterdir())


def test_what_is_only_read_stays_as_it_is(tmp_path: Path):
    result = tiny.results(tiny.AS_OF)["deal_summary"]
    assert kept(tmp_path, result, only_read=True)["t"] is result
    assert not list(tmp_path.iterdir())
    sum_ = kept(tmp_path, result).mark("t")
    read = kept(tmp_path, only_read=True)
    assert_same(result, read["t"])
    assert sum_ == read.mark("t") == kept(tmp_path / "other", result, only_read=True).mark("t")
