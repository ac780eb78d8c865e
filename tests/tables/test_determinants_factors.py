"""The tables of the factor analysis on the sample, against R's figures and what must hold between them.

The figures are of tests/reference/factors.R.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from npl_report.load.data import Source, dataset
from npl_report.model import VARIABLES, Determinants, Edition, Result, Unavailable
from npl_report.stats.factors import FACTORS
from npl_report.tables import compute_tables
from tests.helpers import tiny
from tests.helpers.market import MARKET

KEYS = ("factor_adequacy", "factor_variance", "factor_loadings", "factor_scores", "factor_regression")
REFERENCE = tiny.ROOT / "tests" / "reference" / "factors.csv"
LOADING = 1e-7
"""R ends its rotation where the criterion rises no more in doubles, so that it knows angles to the root of 1e-16
only."""
SIX = 1e-6
"""Six significant digits, through a rotation known to eight and the inverse of a matrix of condition thirty
thousand."""


@dataclass(frozen=True)
class Compared:
    """Tables on the day for which R was asked, and its figures.

    With R's place (from 1) and direction of each of our factors.
    """

    tables: Mapping[str, Result]
    figures: Mapping[str, str]
    place: Mapping[str, int]
    direction: Mapping[str, float]

    def expected(self, key: str) -> float:
        return float(self.figures[key])


def computed(source: Source, edition: Edition, keys: tuple[str, ...] = KEYS) -> dict[str, Result | Unavailable]:
    return compute_tables(keys, dataset(source, edition.as_of, MARKET), edition)


@pytest.fixture(scope="module")
def by_the_rules(sample: Source, sample_edition: Edition) -> Compared:
    """By the declared rules, which R's script follows, whatever the edition says."""
    figures = dict(pd.read_csv(REFERENCE, dtype=str).set_index("key")["value"])
    edition = replace(sample_edition, as_of=date.fromisoformat(figures["as_of"]), determinants=Determinants())
    tables: dict[str, Result] = {}
    for key, result in computed(sample, edition).items():
        assert isinstance(result, Result), f"{key}: {result}"
        tables[key] = result
    order = tables["factor_variance"].frame["rotated_factor"].dropna()
    loadings = tables["factor_loadings"].frame
    theirs = {
        name: [float(figures[f"loading.{place}.{row}"]) for row in loadings.index]
        for place, name in enumerate(order, start=1)
    }
    direction = {name: float(np.sign(np.dot(values, loadings[name].astype(float)))) for name, values in theirs.items()}
    return Compared(tables, figures, {name: place for place, name in enumerate(order, start=1)}, direction)


def test_adequacy_is_that_of_r(by_the_rules: Compared):
    cells = by_the_rules.tables["factor_adequacy"].frame.loc["included"]
    assert cells["n_deals"] == by_the_rules.expected("n")
    assert cells["n_variables"] == len(by_the_rules.figures["variables"].split())
    assert cells["n_variables"] + cells["n_dropped"] == len(VARIABLES)
    assert cells["kmo"] == pytest.approx(by_the_rules.expected("kmo"), rel=SIX)
    assert cells["bartlett"] == pytest.approx(by_the_rules.expected("bartlett"), rel=SIX)
    assert cells["df"] == by_the_rules.expected("df")
    assert cells["p"] == pytest.approx(by_the_rules.expected("p"), abs=1e-15)
    assert cells["n_factors"] == by_the_rules.expected("n_factors")


def test_variance_is_that_of_r(by_the_rules: Compared):
    frame = by_the_rules.tables["factor_variance"].frame
    assert list(frame.index) == [str(place) for place in range(1, len(frame) + 1)]
    for row in frame.index:
        assert frame.at[row, "eigenvalue"] == pytest.approx(by_the_rules.expected(f"eigenvalue.{row}"), rel=SIX)
        assert frame.at[row, "random_eigenvalue"] == pytest.approx(
            by_the_rules.expected(f"random_eigenvalue.{row}"), abs=0.05
        )  # both from a few hundred draws and more


