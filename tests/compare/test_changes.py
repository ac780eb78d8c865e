"""What moved a number from one edition to the next: one hand-made case a cause on the tiny data, and the sample's
two editions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from npl_report.compare.attribution import STEPS, Cause, Side, attribution_steps
from npl_report.compare.changes import Change, Changes, common_tables, compare, listed
from npl_report.compare.recorded import Gap, Value, table_json
from npl_report.compare.sides import read_sides
from npl_report.load.data import dataset
from npl_report.load.project import Project
from npl_report.model import Dataset, InputError, Window
from npl_report.tables import catalogue, compute_tables
from tests.compare.tiny_sides import KEYS, Files, quiet, side, source_of
from tests.helpers import tiny
from tests.helpers.market import MARKET
from tests.helpers.running import EDITION, LATER_EDITION, ROOT

PERIOD = (tiny.day("u1", 571), tiny.day("u1", 630))
"""A further period of u1, of age 21; it ends five days after AS_OF."""


def with_deal(files: Files) -> None:
    """u3: as u2, issued the day after AS_OF. Face 20 + 10."""
    issued = {"issue_date": "2020-03-18", "closing_date": "2020-03-20"}
    for name in ("deals", "tranches"):
        files[name] += [
            row | {"deal": "u3"} | ({"name_zh": "试U3", "name_en": "Tiny U3"} | issued if name == "deals" else {})
            for row in files[name]
            if row["deal"] == "u2"
        ]


def with_period(files: Files) -> None:
    start, end = PERIOD
    files["collections"].append(
        {
            "deal": "u1",
            "period_start": f"{start}",
            "period_end": f"{end}",
            "reported_on": f"{end + timedelta(days=3)}",
            "collected": "30",
        }
    )


def with_correction(files: Files) -> None:
    """The first value of c1 was 110, not 100."""
    next(row for row in files["collections"] if row["deal"] == "c1")["collected"] = "110"


def with_year_end(files: Files) -> None:
    files["market"].append(files["market"][0] | {"date": "2020-12-31", "value": "6000"})


def without_u2(files: Files) -> None:
    for name in ("deals", "tranches", "collections", "forecasts"):
        files[name] = [row for row in files[name] if row["deal"] != "u2"]


def recorded(of: Side, number: tuple[str, str, str], value: float) -> Side:
    """The side as it was published by a program that gave another value for one number."""
    results = compute_tables(of.tables, dataset(of.source, of.edition.as_of, MARKET), of.edition)
    files = {key: table_json(catalogue(MARKET)[key], results[key], of.edition, None) for key in of.tables}
    table, row, column = number
    content = json.loads(files[table])
    content["rows"][row][column] = value
    return replace(of, recorded=files | {table: json.dumps(content).encode()})


def by_number(changes: Changes) -> dict[str, Change]:
    return {change.number: change for change in listed(changes)}


def told(change: Change) -> tuple[Value, Value, dict[str, float | None]]:
    """(old, new, cause → contribution), rounded, for the eye; the order of the causes is that of the dictionary."""
    return (
        change.old,
        change.new,
        {part.cause: None if part.contribution is None else round(part.contribution, 9) for part in change.causes},
    )


def older() -> Side:
    """The tiny data on AS_OF."""
    return side("old", tiny.source())


CORPORATE = {"windows": dict(tiny.edition().windows) | {"corporate": Window(45, 45, "chosen")}}


@dataclass(frozen=True)
class Case:
    """Two sides, and what is expected of some numbers: (old, new, cause → contribution)."""

    id: str
    old: Callable[[], Side]
    new: Callable[[], Side]
    expected: Mapping[str, tuple[Value, Value, Mapping[Cause, float | None]]]
    only: frozenset[str] | None = None
    """All causes that may occur at all."""


CASES = (
    Case(
        "new deal",
        older,
        lambda: side("new", source_of(with_deal), date(2020, 3, 18)),
        {
            "issuance_by_type/unsecured/n_deals": (2, 3, {"new_deals": 1}),
            "issuance_by_type/total/issuance": (1000, 1030, {"new_deals": 30}),
            "issuance_by_type/mortgage/issuance_share": (0.35, 350 / 1030, {"new_deals": round(350 / 1030 - 0.35, 9)}),
            "deal_summary/u3/issuance": (None, 30, {"new_deals": None}),
        },
        frozenset({"new_deals"}),
    ),
    Case(
        "new period",
        older,
        lambda: side("new", source_of(with_period), date(2020, 3, 25)),
        {
            "deal_summary/u1/recovery": (0.15, 0.18, {"new_period": 0.03}),
            "deal_summary/u1/date": ("2020-01-22", "2020-03-22", {"new_period": None}),
        },
    ),
    Case(
        "market and liquidation belong to the new period",
        older,
        lambda: side("new", source_of(with_year_end), date(2021, 1, 5)),
        {
            "market_context/2020/npl_balance": (Gap("no_year_end"), 6000, {"new_period": None}),
            "redemption_status/liquidated/settled": (400, 500, {"new_period": 100}),
        },
    ),
    Case(
        "late disclosure, of a period to 28 February and of a payment of 10 March",
        older,
        lambda: side("new", tiny.source(), date(2020, 4, 2)),
        {
            "deal_summary/u2/recovery": (Gap("no_reports"), 0.07, {"late_disclosure": None}),
            "redemption_status/senior/settled": (570, 620, {"late_disclosure": 50}),
        },
    ),
    Case(
        "restated on 1 April: 99 for 50, of a pool of 1000",
        older,
        lambda: side("new", tiny.source(), date(2020, 4, 1)),
        {"deal_summary/u1/recovery": (0.15, 0.199, {"restated": 0.049})},
    ),
    Case(
        "restated, and a new period: the larger part first",
        older,
        lambda: side("new", source_of(with_period), date(2020, 4, 1)),
        {"deal_summary/u1/recovery": (0.15, 0.229, {"restated": 0.049, "new_period": 0.03})},
    ),
    Case(
        "corrected file",
        older,
        lambda: side("new", source_of(with_correction), revision=2),
        {
            "deal_summary/c1/recovery": (0.34, 0.35, {"corrected_source": 0.01}),
            "recovery_by_type/corporate/mean_recovery": (0.25, 0.255, {"corrected_source": 0.005}),
        },
        frozenset({"corrected_source"}),
    ),
    Case(
        "a deal that the older edition should have known",
        lambda: side("old", source_of(without_u2)),
        lambda: side("new", tiny.source(), revision=2),
        {
            "issuance_by_type/unsecured/issuance": (120, 150, {"corrected_source": 30}),
            "deal_summary/u2/issuance": (None, 30, {"corrected_source": None}),
        },
        frozenset({"corrected_source"}),
    ),
    Case(
        "a deal that is taken out",
        older,
        lambda: side("new", source_of(without_u2), revision=2),
        {
            "issuance_by_type/unsecured/issuance": (150, 120, {"corrected_source": -30}),
            "deal_summary/u2/issuance": (30, None, {"corrected_source": None}),
        },
        frozenset({"corrected_source"}),
    ),
    Case(
        "another window: of c1 and c2 only c1 has a date at age 45",
        older,
        lambda: side("new", tiny.source(), revision=2, **CORPORATE),
        {
            "recovery_by_type/corporate/n_included": (2, 1, {"method": -1}),
            "recovery_by_type/corporate/mean_recovery": (0.25, 0.34, {"method": 0.09}),
            "recovery_by_type/corporate/min_deal": ("c2", "c1", {"method": None}),
        },
        frozenset({"method"}),
    ),
    Case(
        "a recorded number that the code does not give any more",
        lambda: recorded(older(), ("issuance_by_type", "total", "issuance"), 990),
        lambda: side("new", tiny.source(), revision=2),
        {"issuance_by_type/total/issuance": (990, 1000, {"code": 10})},
        frozenset({"code"}),
    ),
    Case(
        "code on the newer side, beside a new deal",
        older,
        lambda: recorded(
            side("new", source_of(with_deal), date(2020, 3, 18)), ("issuance_by_type", "total", "issuance"), 1020
        ),
        {"issuance_by_type/total/issuance": (1000, 1020, {"new_deals": 30, "code": -10})},
        frozenset({"new_deals", "code"}),
    ),
    Case(
        "both editions were made by the same former code: no cause of the change",
        lambda: recorded(older(), ("issuance_by_type", "total", "issuance"), 1005),
        lambda: recorded(
            side("new", source_of(with_deal), date(2020, 3, 18)), ("issuance_by_type", "total", "issuance"), 1035
        ),
        {"issuance_by_type/total/issuance": (1005, 1035, {"new_deals": 30})},
        frozenset({"new_deals"}),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_causes_by_hand(case: Case):
    changes = compare(case.old(), case.new(), quiet)
    found = by_number(changes)
    for number, expected in case.expected.items():
        old, new, because = told(found[number])
        assert (old, new) == (
            pytest.approx(expected[0], abs=1e-12) if isinstance(expected[0], float) else expected[0],
            pytest.approx(expected[1], abs=1e-12) if isinstance(expected[1], float) else expected[1],
        )
        assert list(because.items()) == list(expected[2].items()), number
    if case.only:
        assert {part.cause for change in listed(changes) for part in change.causes} == case.only
    adds_up(changes)


def adds_up(changes: Changes) -> None:
    """Every change has a cause, and contributions add up to it; the counts are those of the changes."""
    for change in listed(changes):
        assert change.causes, change
        if change.difference is None:
            assert [part.contribution for part in change.causes] == [None] * len(change.causes), change
        else:
            total = sum(part.contribution or 0.0 for part in change.causes)
            assert total == pytest.approx(
                change.difference, abs=1e-11 * max(abs(part.contribution or 0.0) for part in change.causes)
            ), change
    counted = sum(sum(changes.counts(kind).values()) for kind in ("changed", "new", "gone"))
    assert counted == sum(1 for _ in listed(changes))
    assert changes.compared - changes.unchanged == sum(changes.counts("changed").values())


def test_the_same_input_gives_no_change_and_is_computed_once():
    steps: list[str] = []
    changes = compare(older(), side("new", tiny.source(), revision=2), steps.append)
    assert (len(list(listed(changes))), steps) == (0, ["compute 5 tables: code"])
    assert changes.unchanged == changes.compared > 0


def test_only_what_differs_is_computed_again():
    steps: list[str] = []
    compare(older(), side("new", source_of(with_deal), date(2020, 3, 18)), steps.append)
    assert steps == [
        f"compute 5 tables: {cause}" for cause in ("code", "new_period", "new_deals")
    ]  # the new period is the later as-of date alone


def same(data: Dataset, other: Dataset) -> bool:
    return data.as_of == other.as_of and all(getattr(data, part).equals(getattr(other, part)) for part in Dataset.PARTS)


def test_the_states_begin_and_end_with_the_editions_own():
    new = side("new", source_of(with_deal, with_period, with_correction), date(2020, 7, 5))
    attributed = list(attribution_steps(older(), new))
    assert [state.cause for state in attributed] == list(STEPS)
    by_cause = {state.cause: state for state in attributed}
    assert same(by_cause["code"].data, tiny.data())
    assert by_cause["code"].edition == older().edition
    assert same(by_cause["corrected_source"].data, dataset(new.source, tiny.AS_OF, MARKET))
    assert same(by_cause["new_deals"].data, dataset(new.source, new.edition.as_of, MARKET))
    assert by_cause["new_deals"].edition == new.edition
    known = {cause: len(state.data.collections) for cause, state in by_cause.items()}
    assert known == {
        "code": 17,
        "method": 17,
        "corrected_source": 17,
        "restated": 17,
        "late_disclosure": 18,
        "new_period": 19,
        "new_deals": 19,
    }
    assert {
        cause: len(state.data.deals) for cause, state in by_cause.items() if state.data.as_of == tiny.AS_OF
    } == dict.fromkeys(STEPS[:5], 6)


def test_a_table_of_one_edition_only():
    new = replace(side("new", tiny.source(), revision=2), tables=(*KEYS[1:], "time_to_half"))
    changes = compare(older(), new, quiet)
    assert (changes.new_tables, changes.gone_tables) == (("time_to_half",), ("issuance_by_type",))
    assert [table.table for table in changes.tables] == list(KEYS[1:])


@pytest.mark.parametrize(
    ("old", "new", "wanted", "rule", "fix"),
    [
        (("a",), ("b",), (), "the editions have no table in common", "compare two editions of one series"),
        (
            ("lost", *KEYS),
            ("lost", *KEYS),
            (),
            "both editions have this table, but the program does not know it any more",
            "compare these editions with the npl-report",
        ),
        (KEYS, KEYS, ("deal_sumary",), "neither edition has such a table", "did you mean deal_summary?"),
        (KEYS, (*KEYS, "time_to_half"), ("time_to_half",), "only new has this table", "without --table"),
    ],
)
def test_tables_that_cannot_be_compared(
    old: tuple[str, ...], new: tuple[str, ...], wanted: tuple[str, ...], rule: str, fix: str
):
    with pytest.raises(InputError) as error:
        common_tables(replace(older(), tables=old), replace(older(), name="new", tables=new), wanted)
    assert [(problem.rule, problem.fix.startswith(fix)) for problem in error.value.problems] == [(rule, True)]


@pytest.mark.whole
def test_the_two_editions_of_the_sample():
    """Every changed number has its cause.

    None is of the code or the rules, which are the same, nor of the files, which hold both histories.
    """
    old, new = read_sides(Project(ROOT), LATER_EDITION, EDITION)
    assert (old.name, new.name) == (EDITION, LATER_EDITION)
    changes = compare(old, new, quiet)
    adds_up(changes)
    assert list(changes.touched()) == ["restated", "late_disclosure", "new_period", "new_deals"]
    found = by_number(changes)
    assert told(found["recovery_by_type/mortgage/n_included"]) == (
        13,
        29,
        {"new_period": 14, "late_disclosure": 1, "new_deals": 1},
    )
    assert told(found["issuance_by_type/total/n_deals"]) == (96, 156, {"new_deals": 60})
    assert "panel_models" in changes.new_tables
