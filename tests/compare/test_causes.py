"""What moved a single value along its path, by hand and by chance."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from npl_report.compare.attribution import STEPS, Cause
from npl_report.compare.changes import Part, causes
from npl_report.compare.recorded import Gap, Value

GAP = Gap("no_reports")
THREE: tuple[Cause, ...] = ("method", "restated", "new_period")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ((1, 1, 3, 2), (Part("restated", 2), Part("new_period", -1))),
        ((1, None, GAP, 3), (Part("new_period", 2),)),  # away for two steps
        ((1, 2, GAP, 2), (Part("method", 1),)),
        ((1, 1 + 1e-13, 1 + 1e-13, 2), (Part("new_period", 1),)),  # last-bit noise is no cause
        ((0, 1e-13, 1, 1), (Part("restated", 1),)),  # nor beside nought
        (
            (0, -30, -15, 15),
            (Part("new_period", 30), Part("restated", 15), Part("method", -30)),
        ),  # first what moved it the way it went
        ((None, 1, 2, 3), (Part("method"),)),
        ((1, None, 2, None), (Part("new_period"),)),
        ((None, GAP, 2, 3), (Part("restated"),)),
        ((1, 2, GAP, GAP), (Part("restated"),)),
        (("a", "b", "b", "c"), (Part("new_period"), Part("method"))),
        ((GAP, Gap("x"), Gap("x"), Gap("x")), (Part("method"),)),
    ],
)
def test_paths_of_single_values(path: tuple[Value, ...], expected: tuple[Part, ...]):
    assert causes(THREE, path) == tuple(
        Part(part.cause, None if part.contribution is None else pytest.approx(part.contribution, rel=1e-11))
        for part in expected
    )


SEVEN: tuple[Cause, ...] = (*STEPS[1:], "code")
NUMBERS = st.floats(-1e9, 1e9, allow_subnormal=False) | st.integers(-1000, 1000)


@given(NUMBERS, st.lists(NUMBERS | st.none() | st.just(GAP), min_size=6, max_size=6), NUMBERS)
def test_contributions_add_up_on_every_path(first: float, between: list[Value], last: float):
    path = [first, *between, last]
    parts = causes(SEVEN, path)
    total = sum(part.contribution or 0.0 for part in parts)
    assert total == pytest.approx(
        last - first, abs=1e-11 + 1e-10 * max(abs(value) for value in path if isinstance(value, int | float))
    )
    along = [(part.contribution or 0.0) * math.copysign(1, last - first) for part in parts]
    assert along == [
        *sorted((move for move in along if move >= 0), reverse=True),
        *sorted(move for move in along if move < 0),
    ]
    assert len({part.cause for part in parts}) == len(parts)