def test_variance_adds_up(by_the_rules: Compared):
    frame = by_the_rules.tables["factor_variance"].frame
    kept = frame["kept"] == "yes"
    assert frame["eigenvalue"].sum() == pytest.approx(len(frame), abs=1e-9)
    assert frame["cumulative"].iloc[-1] == pytest.approx(1.0, abs=1e-12)
    assert (kept == (frame["eigenvalue"] > frame["limit"])).all()
    assert frame.loc[kept, "rotated_variance"].sum() == pytest.approx(frame.loc[kept, "eigenvalue"].sum(), abs=1e-9)
    assert frame.loc[kept, "rotated_cumulative"].iloc[-1] == pytest.approx(
        frame.loc[kept, "cumulative"].iloc[-1], abs=1e-9
    )
    assert by_the_rules.tables["factor_adequacy"].number("included", "explained") == pytest.approx(
        frame.loc[kept, "cumulative"].iloc[-1], abs=1e-9
    )
    evidence = by_the_rules.tables["factor_variance"].evidence
    assert (
        evidence.assign(square=evidence["loading"] ** 2).groupby("row")["square"].sum() - frame["eigenvalue"]
    ).abs().max() < 1e-9


def test_loadings_are_those_of_r(by_the_rules: Compared):
    frame = by_the_rules.tables["factor_loadings"].frame
    assert sorted(frame.index) == sorted(by_the_rules.figures["variables"].split())
    for row in frame.index:
        assert frame.at[row, "kmo"] == pytest.approx(by_the_rules.expected(f"kmo.{row}"), rel=SIX)
        for factor, place in by_the_rules.place.items():
            assert by_the_rules.direction[factor] * frame.at[row, factor] == pytest.approx(
                by_the_rules.expected(f"loading.{place}.{row}"), abs=LOADING
            )


def test_loadings_stand_by_factor_and_size(by_the_rules: Compared):
    result = by_the_rules.tables["factor_loadings"]
    found = [key for key in FACTORS if result.filled(key)]
    assert sorted(found) == sorted(by_the_rules.place)
    sizes = result.frame[found].astype(float).abs()
    assert result.frame["factor"].tolist() == sizes.idxmax(axis=1).tolist()
    places = [
        (found.index(factor), -size) for factor, size in zip(result.frame["factor"], sizes.max(axis=1), strict=True)
    ]
    assert places == sorted(places)
    assert result.frame["communality"].tolist() == pytest.approx(
        (sizes**2).sum(axis=1).tolist(), abs=1e-10
    )  # of loadings in twelve digits
    assert result.gaps[result.frame.index[0], next(key for key in FACTORS if key not in found)] == Unavailable(
        "no_such_factor"
    )


def test_scores_are_those_of_r(by_the_rules: Compared):
    frame = by_the_rules.tables["factor_scores"].frame
    assert len(frame) == by_the_rules.expected("n")
    for factor, place in by_the_rules.place.items():
        for deal in frame.index:
            assert by_the_rules.direction[factor] * frame.at[deal, factor] == pytest.approx(
                by_the_rules.expected(f"score.{place}.{deal}"), abs=SIX
            )


def test_scores_can_be_worked_out_from_the_evidence(by_the_rules: Compared):
    variables = by_the_rules.tables["factor_scores"].evidence.pivot_table(
        index="row", columns="variable", values="standardized"
    )
    weights = by_the_rules.tables["factor_loadings"].evidence.pivot_table(
        index="row", columns="factor", values="weight"
    )
    scores = variables[weights.index] @ weights
    expected = by_the_rules.tables["factor_scores"].frame[list(weights.columns)].astype(float)
    pd.testing.assert_frame_equal(scores.loc[expected.index], expected, check_names=False, atol=1e-9, rtol=0)


def test_the_regression_is_that_of_r(by_the_rules: Compared):
    result = by_the_rules.tables["factor_regression"]
    assert list(result.frame.index) == [*(key for key in FACTORS if key in by_the_rules.place), "const"]
    assert result.number("const", "n") == by_the_rules.expected("n")
    assert (result.frame["r_squared"] == result.number("const", "r_squared")).all()
    assert result.number("const", "r_squared") == pytest.approx(by_the_rules.expected("r_squared"), rel=SIX)
    for row in result.frame.index:
        place = by_the_rules.place.get(row, "const")
        turned = by_the_rules.direction.get(row, 1.0)
        assert turned * result.number(row, "estimate") == pytest.approx(
            by_the_rules.expected(f"estimate.{place}"), rel=SIX, abs=1e-8
        )
        assert result.number(row, "se_hc3") == pytest.approx(by_the_rules.expected(f"se_hc3.{place}"), rel=SIX)
        assert result.number(row, "p_hc3") == pytest.approx(
            by_the_rules.expected(f"p_hc3.{place}"), rel=1e-4, abs=1e-12
        )  # far out in the tail the errors' digits multiply
        ends = [by_the_rules.expected(f"low.{place}"), by_the_rules.expected(f"high.{place}")]
        assert [result.number(row, "low"), result.number(row, "high")] == pytest.approx(
            sorted(turned * end for end in ends), rel=SIX, abs=1e-8
        )
        if row != "const":
            assert turned * result.number(row, "standardized") == pytest.approx(
                by_the_rules.expected(f"standardized.{place}"), rel=SIX, abs=1e-7
            )
        else:
            assert result.cell(row, "standardized") == Unavailable("not_for_the_constant")


