"""What panel models say of recovery, and how return goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from npl_report.findings import Facts, Sentence, say
from npl_report.text.picks import Row

_TESTS, _MODELS, _RETURN = "panel_tests", "panel_models", "recovery_and_return"
_DEALS, _BY_YEAR = "deal_half_year", "originator_year"
_CLOSE, _FAIR = 0.9, 0.5
"""Rank correlations from which recovery and return rise together almost without, or with, exceptions."""


def pooled(of: Facts) -> Iterator[Sentence]:
    """That the panels pool the classes."""
    if len(of.asset_types) > 1:
        yield say("pooled")


def deals(of: Facts) -> Iterator[Sentence]:
    """The panel of deals by age."""
    yield from _panel(of, _DEALS)


def originators(of: Facts) -> Iterator[Sentence]:
    """The panel of originators by year of issue."""
    yield from _panel(of, _BY_YEAR)


def choice(of: Facts) -> Iterator[Sentence]:
    """How far the choice between models goes."""
    if all(of.has(_TESTS, panel, "n_entities") for panel in (_BY_YEAR, _DEALS)):
        yield say("choice")


def returns(of: Facts) -> Iterator[Sentence]:
    """Whether what investors are paid rises with recoveries."""
    if not of.has(_RETURN, "total", "n_deals"):
        yield say("none")
        return
    whole = of.row(_RETURN, "total")
    yield say("means", whole=whole)
    if whole.has("sign"):
        yield _relation(whole)
        kinds = of.series(_RETURN, "rank_correlation")
        if kinds[1:]:
            yield say("kinds", kinds=kinds)
    else:
        yield say("few")
    yield say("meaning")


def _relation(whole: Row) -> Sentence:
    """How payments move with recoveries."""
    given = {"correlation": whole.n("rank_correlation"), "p": whole.n("p")}
    sign = float(whole.at("sign"))
    if sign > 0:
        rank = float(whole.at("rank_correlation"))
        return say("rises", support="close" if rank >= _CLOSE else "fair" if rank >= _FAIR else "weak", **given)
    return say("falls" if sign < 0 else "unclear", **given)


def _panel(of: Facts, panel: str) -> Iterator[Sentence]:
    """A panel under its name: what is observed, which model the tests support, and what it says."""
    whole = panel == _DEALS
    yield say("panel.name", whole=whole)
    if not of.has(_TESTS, panel, "n_observations"):
        yield say("panel.none")
        return
    test = of.row(_TESTS, panel)
    yield say(
        "panel.observed",
        whole=whole,
        test=test,
        single=say("panel.single", whole=whole, test=test) if test.at("n_singletons") else "",
    )
    if test.has("preferred"):
        yield _preferred(of, test, whole=whole)
        yield from _coefficients(of, panel, str(test.at("preferred")))
        return
    yield say("panel.undecided")
    columns = {model: (_MODELS, f"{panel}_forecast", f"{model}_estimate") for model in ("pooled", "fixed")}
    if all(of.has(*cell) for cell in columns.values()):
        yield say("panel.both", **{model: of.n(*cell) for model, cell in columns.items()})


def _preferred(of: Facts, test: Row, *, whole: bool) -> Sentence:
    """Which model the tests support."""
    model = test.at("preferred")
    f_test = say("panel.f_test", p=test.n("f_fixed_p")) if test.has("f_fixed_p") else ""
    if model not in ("fixed", "random"):
        return say("panel.alike", whole=whole, test=f_test)
    if not (f_test and float(test.at("f_fixed_p")) < of.edition.determinants.level):
        f_test = say("panel.honda", p=test.n("honda_p")) if test.has("honda_p") else ""
    hausman = say("panel.hausman", p=test.n("hausman_p")) if test.has("hausman_p") else ""
    differ = say("panel.differ", whole=whole, test=f_test)
    return say("panel.fixed" if model == "fixed" else "panel.random", differ=differ, hausman=hausman)


def _coefficients(of: Facts, panel: str, model: str) -> Iterator[Sentence]:
    """The coefficients of the model that the tests support."""
    level = of.edition.determinants.level
    if forecast := _coefficient(of, f"{panel}_forecast", model):
        yield say("panel.forecast", **forecast)
    half = _coefficient(of, f"{panel}_half_year", model)
    if half and of.value(_MODELS, f"{panel}_half_year", f"{model}_p") < level:
        yield say("panel.later", less=of.value(_MODELS, f"{panel}_half_year", f"{model}_estimate") < 0, **half)
    if secured := _coefficient(of, f"{panel}_secured_share", model):
        estimate, p = (of.value(_MODELS, f"{panel}_secured_share", f"{model}_{column}") for column in ("estimate", "p"))
        effect = "none" if p >= level else "positive" if estimate > 0 else "negative"
        yield say("panel.secured", effect=effect, **secured)
    elif model == "fixed":
        yield say("panel.absorbed")


def _coefficient(of: Facts, row: str, model: str) -> dict[str, str]:
    """A coefficient with its error and p value; empty where the model has none."""
    if not of.has(_MODELS, row, f"{model}_estimate"):
        return {}
    return {part: of.n(_MODELS, row, f"{model}_{part}") for part in ("estimate", "se", "p")}
