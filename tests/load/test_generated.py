"""Generated data: sets that keep every rule are read, and each way to break one is told.

It is told by its rule, at its file and column.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from npl_report.load.data import dataset
from npl_report.model import InputError, Problem
from tests.helpers import tiny
from tests.helpers.breaks import BREAKS
from tests.helpers.market import MARKET
from tests.helpers.strategies import Files, projects

few = settings(
    max_examples=4,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # a data set takes a tenth of a second: what fails is shown as it is
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def told(files: Files) -> tuple[Problem, ...]:
    try:
        tiny.read(files)
    except InputError as error:
        return error.problems
    return ()


@settings(few, max_examples=20)
@given(files=projects())
def test_data_that_keep_the_rules_are_read(files: Files):
    source = tiny.read(files)
    for name, rows in files.items():
        assert len(source.frames[name]) == len(rows)
    found = dataset(source, max(source.frames["deals"]["issue_date"]).date(), MARKET)
    assert len(found.deals) == len(files["deals"])


@pytest.mark.parametrize("name", BREAKS)
@few
@given(data=st.data())
def test_a_broken_rule_is_told(name: str, data: st.DataObject):
    files, broken = data.draw(projects()), BREAKS[name]
    broken.change(data.draw(st.composite(lambda draw: draw)()), files)
    problems = told(files)
    assert [
        problem
        for problem in problems
        if problem.file == f"data/{broken.file}.csv"
        and broken.column in ("", problem.column)
        and broken.rule in problem.rule
    ], problems