def test_the_regression_agrees_with_itself(by_the_rules: Compared):
    frame = by_the_rules.tables["factor_regression"].frame
    slopes = frame.drop(index="const").astype(float)
    assert slopes["contribution"].sum() == pytest.approx(
        frame.at["const", "r_squared"], abs=1e-9
    )  # scores are uncorrelated
    clear = frame["p_hc3"] < Determinants().significance
    assert (frame["sign"] == np.sign(frame["estimate"].astype(float)).where(clear, 0.0)).all()
    assert ((frame["low"] > 0) | (frame["high"] < 0)).tolist() == clear.tolist()
    rates = by_the_rules.tables["factor_regression"].evidence.drop_duplicates("deal")["expected_recovery"]
    assert frame.at["const", "estimate"] == pytest.approx(rates.mean(), abs=1e-12)  # scores have mean nought


def test_a_lower_limit_keeps_more_factors(sample: Source, sample_edition: Edition, by_the_rules: Compared):
    eigenvalues = by_the_rules.tables["factor_variance"].frame["eigenvalue"].tolist()
    k = int(by_the_rules.expected("n_factors"))
    limit = (eigenvalues[k] + eigenvalues[k + 1]) / 2
    edition = replace(
        sample_edition,
        as_of=date.fromisoformat(by_the_rules.figures["as_of"]),
        determinants=Determinants(eigenvalue_limit=limit),
    )
    assert computed(sample, edition)["factor_adequacy"].frame.at["included", "n_factors"] == k + 1


def test_a_limit_above_all_eigenvalues_leaves_a_reason(sample: Source, sample_edition: Edition):
    tables = computed(sample, replace(sample_edition, determinants=Determinants(eigenvalue_limit=15.0)))
    for key in KEYS[1:]:
        assert tables[key] == Unavailable("no_factor"), key
    adequacy = tables["factor_adequacy"]
    assert isinstance(adequacy, Result)
    assert adequacy.number("included", "n_factors") == 0
    assert adequacy.cell("included", "explained") == Unavailable("no_factor")


def test_a_rotation_without_end_is_not_told_as_no_factor(
    sample: Source, sample_edition: Edition, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("npl_report.tables.factor_adequacy.factors", lambda *_: Unavailable("not_converged"))
    adequacy = computed(sample, sample_edition, KEYS[:1])["factor_adequacy"]
    assert isinstance(adequacy, Result)
    assert (
        adequacy.cell("included", "n_factors") == adequacy.cell("included", "explained") == Unavailable("not_converged")
    )


def test_more_factors_than_names_are_told(sample: Source, sample_edition: Edition):
    tables = computed(sample, replace(sample_edition, determinants=Determinants(eigenvalue_limit=1e-9)))
    for key in KEYS[2:]:
        found = tables[key]
        assert isinstance(found, Unavailable), key
        assert (found.reason, found.needed) == ("too_many_factors", 3)
    variance = tables["factor_variance"]
    assert isinstance(variance, Result)
    assert set(variance.frame["kept"]) == {"yes"}
    assert Unavailable("no_name") in variance.gaps.values()


def test_six_deals_are_too_few():
    for key, found in compute_tables(KEYS, tiny.data(), tiny.edition()).items():
        if key in KEYS:
            assert found == Unavailable("too_few_observations", 8, 4), key


@pytest.mark.parametrize(
    "variables",
    [
        ("issuance", "pool_balance", "senior_share"),
        ("wa_borrower_age", "wa_annual_income", "wa_loan_age", "wa_overdue"),
    ],
)
def test_an_edition_may_choose_its_variables(sample: Source, sample_edition: Edition, variables: tuple[str, ...]):
    tables = computed(
        sample, replace(sample_edition, determinants=replace(Determinants(), factor_variables=variables)), KEYS[:3]
    )
    loadings = tables["factor_loadings"]
    assert isinstance(loadings, Result)
    assert sorted(loadings.frame.index) == sorted(variables)
