"""Models of recovery: what is said where the sample does not lead."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from tests.findings.facts import NOTHING, Cells, context, empty, said, told

RULES = SimpleNamespace(level=0.05, significance="5%", vif_limit="10", eigenvalue_limit="1", confidence="95%")
EDITION = SimpleNamespace(as_of="today", determinants=RULES)
CLASSES = [
    {"key": "corporate", "inline": "corporate", "short": "corporate", "firms": True},
    {"key": "mortgage", "inline": "mortgage", "short": "mortgage", "firms": False},
]
NAMES = ("pool_balance", "n_loans", "wa_annual_income", "wa_loan_age", "wa_borrower_age", "wa_overdue", "issuance")
VARIABLES = {id_: {"n": 9.0, "correlation": place / 10} for place, id_ in enumerate(NAMES)}
PANELS = ("deal_half_year", "originator_year")
TABLES = {
    "determinants_sample": empty("asset_type", "status"),
    "regression_expected_recovery": empty("standardized"),
    "regression_actual_recovery": empty("standardized"),
    "rolling_origin": empty("model_mae", "offering_mae"),
    "factor_loadings": empty("communality"),
    "factor_regression": empty("standardized"),
} | dict.fromkeys(
    (
        *("variable_gate", "regression_diagnostics", "regression_robustness", "factor_adequacy", "factor_variance"),
        *("panel_tests", "panel_models", "recovery_and_return"),
    ),
    NOTHING,
)


def _context(**tables: Cells) -> dict[str, object]:
    own = {"firms": "corporate", "classes": CLASSES, "edition": EDITION}
    own |= {"age": {"panel": "half-year", "panels": "half-years"}}
    return context({**TABLES, "variable_summary": VARIABLES, **tables}, **own)


def _effects(**signs: tuple[float, float | None]) -> Cells:
    """A regression: variable → its sign, and that between deals of one type."""
    rows = {
        id_: {"sign": sign, "typed_sign": typed, "typed_p": 0.2, "standardized": sign / 2, "p_cluster": 0.5}
        for id_, (sign, typed) in signs.items()
    }
    return rows | {"const": dict.fromkeys(("sign", "typed_sign", "typed_p", "standardized", "p_cluster"))}


def test_nothing_can_be_estimated():
    prose = _context()
    assert said("determinants.gate", prose) == ["none"]
    for finding, sentence in {
        "expected": ["none"],
        "logs": [],
        "within": [],
        "fit": [],
        "study": [],
        "largest": [],
        "assumptions": ["none"],
        "robustness": ["none"],
        "actual": ["none"],
        "actual_effects": [],
        "actual_within": [],
        "held": [],
        "actual_assumptions": [],
        "ahead": ["none"],
        "errors": [],
    }.items():
        assert said(f"determinants_regression.{finding}", prose) == sentence, finding
    assert said("determinants_factors.loadings", prose) == ["not_yet"]
    assert said("determinants_factors.scores", prose) == ["none"]
    assert said("determinants_panels.deals", prose) == ["panel.name", "panel.none"]
    assert said("determinants_panels.returns", prose) == ["none"]
    assert said("determinants.limits", prose) == ["small", "many"]


def test_why_deals_are_left_out_of_the_models():
    rows = {
        "a": {"asset_type": "corporate", "status": "variable_missing"},
        "b": {"asset_type": "mortgage", "status": "variable_missing"},
        "c": {"asset_type": "mortgage", "status": "rate_outside"},
        "d": {"asset_type": "mortgage", "status": "included"},
    }
    prose = _context(determinants_sample=rows)
    assert said("determinants.sample", prose) == ["taken", "left_out", "retail", "kind", "lacking", "unforecast"]
    assert said("determinants.links", prose)[-1] == "alike"
    both = _context(determinants_sample=rows | {"e": {"asset_type": "corporate", "status": "included"}})
    assert said("determinants.links", both)[-1] == "pooled"
    assert said("determinants.limits", both) == ["pooled", "uncovered", "small", "many"]


def test_every_fate_of_a_variable():
    fates = ("kept", "determined", "inflated", "inflated", "constant", "not_candidate", "kept")
    others = (None, None, "issuance", None, None, None, None)
    rows = {
        id_: {"regression": fate, "factors": "kept", "inflation": 12.0, "depends_on": other}
        for id_, fate, other in zip(NAMES, fates, others, strict=True)
    }
    prose = _context(variable_gate=rows)
    assert said("determinants.gate", prose) == [
        *("kept", "determined", "inflated", "collinear", "alone", "even", "outside", "unfactored")
    ]
    assert told("determinants.gate", prose).endswith("**Excluded from the factor analysis**: none.")
    assert said("determinants.precedence", prose) == ["choice", "gone"]
    kept = {id_: row | {"regression": "inflated" if id_ == "issuance" else "kept"} for id_, row in rows.items()}
    assert said("determinants.precedence", _context(variable_gate=kept)) == ["choice", "complete"]


def test_effects_within_types():
    effects = _effects(pool_balance=(1, 1), n_loans=(1, -1), wa_overdue=(-1, 0), wa_loan_age=(0, 1), issuance=(1, None))
    prose = _context(regression_expected_recovery=effects)
    assert said("determinants_regression.within", prose) == [
        *("typed.constants", "typed.same", "typed.other", "typed.unsure", "typed.with_p", "typed.with_p", "typed.new")
    ]
    assert said("determinants_regression.logs", prose) == ["twice"]
    assert said("determinants_regression.logs", _context(regression_expected_recovery=_effects(n_loans=(0, 0)))) == [
        "unclear"
    ]


def test_effects_of_the_study():
    signs = (1, 1, 1, -1, -1, -1)
    found = _effects(**{id_: (sign, None) for id_, sign in zip(NAMES, signs, strict=False)})
    assert said("determinants_regression.study", _context(regression_expected_recovery=found)) == ["complete"]
    turned = _effects(pool_balance=(-1, None), n_loans=(0, None))
    prose = _context(regression_expected_recovery=turned)
    assert said("determinants_regression.study", prose) == ["found", "other", "weak"]
    assert told("determinants_regression.study", prose).startswith("This edition reproduces none of these 6 effects:")


@pytest.mark.parametrize(
    ("lost", "gained", "sentences"),
    [
        (0.5, 0.01, ["changed", "lost", "gained"]),
        (0.5, 0.5, ["changed", "lost"]),
        (0.01, 0.01, ["changed", "gained"]),
        (0.01, 0.5, ["unchanged"]),
        (None, None, []),
    ],
)
def test_errors_clustered_by_originator(lost: float | None, gained: float | None, sentences: list[str]):
    effects = {id_: dict(row) for id_, row in _effects(n_loans=(1, 1), issuance=(0, 0)).items()}
    effects["n_loans"]["p_cluster"], effects["issuance"]["p_cluster"] = lost, gained
    tests = {"n_clusters": {"expected_count": 4.0}}
    prose = _context(regression_expected_recovery=effects, regression_diagnostics=tests)
    then = ["few", *sentences] if sentences else ["uncomputed"]
    assert said("determinants_regression.assumptions", prose) == ["tests", "dependent", *then]


@pytest.mark.parametrize(
    ("agree", "sentences"),
    [((2.0, 2.0), ["agreed"]), ((2.0, 1.0), ["some", "shaky"]), ((1.0, 1.0), ["disagreed", "shaky", "shaky"])],
)
def test_other_models(agree: tuple[float, float], sentences: list[str]):
    checks = {
        id_: {"n_agree": many, "n_compared": 2.0, "trimmed_p": 0.3 if id_ == "n_loans" else None}
        for id_, many in zip(("n_loans", "issuance"), agree, strict=True)
    }
    effects = _effects(n_loans=(1, 1), issuance=(1, 1))
    prose = _context(regression_expected_recovery=effects, regression_robustness=checks)
    assert said("determinants_regression.robustness", prose) == ["models", *sentences, "faded"]


def test_what_becomes_of_effects_that_hold_within_types():
    expected = _effects(pool_balance=(1, 1), n_loans=(1, 1), wa_overdue=(-1, -1), issuance=(1, 1))
    actual = _effects(pool_balance=(0, 1), n_loans=(0, -1), wa_overdue=(0, 0))
    sample = {"a": {"asset_type": "mortgage", "status": "included"}}
    tables = {"regression_expected_recovery": expected, "regression_actual_recovery": actual}
    tables["determinants_sample"] = sample
    assert said("determinants_regression.held", _context(**tables)) == ["compared", "both", "against", "only"]
    assert said("determinants_regression.actual_effects", _context(**tables)) == ["nothing", "missing"]


@pytest.mark.parametrize(("measure", "said_of_it"), [(0.95, []), (0.65, ["caution"]), (0.3, ["poor"])])
def test_the_measure_of_kaiser(measure: float, said_of_it: list[str]):
    prose = _context(factor_adequacy={"included": {"kmo": measure, "p": 0.2, "n_factors": None}})
    assert said("determinants_factors.adequacy", prose) == ["measure", *said_of_it]
    assert said("determinants_factors.number", prose) == ["none"]
    word = {0.95: "marvellous", 0.65: "mediocre", 0.3: "unacceptable"}[measure]
    assert f'is "{word}" in Kaiser' in told("determinants_factors.adequacy", prose)


@pytest.mark.parametrize(
    ("second", "sentences"),
    [(5.0, ["agrees"]), (3.0, ["fewer", "weak"]), (0.0, ["no_factor", "weak"]), (6.0, ["more"])],
)
def test_factors_that_chance_explains(second: float, sentences: list[str]):
    rows = {str(place): {"eigenvalue": 9.0 - place, "random_eigenvalue": 8.0} for place in range(1, 7)}
    counts = {"kmo": 0.8, "n_factors": 5.0, "n_factors_parallel": second, "explained": 0.7}
    prose = _context(factor_adequacy={"included": counts}, factor_variance=rows)
    assert said("determinants_factors.number", prose) == ["found", "alike", "parallel", *sentences]


def test_factors_that_are_not_the_studys():
    rate = {
        "factor_issuance": {"standardized": 0.3, "sign": -1.0, "contribution": 0.2},
        "factor_borrower": {"standardized": 0.2, "sign": 0.0, "contribution": 0.1},
        "factor_else": {"standardized": 0.1, "sign": 1.0, "contribution": 0.1},
        "const": {"standardized": None, "sign": None, "contribution": None, "n": 9.0, "r_squared": 0.6},
    }
    loadings = {
        "issuance": {"factor": "factor_else", "communality": 0.3},
        "wa_borrower_age": {"factor": "factor_borrower", "communality": 0.8},
    }
    for row in loadings.values():
        row.update(dict.fromkeys(rate, -0.4))
    prose = _context(factor_regression=rate, factor_loadings=loadings)
    assert said("determinants_factors.names", prose) == ["strays", "stray", "apart", "absent"]
    assert said("determinants_factors.scores", prose) == ["squared", "largest"]
    assert said("determinants_factors.reservations", prose) == [
        *("new", "signed", "by_name", "combined", "borrower", "opposite")
    ]


def _panel(preferred: str | None, **coefficients: float | None) -> dict[str, object]:
    row = {"n_entities": 4.0, "n_observations": 9.0, "n_singletons": 1.0, "preferred": preferred}
    row |= {"f_fixed_p": 0.2, "honda_p": 0.01, "hausman_p": 0.3}
    models = {
        f"deal_half_year_{name}": {
            f"{model}_{part}": value for model in ("pooled", "fixed", "random") for part in ("estimate", "se", "p")
        }
        for name, value in coefficients.items()
    }
    return _context(panel_tests={"deal_half_year": row}, panel_models=models or {"none": {"pooled_estimate": 1.0}})


@pytest.mark.parametrize(
    ("preferred", "sentences"),
    [
        ("fixed", ["panel.fixed", "panel.differ", "panel.honda", "panel.hausman", "panel.absorbed"]),
        ("random", ["panel.random", "panel.differ", "panel.honda", "panel.hausman"]),
        ("pooled", ["panel.alike", "panel.f_test"]),
        (None, ["panel.undecided"]),
    ],
)
def test_the_model_that_the_tests_support(preferred: str | None, sentences: list[str]):
    assert said("determinants_panels.deals", _panel(preferred)) == [
        *("panel.name", "panel.observed", "panel.single"),
        *sentences,
    ]


def test_coefficients_of_a_panel():
    told_of = said("determinants_panels.deals", _panel("random", forecast=0.9, half_year=0.01, secured_share=0.01))
    assert told_of[-3:] == ["panel.forecast", "panel.later", "panel.secured"]
    assert said("determinants_panels.deals", _panel(None, forecast=0.9))[-1] == "panel.both"


@pytest.mark.parametrize(
    ("sign", "rank", "sentence", "words"),
    [
        (1.0, 0.95, "rises", "almost without exception"),
        (1.0, 0.6, "rises", "with exceptions"),
        (1.0, 0.2, "rises", "only weakly"),
        (-1.0, -0.6, "falls", "contradicts"),
        (0.0, 0.1, "unclear", "not significant"),
        (None, None, "few", "too few"),
    ],
)
def test_recovery_and_return(sign: float | None, rank: float | None, sentence: str, words: str):
    whole = {"n_deals": 3.0, "mean_recovery_to_issue": 1.2, "mean_paid_to_issue": 1.1}
    prose = _context(recovery_and_return={"total": {**whole, "sign": sign, "rank_correlation": rank, "p": 0.01}})
    assert said("determinants_panels.returns", prose) == ["means", sentence, "meaning"]
    assert words in told("determinants_panels.returns", prose)
