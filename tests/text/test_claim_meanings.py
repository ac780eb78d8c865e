"""A claim is accepted exactly when its meaning holds, as it is written here once more, of tables of any figures."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from npl_report.model import Column, Result, Unit
from npl_report.text.binding import Binding
from npl_report.text.judge import Judge
from npl_report.text.names import Names
from npl_report.text.numbers import NumberStyle
from tests.helpers.market import names_of, tree_of, words_of
from tests.text.small_tables import EMPTY, declared

ROWS = ("r1", "r2", "r3", "r4")
TABLE = declared("t", Unit.DEAL, Column("rate", Unit.RATE), Column("other", Unit.RATE), Column("n", Unit.DEALS))
RATES = st.integers(0, 20).map(lambda tenths: tenths * 0.04999)
"""Few values, so that there are ties and steps of both signs; printed to two decimals of a per cent."""
DEALS = st.integers(1, 6)
FEWEST = 3
RELATIONS = ("above", "below", "at least", "at most", "equal")


def judge(rates: Sequence[float], others: Sequence[float], deals: Sequence[int]) -> Judge:
    words = words_of("en")
    names = Names({row: row.upper() for row in ROWS}, {}, names_of("en"), words)
    frame = pd.DataFrame({"rate": rates, "other": others, "n": [float(n) for n in deals]}, index=ROWS[: len(rates)])
    results = {"t": Result(frame, EMPTY)}
    return Judge(
        Binding({"t": TABLE}, results, names, NumberStyle(tree_of(words), "x"), words, lambda t, *_: t, FEWEST)
    )


def printed(rate: float) -> int:
    """Hundredths of a per cent; no value here is near a tie."""
    return int(rate * 10000 + 0.5)


def held(relation: str, value: float | Fraction, target: float | Fraction) -> bool:
    return {
        "above": value > target,
        "below": value < target,
        "at least": value >= target,
        "at most": value <= target,
        "equal": value == target,
    }[relation]


TABLES = st.integers(2, 4).flatmap(
    lambda size: st.tuples(*(st.lists(of, min_size=size, max_size=size) for of in (RATES, RATES, DEALS)))
)
HUNDREDTHS = st.integers(0, 10000).map(lambda value: value // 500 * 500)


@settings(max_examples=50, deadline=None)
@given(TABLES, st.integers(0, 3), st.integers(1, 3), st.booleans())
def test_highest_lowest_and_ranks(table: tuple[list[float], list[float], list[int]], named: int, rank: int, top: bool):  # noqa: FBT001 -- drawn
    rates, _, deals = table
    firm = {ROWS[place]: printed(rate) for place, rate in enumerate(rates) if deals[place] >= FEWEST}
    row = ROWS[named % len(rates)]
    if row not in firm:
        return  # refused: tests/text/test_claims.py
    ordered = sorted(firm.values(), reverse=top)
    alone = list(firm.values()).count(firm[row]) == 1
    means = len(firm) > 1 and alone and ordered[rank - 1 : rank] == [firm[row]]
    claim = f"rank {rank} {'highest' if top else 'lowest'} t/rate is {row}"
    assert judge(*table).verdict(claim).holds == means


@settings(max_examples=50, deadline=None)
@given(TABLES, st.sampled_from(RELATIONS), HUNDREDTHS)
def test_relations_of_a_cell(table: tuple[list[float], list[float], list[int]], relation: str, limit: int):
    rates, others, _ = table
    court = judge(*table)
    assert court.verdict(f"t/r1/rate {relation} {limit / 100}%").holds == held(relation, printed(rates[0]), limit)
    said = court.verdict(f"t/r1/rate {relation} t/r2/other").holds
    assert said == held(relation, printed(rates[0]), printed(others[1]))
    ends = sorted((limit, printed(others[1])))
    said = court.verdict(f"t/r1/rate between {ends[1] / 100}% and {ends[0] / 100}%").holds
    assert said == (ends[0] <= printed(rates[0]) <= ends[1])


@settings(max_examples=50, deadline=None)
@given(TABLES, st.sampled_from(RELATIONS), HUNDREDTHS, st.integers(0, 4))
def test_how_many_rows(table: tuple[list[float], list[float], list[int]], relation: str, limit: int, number: int):
    rates, others, deals = table
    court = judge(*table)
    so = [held(relation, printed(rate), limit) for rate in rates]
    of = f"t/rate {relation} {limit / 100}%"
    assert court.verdict(f"count {number} of {of}").holds == (so.count(True) == number)
    assert court.verdict(f"count at least {number} of {of}").holds == (so.count(True) >= number)
    assert court.verdict(f"all of {of}").holds == all(so)
    assert court.verdict(f"none of {of}").holds == (not any(so))
    assert court.verdict(f"most of {of}").holds == (so.count(True) > so.count(False))
    assert court.verdict(f"share at most 50% of {of}").holds == (so.count(True) <= so.count(False))
    pairs = [held(relation, printed(rate), printed(other)) for rate, other in zip(rates, others, strict=True)]
    assert court.verdict(f"all of t/rate {relation} t/other").holds == all(pairs)
    firm = [one for one, n in zip(so, deals, strict=True) if n >= 4]
    assert court.verdict(f"all of {of} with at least 4 deals").holds == (bool(firm) and all(firm))


@settings(max_examples=50, deadline=None)
@given(TABLES)
def test_movements(table: tuple[list[float], list[float], list[int]]):
    rates = [printed(rate) for rate in table[0]]
    court = judge(*table)
    steps = [after - before for before, after in pairwise(rates)]
    assert court.verdict("t/rate rises").holds == all(step > 0 for step in steps)
    assert court.verdict("t/rate falls").holds == all(step < 0 for step in steps)
    assert court.verdict("t/rate rises overall").holds == (rates[-1] > rates[0])
    assert court.verdict("t/rate falls from r1 to r2").holds == (rates[1] < rates[0])
    assert court.verdict("t/rate equal").holds == (len({*rates}) == 1)
    assert court.verdict("breaks t/rate at r2 by 10 pp").holds == (abs(rates[1] - rates[0]) >= 1000)


@settings(max_examples=80, deadline=None)
@given(st.integers(1, 400), st.integers(1, 400))
def test_magnitudes(one: int, other: int):
    """Quotients are of the stored figures, here whole per mille."""
    court, times = judge([one / 1000, other / 1000], [0.1, 0.1], [3, 3]), Fraction(other, one)
    of = "from t/r1/rate to t/r2/rate"
    assert court.verdict(f"doubled {of}").holds == (Fraction(19, 10) <= times <= Fraction(21, 10))
    assert court.verdict(f"more than doubled {of}").holds == (times > 2)
    assert court.verdict(f"almost tripled {of}").holds == (Fraction(27, 10) <= times < 3)
    assert court.verdict(f"halved {of}").holds == (Fraction(19, 10) <= 1 / times <= Fraction(21, 10))
    assert court.verdict(f"more than halved {of}").holds == (times < Fraction(1, 2))
    share = "share t/r2/rate of t/r1/rate"
    assert court.verdict(f"{share} more than half").holds == (times > Fraction(1, 2))
    assert court.verdict(f"{share} almost half").holds == (Fraction(45, 100) <= times < Fraction(1, 2))
    assert court.verdict(f"{share} about a third").holds == (abs(times - Fraction(1, 3)) <= Fraction(1, 60))
    assert court.verdict(f"{share} between 25% and 75%").holds == (Fraction(1, 4) <= times <= Fraction(3, 4))
