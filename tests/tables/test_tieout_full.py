"""Every figure of the published report against the tables, on the repo's own data.

And the statements that the tie-out can read.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from npl_report.load.data import Source, dataset
from npl_report.load.ledger import Bindings, FigureBinding, Published, read_bindings, read_ledger
from npl_report.model import Column, Edition, Figure, InputError, ResearchTable, Result, Unavailable, Unit
from npl_report.reconcile.reconciliation import Reconciled, bound_tables, in_edition, on_own_days, reconcile
from npl_report.tables import catalogue, compute_tables
from tests.helpers import sampled, tiny
from tests.helpers.market import MARKET

FOLDER = tiny.ROOT / "data" / "published"
LEDGER = {item.id: item for item in read_ledger(FOLDER)}
BINDINGS = read_bindings(FOLDER)
FIRST, LATER = (in_edition(edition, list(LEDGER.values()), BINDINGS) for edition in ("2020-03", "2021-12"))
"""The bindings as the edition of report I and that of the study have them."""
Results = Mapping[str, Result | Unavailable]


@pytest.fixture(scope="module")
def reconciled(sample_results: Results) -> dict[str, Reconciled]:
    return {item.id: item for item in reconcile(list(LEDGER.values()), FIRST, catalogue(MARKET), sample_results)}


@pytest.fixture(scope="module")
def later() -> dict[str, Reconciled]:
    """The figures in the edition of the study, with no table computed but those that they are bound to."""
    results = {key: sampled.results("2021-12")[key] for key in bound_tables(LATER)}
    return {item.id: item for item in reconcile(list(LEDGER.values()), LATER, catalogue(MARKET), results)}


EXACT = sorted(id_ for id_, item in LEDGER.items() if item.seed == "2" and item.kind == "exact")


@pytest.mark.parametrize("id_", EXACT)
def test_an_exact_figure_of_the_report_is_equal(id_: str, reconciled: dict[str, Reconciled]):
    assert reconciled[id_].verdict == "equal", reconciled[id_]


OF_THE_MARKET = {
    ("3", "exact", "unreachable"): 9,
    ("3", "context", "context"): 1,
    ("4", "exact", "unreachable"): 3,
    ("4", "context", "context"): 2,
}
"""Figures of the market of 2025, as of days after these editions."""


def test_counts(reconciled: dict[str, Reconciled]):
    found = Counter((item.seed, item.kind, item.verdict) for item in reconciled.values())
    assert found == {
        ("2", "exact", "equal"): 117,
        ("2", "approximate", "within"): 10,
        ("2", "approximate", "unreachable"): 1,  # L004: institutions admitted to the pilot
        ("2", "ambiguous", "ambiguous"): 2,
        ("2", "context", "context"): 15,
        ("1", "exact", "unreachable"): 15,
        ("1", "approximate", "unreachable"): 1,
        ("1", "context", "context"): 3,
        **OF_THE_MARKET,
    }


def test_counts_of_the_study(later: dict[str, Reconciled]):
    found = Counter((item.seed, item.kind, item.verdict) for item in later.values())
    assert found == {
        ("1", "exact", "equal"): 15,
        ("1", "approximate", "within"): 1,
        ("1", "context", "context"): 3,
        ("2", "exact", "unreachable"): 117,
        ("2", "approximate", "unreachable"): 11,
        ("2", "ambiguous", "unreachable"): 2,
        ("2", "context", "context"): 15,
        **OF_THE_MARKET,
    }


STUDY = sorted(id_ for id_, item in LEDGER.items() if item.seed == "1" and item.kind == "exact")


@pytest.mark.parametrize("id_", STUDY)
def test_an_exact_figure_of_the_study_is_equal(id_: str, later: dict[str, Reconciled]):
    assert later[id_].verdict == "equal", later[id_]


def test_every_figure_has_an_entry_or_is_context():
    assert set(BINDINGS.figures) == {id_ for id_, item in LEDGER.items() if item.kind != "context"}


def test_what_is_not_computed_says_why(reconciled: dict[str, Reconciled]):
    for item in reconciled.values():
        if item.verdict == "unreachable":
            assert item.reason == BINDINGS.figures[item.id].reason != ""
            assert item.elsewhere == ""


def test_ambiguous_figures_show_both_readings(reconciled: dict[str, Reconciled]):
    # the choice of data/published/README.md is the first; it is the printed figure
    assert (reconciled["L022"].computed, reconciled["L100"].computed) == ("63.42", "-13.11")
    assert (reconciled["L022"].other_cell, reconciled["L022"].other) == (
        "forecast_accuracy_by_originator/mortgage-abc/offset_of_sums",
        "44.92",
    )
    assert (reconciled["L100"].other_cell, reconciled["L100"].other) == (
        "forecast_accuracy_by_type/mortgage/mean_deviation_below",
        "-4.37",
    )


def test_no_figure_is_bound_to_a_constant():
    """An entry names cells and rows; its only numbers are the ranges of approximate figures, and days."""
    raw = tomllib.loads((FOLDER / "bindings.toml").read_text(encoding="utf-8"))
    editions = raw.pop("editions")
    assert set(editions) == {item.seed for item in LEDGER.values()}
    for id_, entry in raw.items():
        held = {
            name
            for name, value in entry.items()
            if name not in ("within", "as_of") and not isinstance(value, str | bool | list | dict)
        }
        assert not held, id_
        assert ("within" in entry) <= (LEDGER[id_].kind == "approximate"), id_
        if "cell" in entry:
            table, _, column = entry["cell"].split("/")
            assert column in {item.key for item in catalogue(MARKET)[table].columns}, (
                id_
            )  # of a count as well: the page names the column


def test_the_figures_follow_the_data(sample: Source, sample_edition: Edition):
    """A year earlier most of what the report prints was not so; whatever does not depend on the date still is."""
    edition: Edition = replace(sample_edition, as_of=date(2019, 3, 17))
    results = compute_tables(catalogue(MARKET), dataset(sample, edition.as_of, MARKET), edition)
    then = {item.id: item for item in reconcile(list(LEDGER.values()), FIRST, catalogue(MARKET), results)}
    exact = Counter(then[id_].verdict for id_ in EXACT)
    assert exact["differs"] + exact["unreachable"] > exact["equal"]
    assert then["L031"].verdict == "equal"  # deals of 2016 were read at one year long before
    assert then["L006"].verdict == "differs"


# Editions: source 1 is compared in 2021-12, source 2 in 2020-03, source 3 in every one.
SOURCES = {"1": "2021-12", "2": "2020-03"}
PRINTED = [Published(f"L{seed}", seed, "", "10.00", "CNY_100m", 2, "exact", "") for seed in ("1", "2", "3")]
CELL = Figure("issuance_by_type/total/issuance")  # 10.00 on the tiny data


def in_the_edition(edition: str, reason: str = "") -> dict[str, Reconciled]:
    bindings = Bindings({item.id: FigureBinding(CELL, reason=reason) for item in PRINTED}, SOURCES)
    return {
        item.id: item
        for item in reconcile(PRINTED, in_edition(edition, PRINTED, bindings), catalogue(MARKET), tiny.results())
    }


@pytest.mark.parametrize(
    ("edition", "compared"), [("2020-03", {"L2", "L3"}), ("2021-12", {"L1", "L3"}), ("2022-06", {"L3"})]
)
def test_figures_are_compared_in_the_edition_of_their_source(edition: str, compared: set[str]):
    found = in_the_edition(edition)
    assert {id_ for id_, item in found.items() if item.verdict == "equal"} == compared
    for id_ in found.keys() - compared:
        own = SOURCES[id_[1]]
        assert (found[id_].verdict, found[id_].computed, found[id_].elsewhere) == ("unreachable", "", own)
        assert found[id_].reason == f"belongs to edition {own} and is tied out there"
        assert found[id_].cell == CELL  # so that the page can name what it is compared with
        assert not found[id_].failed


def test_a_reason_of_the_binding_s_own_counts_in_other_editions_only():
    found = in_the_edition("2020-03", "in a later part")
    assert [(found[id_].verdict, found[id_].reason, found[id_].elsewhere, found[id_].cell) for id_ in ("L1", "L2")] == [
        ("unreachable", "in a later part", "", ""),
        ("equal", "", "", CELL),
    ]


def test_a_binding_is_checked_in_every_edition():
    bindings = Bindings({"L1": FigureBinding(Figure("weather/total/n_deals"), reason="in a later part")}, SOURCES)
    with pytest.raises(InputError, match="there is no weather"):
        reconcile(PRINTED, in_edition("2020-03", PRINTED, bindings), catalogue(MARKET), tiny.results())


def test_only_the_tables_of_compared_figures_are_bound():
    bindings = Bindings(
        {
            "L1": FigureBinding(Figure("a/b/c"), names=Figure("d/e/f"), is_id="x"),
            "L2": FigureBinding(Figure("g/h/i"), other=Figure("a/b/c")),
            "L3": FigureBinding(reason="none"),
        },
        SOURCES,
    )
    assert [bound_tables(in_edition(edition, PRINTED, bindings)) for edition in ("2020-03", "2021-12", "2022-06")] == [
        ("a", "g"),
        ("a", "d"),
        (),
    ]


def test_the_edition_of_report_one_needs_no_model():
    """None of part II is computed for a comparison in an edition that does not print it."""
    assert "issuance_by_type" in bound_tables(FIRST)
    assert not [key for key in bound_tables(FIRST) if key.startswith(("regression_", "factor_", "panel_", "variable_"))]


def test_in_the_later_edition_the_report_s_figures_name_theirs():
    for id_, item in LEDGER.items():
        if item.seed == "2" and item.kind != "context" and id_ != "L004":
            assert LATER[id_].elsewhere == "2020-03"
    assert (LATER["L004"].elsewhere, LATER["L004"].reason) == (
        "",
        BINDINGS.figures["L004"].reason,
    )  # the data hold it in no edition
    assert not [id_ for id_, binding in LATER.items() if binding.reason and LEDGER[id_].seed == "1" and binding.cell]


# Statements, on a table of four rows.
COLUMNS = (Column("kind", Unit.TERM), Column("rate", Unit.RATE), Column("n", Unit.DEALS))
SMALL = ResearchTable("small", Unit.TERM, COLUMNS, (), lambda: None, ("method",))  # type: ignore[arg-type, return-value]
FRAME = pd.DataFrame(
    {"kind": ["x", "x", "y", "y"], "rate": [0.2, 0.5, 0.9, float("nan")], "n": [3, 1, 2, 4]}, index=["a", "b", "c", "d"]
)
RESULT = Result(FRAME, pd.DataFrame({"row": []}), {("d", "rate"): Unavailable("no_deals", 1, 0)})


def compared(value: str, binding: FigureBinding, unit: str = "count", kind: str = "exact") -> Reconciled:
    item = Published("L1", "2", "", value, unit, 0, kind, "")  # type: ignore[arg-type]
    return reconcile([item], {"L1": binding}, {"small": SMALL}, {"small": RESULT})[0]


@pytest.mark.parametrize(
    ("value", "binding", "verdict", "reason"),
    [
        (
            "2",
            FigureBinding(Figure("small/a/rate"), rank=True, where={"kind": "x"}),
            "equal",
            "",
        ),  # 0.2 stands behind 0.5
        ("3", FigureBinding(Figure("small/a/rate"), rank=True), "equal", ""),
        ("1", FigureBinding(Figure("small/a/rate"), rank=True, where={"kind": "x"}, without=("b",)), "equal", ""),
        ("1", FigureBinding(Figure("small/@lowest/n"), where={"kind": "x"}), "equal", ""),
        ("4", FigureBinding(Figure("small/@highest/n"), where={"kind": "y"}), "equal", ""),
        ("2", FigureBinding(Figure("small/@highest/n"), where={"kind": "y"}, without=("d",)), "equal", ""),
        ("2", FigureBinding(Figure("small/@count/n"), where={"kind": "x"}), "equal", ""),
        (
            "3",
            FigureBinding(Figure("small/a/n"), names=Figure("small/@highest/rate"), is_id="b", where={"kind": "x"}),
            "equal",
            "",
        ),
        (
            "3",
            FigureBinding(Figure("small/a/n"), names=Figure("small/@highest/rate"), is_id="b"),
            "differs",
            "small/@highest/rate is c, not b",
        ),
        ("3", FigureBinding(Figure("small/a/n"), names=Figure("small/@lowest/rate"), is_id="a"), "equal", ""),
        ("3", FigureBinding(Figure("small/a/n"), names=Figure("small/a/kind"), is_id="x"), "equal", ""),
        ("3", FigureBinding(Figure("small/@highest/n"), where={"kind": "z"}), "unreachable", "table small has no row"),
        (
            "3",
            FigureBinding(Figure("small/@highest/n"), where={"king": "x"}),
            "unreachable",
            "table small has no column king",
        ),
        ("3", FigureBinding(Figure("small/d/rate"), rank=True), "unreachable", "small/d/rate is unavailable: no_deals"),
        ("3", FigureBinding(reason="the data do not hold it"), "unreachable", "the data do not hold it"),
    ],
)
def test_statements(value: str, binding: FigureBinding, verdict: str, reason: str):
    found = compared(value, binding)
    assert (found.verdict, found.reason) == (verdict, reason)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("L1 = {}", "a binding needs cell, or else reason"),
        ('L1 = "a/b/c"', "a binding is written"),
        ('editions = { "1" = "2020 03" }\nL1 = { cell = "a/b/c" }', "must be the id of an edition"),
        (
            'L1 = { cell = "a/b/c", value = 3 }',
            "there are cell, other, names, plus, is, reason, rank, where, without, within",
        ),
        ('L1 = { cell = "a/b/c", names = "a/b/d" }', "names and is go together"),
        ('L1 = { cell = "a/b/c", is = "x" }', "names and is go together"),
    ],
)
def test_an_entry_that_cannot_be_read(line: str, rule: str, tmp_path: Path):
    (tmp_path / "bindings.toml").write_text(line, encoding="utf-8")
    with pytest.raises(InputError, match=rule):
        read_bindings(tmp_path)


def test_the_figures_of_the_market_are_equal_each_on_its_own_day():
    """L165 to L168, L172 to L174, L176 and L177 as of the end of 2025, L169, L170 and L175 as of the end of July."""
    edition, source = sampled.edition("2025-12"), sampled.source()
    bindings = in_edition("2025-12", list(LEDGER.values()), BINDINGS)
    results = compute_tables(bound_tables(bindings), sampled.data("2025-12"), edition)
    dated = on_own_days(bindings, source, edition)
    assert list(dated) == [date(2025, 7, 31)]
    found = reconcile(list(LEDGER.values()), bindings, catalogue(edition.market), results, dated)
    equal = {item.id: (item.computed, item.as_of) for item in found if item.verdict == "equal"}
    assert equal == {
        "L165": ("130", None),
        "L166": ("178", None),
        "L167": ("820.57", None),
        "L168": ("3285.88", None),
        "L169": ("87", date(2025, 7, 31)),
        "L170": ("399.77", date(2025, 7, 31)),
        "L172": ("6.6", None),
        "L173": ("9.0", None),
        "L174": ("54", None),
        "L175": ("-11.24", date(2025, 7, 31)),
        "L176": ("49.18", None),
        "L177": ("23.34", None),
    }


# Of the tiny data c1 was issued in 2016, m1 and m2 in 2017, all six deals by 2020-02-03.
def of_day(day: date, table: str = "issuance_by_type", as_of: date = tiny.AS_OF) -> Reconciled:
    item = Published("L1", "1", "", "4", "deals", 0, "exact", "")
    bindings = {"L1": FigureBinding(Figure(f"{table}/total/n_deals"), as_of=day)}
    dated = on_own_days(bindings, tiny.source(), tiny.edition(as_of))
    return reconcile([item], bindings, catalogue(MARKET), tiny.results(as_of), dated)[0]


def test_a_figure_is_computed_on_its_own_day():
    found = of_day(date(2017, 10, 10))
    assert (found.computed, found.verdict, found.as_of) == ("4", "equal", date(2017, 10, 10))
    assert of_day(date(2020, 2, 3)).computed == "6"


def test_a_day_after_the_edition_does_not_exist_for_it():
    found = of_day(date(2020, 2, 3), as_of=date(2019, 12, 31))
    assert (found.computed, found.verdict, found.failed) == ("", "unreachable", False)
    assert found.reason == "its day is after the as-of date"


def test_a_figure_of_a_day_that_is_bound_to_no_table():
    with pytest.raises(InputError, match="there is no issuance_by_yaer"):
        of_day(date(2017, 10, 10), "issuance_by_yaer")


def test_a_day_before_any_deal():
    with pytest.raises(InputError) as caught:
        of_day(date(2016, 5, 31))
    told = caught.value.problems[0]
    assert (told.file, told.column, told.value) == ("data/published/bindings.toml", "L1.as_of", "2016-05-31")
