"""Computed tables that are kept: they come back bit for bit, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from npl_report.build.kept import kept
from npl_report.load.project import Project
from npl_report.model import Result, Unavailable, Withheld
from tests.helpers import sampled, tiny
from tests.helpers.tinyproject import tiny_project

EDITION = replace(tiny.edition(tiny.AS_OF), id="2020-03")
Results = Mapping[str, Result | Unavailable]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tiny_project(tmp_path / "project"))


def never() -> Results:
    raise AssertionError("computed, though it was kept")


def through(project: Project, results: Results) -> tuple[Results, Results]:
    """What is given while it is kept, and what comes back."""
    folder, edition = project.build / "results", EDITION
    return kept(project, edition, results, folder, lambda: results), kept(project, edition, results, folder, never)


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
def test_every_table_comes_back_as_it_was(project: Project, data: str):
    results = tiny.results(tiny.AS_OF) if data == "tiny" else sampled.results("2021-12")
    first, again = through(project, results)
    assert first is results
    assert list(again) == list(results)
    for key in results:
        assert_same(results[key], again[key])


def test_numbers_come_back_to_the_last_bit(project: Project):
    values = [0.1 + 0.2, 1e-300, -0.0, float("nan"), float("inf"), 1 / 3, 123456789.123456789]
    frame = pd.DataFrame({"x": values}, index=pd.Index([str(n) for n in range(7)], dtype="str"))
    _, again = through(project, {"t": Result(frame, pd.DataFrame({"row": pd.array([], dtype="str")}))})
    found = again["t"]
    assert isinstance(found, Result)
    assert found.frame["x"].to_numpy().tobytes() == np.array(values).tobytes()


@pytest.mark.parametrize("change", ["data/deals.csv", "edition", "keys"])
def test_what_they_follow_from_decides(project: Project, change: str):
    results, folder, edition = tiny.results(tiny.AS_OF), project.build / "results", EDITION
    kept(project, edition, results, folder, lambda: results)
    if change == "edition":
        edition = replace(edition, structure=replace(edition.structure, payment_lag=3))
    elif change == "keys":
        results = {key: result for key, result in results.items() if key != "deal_summary"}
    else:
        path = project.root / change
        path.write_bytes(path.read_bytes().rstrip(b"\n") + b"\n\n")
    called: list[bool] = []

    def compute() -> Results:
        called.append(True)
        return results

    kept(project, edition, results, folder, compute)
    assert called == [True]


@pytest.mark.parametrize("harm", ["cut", "changed", "empty", "not JSON"])
def test_a_file_that_was_harmed_is_computed_anew(project: Project, harm: str):
    results, folder, edition = tiny.results(tiny.AS_OF), project.build / "results", EDITION
    kept(project, edition, results, folder, lambda: results)
    [place] = folder.glob("*.json")
    whole = place.read_bytes()
    harmed = {"cut": whole[:-100], "changed": whole.replace(b"0.", b"1.", 1), "empty": b"", "not JSON": b"x\ny"}
    place.write_bytes(harmed[harm])
    assert kept(project, edition, results, folder, lambda: results) is results
    assert place.read_bytes() == whole


def test_what_may_not_be_published_is_not_kept(project: Project):
    some = tiny.results(tiny.AS_OF)["deal_summary"]
    assert isinstance(some, Result)
    for closed in (replace(some, withheld=True), Withheld(reason="restricted", kinds=some.frame)):
        results: Results = {"deal_summary": closed}
        assert kept(project, EDITION, results, project.build / "results", lambda r=results: r) is results
    assert not list(project.build.glob("results/*"))


def test_columns_of_another_kind_are_not_kept(project: Project):
    frame = pd.DataFrame({"x": pd.array([1], dtype="Int8")}, index=pd.Index(["a"], dtype="str"))
    results: Results = {"t": Result(frame, frame.reset_index(drop=True))}
    kept(project, EDITION, results, project.build / "results", lambda: results)
    assert not list(project.build.glob("results/*"))
